# SPDX-License-Identifier: MIT
# CUnit, shared and linked into the program: fixtures whose truth is known get the right verdict.
# Seeds are fixed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

cunit=$FL_FIXTURES/cunit

# FIXTURE, options...: report in FIXTURE.json
attempt() {
	name=$1
	shift
	run_flicker run --all --runs 60 --time none --seed 0x5eed --report json="$name.json" "$@" "$cunit/$name"
}

# FILE
are_twelve() {
	for name in passes prints forks sets uses skips; do
		t "$1: $name is stable" verdict_is "$1" twelve.$name stable
	done
	t "$1: uses needs the one before" has_note "$1" twelve.uses order-dependent
	t "$1: flaky" holds_of "$1" twelve.flaky '.verdict == "flaky" and .attempts.fail > 0 and .attempts.crash == 0'
	t "$1: aborts" holds_of "$1" twelve.aborts '.verdict == "flaky" and .attempts.crash > 0 and .attempts.fail == 0'
	t "$1: hangs" holds_of "$1" twelve.hangs '.verdict == "flaky" and .attempts.timeout == 3'
	t "$1: its setup fails" holds_of "$1" twelve.fixture '.verdict == "flaky" and .attempts.error > 0 and .attempts.fail == 0'
	t "$1: fails, and says so in its place" holds_of "$1" twelve.fails \
		'.verdict == "failing" and .host.outcome == "fail" and .host.line > 0'
	t "$1: where and why" holds_of "$1" twelve.fails '.failures[0] | .outcome == "fail" and
		.message == "CU_ASSERT_EQUAL(6 * 9,42)" and (.file | endswith("twelve.c")) and
		[.backtrace[].function] == ["fails"]'
	t "$1: what ends the program" holds_of "$1" twelve.exits \
		'.verdict == "failing" and .host.outcome == "early-exit" and .attempts.early_exit == .attempts.total'
	t "$1: and nothing else" holds "$1" '.tests | length == 12'
	t "$1: the report is what its schema says" is_valid "$1"
}

# ---- the twelve, each way ----

for fixture in twelve static_twelve; do
	attempt $fixture --timeout 0.3
	t "$fixture: exit code 1" status_is 1
	are_twelve $fixture.json
	run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=60 FLICKER_TIME=none FLICKER_TIMEOUT=0.3 \
		FLICKER_SEED=0x5eed FLICKER_REPORT=json=preloaded.json "$cunit/$fixture"
	t "$fixture, preload: the program's own exit code" status_is 3
	are_twelve preloaded.json
done
t 'shared: framework and version' holds twelve.json \
	'.program | [.framework, .framework_version, .linkage] == ["cunit", "2.1-3", "shared"]'
t 'static: framework and version' holds static_twelve.json \
	'.program | [.framework, .framework_version, .linkage] == ["cunit", "2.1-3", "static"]'

# ---- suites and their fixtures ----

for name in suites static_suites; do
	file=$name.json
	attempt $name
	t "$name: exit code 1, though the program's own is 0" status_is 1
	for id in no_start.one no_start.two; do
		t "$name: $id, an initialization that fails" holds_of $file $id '.verdict == "failing" and
			.host.outcome == "error" and .attempts.error == 60 and (.failures[0].message | test("initialization.*returned 3"))'
	done
	for id in no_end.one no_end.two; do
		t "$name: $id, a cleanup that fails" holds_of $file $id '.verdict == "failing" and
			.host.outcome == "error" and .attempts.error == 60 and (.failures[0].message | test("cleanup.*returned 4"))'
	done
	for id in by_chance.one by_chance.two; do
		t "$name: $id, an initialization that fails by chance" holds_of $file $id \
			'.verdict == "flaky" and .attempts.error > 0 and .attempts.pass > 0'
	done
	for id in counts.first counts.second partly.on; do
		t "$name: $id is stable" verdict_is $file $id stable
	done
	t "$name: what is inactive is no test" holds $file '[.tests[].id | select(test("off"))] == [] and (.tests | length == 12)'
	t "$name: two assertions, the place of the first" holds_of $file asserts.twice '.failures[0] |
		.message == "CU_ASSERT_EQUAL(1,2)\nCU_ASSERT_EQUAL(3,4)" and (.backtrace | map(.function)) == ["twice"]'
	t "$name: a fatal one does not go on" holds_of $file asserts.fatal '.verdict == "failing" and
		.attempts.fail == 60 and .host.outcome == "fail"'
	t "$name: a teardown that asserts is an error" holds_of $file asserts.teardown \
		'.verdict == "failing" and .attempts.error == 60'
	attempt $name --mode exec --runs 20
	t "$name, exec: the same" holds $file '[.tests[] | select(.verdict == "failing") | .id] | length == 7'
	run "$cunit/$name"
	grep -v 'Elapsed' out >plain.out
	run env LD_PRELOAD="$library" FLICKER_COMMAND="$PWD/none" "$cunit/$name"
	t "$name: the same exit code" status_is 0
	grep -v 'Elapsed' out >watched.out
	t "$name: the same output" same plain.out watched.out
	run_flicker run --test counts.second --runs 20 --report json=one.json "$cunit/$name"
	t "$name: --test, nothing else runs" is "$(grep -c '\.\.\.passed' out)" 1
	t "$name: --test, it is stable" verdict_is one.json counts.second stable
done

# ---- ways to run ----

attempt parts
t 'parts: each run is a group' is "$(json parts.json '[.tests[].id] | join(" ")')" \
	'parts.passes parts.flaky other.single other.single#2 other.single#3 other.never'
t 'parts: flaky' verdict_is parts.json parts.flaky flaky
t 'parts: the others are stable' holds parts.json '[.tests[] | select(.verdict == "stable")] | length == 5'
attempt parts --mode exec --runs 20
t 'parts, exec: each has its attempts' holds parts.json 'all(.tests[]; .attempts.total == 20 and (.verdict == "stable" or .name == "flaky"))'

"$cunit/automated" >/dev/null
normal() {
	grep -v 'File Generated' "$1" | sed 's/Elapsed.*//'
}
normal automated-Results.xml >plain.xml
attempt automated
t 'automated: flaky' verdict_is automated.json automated.flaky flaky
t 'automated: in fresh processes, too' holds_of automated.json automated.flaky 'any(.arms[]; .mode == "exec" and .total > 0)'
normal automated-Results.xml >watched.xml
t 'automated: the result file is that of the program' same plain.xml watched.xml
printf 'R\nQ\n' >input
LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_REPORT=json=console.json "$cunit/console" <input >out 2>err
t 'console: its user decides what is run, it is left alone' not test -e console.json
t 'console: the test has failed, as ever' has out 'tests +1 +1 +0 +1'
finish
