# SPDX-License-Identifier: MIT
# Fixtures whose truth is known get the right verdict, by the command.  One fixed seed: no chance
# decides, but for the program's own run, on which no assertion here rests.
. "$FL_SRC/tests/e2e/lib.sh"

# FIXTURE, further options...: all tests, 300 attempts each, report in FIXTURE.json
attempt() {
	name=$1
	shift
	run_flicker run --all --runs 300 --until runs --time none --seed 0x5eed --report json="$name.json" "$@" "$cmocka/$name"
}

attempt stable
t 'stable: clean' status_is 0
t 'stable: all stable' holds stable.json '.totals.stable == .totals.tests and .totals.tests == 3'
t 'stable: says what may have been missed' holds stable.json \
	'all(.tests[]; .miss.rate == 0.01 and .miss.probability < 0.05)'

attempt failing
t 'failing: exit code 1' status_is 1
t 'failing: is failing' holds failing.json 'any(.tests[]; .verdict == "failing" and .rate == 1)'

attempt flaky_rand
t 'flaky: exit code 2' status_is 2
t 'flaky at 2 %' verdict_is flaky_rand.json flaky_rand.two_percent flaky
t 'flaky at 2 %: its interval holds 2 %' holds_of flaky_rand.json flaky_rand.two_percent \
	'.interval.low < 0.02 and .interval.high > 0.02'
t 'flaky at 30 %, by random()' verdict_is flaky_rand.json flaky_rand.thirty_by_random flaky
t 'flaky at 30 %, by getrandom()' verdict_is flaky_rand.json flaky_rand.thirty_by_kernel flaky
t 'a test that only draws is stable' verdict_is flaky_rand.json flaky_rand.steady stable
t 'all attempts are made' holds flaky_rand.json 'all(.tests[]; .attempts.total == 300)'
t 'the place of the failure' holds_of flaky_rand.json flaky_rand.two_percent \
	'.failures[0] | (.file | endswith("flaky_rand.c")) and .line > 0'
t 'the backtrace ends in the test' holds_of flaky_rand.json flaky_rand.two_percent \
	'.failures[0].backtrace | .[-1].function == "two_percent" and (.[-1].file | endswith("flaky_rand.c"))'
t 'no frame of flicker or the framework' holds flaky_rand.json \
	'all(.tests[].failures[].backtrace[]; (.module | test("flicker|cmocka") | not) or .module == "flaky_rand")'
t 'the summary names it' has err 'FLAKY +flaky_rand.two_percent'
t 'and ends with a command' has err 'replay: flicker replay fl1,flaky_rand.two_percent,0x[0-9a-f]+,[0-9]+,random,fork,[0-9a-f]+,[0-9a-f]+ -- '

attempt leak
for id in leaks leaves_a_value lacks_a_value; do
	t "leak: $id fails always" verdict_is leak.json "leak.$id" failing
done
t 'leak: at times' verdict_is leak.json leak.leaks_at_times flaky
t 'leak: none' verdict_is leak.json leak.frees stable
t 'leak: told apart from an assertion' holds_of leak.json leak.leaks \
	'.failures[0] | .outcome == "fail" and (.message | test("leaked 1 block")) and (.file | endswith("leak.c"))'
t 'leftover: the words say so' holds_of leak.json leak.leaves_a_value '.failures[0].message | test("remaining")'

attempt crash --timeout 20
t 'crash: exit code 1' status_is 1
t 'crash: flaky at 30 %' verdict_is crash.json crash.at_times flaky
t 'crash: each that crashes always is failing' holds crash.json \
	'[.tests[] | select(.verdict == "failing")] | length >= 4 and all(.[]; .attempts.crash == .attempts.total)'
t 'crash: what crosses it is stable' verdict_is crash.json crash.steady stable
t 'crash: each has its signal and a backtrace that ends in the test' holds crash.json \
	'[.tests[] | select(.attempts.crash > 0) | . as $t | .failures[0] | .signal > 0 and (.backtrace | length > 0) and
	  (.backtrace[-1].function == $t.name or (.backtrace | length) >= 60)] | all'
t 'crash: SIGABRT is 6' holds crash.json 'any(.tests[].failures[]; .signal == 6)'

attempt hang --timeout 0.2
t 'hang: flaky' verdict_is hang.json hang.at_times flaky
t 'hang: judged after three timeouts' holds_of hang.json hang.at_times '.attempts.timeout == 3 and .attempts.pass > 0'
t 'hang: where it hangs' holds_of hang.json hang.at_times \
	'.failures[0] | .outcome == "timeout" and any(.backtrace[]; .function == "wait_for_ever") and .backtrace[-1].function == "at_times"'
t 'hang: nothing goes on running' nothing_runs "$cmocka/hang"

attempt exit_mid
t 'exit: flaky at 25 %' verdict_is exit_mid.json exit_mid.at_times flaky
t 'exit: where it was called' holds_of exit_mid.json exit_mid.at_times \
	'.failures[0] | .outcome == "early-exit" and .backtrace[-1].function == "at_times"'
t '_exit: failing' verdict_is exit_mid.json exit_mid.always failing
t '_exit: with its code' holds_of exit_mid.json exit_mid.always '.failures[0].message | test("exit code 3")'
t 'exit: what the host never reached is attempted' verdict_is exit_mid.json exit_mid.after stable
t 'exit: and has no host run' holds_of exit_mid.json exit_mid.after '.host == null'

attempt skip
t 'skip: the own exit code' status_is 0
t 'skip: skipped' verdict_is skip.json skip.skips skipped
t 'skip: the other is stable' verdict_is skip.json skip.passes stable

attempt fixture_error
t 'setup at times: flaky' verdict_is fixture_error.json fixture_error.setup_at_times flaky
t 'setup at times: outcome error' holds_of fixture_error.json fixture_error.setup_at_times \
	'.attempts.error > 0 and .attempts.fail == 0 and .attempts.pass > 0'
t 'setup always: failing, error' holds_of fixture_error.json fixture_error.setup_always \
	'.verdict == "failing" and .attempts.error == 300'
t 'teardown: failing, error' holds_of fixture_error.json fixture_error.teardown_asserts \
	'.verdict == "failing" and .attempts.error == 300'
t 'clean fixtures: stable' verdict_is fixture_error.json fixture_error.clean stable

attempt fixture_group
t 'group setup at times: all flaky, error' holds fixture_group.json \
	'all(.tests[]; .verdict == "flaky" and .attempts.error > 0 and .attempts.pass > 0)'

attempt groups
t 'groups: clean' status_is 0
t 'groups: everything is stable' holds groups.json 'all(.tests[]; .verdict == "stable")'
t 'groups: ids are unique' holds groups.json '[.tests[].id] | length == (unique | length)'
t 'groups: the second of equal names is #2' holds groups.json 'any(.tests[].id; . == "twice.same#2")'

attempt noisy
t 'noisy: flaky' verdict_is noisy.json noisy.noisy flaky
t 'noisy: the tail is kept, bounded' holds_of noisy.json noisy.noisy \
	'.failures[0].output_tail | length > 100 and length < 100000'
t 'noisy: attempts do not speak on the program'"'"'s output' \
	is "$(wc -c <out)" "$("$cmocka/noisy" 2>/dev/null | wc -c)"

attempt order
t 'order: the victim fails in its place' verdict_is order.json order.victim failing
t 'order: and says that it depends on it' has_note order.json order.victim order-dependent
t 'order: its arm has the predecessors' holds_of order.json order.victim \
	'[.arms[] | select(.prefix)] | all(.[]; .non_pass == .total) and (map(.total) | add == 280)'
t 'order: who needs the one before is stable' verdict_is order.json order.needs stable
t 'order: and says so' has_note order.json order.needs order-dependent
t 'order: who dirties is stable, with no note' holds_of order.json order.dirties '.verdict == "stable" and .notes == []'

attempt group_leak
t 'group leak: the program'"'"'s own end' status_is 255
t 'group leak: not its last test'"'"'s' holds group_leak.json 'all(.tests[]; .verdict == "stable")'

attempt filtered
t 'filtered by the program: only the others are its tests' holds filtered.json \
	'[.tests[] | [.id, .verdict]] == [["filtered.runs", "stable"]]'
t 'filtered by the program: clean' status_is 0

attempt nested
t 'a group within a test is not the test'"'"'s' verdict_is nested.json nested.outer stable

for name in stable failing flaky_rand leak crash hang exit_mid skip fixture_error fixture_group groups noisy order \
	group_leak filtered nested; do
	t "$name: the report is what its schema says" is_valid "$name.json"
done
finish
