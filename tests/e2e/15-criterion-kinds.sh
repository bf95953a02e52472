# SPDX-License-Identifier: MIT
# Criterion: what it knows beside plain tests (kinds.c), by forks and by fresh processes; and a
# program that nobody suspects is left as it is.
. "$FL_SRC/tests/e2e/lib.sh"

criterion=$FL_FIXTURES/criterion
if [ ! -x "$criterion/kinds" ]; then
	t_skip 'Criterion' 'it is not installed'
	finish
fi
export FLICKER_SEED=0x5eed FLICKER_TIME=none

run_flicker list "$criterion/kinds"
t 'a parameter is the last part of an id' has out '^kinds.parameter/3$'
t 'what is disabled is no test' not grep -q disabled out
run_flicker list "$criterion/kinds" --filter 'fix*/*'
t 'nor is what the program leaves out' is "$(tr '\n' ' ' <out)" 'fixtures.late fixtures.ordered '

# MODE, options...
kinds() {
	mode=$1
	shift
	run_flicker run --mode "$mode" --report json="$mode.json" "$@" "$criterion/kinds"
	all_are "$mode" "$mode.json" stable kinds.parameter/0 kinds.theory kinds.signals kinds.exits kinds.leaves \
		kinds.redirects kinds.logs fixtures.ordered fixtures.late
	for id in kinds.parameter/2 kinds.doubt kinds.no_signal kinds.no_exit kinds.other_signal kinds.dies kinds.expects; do
		t "$mode: $id fails always" holds_of "$mode.json" "$id" \
			'.host.outcome != "pass" and (.attempts | .total > 0 and .fail + .crash == .total)'
	done
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
kinds exec --all --runs 2 --filter '*:-kinds.deadline:kinds.at_times:kinds.parameter/3'

# What fails in a fixture is one failure, met by forks and by fresh processes.
run_flicker run --runs 24 --report json=mix.json "$criterion/kinds" --filter '*/*setup'
# ID, OUTCOME, FUNCTION
is_one_failure() {
	t "mix: $1 is one failure" holds_of mix.json "$1" \
		"(.failures | length) == 1 and ([.arms[].mode] | unique) == [\"exec\", \"fork\"]"
	t "mix: $1: how, and where" holds_of mix.json "$1" \
		".failures[0] | .outcome == \"$2\" and .backtrace[-1].function == \"$3\""
}
is_one_failure kinds.no_setup error refuse
is_one_failure kinds.bad_setup crash crash
run_flicker run --test kinds.bad_teardown --test kinds.expects --runs 24 --report json=mix.json "$criterion/kinds"
is_one_failure kinds.bad_teardown crash crash
is_one_failure kinds.expects fail kinds_expects_impl

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
