# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
#
# hostile.sh - what the scripts on hostile programs share; e2e/lib.sh is read already.
#
#     by_command NAME OUTCOME [TIMEOUT]    flicker run, attempts and program
#     by_preload NAME OUTCOME [TIMEOUT]    LD_PRELOAD alone; the program itself only fails
#
# Of each: all attempts end in OUTCOME, none is lost, the neighbours in the group are well,
# no process is left (by a mark in the environment that all inherit), and no attempt took
# much longer than its time.  The figure that counts is printed; the bound is a multiple,
# for the machine may be loaded.
hostile=$FL_FIXTURES/hostile/hostile
mark=$$.$(date +%s%N)

# Processes that carry this test's mark, but for zombies.
survivors() {
	grep -laF "HOSTILE_MARK=$mark.$1" /proc/[0-9]*/environ 2>/dev/null
}

# Nobody is left; what has been ended may need a moment to go.
nobody_is_left() {
	for left in 1 2 3 4 5 6 7 8 9 10; do
		[ -z "$(survivors "$1")" ] && return 0
		sleep 0.2
	done
	for left in $(survivors "$1"); do
		tr '\0' ' ' <"${left%environ}cmdline"
		echo "$left"
	done
	return 1
}

# REPORT, NAME, OUTCOME
all_attempts_are() {
	holds_of "$1" "hostile.$2" \
		".attempts.total >= 2 and .attempts.infra == 0 and .attempts.$(echo "$3" | tr - _) == .attempts.total"
}

neighbours_are_well() {
	holds "$1" '[.tests[] | select(.name == "before" or .name == "after") | .attempts] |
		length == 2 and all(.[]; .total >= 2 and .total == .pass and .infra == 0)'
}

# REPORT, NAME, TIMEOUT: prints by how much the longest attempt passed its time
is_bounded() {
	holds_of "$1" "hostile.$2" "(.duration_ms.max // 0) <= $3 * 1000 * 3 + 10000"
}

judge() {
	t "$1 $2: $3" all_attempts_are "$2.json" "$2" "$3"
	t "$1 $2: its neighbours are well" neighbours_are_well "$2.json"
	t "$1 $2: in bounds" is_bounded "$2.json" "$2" "$4"
	t "$1 $2: nobody is left" nobody_is_left "$2"
	[ "$3" != timeout ] || echo "# $1 $2: longest attempt $(of_test "$2.json" "hostile.$2" .duration_ms.max) ms of $4 s"
}

# In a session of their own: some send signals to their whole group.
by_command() {
	run setsid -w env HOSTILE_MARK="$mark.$1" "$flicker" run --all --until runs --runs 9 \
		--timeout "${3:-20}" --report json="$1.json" "$hostile" "$1"
	judge run "$1" "$2" "${3:-20}"
}

# The program has ended when the report may still be in the making, where it was killed.
by_preload() {
	run setsid -w env HOSTILE_MARK="$mark.$1" HOSTILE_HOST="${host:-meek}" LD_PRELOAD="$library" \
		FLICKER_SUSPECT="hostile.*" FLICKER_UNTIL=runs FLICKER_RUNS=9 FLICKER_TIMEOUT="${3:-20}" \
		FLICKER_REPORT=json="$1.json" "$hostile" "$1"
	for left in $(seq 100); do
		[ -e "$1.json" ] && break
		sleep 0.1
	done
	judge preload "$1" "$2" "${3:-20}"
}

# What the program itself came to, in its own run of the test.
host_is() {
	t "run $1: the program itself: $2" holds_of "$1.json" "hostile.$1" ".host.outcome == \"$2\""
}
