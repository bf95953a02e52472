# SPDX-License-Identifier: MIT
# GLib's g_test: fixtures whose truth is known get the right verdict.  Seeds are fixed: no chance
# decides.
. "$FL_SRC/tests/e2e/lib.sh"

glib=$FL_FIXTURES/glib
message='.failures[0] | .message'

# FIXTURE, options...: report in FIXTURE.json
attempt() {
	name=$1
	shift
	run_flicker run --all --runs 60 --time none --seed 0x5eed --report json="$name.json" "$@" "$glib/$name"
}

# ---- the twelve, three ways ----

# FILE
are_twelve() {
	for name in passes prints forks sets uses; do
		t "$1: $name is stable" verdict_is "$1" twelve.$name stable
	done
	t "$1: uses needs the one before" has_note "$1" twelve.uses order-dependent
	t "$1: flaky" holds_of "$1" twelve.flaky '.verdict == "flaky" and .attempts.fail > 0 and .attempts.crash == 0'
	t "$1: aborts" holds_of "$1" twelve.aborts '.verdict == "flaky" and .attempts.crash > 0 and .attempts.fail == 0'
	t "$1: hangs" holds_of "$1" twelve.hangs '.verdict == "flaky" and .attempts.timeout == 3'
	t "$1: its setup fails" holds_of "$1" twelve.fixture '.verdict == "flaky" and .attempts.error > 0 and .attempts.fail == 0'
	t "$1: skips" verdict_is "$1" twelve.skips skipped
	t "$1: fails, and says so in its place" holds_of "$1" twelve.fails \
		'.verdict == "failing" and .host.outcome == "fail" and .host.line > 0'
	t "$1: where and why" holds_of "$1" twelve.fails '.failures[0] | .outcome == "fail" and .signal == null and
		.message == "assertion failed (6 * 9 == 42): (54 == 42)" and
		(.file | endswith("twelve.c")) and [.backtrace[].function] == ["fails"]'
	t "$1: what comes behind the host's end is attempted" holds_of "$1" twelve.exits \
		'.verdict == "failing" and .host == null and (.attempts | .early_exit == .total and .total == 60)'
	t "$1: and nothing else" holds "$1" '.tests | length == 12'
	t "$1: the report is what its schema says" is_valid "$1"
}

attempt twelve --timeout 0.3
t 'twelve: exit code 1' status_is 1
are_twelve twelve.json
t 'twelve: framework and version' holds twelve.json \
	'.program | .framework == "glib" and .linkage == "shared" and (.framework_version | test("^2[.]"))'
run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=60 FLICKER_TIME=none FLICKER_TIMEOUT=0.3 FLICKER_SEED=0x5eed \
	FLICKER_REPORT=json=preloaded.json "$glib/twelve"
t 'twelve, preload: the host dies of SIGABRT, its status stands' status_is 134
for _ in $(seq 150); do
	[ -e preloaded.json ] && break
	sleep 0.2
done
are_twelve preloaded.json

# ---- how tests are added ----

attempt forms
t 'forms: clean' status_is 0
t 'forms: all are there, in the order in which GLib runs them' is "$(json forms.json '[.tests[].id] | join(" ")')" \
	'alone forms.func forms.data forms.full forms.fixture forms.later forms.deep/er/test hand.made hand.inner/made'
t 'forms: all are stable, in their place too' holds forms.json 'all(.tests[]; .verdict == "stable" and .host.outcome == "pass")'
"$glib/forms" --seed R02S00000000000000000000000000000000 >plain
grep -v '^# ' plain >plain.txt
grep -v '^# ' out >watched.txt
t 'forms: GLib prints the same' same plain.txt watched.txt
attempt forms --mode exec --runs 20
t 'forms, exec: all are stable' holds forms.json 'all(.tests[]; .verdict == "stable")'

# ---- the user's own options ----

only() {
	run_flicker run --all --runs 20 --time none --seed 0x5eed --report json=only.json "$glib/forms" "$@"
	json only.json '[.tests[].id] | join(" ")'
}
t '-p of a test' is "$(only -p /forms/data)" forms.data
t '-p of a suite: without the suites in it' is "$(only -p /forms)" 'forms.func forms.data forms.full forms.fixture forms.later'
t '-r of a suite: with them' is "$(only -r /hand)" 'hand.made hand.inner/made'
t '-s: the others' is "$(only -s /alone -r /forms/deep -r /alone)" forms.deep/er/test
run_flicker run --all "$glib/forms" -l
"$glib/forms" -l | grep '^/' >plain.txt
grep '^/' out >listed.txt
t '-l lists, as without us' same plain.txt listed.txt
run_flicker run --test hand.inner/made --runs 20 --report json=one.json "$glib/forms"
t '--test: nothing else runs' is "$(grep -c '^ok' out)" 1
t '--test: it is stable' verdict_is one.json hand.inner/made stable

# ---- generators ----

attempt seeds
t 'seeds: flaky found' status_is 2
for name in int range double double-range random; do
	t "seeds: $name is flaky, in forks and in fresh processes" holds_of seeds.json seeds.$name \
		'.verdict == "flaky" and .attempts.fail > 5 and .attempts.pass > 20'
done
t 'seeds: one of its own passes always' verdict_is seeds.json seeds.fixed stable
cp seeds.json before.json
attempt seeds
for file in before seeds; do
	json $file.json '[.tests[] | {id, attempts, failures: [.failures[] | {count, seeds, message}]}]' >$file.txt
done
t 'seeds: the same run seed gives the same' same before.txt seeds.txt
run_flicker run --all --runs 20 --mode fork --perturb none --time none --report json=none.json "$glib/seeds"
t 'seeds: under --perturb none they are left alone' holds none.json \
	'all(.tests[]; .attempts.pass == .attempts.total or .attempts.pass == 0)'
run_flicker run --all --runs 20 --time none --report json=given.json "$glib/seeds" \
	--seed R02S0123456789abcdef0123456789abcdef
t 'seeds: one that the user gives stays' holds given.json \
	'[.tests[] | select(.id == "seeds.int" or .id == "seeds.range") | .attempts | .pass == .total or .pass == 0] == [true, true]'

# ---- how tests end ----

attempt ways
for name in asks inner other expects; do
	t "ways: $name is stable" verdict_is ways.json ways.$name stable
done
t 'ways: what runs in processes of its own only is no test' holds ways.json 'all(.tests[]; .id | test("subprocess") | not)'
t 'ways: incomplete is a skip' verdict_is ways.json ways.incomplete skipped
for name in says quiet asserts never unmet child; do
	t "ways: $name fails, and does not crash" holds_of ways.json ways.$name \
		'.verdict == "failing" and .attempts.fail == 60 and (.failures[0].backtrace | map(.function) | index("'"$name"'")) != null'
done
t 'ways: its words' is "$(of_test ways.json ways.says "$message")" '1 of 2'
t 'ways: never, its words' is "$(of_test ways.json ways.never "$message")" 'code should not be reached'
t 'ways: unmet, its words' is "$(of_test ways.json ways.unmet "$message")" \
	'Did not see expected message ways-WARNING **: *never*'
t 'ways: child, its place' holds_of ways.json ways.child '.failures[0] | (.file | endswith("ways.c")) and .line > 0'
for row in 'warns ways-WARNING: out of order' 'errs ways-ERROR: no more' \
	"checks ways-CRITICAL: wants: assertion 'text != NULL' failed"; do
	name=${row%% *}
	t "ways: $name fails by its message" holds_of ways.json "ways.$name" \
		'.verdict == "failing" and .attempts.fail == 60 and (.failures[0].backtrace | map(.function) | index("'"$name"'")) != null'
	t "ways: $name, its words" is "$(of_test ways.json "ways.$name" "$message")" "${row#* }"
done
t 'ways: a warning that is not fatal' verdict_is ways.json ways.spares stable
t 'ways: a teardown is an error' holds_of ways.json ways.late '.verdict == "failing" and .attempts.error == 60'
run_flicker run --all --runs 20 --time none --report json=kept.json "$glib/ways" -k -p /ways/says -p /ways/quiet
t 'ways, -k: the program goes on' holds kept.json '[.tests[].host.outcome] == ["fail", "fail"]'

attempt gentle
t 'gentle: it goes on, with both failures' is "$(of_test gentle.json gentle.fails "$message" | tr '\n' '|')" \
	"assertion failed (1 == 2): (1 == 2)|'FALSE' should be TRUE|"
t 'gentle: behind it' holds_of gentle.json gentle.passes '.verdict == "stable" and .host.outcome == "pass"'
t 'gentle: flaky' verdict_is gentle.json gentle.flaky flaky

attempt threads_before --runs 40
t 'threads before: flaky all the same' verdict_is threads_before.json threads_before.flaky flaky
t 'threads before: in fresh processes only' holds threads_before.json 'all(.tests[].arms[]; .mode == "exec")'
t 'threads before: and says so' has err 'fresh processes: threads are running'

# ---- a guest ----

seed=R02S0123456789abcdef0123456789abcdef
for name in forms gentle; do
	run "$glib/$name" --seed $seed
	cp out plain.out
	cp err plain.err
	plain=$status
	run env LD_PRELOAD="$library" FLICKER_COMMAND="$PWD/none" "$glib/$name" --seed $seed
	sed -i '/^flicker: /d' err
	t "$name: the same exit code" status_is "$plain"
	t "$name: the same output" same plain.out out
	t "$name: the same errors" same plain.err err
done
finish
