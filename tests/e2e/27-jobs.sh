#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 27-jobs.sh - attempts made at the same time: what they hide, and what they feign.
#
# file and port hold what they share for 20 ms and four run at a time: that none of 40
# attempts meets another would need a machine that runs them one by one.
. "$FL_SRC/tests/e2e/lib.sh"

run_flicker run --all --jobs 4 --runs 60 --time none --mode fork --seed 11 --report json=jobs.json "$cmocka/parallel"
t 'jobs: flaky, met alone too' verdict_is jobs.json parallel.flaky flaky
t 'jobs: with a rate' holds_of jobs.json parallel.flaky '.rate > 0 and .failures[0].met == "alone"'
t 'jobs: what is tried again alone is not counted twice' holds_of jobs.json parallel.flaky \
	'([.failures[].count] | add) == .attempts.fail'
t 'jobs: clean is stable' verdict_is jobs.json parallel.clean stable
t 'jobs: every attempt is made' holds_of jobs.json parallel.clean '.attempts.total == 60'
for id in file port; do
	t "jobs: $id fails in parallel only" holds_of jobs.json parallel.$id \
		'.notes == ["parallel-unsafe"] and .verdict == "unknown"'
	t "jobs: $id: what was met is kept" holds_of jobs.json parallel.$id \
		'.failures[0].met == "parallel" and .failures[0].count > 0'
	t "jobs: $id: no evidence against it" holds_of jobs.json parallel.$id \
		'.verdict != "flaky" and .verdict != "failing" and .attempts.fail == 0'
done
t 'jobs: the file is named' holds_of jobs.json parallel.file '.collisions | any(.[]; test("^file .*/parallel.lock$"))'
t 'jobs: the port is named' holds_of jobs.json parallel.port '.collisions | index("port 47123") != null'
t 'jobs: what collides over nothing that is known' holds_of jobs.json parallel.alone \
	'.notes == ["parallel-only"] and .collisions == []'
t 'jobs: one that fails of its own, too: flaky, and unsafe' holds_of jobs.json parallel.both \
	'.verdict == "flaky" and .notes == ["parallel-unsafe"]'
t 'jobs: only what is met alone counts' holds_of jobs.json parallel.both \
	'.attempts.fail == ([.failures[] | select(.met == "alone") | .count] | add) and
	any(.failures[]; .met == "parallel")'
t 'jobs: advice instead of a command that cannot repeat it' has err '^  advice: .*use --jobs 1$'
t 'jobs: what is met beside others only has a token, but no command' holds_of jobs.json parallel.both \
	'all(.failures[]; .token != null and (.replay == null) == (.met == "parallel"))'
run_flicker replay --test parallel.both --times 3 jobs.json
t 'jobs: of a report what was met alone is replayed' has err '^parallel.both: reproduced'
t 'jobs: in the report' holds jobs.json '.run.settings.jobs == 4'

# 30 tries of 20 ms do not fit in: nothing can be said of what failed.
run_flicker run --test parallel.file --jobs 4 --mode fork --time 0.1 --report json=short.json "$cmocka/parallel"
t 'jobs: no time to try alone: no note' holds_of short.json parallel.file \
	'.notes == [] and .verdict == "unknown" and .attempts.fail == 0'
t 'jobs: no time to try alone: attempts are missing' status_is 3

run_flicker run --all --jobs 1 --runs 40 --mode fork --report json=one.json "$cmocka/parallel"
t 'alone all are stable but the flaky one' holds one.json \
	'all(.tests[] | select(.id != "parallel.flaky" and .id != "parallel.both"); .verdict == "stable")'

finish
