# SPDX-License-Identifier: MIT
# Criterion: the verdicts of twelve.c and of what else it knows, by forks and by fresh processes, by
# the command and under a plain preload; and a program that nobody suspects is left as it is.
. "$FL_SRC/tests/e2e/lib.sh"

criterion=$FL_FIXTURES/criterion
if [ ! -x "$criterion/twelve" ]; then
	t_skip 'Criterion' 'it is not installed'
	finish
fi
export FLICKER_SEED=0x5eed FLICKER_TIME=none

run_flicker list "$criterion/kinds"
t 'a parameter is the last part of an id' has out '^kinds.parameter/3$'
t 'what is disabled is no test' not grep -q disabled out
run_flicker list "$criterion/kinds" --filter 'fix*/*'
t 'nor is what the program leaves out' is "$(tr '\n' ' ' <out)" 'fixtures.late fixtures.ordered '

# NAME, FILE, VERDICT, ID...: each of these tests has this verdict
all_are() {
	name=$1 file=$2 wanted=$3
	shift 3
	for id; do
		t "$name: $id" verdict_is "$file" "$id" "$wanted"
	done
}

twelve() {
	all_are "$1" "$2" stable twelve.passes twelve.prints twelve.forks twelve.sets twelve.uses
	all_are "$1" "$2" flaky twelve.flaky twelve.aborts twelve.hangs twelve.fixture
	all_are "$1" "$2" failing twelve.fails twelve.exits
	all_are "$1" "$2" skipped twelve.skips
	t "$1: a test that needs another's traces" has_note "$2" twelve.uses order-dependent
	t "$1: a crash" holds_of "$2" twelve.aborts \
		'.failures[0] | .outcome == "crash" and .signal == 6 and .backtrace[-1].function == "twelve_aborts_impl"'
	t "$1: a timeout, and where" holds_of "$2" twelve.hangs \
		'.failures[0] | .outcome == "timeout" and .backtrace[-1].function == "twelve_hangs_impl"'
	t "$1: a fixture" holds_of "$2" twelve.fixture '.failures[0] | .outcome == "error" and .backtrace[-1].function == "set_up"'
	t "$1: an exit, and where" holds_of "$2" twelve.exits \
		'.failures[0] | .outcome == "early-exit" and .backtrace[-1].function == "twelve_exits_impl"'
	t "$1: an assertion" holds_of "$2" twelve.fails '.failures[0] | (.message | test("6 \\* 9.*42")) and
		(.file | endswith("criterion/twelve.c")) and .line > 0 and .backtrace[-1].function == "twelve_fails_impl"'
	t "$1: the report is what its schema says" is_valid "$2"
}

run_flicker run --all --runs 45 --timeout 0.3 --report json=twelve.json "$criterion/twelve"
t 'twelve: failing' status_is 1
twelve twelve twelve.json
t 'twelve: the framework' holds twelve.json '.program | .framework == "criterion" and .linkage == "shared"'
t 'twelve: nothing is left' nothing_runs "$criterion/twelve"

run_preloaded env FLICKER_ALL=1 FLICKER_RUNS=45 FLICKER_MODE=fork FLICKER_TIMEOUT=0.3 FLICKER_REPORT=json=preload.json \
	"$criterion/twelve"
t 'preload: the own exit code' status_is 1
twelve preload preload.json

# MODE, options...
kinds() {
	mode=$1
	shift
	run_flicker run --mode "$mode" --report json="$mode.json" "$@" "$criterion/kinds"
	all_are "$mode" "$mode.json" stable kinds.parameter/0 kinds.theory kinds.signals kinds.exits kinds.leaves \
		kinds.redirects kinds.logs fixtures.ordered fixtures.late
	all_are "$mode" "$mode.json" failing kinds.parameter/2 kinds.doubt kinds.no_signal kinds.no_exit \
		kinds.other_signal kinds.dies kinds.expects
	t "$mode: a theory's place" holds_of "$mode.json" kinds.doubt '.failures[0].file | endswith("kinds.c")'
	t "$mode: a signal that does not come" holds_of "$mode.json" kinds.no_signal \
		'.failures[0] | .outcome == "fail" and (.message | test("signal 11 .* was expected"))'
	t "$mode: an exit code that does not" holds_of "$mode.json" kinds.no_exit \
		'.failures[0] | .outcome == "fail" and (.message | test("exit code 0, 4 was expected"))'
	t "$mode: another signal" holds_of "$mode.json" kinds.other_signal '.failures[0] | .outcome == "crash" and .signal == 6'
	t "$mode: its last words" holds_of "$mode.json" kinds.dies '.failures[0].message == "no way on from here"'
}

kinds fork --all --runs 30 --timeout 2
all_are fork fork.json flaky kinds.parameter/3 kinds.at_times kinds.deadline
t 'fork: the deadline is the test'"'"'s own' holds_of fork.json kinds.deadline '.failures[0].outcome == "timeout"'
kinds exec --all --runs 2 --filter '*-kinds.deadline:kinds.at_times:kinds.parameter/3'

# What a run leaves in /tmp: its sockets, had it not been ended in the middle.
t 'no socket is left' is "$(find /tmp -maxdepth 1 -name 'criterion_*.sock' -newer twelve.json | wc -l)" 0

run_flicker run --all --test twelve.flaky --runs 30 --mode fork --report json=one.json "$criterion/twelve"
replay=$(sed -n 's/^  replay: flicker replay \(.*\) -- .*/\1/p' err | head -1)
# shellcheck disable=SC2086 # a command
run_flicker replay $replay -- "$criterion/twelve"
t 'replay: the same failure' status_is 0

# NAME, command...: with and without us the same; times and the order of tests side by side are by chance
untouched() {
	name=$1
	shift
	run "$@"
	{ cat out err; echo "$status"; } | sed 's/([0-9.]*s)//' >"$name.plain"
	run_preloaded env FLICKER_COMMAND=/nonexistent "$@"
	{ cat out err; echo "$status"; } | sed 's/([0-9.]*s)//' >"$name.loaded"
	t "$name: untouched" same "$name.plain" "$name.loaded"
}

untouched all "$criterion/trivial" --verbose -j1
untouched some "$criterion/kinds" -j1 --filter 'fixtures/*' --tap
untouched listed "$criterion/kinds" --list
untouched none "$criterion/kinds" -j1 --filter 'nothing/*'
finish
