#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 25-exec.sh - attempts in processes of their own, and when they are made.
. "$FL_SRC/tests/e2e/lib.sh"

# 150 processes: each of the two flaky tests passes all or fails all with odds of 2^-149.
run_flicker run --all --runs 150 --until runs --mode exec --time none --report json=exec.json "$cmocka/before_main"
t 'exec: flaky by the layout' verdict_is exec.json before_main.layout flaky
t 'exec: flaky by what a constructor found' verdict_is exec.json before_main.constructor flaky
t 'exec: stable' verdict_is exec.json before_main.steady stable
t 'exec: all attempts were' holds exec.json 'all(.tests[].arms[]; .mode == "exec")'
t 'exec: every one was made' holds exec.json 'all(.tests[]; .attempts.total == 150 and .attempts.infra == 0)'
t 'exec: the backtrace has names' holds_of exec.json before_main.constructor \
	'.failures[0].backtrace[0].function == "constructor"'
t 'exec: one kind of failure' holds_of exec.json before_main.constructor '.failures | length == 1'

run_flicker run --all --runs 320 --until runs --mode mix --time none --report json=mix.json "$cmocka/before_main"
t 'mix: 8, 16, 24 and every 32nd' holds mix.json \
	'.tests[] | select(.id == "before_main.steady") | [.arms[] | select(.mode == "exec") | .total] == [13]'

run_flicker run --all --runs 200 --mode fork --report json=fork.json "$cmocka/before_main"
t 'fork: a constructor is past' verdict_is fork.json before_main.constructor stable
t 'fork: no attempt was exec' holds fork.json 'all(.tests[].arms[]; .mode == "fork")'

run_flicker run --suspect 'second.*' --runs 60 --mode exec --report json=second.json "$cmocka/second_group"
t 'exec: nothing of another group runs' verdict_is second.json second.sees stable
t 'exec: the second group is found' verdict_is second.json second.flaky flaky

run_flicker run --all --runs 30 --until runs --report json=threads.json "$cmocka/threads_before"
t 'threads before the tests: all attempts are fresh processes' holds threads.json \
	'all(.tests[]; all(.arms[]; .mode == "exec") and .attempts.total >= 30)'
t 'threads before the tests: it says why' has err 'are fresh processes: threads are running before its tests'

for fixture in crash exit_mid hang; do
	run_flicker run --all --runs 24 --mode exec --timeout 1 --time none --report json=$fixture.json "$cmocka/$fixture"
done
t 'exec: what crashes always is failing, with its signal' holds crash.json \
	'[.tests[] | select(.verdict == "failing") | .failures[0].signal] | index(6) and index(11)'
t 'exec: a backtrace of a crash ends in the test' holds_of crash.json crash.aborts \
	'.failures[0].backtrace | any(.[]; .function == "aborts")'
t 'exec: an early end is one' holds exit_mid.json 'any(.tests[].failures[]; .outcome == "early-exit")'
t 'exec: a hang is a timeout, and where' holds hang.json \
	'any(.tests[].failures[]; .outcome == "timeout" and (.backtrace | length > 0))'
t 'exec: nothing goes on running' nothing_runs "$cmocka/hang"

run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_MODE=exec FLICKER_RUNS=40 FLICKER_REPORT=json=plain.json \
	"$cmocka/flaky_rand"
t 'plain preload: exec attempts too' holds plain.json 'any(.tests[].arms[]; .mode == "exec" and .total > 0)'

# ---- --wrapper: a command before the program ----

cat >wrapper <<'END'
#!/bin/sh
# Says that it was there, and finds fault with the test "steady" alone.
echo "$1 $2" >>"$LOG"
shift 2
"$@"
status=$?
[ "$status" -eq 0 ] && [ $((FLICKER_ATTEMPT % 2)) -eq 1 ] && exit 42
exit "$status"
END
chmod +x wrapper
LOG=$PWD/wrapper.log
export LOG
run_flicker run --test before_main.steady --runs 30 --mode exec --wrapper "$PWD/wrapper 'two words' end" \
	--report json=wrapped.json "$cmocka/before_main"
t 'wrapper: it was run, its words cut as in a shell' has wrapper.log '^two words end$'
t 'wrapper: for every attempt' is "$(wc -l <wrapper.log | tr -d ' ')" \
	"$(of_test wrapped.json before_main.steady .attempts.total)"
t 'wrapper: its exit code is a failure' verdict_is wrapped.json before_main.steady flaky
t 'wrapper: and it says so' holds_of wrapped.json before_main.steady \
	'.failures[0].message == "the wrapper ended with exit code 42"'
run_flicker replay wrapped.json
t 'wrapper: a replay of the report has it' has err '^before_main.steady: reproduced$'
run_flicker replay --wrapper env wrapped.json
t 'wrapper: another one goes before it' has err '^before_main.steady: not reproduced: it passed$'
cat >strict <<'END'
#!/bin/sh
"$@" && exit 9
END
chmod +x strict
run_flicker run --test before_main.steady --runs 22 --wrapper "$PWD/strict" --report json=strict.json "$cmocka/before_main"
t 'wrapper: what always fails under it is failing' verdict_is strict.json before_main.steady failing
t 'wrapper: all attempts are under it' holds_of strict.json before_main.steady 'all(.arms[]; .mode == "exec")'
t 'wrapper: and the exit code says so' status_is 1
run_flicker replay wrapped.json
t 'wrapper: a replay of the report has it' has err '^before_main.steady: reproduced$'
run_flicker replay --wrapper env wrapped.json
t 'wrapper: another one goes before it' has err '^before_main.steady: not reproduced: it passed$'
run_flicker run --test before_main.steady --runs 20 --mode exec --wrapper /no/such/wrapper \
	--report json=none.json "$cmocka/before_main"
t 'wrapper: one that is not there is said before anything is run' says_one_line 'no such program .*/no/such/wrapper'
t 'wrapper: and is a matter of usage' status_is 64

if command -v valgrind >/dev/null 2>&1; then
	run_flicker run --test before_main.steady --runs 3 --mode exec --time none \
		--wrapper 'valgrind -q --error-exitcode=9 --leak-check=no' --report json=valgrind.json "$cmocka/before_main"
	t 'wrapper: valgrind finds nothing' holds valgrind.json 'all(.tests[]; .attempts.pass == 3 and .attempts.infra == 0)'
else
	t_skip 'wrapper: valgrind finds nothing' 'no valgrind'
fi

finish
