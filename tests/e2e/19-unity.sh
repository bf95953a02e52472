# SPDX-License-Identifier: MIT
# Unity, linked into the program: its tests are met by a rehearsal, attempts go on from UnityBegin
# through main.  And home-made frameworks that jump out of a test.  Where a test fails in 30 of 100
# attempts, 60 attempts all pass or all fail with a chance below 1e-9.
. "$FL_SRC/tests/e2e/lib.sh"
unity=$FL_FIXTURES/unity

# NAME, PROGRAM, further options...: 60 attempts of all tests, report in NAME.json
attempt() {
	name=$1 program=$2
	shift 2
	run_flicker run --all --runs 60 --time none --timeout 0.3 --seed 0x5eed --report json="$name.json" "$@" "$program"
}

# NAME: the verdicts of tests/fixtures/twelve.h
is_twelve() {
	json "$1.json" '.tests[] | "\(.id) \(.verdict)"' | sed 's/^[^.]*\.//' | sort >have
	sort >want <<-'END'
	passes stable
	prints stable
	forks stable
	sets stable
	uses stable
	flaky flaky
	aborts flaky
	hangs flaky
	fixture flaky
	skips skipped
	fails failing
	exits failing
	END
	same have want
}

attempt twelve "$unity/twelve"
t 'twelve tests, their verdicts' is_twelve twelve
t 'a report as it should be' is_valid twelve.json
t 'it is Unity, linked in' holds twelve.json '.program.framework == "unity" and .program.linkage == "static"'
t 'the suite is the file' holds twelve.json 'all(.tests[]; .suite == "twelve")'
t 'a test that wants another before it' has_note twelve.json twelve.uses order-dependent
t 'the words of a failure and its place' holds_of twelve.json twelve.flaky \
	'.failures[0] | .message == "Expected 0 Was 1" and (.file | endswith("unity/twelve.c")) and .line > 0'
t 'its backtrace ends in the test' holds_of twelve.json twelve.flaky '.failures[0].backtrace[-1].function == "flaky"'
t 'setUp that fails is an error' holds_of twelve.json twelve.fixture '.attempts.error > 0 and .attempts.error + .attempts.pass == 60'
t 'a crash' holds_of twelve.json twelve.aborts '.failures[0].outcome == "crash"'
t 'a hang' holds_of twelve.json twelve.hangs '.failures[0].outcome == "timeout"'
t 'an exit in the middle' holds_of twelve.json twelve.exits '.failures[0].outcome == "early-exit"'

run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=60 FLICKER_TIME=none FLICKER_TIMEOUT=0.3 FLICKER_SEED=0x5eed \
	FLICKER_REPORT=json=preload.json "$unity/twelve"
t 'the same verdicts by preload' is_twelve preload

attempt exec "$unity/generated" --mode exec --timeout 10
t 'as fresh processes' holds exec.json 'all(.tests[]; .attempts.total > 0 and .attempts.infra == 0)'
t 'the same verdicts' holds exec.json '.totals.flaky == 2 and .totals.stable == 4'

attempt generated "$unity/generated"
t 'a generated runner: two files, two suites' is "$(json generated.json '[.tests[].id] | join(" ")')" \
	'test_first.test_good test_first.test_verifies test_first.test_mocks test_first.test_closes test_first.test_parameter%281%29 test_second.test_good'
t 'what is verified behind tearDown is the test' holds_of generated.json test_first.test_mocks \
	'.verdict == "flaky" and .attempts.fail > 0 and (.attempts.error // 0) == 0'
t 'tearDown that fails is an error' holds_of generated.json test_first.test_closes \
	'.verdict == "flaky" and .attempts.error > 0 and (.attempts.fail // 0) == 0'
t 'all others are stable' holds generated.json '.totals.flaky == 2 and .totals.stable == 4'

attempt fixtures "$unity/fixtures"
t 'fixtures: a flaky test' verdict_is fixtures.json stack.shrinks flaky
t 'fixtures: a set-up that fails is an error' holds_of fixtures.json queue.opens '.verdict == "flaky" and .attempts.error > 0'
t 'an assertion that should fail' verdict_is fixtures.json queue.wants stable

run_flicker list "$unity/generated"
t 'flicker list' has out '^test_second.test_good'
t 'runs none of them' not has out 'PASS'
run_flicker run --filter '*second*' --runs 5 --all "$unity/generated"
t 'a filter: the others do not run' not has out 'first.c:10'
t 'and the one does' has out 'second.c:10:test_good:PASS'

# nothing of main is done twice where that leaves a trace
run_preloaded "$unity/impure" noted
t 'by preload main writes what it writes' line_count_is noted 3
run "$unity/impure" noted.alone
mv out out.alone
run_preloaded "$unity/impure" noted.preloaded
t 'its output is the same' same out out.alone
run_flicker run --all --mode fork --runs 60 --time none --report json=impure.json "$unity/impure" noted.forks
t 'nor by attempts that are forks' line_count_is noted.forks 3
t 'its tests are met one by one' is "$(json impure.json '[.tests[].verdict] | join(" ")')" 'stable flaky skipped'

# a main that does without UnityEnd, one that reads between its tests: as without us
for name in generated fixtures reads; do
	run "$unity/$name"
	mv out out.alone
	run_preloaded "$unity/$name"
	t "$name: the same output" same out out.alone
	t "$name: the same exit code" status_is 0
done

# however it was built
build() {
	program=$1
	shift
	${CC:-cc} -std=gnu11 -Wno-unused-result -g -I"$FL_SRC/tests/fixtures" -I"$FL_SRC/tests/fixtures/unity/stand-in" "$@" \
		-o "$program" "$FL_SRC/tests/fixtures/unity/$program.c" "$FL_SRC/tests/fixtures/unity/stand-in/unity.c"
}
try() {
	kind=$1
	shift
	if ! build twelve "$@" 2>build.log; then
		t_skip "$kind" 'this compiler cannot'
		return
	fi
	[ "$kind" != 'no debug information' ] || strip -g twelve
	rm -f built.json
	attempt built ./twelve --runs 40 --filter '-*.hangs'
	sed -i 's/^hangs .*//; /^$/d' want
	json built.json '.tests[] | select(.id != "twelve.hangs") | "\(.id) \(.verdict)"' | sed 's/^[^.]*\.//' | sort >have
	t "built: $kind" same have want
	t "built: $kind: words" holds_of built.json twelve.flaky '.failures[0].message == "Expected 0 Was 1"'
}
is_twelve twelve >/dev/null
try '-O0 no PIE' -O0 -no-pie
try '-O1' -O1
try '-O2' -O2
try '-O3' -O3
try 'no debug information' -O2
try 'link-time optimization that leaves functions alone' -O2 -flto -fno-inline -fno-ipa-cp -fno-partial-inlining
try 'AddressSanitizer' -O1 -fsanitize=address
try 'no setjmp' -O1 -DUNITY_EXCLUDE_SETJMP_H

# where the compiler has left nothing of Unity to call, and where there are no names
build generated -O2
strip generated
run_flicker run --all --runs 5 --report json=stripped.json ./generated
t 'stripped: the program is the test' holds stripped.json '.tests | length == 1'
build generated -O3 -flto 2>/dev/null || build generated -O3
run_flicker run --all --runs 5 --report json=lto.json ./generated
told_apart() {
	holds lto.json '(.tests | length) == 6' || has err 'Unity is linked .* cannot be told apart'
}
t 'link-time optimization: all tests, or the program and a line' told_apart

attempt macro "$unity/macro" --timeout 10
t 'a runner that is a macro: the program is the test' holds macro.json '.tests | length == 1 and .[0].verdict == "flaky"'
t 'and a line says so' has err '^flicker: warning: Unity is linked .* cannot be told apart$'
t 'its last jump is the place' holds_of macro.json macro '.failures[0].backtrace | any(.function == "test_flaky")'

# no adapter knows these: the program is the test, and its last jump the place
setjmp=$FL_FIXTURES/setjmp
attempt homemade "$setjmp/homemade" --timeout 10
t 'home-made: flaky' verdict_is homemade.json homemade flaky
t 'home-made: the jump out of the test is the place' holds_of homemade.json homemade \
	'.failures[0].backtrace | [.[].function] | index("parse_header") != null and index("parses_header") != null'
attempt onefile "$setjmp/onefile" --timeout 10
t 'a library of one file: flaky' verdict_is onefile.json onefile flaky
t 'a library of one file: the place' holds_of onefile.json onefile \
	'.failures[0].backtrace | [.[].function] | index("check_reply") != null and index("skips") == null'
finish
