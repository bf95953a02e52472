#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 26-budget.sh - the time for attempts, timeouts, very many failures, --max-suspects.
. "$FL_SRC/tests/e2e/lib.sh"

# Turns: when the time is over each of the suspects has had some.
run_flicker run --suspect 'slow.a:slow.b:slow.c' --runs 1000 --time 3 --report json=turns.json "$cmocka/slow"
t 'time: none has all its attempts' holds turns.json \
	'all(.tests[] | select(.suspect); .attempts.total < 1000)'
t 'time: each has some' holds turns.json 'all(.tests[] | select(.suspect); .attempts.total > 0)'
t 'time: it is in the report' holds turns.json '.run.settings.time_s == 3'
t 'time: enough of them is stable, too few unknown' holds turns.json \
	'all(.tests[] | select(.suspect); (.verdict == "stable") == (.attempts.total >= 30))'
t 'time: stable says what may be missed with so many' holds turns.json \
	'all(.tests[] | select(.verdict == "stable"); .miss.probability > 0.05)'

run_flicker run --suspect slow.a --runs 1000 --time 0.3 --report json=few.json "$cmocka/slow"
t 'time: too few attempts' verdict_is few.json slow.a unknown
t 'time: attempts are missing' status_is 3
t 'time: the summary says so, and what to do' has err '^exit code 3: attempts are missing: .*--time none'
t 'time: how much would do' has err '^exit code 3: .* more --time \([1-9][0-9]* should do\)'
run_flicker report few.json
t 'time: so does the report read again' has out '^exit code 3: attempts are missing'

run_flicker run --suspect slow.a --runs 40 --time none --report json=none.json "$cmocka/slow"
t 'time none: all attempts' holds_of none.json slow.a '.attempts.total == 40'
t 'time none: no limit in the report' holds none.json '.run.settings.time_s == null'

run_flicker run --suspect slow.a --runs 2 --report json=default.json "$cmocka/slow"
t 'time: 10 s is the least' holds default.json '.run.settings.time_s == 10'

run_flicker run --suspect stable.adds --runs 1000000 --until runs --time 2 --report json=cut.json "$cmocka/stable"
t 'time: over, and judged by what there was' verdict_is cut.json stable.adds stable
t 'time: that is said' has err '^the time for attempts, 2\.0 s, was over before 1 test had all of them: --time none'

# The first timeout is made again with 3 times the time and passes; later ones count at once.
run_flicker run --suspect slow.seven --runs 20 --mode fork --timeout 0.5 --time 0.1 --report json=seven.json "$cmocka/slow"
t 'timeout: made again with more time, it passes' holds_of seven.json slow.seven '.attempts.pass >= 1'

# What a turn takes is measured on the clock: 19 attempts of 300 ms would be one turn otherwise.
run_flicker run --test dear.setup --mode fork --time 0.9 --report json=setup.json "$cmocka/dear"
t 'time: counts the setup of the group' holds_of setup.json dear.setup '.attempts.total > 0 and .attempts.total < 19'
# One timeout is no reason to go on when the time is over, if the others end.
run_flicker run --suspect dear.hangs --mode fork --runs 60 --time 0.5 --timeout 0.5 --report json=hangs.json "$cmocka/dear"
t 'time: ends a suspect that hung once' holds_of hangs.json dear.hangs '.attempts.timeout == 1 and .attempts.total < 20'

run_flicker run --report json=mass.json --runs 20 "$cmocka/mass"
t 'very many failures: three stand for all' holds mass.json \
	'[.tests[] | select(.verdict == "failing")] | length == 3'
t 'very many failures: one of each kind' holds mass.json \
	'[.tests[] | select(.verdict == "failing") | .failures[0].backtrace[0].function] | unique | length == 3'
t 'very many failures: the others say so' holds mass.json \
	'[.tests[] | select(.notes == ["mass-failure"] and .verdict == "unknown" and .attempts.total == 0)] | length == 11'
t 'very many failures: the tests fail' status_is 1
run_flicker run --all --report json=all.json --runs 20 "$cmocka/mass"
t 'very many failures: not under --all' holds all.json '[.tests[] | select(.verdict == "failing")] | length == 14'
run_flicker run --suspect 'mass.refused_b*' --report json=named.json --runs 20 "$cmocka/mass"
t 'very many failures: those that are named are attempted' holds named.json \
	'all(.tests[] | select(.id | test("refused_b")); .verdict == "failing")'

run_flicker run --all --max-suspects 2 --runs 20 --report json=max.json "$cmocka/groups"
t 'max-suspects: two are attempted' holds max.json '[.tests[] | select(.attempts.total > 0)] | length == 2'
t 'max-suspects: the others are unknown' holds max.json 'all(.tests[] | select(.attempts.total == 0); .verdict == "unknown")'
t 'max-suspects: it says so' has err 'not re-executed, for --max-suspects is 2'
t 'max-suspects: a limit one has set is no failure' status_is 0

finish
