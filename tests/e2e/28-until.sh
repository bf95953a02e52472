#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 28-until.sh - when a suspect has had enough attempts, and what the numbers are called then.
#
# One fixed seed: no chance decides which attempts fail.
. "$FL_SRC/tests/e2e/lib.sh"

# WHEN: every test of flaky_rand, report in WHEN.json
flaky_until() {
	run_flicker run --all --until "$1" --seed 0x5eed --mode fork --time none --report json="$1.json" \
		"$cmocka/flaky_rand"
}

flaky_until confident
t 'confident: those that fail often end early, flaky' holds confident.json \
	'[.tests[] | select(.id | test("thirty")) | .verdict == "flaky" and .attempts.total < 300] == [true, true]'
t 'confident: because the interval is narrow' holds confident.json \
	'all(.tests[] | select(.attempts.total < 300); .interval.high - .interval.low < .rate)'
t 'confident: the others have all attempts' holds confident.json \
	'all(.tests[] | select(.id | test("thirty") | not); .attempts.total == 300)'
t 'confident: stable is never early' verdict_is confident.json flaky_rand.steady stable
t 'confident: the method, also where all were made' holds confident.json \
	'all(.tests[]; .interval.method == "betting" and .interval.level == 0.95)'

flaky_until runs
t 'runs: all attempts' holds runs.json 'all(.tests[]; .attempts.total == 300)'
t 'runs: the method' holds runs.json 'all(.tests[]; .interval.method == "clopper-pearson")'

flaky_until fail
t 'fail: flaky, with fewer attempts' holds fail.json \
	'[.tests[] | select(.id | test("thirty")) | .verdict == "flaky" and .attempts.total < 100] == [true, true]'
t 'fail: the others go on' holds_of fail.json flaky_rand.steady '.verdict == "stable" and .attempts.total == 300'
t 'fail: the method' holds fail.json 'all(.tests[]; .interval.method == "betting")'
t 'miss stands only where no failure was seen' holds fail.json \
	'all(.tests[]; (.miss != null) == (.rate == 0 and .host.outcome == "pass"))'

run_flicker run --all --until fail --report json=failing.json "$cmocka/failing"
t 'fail: what fails always is failing, soon' holds failing.json \
	'[.tests[] | select(.verdict == "failing") | .attempts.total < 100] | length > 0 and all'
t 'fail: exit code 1' status_is 1

run_flicker run --all --runs 100 --until runs --time none --report json=split.json "$cmocka/by_mode"
t 'forks pass, fresh processes fail: no chance was seen' verdict_is split.json by_mode.fresh_fails unknown
t 'forks fail, fresh processes pass as the host did not: flaky' verdict_is split.json by_mode.fresh_passes flaky
t 'more of the fresh ones are made to tell' holds_of split.json by_mode.fresh_passes \
	'any(.arms[]; .mode == "exec" and .total >= 20)'
t 'two rates have no interval' holds split.json \
	'all(.tests[] | select(.verdict == "unknown"); .rate > 0 and .interval == null and (.arms | length == 2))'
t 'the summary has both' has err 'as a fork 0 of [0-9]+, as a fresh process ([0-9]+) of \1$'
t 'no difference: stable' verdict_is split.json by_mode.steady stable

run_flicker run --test by_mode.fresh_fails --runs 30 --mode exec --report json=exec.json "$cmocka/by_mode"
t 'the host passes and nothing else does: not repeatable' \
	has_note exec.json by_mode.fresh_fails not-repeatable
t 'and no rate' holds_of exec.json by_mode.fresh_fails \
	'.verdict == "unknown" and .rate == null and .interval == null'

finish
