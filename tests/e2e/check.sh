# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# check.sh - what the scripts on Check share: . "$FL_SRC/tests/e2e/check.sh", behind lib.sh
#
# The files twelve.list, kinds.list and nofork.list say what is true of these fixtures.
# shellcheck disable=SC2034 # for the scripts
fixtures=$FL_FIXTURES/check
export FLICKER_SEED=0x5eed FLICKER_TIME=none FLICKER_UNTIL=runs

# REPORT's name, PROGRAM, further options...: all tests, 60 attempts each
attempt() {
	report=$1 program=$2
	shift 2
	run_flicker run --all --runs 60 --report json="$report.json" "$@" "$program"
}

# FILE of lines "ID VERDICT OUTCOME", REPORT: each non-pass is of that outcome, `-` for none
as_expected() {
	while read -r id verdict outcome; do
		[ "$id" ] || continue
		verdict_is "$2" "$id" "$verdict" || return 1
		holds_of "$2" "$id" ".attempts as \$a | [\"fail\", \"error\", \"crash\", \"timeout\", \"early_exit\"]
			| map(select(\$a[.] > 0)) == (if \"$outcome\" == \"-\" then [] else [\"$outcome\"] end)" || return 1
	done <"$1"
	[ -s "$2" ] && is "$(json "$2" .totals.tests)" "$(grep -c . "$1")"
}

cat >twelve.list <<'END'
twelve.core.passes stable -
twelve.core.prints stable -
twelve.core.forks stable -
twelve.core.sets stable -
twelve.core.uses failing fail
twelve.core.flaky flaky fail
twelve.core.aborts flaky crash
twelve.core.hangs flaky timeout
twelve.fixture.fixture flaky error
twelve.rest.skips stable -
twelve.rest.fails failing fail
twelve.rest.exits failing early_exit
END

cat >kinds.list <<'END'
kinds.loops.turns/0 stable -
kinds.loops.turns/1 stable -
kinds.loops.turns/2 stable -
kinds.signals.aborts stable -
kinds.signals.is_killed stable -
kinds.signals.aborts/0 stable -
kinds.signals.aborts/1 stable -
kinds.codes.ends_with_5 stable -
kinds.codes.ends_with_255 stable -
kinds.codes.ends_with_5/0 stable -
kinds.codes.ends_with_5/1 stable -
kinds.codes.ends_well stable -
kinds.fixtures.has_fixtures stable -
others.loops.odd/2 stable -
others.loops.odd/3 failing fail
others.loops.odd/4 stable -
others.signals.survives flaky fail
others.signals.dies failing crash
others.codes.other flaky early_exit
others.codes.early flaky early_exit
others.checked.nothing flaky error
others.unchecked.nothing flaky error
others.timeouts.late flaky timeout
END

cat >nofork.list <<'END'
nofork.shared.sets stable -
nofork.shared.uses stable fail
nofork.shared.flaky flaky fail
nofork.shared.jumps stable -
nofork.checked.nothing flaky error
nofork.unchecked.nothing flaky error
nofork.teardown.fails failing fail
nofork.loops.third/0 stable -
nofork.loops.third/1 stable -
nofork.loops.third/2 failing fail
nofork.last.nested stable -
END
