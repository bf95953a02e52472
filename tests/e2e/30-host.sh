# SPDX-License-Identifier: MIT
# A host that ends early: held, outlived, or ended by us; the attempts are made all the same.
. "$FL_SRC/tests/e2e/lib.sh"

# FIXTURE, OUTCOME of `middle` in the host, --timeout
ended_early() {
	run_flicker run --all --runs 40 --timeout "$3" --report json="$1.json" "$cmocka/$1"
	t "$1: the test in flight: $2" holds_of "$1.json" "$1.middle" ".host.outcome == \"$2\""
	t "$1: passes in every attempt: flaky, not reproduced" holds_of "$1.json" "$1.middle" \
		'.verdict == "flaky" and .notes == ["not-reproduced"] and .rate == 0'
	t "$1: before it: stable" verdict_is "$1.json" "$1.before" stable
	t "$1: after it: no host run, stable" holds_of "$1.json" "$1.after" '.host == null and .verdict == "stable"'
	t "$1: exit code 2" status_is 2
	t "$1: valid" is_valid "$1.json"
	t "$1: nothing is left" nothing_runs "$cmocka/$1"
}

ended_early host_exit early-exit 20
ended_early host_abort crash 20
t 'abort: the signal is known' holds_of host_abort.json host_abort.middle '.host.message | test("signal 6")'
t 'abort: the program'"'"'s end is reported' holds host_abort.json '.program.exit | .code == null and .signal == 6'
ended_early host_hang timeout 2
t 'hang: where it hung' holds_of host_hang.json host_hang.middle \
	'any(.host.backtrace[]; .function == "middle") or (.host.backtrace == [])'

# Whoever loses patience with one that hangs is told which it was.
# NAME, REGEX, command...
tells_what_ran() {
	name=$1 wanted=$2
	shift 2
	run timeout -s INT 3 "$flicker" run --time none --report json=patience.json "$@"
	t "interrupted, $name: what was running, and how long" has err "^flicker: warning: $wanted was running, for [1-9][0-9.]* s; --timeout"
	t "interrupted, $name: no advice that does not help" not has err '--time none'
}
tells_what_ran cmocka "test 'host_hang\\.middle'" --suspect host_hang.after "$cmocka/host_hang"
t 'interrupted: attempts are missing, and why' has err '^attempts are missing: the run was interrupted$'
tells_what_ran 'no framework' "the program 'sleep'" sleep 50
printf '#!/bin/sh\nexec sleep 50\n' >naps && chmod +x naps
tells_what_ran 'a script' "the program '\\./naps'" ./naps

# A template that is lost in the middle of an order: what it made counts, once.
run_flicker run --all --runs 40 --mode fork --report json=parricide.json "$cmocka/parricide"
t 'lost template: what it made before is counted' holds_of parricide.json parricide.fails_then_kills \
	'.arms[0] | .mode == "fork" and .total == 11 and .non_pass == 1'
t 'lost template: the others are fresh processes' holds_of parricide.json parricide.fails_then_kills \
	'.arms[1].mode == "exec" and .attempts.total == 40'
t 'lost template: it says so' has err 'its template is lost'

# Whoever started us may have had us ignore SIGCHLD: children are waited for all the same.
run timeout 60 env --ignore-signal=CHLD "$flicker" run --all --runs 10 --mode exec --report json=deaf.json "$cmocka/stable"
t 'SIGCHLD ignored: the program is seen to end' status_is 0
t 'SIGCHLD ignored: fresh processes are, too' holds deaf.json 'all(.tests[]; .attempts.total == 10)'

# The host is looked at while it runs from test to test: none of them is a hang.
wrong=0
for i in $(seq 40); do
	run_flicker run --quiet --report json=quick.json "$cmocka/quick"
	[ "$status" = 0 ] || wrong=$((wrong + 1))
done
t "quick: 40 runs, none of them ended for nothing" is "$wrong" 0

run_preloaded env FLICKER_RUNS=40 "$cmocka/host_exit"
t 'plain: exit in mid-test is held until the report is there' verdict_is host_exit.flicker.json host_exit.middle flaky
t 'plain: and gives the exit code of the verdict' status_is 2

run_preloaded env FLICKER_RUNS=40 "$cmocka/host_abort"
t 'plain: a signal status stands' status_is 134
for i in $(seq 150); do
	[ -e host_abort.flicker.json ] && break
	sleep 0.2
done
t 'plain: the template outlives it and the report is written' verdict_is host_abort.flicker.json host_abort.middle flaky

run_flicker run --all --runs 40 --mode fork --report json=threads.json "$cmocka/threads_before"
t 'threads: no fork would be faithful: unknown' holds threads.json 'all(.tests[]; .verdict == "unknown" and .attempts.total == 0)'
t 'threads: it says so' has err 'threads are running before its tests'
t 'threads: attempts missing' status_is 3

run_flicker run --all --runs 40 --seed 3 --report json=slow.json "$cmocka/slow_setup"
t 'slow setup: no attempt sees another' verdict_is slow.json slow_setup.sees_clean_state stable
t 'slow setup: flaky' verdict_is slow.json slow_setup.flaky flaky
t 'slow setup: run once, no attempt has its words' holds_of slow.json slow_setup.flaky \
	'.failures[0].output_tail | test("setup ran") | not'
run_flicker run --all --runs 20 --seed 3 --report json=file.json "$cmocka/slow_setup_file"
t 'slow setup that leaves a file: run in every attempt' verdict_is file.json slow_setup_file.finds_file stable
t 'slow setup that leaves a file: its words are in each' holds_of file.json slow_setup_file.flaky \
	'.failures[0].output_tail | test("setup ran")'

run_flicker run --all --runs 40 --report json=forker.json "$cmocka/forker"
t 'no process of ours is met by wait() or SIGCHLD' holds forker.json 'all(.tests[]; .verdict == "stable")'

run_flicker run --all --runs 20 --report json=script.json -- sh -c "exec '$cmocka/stable'"
t 'through a shell' holds script.json '.totals.stable == 3 and (.program.path | endswith("/stable"))'
run_flicker run --all --runs 20 --report json=script.json -- sh -c "'$cmocka/stable'; exit 9"
t 'behind a shell: its exit code is the program'"'"'s' status_is 9
cat >dies.c <<'END'
#include <signal.h>
int main(void)
{
	return raise(SIGSEGV);
}
END
cc -Wl,--no-as-needed -o dies dies.c -lcmocka
run_flicker run ./dies
t 'a program that dies before its tests: one line with the signal' says_one_line "ended by signal 11 .*before it ran a test"
t 'a program that dies before its tests: nothing to judge' status_is 64
cat >early.c <<'END'
int main(void)
{
	return 5;
}
END
cc -Wl,--no-as-needed -o early early.c -lcmocka
run_flicker run ./early
t 'a program that calls no runner: one line' says_one_line "'./early' ran no tests that flicker knows .exit code 5.: it calls no runner"
t 'a program that calls no runner: nothing to judge' status_is 64
sed 's/5/77/' early.c >skips.c
cc -Wl,--no-as-needed -o skips skips.c -lcmocka
run_flicker run ./skips
t 'a program that skips itself: one line' says_one_line "'./skips' ran no tests: it was skipped .exit code 77."
t 'a program that skips itself: its exit code' status_is 77

finish
