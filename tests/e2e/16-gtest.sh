#!/bin/sh
# SPDX-License-Identifier: MIT
# GoogleTest linked into the program: its tests, its ways to fail, what its own flags mean; and
# without names of functions.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

gtest=$FL_FIXTURES/gtest
[ -x "$gtest/twelve" ] || { t_skip 'GoogleTest' 'not installed'; finish; }
unset GTEST_FILTER GTEST_OUTPUT GTEST_SHUFFLE GTEST_REPEAT GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX GTEST_COLOR
export FLICKER_SEED=0x5eed FLICKER_TIME=none FLICKER_UNTIL=runs

# FIXTURE, arguments of the program...: all its tests, 40 attempts each, report in FIXTURE.json
attempt() {
	name=$1
	shift
	run_flicker run --all --runs 40 --report json="$name.json" "$gtest/$name" "$@"
}

# FIXTURE: without and with the preload, nothing suspect; durations apart the same
says_the_same() {
	plain_status=0
	"$@" >plain 2>&1 || plain_status=$?
	run_preloaded "$@"
	cat out err | sed 's/([0-9]* ms total)//; s/([0-9]* ms)//' >watched
	sed -i 's/([0-9]* ms total)//; s/([0-9]* ms)//' plain
	status_is "$plain_status" && same plain watched
}

# ---- twelve, by names and without ----

cp "$gtest/twelve" stripped && strip -s stripped
for way in named stripped; do
	program=$gtest/twelve
	[ $way = named ] || program=./stripped
	run_flicker run --all --runs 60 --timeout 0.3 --report json=$way.json "$program"
	t "$way: the verdicts of all twelve" is "$(json $way.json '[.tests[] | .name + "=" + .verdict] | join(" ")')" \
		"$(echo passes=stable prints=stable forks=stable sets=stable uses=stable flaky=flaky aborts=flaky \
		hangs=flaky fixture=flaky skips=skipped fails=failing exits=failing)"
	t "$way: how each fails" holds $way.json '[.tests[] | select(.failures[0]) | .name + "=" + .failures[0].outcome] | sort ==
		["aborts=crash", "exits=early-exit", "fails=fail", "fixture=error", "flaky=fail", "hangs=timeout", "uses=fail"]'
	t "$way: forks and fresh processes" holds $way.json '[.tests[].arms[].mode] | unique == ["exec", "fork"]'
	t "$way: the place and the words of a failure" holds_of $way.json twelve.fails '.failures[0] |
		(.file | endswith("twelve.cc")) and .line > 0 and (.message | startswith("Expected equality of these values:"))'
	t "$way: the report is valid" is_valid $way.json
done
t 'named: the place of a test' holds_of named.json twelve.passes '(.file | endswith("twelve.cc")) and .line > 0'
t 'named: the backtrace is the test'"'"'s own part' holds_of named.json twelve.fails \
	'[.failures[0].backtrace[].function] == ["twelve_fails_Test::TestBody"]'
t 'named: which GoogleTest' holds named.json '.program | .framework == "gtest" and .linkage == "static"'

# ---- kinds of tests ----

attempt param
t 'values: ids as GoogleTest says them' holds param.json '[.tests[].id] | sort == ["Numbers/param.of_value/0",
	"Numbers/param.of_value/1", "Numbers/param.of_value/2", "Words/param.of_value/one", "Words/param.of_value/zero",
	"typed/0.of_type", "typed/1.of_type"]'
t 'values: one of them is flaky' verdict_is param.json Numbers/param.of_value/2 flaky
t 'values: its neighbour is not' verdict_is param.json Numbers/param.of_value/1 stable
t 'types: one fails always' verdict_is param.json typed/1.of_type failing
run_flicker run --test Words/param.of_value/one --runs 20 --suspect Words/param.of_value/one --report json=one.json "$gtest/param"
t 'one test by its id: no other is run' holds one.json '[.tests[].id] == ["Words/param.of_value/one"]'
t 'and GoogleTest says so' has out '^\[  PASSED  \] 1 test\.'

attempt death
t 'death, by fork: stable' verdict_is death.json death.fast stable
t 'death, by a new start: stable' verdict_is death.json death.threadsafe stable
t 'nothing dies: failing' verdict_is death.json death.survives failing
t 'nothing dies at times: flaky' verdict_is death.json death.at_times flaky
t 'a crash is no death test' holds_of death.json death.crashes '.verdict == "flaky" and .attempts.crash > 0'

attempt skips
t 'skips: clean' status_is 0
t 'skipped' holds skips.json '[.tests[] | select(.verdict == "skipped") | .id] == ["skips.in_body", "skips_early.in_setup"]'
t 'skipped at times is no failure' holds_of skips.json skips.at_times '.verdict == "stable" and .attempts.skip > 0'
t 'disabled tests are none' holds skips.json '.tests | length == 3'
attempt skips --gtest_also_run_disabled_tests
t 'unless they are asked for' holds skips.json '[.tests[] | select(.verdict == "failing") | .id] | sort ==
	["DISABLED_skips.fails", "skips.DISABLED_fails"]'

# ---- what failures say ----

attempt parts
t 'several failures: the first place' holds_of parts.json parts.many '.failures[0].line == 18'
t 'several failures: all their words' holds_of parts.json parts.many \
	'.failures[0].message | test("the first[^$]*parts.cc:19:[^$]*the second[^$]*parts.cc:20:[^$]*the third") and (test("reached") | not)'
t 'SCOPED_TRACE is told' holds_of parts.json parts.traced '.failures[0].message | test("parts.cc:26: on the way")'
t 'a function that the test calls' holds_of parts.json parts.from_afar \
	'[.failures[0].backtrace[].function] == ["deeper", "parts_from_afar_Test::TestBody"]'
t 'failures that are expected are none' verdict_is parts.json parts.expected stable
t 'a failure in another thread' holds_of parts.json parts.in_thread '.verdict == "failing" and .failures[0].backtrace[0].function == "fail"'
t 'an exception' holds_of parts.json parts.throws '.verdict == "failing" and .attempts.fail == 40 and
	(.failures[0].message | test("out of luck"))'
t 'an exception without words' verdict_is parts.json parts.throws_word failing

attempt fixtures
for id in constructs.badly sets_up.badly tears_down.badly suite.begins_badly suite.begins_badly_too; do
	t "$id: flaky, an error" holds_of fixtures.json $id '.verdict == "flaky" and .attempts.error > 0 and .attempts.fail == 0'
done
t 'a body that fails before its teardown does: fail' holds_of fixtures.json tears_down.fails_itself '.attempts.fail > 0'
t 'the end of a suite is no test'"'"'s' verdict_is fixtures.json suite_end.ends_badly stable
t 'the environment is there' verdict_is fixtures.json fixtures.all_is_well stable

attempt no_suite
t 'no suite: errors, where GoogleTest says skipped' holds no_suite.json \
	'[.tests[] | [.id, .verdict, .host.outcome]] == [["no_suite.first", "failing", "error"],
	 ["no_suite.second", "failing", "error"], ["other.passes", "stable", "pass"]]'
t 'no suite: with its words' holds_of no_suite.json no_suite.second '.failures[0].message | test("no suite today")'

attempt no_environment
t 'no environment at times: all are flaky, by errors' holds no_environment.json \
	'all(.tests[]; .verdict == "flaky" and .attempts.error > 0 and .attempts.fail == 0)'
NO_ENVIRONMENT=1 run_flicker run --all --runs 20 --report json=none.json "$gtest/no_environment"
t 'no environment: all are errors' holds none.json \
	'.tests | length == 2 and all(.[]; .verdict == "failing" and .host.outcome == "error" and .attempts.error == 20)'

# ---- a program's own ways ----

LISTENER=$PWD/heard attempt runs
t 'a run after the other: tests of both' holds runs.json \
	'[.tests[] | [.id, .verdict]] == [["runs.first", "stable"], ["runs.first#2", "stable"], ["runs.second", "flaky"]]'
t 'the program'"'"'s listener hears the tests of its run' is "$(grep -v start heard | tr '\n' ' ')" 'first first second '

attempt param '--gtest_filter=*/param.*-Words*'
t 'the user'"'"'s filter is kept' holds param.json '[.tests[].id] | length == 3 and all(.[]; startswith("Numbers/"))'
attempt param --gtest_shuffle --gtest_random_seed=7
t 'shuffled: the same verdicts' is "$(verdict param.json Numbers/param.of_value/2) $(json param.json '.tests | length')" 'flaky 7'
attempt param --gtest_repeat=3 --gtest_fail_fast
t 'repeated: every test once' holds param.json '.tests | length == 7'
t 'and each attempt is one' holds_of param.json Numbers/param.of_value/0 '.attempts == {total: 40, pass: 40} or
	(.attempts.total == 40 and .attempts.pass == 40)'
t 'the program has repeated them' is "$(grep -c '^Repeating all tests' out)" 3
run_flicker run --runs 20 --report json=again.json "$gtest/again" --gtest_repeat=3
t 'what fails the second time only was seen to' holds_of again.json again.and_again \
	'.host.outcome == "fail" and .verdict == "flaky" and .attempts.fail == 0'
GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 attempt param
t 'of a shard its tests' holds param.json '.tests | length == 3'
attempt param --gtest_list_tests
t 'a list is a list' is "$(grep -c '^  ' out)" 7

attempt param --gtest_output=xml:result.xml
t 'its file of results is its own run'"'"'s' is "$(grep -c '<testcase ' result.xml) $(grep -c 'result="completed"' result.xml)" '7 7'
t 'in which that test has passed' not grep -q 'of_value/2.*<failure' result.xml

# ---- without flicker's attempts nothing is seen of it ----

t 'nothing suspect: says what it says' says_the_same "$gtest/skips"
t 'the same, repeated and shuffled' says_the_same "$gtest/fixtures" --gtest_repeat=2 --gtest_shuffle --gtest_random_seed=3
t 'the same, stripped' says_the_same ./stripped '--gtest_filter=*s:-*fails:*exits:*prints'
t 'a list' says_the_same "$gtest/param" --gtest_list_tests
t 'help' says_the_same "$gtest/param" --help
t 'no tests' says_the_same "$gtest/param" --gtest_filter=nothing

# ---- without names ----

for name in param parts fixtures; do
	cp "$gtest/$name" "bare_$name" && strip -s "bare_$name"
	attempt $name
	run_flicker run --all --runs 40 --report json="bare_$name.json" "./bare_$name"
	t "$name, stripped: the same verdicts" is "$(json "bare_$name.json" '[.tests[] | [.id, .verdict, .attempts]] | sort | tojson')" \
		"$(json $name.json '[.tests[] | [.id, .verdict, .attempts]] | sort | tojson')"
done
t 'stripped: the test that is meant' holds_of bare_param.json Numbers/param.of_value/2 '.verdict == "flaky"'
cp "$gtest/skips" bare_skips && strip -s bare_skips
run_flicker run --all --runs 20 --report json=bare_skips.json ./bare_skips
t 'stripped: disabled tests are none' holds bare_skips.json '.tests | length == 3'
run_flicker list ./bare_skips
t 'stripped: nor are they listed' not has out DISABLED
run_flicker run --test skips.at_times --all --runs 20 --report json=bare_skips.json ./bare_skips
t 'stripped: one test by its id' holds bare_skips.json '[.tests[].id] == ["skips.at_times"]'
finish
