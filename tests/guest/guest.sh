# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
#
# guest.sh - what the scripts on being a guest share; e2e/lib.sh is read already.

# NAME, command...: with and without the preload output, status and files are the same.
untouched() {
	name=$1
	shift
	mkdir -p "$name.plain" "$name.loaded"
	(cd "$name.plain" && run "$@" && echo "$status" >status)
	(cd "$name.loaded" && run env LD_PRELOAD="$library${LD_PRELOAD:+:$LD_PRELOAD}" "$@" && echo "$status" >status)
	t "$name: untouched" diff -r "$name.plain" "$name.loaded"
}

# REPORT: all of its tests are stable, and none of their attempts was lost
all_stable() {
	holds "$1" '(.tests | length) > 0 and all(.tests[]; .verdict == "stable" and .attempts.infra == 0 and
		.attempts.total >= 2 and .host.outcome == "pass")' && return 0
	json "$1" '.tests[] | select(.verdict != "stable") | [.id, .verdict, .host, .attempts, .failures] | tojson'
	return 1
}

# NAME, command...: under `run`, the nature of a process is the same in all attempts
stable_in_attempts() {
	name=$1
	shift
	run_flicker run --all --until runs --runs 20 --report json="$name.json" -- "$@"
	t "$name: the same in attempts" all_stable "$name.json"
	t "$name: clean" status_is 0
}
