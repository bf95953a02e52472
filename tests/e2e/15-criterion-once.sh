# SPDX-License-Identifier: MIT
# Criterion: where nobody has asked for a test no code of the program's runs once more, report hooks and
# makers of parameters included (once.c); where one has failed it is attempted all the same.
. "$FL_SRC/tests/e2e/lib.sh"

once=$FL_FIXTURES/criterion/once
if [ ! -x "$once" ]; then
	t_skip 'Criterion' 'it is not installed'
	finish
fi
export TRACE=$PWD/trace FLICKER_SEED=0x5eed FLICKER_TIME=none

# NAME, command...: with and without us the same traces
leaves_the_same() {
	name=$1
	shift
	rm -f "$TRACE"
	run "$@"
	{ cat "$TRACE"; echo "$status"; } >"$name.plain"
	rm -f "$TRACE"
	run_preloaded env FLICKER_COMMAND=/nonexistent "$@"
	{ cat "$TRACE"; echo "$status"; } >"$name.loaded"
	t "$name: the same traces" same "$name.plain" "$name.loaded"
	t "$name: no word of ours" not grep -q '^flicker' err
	t "$name: nothing is left" nothing_runs "$once"
}

leaves_the_same all "$once"
leaves_the_same one "$once" -j1
leaves_the_same some "$once" --filter 'once/*t*'
leaves_the_same none "$once" --filter 'nothing/*'
t 'it has left some' is "$(tr '\n' ' ' <all.plain)" 'PRE_ALL first none second POST_ALL 0 '

# NAME, command...: what fails is attempted
finds() {
	name=$1
	shift
	rm -f "$TRACE"
	run_preloaded env FAIL=1 FLICKER_RUNS=40 FLICKER_REPORT= "$@"
	t "$name: the own exit code" status_is 1
	mv ./*.flicker.json "$name.json"
	t "$name: the one that fails" verdict_is "$name.json" once.second/1 failing
	t "$name: forks and fresh processes" holds_of "$name.json" once.second/1 '[.arms[].mode] | sort == ["exec", "fork"]'
	t "$name: its words" holds_of "$name.json" once.second/1 'all(.host, .failures[0]; .message | test("this is 1"))'
	t "$name: not before the run is over" is "$(grep -n -m 1 POST_ALL "$TRACE")" "$(grep -n -m 2 PRE_ALL "$TRACE" |
		awk -F: 'NR == 2 { print $1 - 1 ":POST_ALL" }')"
}

finds failing "$once"
all_are failing failing.json not-suspect once.first/0 once.first/1 once.first/2 once.second/0 once.plain
t 'failing: all of its tests' holds failing.json '.tests | length == 6'
finds first "$once" --fail-fast -j1
finds picked "$once" --filter 'once/second'
t 'picked: those that the pattern leaves' holds picked.json '[.tests[].id] == ["once.second/0", "once.second/1"]'

printf '[suspect "once.second/*"]\n' >listed.ini
run_preloaded env FLICKER_RUNS=5 FLICKER_REPORT= FLICKER_QUARANTINE="$PWD/listed.ini" "$once"
all_are listed once.flicker.json stable once.second/0 once.second/1
all_are listed once.flicker.json not-suspect once.first/0 once.plain

run_preloaded env FAIL=1 FLICKER_COMMAND=/nonexistent "$once"
t 'no command: the own exit code' status_is 1
t 'no command: one line' is "$(grep -c '^flicker:' err)" 1

run_flicker run --all --runs 30 --report json=all.json "$once"
all_are all all.json stable once.first/0 once.first/2 once.second/1 once.plain
finish
