# SPDX-License-Identifier: MIT
# A CMake project of three frameworks with one flaky test, from its configuration to `ctest -L flaky`.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/ctest.sh"

mkdir 'the project'
cp "$FL_SRC"/tests/fixtures/ctest/* 'the project'
source='the project' build='the project/build'
others='net.passes net.known net.odd%20%5Bone%3Btwo%22three list.core.adds list.core.turns/0 list.core.turns/1
text.is_short some/letters.are_small/0 some/letters.are_small/1'
reports="$build/flicker"

# ---- Make, tests are discovered when they are built ----

configures 'Make' -G 'Unix Makefiles'
builds 'Make'
run_ctest -j4 --output-junit junit.xml --output-on-failure
t 'ctest fails' not status_is 0
result_is net.flickers Failed
for id in $others; do
	result_is "$id" Passed
done
result_is net.skips Skipped
result_is text.skips Skipped
result_is 'all of list' Passed
t 'and there are no more tests' has out 'out of 13$'
t 'the finding is shown' has out 'FLAKY +net\.flickers '
t 'once' is "$(grep -c 'FLAKY' out)" 1
t 'each test has a report of its own' is "$(find "$reports" -name '*.json' | grep -c .)" 13
find "$reports" -name '*.json' | while read -r report; do
	is_valid "$report" || echo "$report"
done >invalid.log 2>&1
t 'all of them valid' is_empty invalid.log
t 'of that test alone' holds "$reports/test_net/net.passes.json" '[.tests[].id] == ["net.passes"]'
t 'a plain test runs once' holds "$reports/test_net/net.passes.json" '.totals.attempts == 0'
t 'an annotated one again and again' holds "$reports/test_net/net.known.json" '.totals.attempts == 100'
t 'a failure, too' verdict_is "$reports/test_net/net.flickers.json" net.flickers flaky
t 'a whole program has one, too' holds "$reports"/all_of_list~*.json '.tests | length == 3'
t 'JUnit: one failure, two skips' is \
	"$(xmllint --xpath 'concat(count(//failure), count(//skipped), count(//testcase))' "$build/junit.xml")" 1213
t 'JUnit: it is ours' is "$(xmllint --xpath 'string(//testcase[failure]/@name)' "$build/junit.xml")" net.flickers
run_flicker report --merge --report json=all.json "$reports"
t 'all reports as one: each test once' is "$(json all.json '[.tests[].id] | length')" 12
t 'and the finding' verdict_is all.json net.flickers flaky

labelled flaky net.flickers
labelled suspect net.known
labelled quarantine
run_ctest -L flaky
result_is net.flickers Failed
t 'ctest -L flaky: nothing else' has out 'out of 1$'
t 'it was suspect for its last report' holds_of "$reports/test_net/net.flickers.json" net.flickers \
	'.suspect.why == "reported"'
labelled flaky net.flickers
run_flicker replay "$reports/test_net/net.flickers.json"
t 'flicker replay repeats it from its report' status_is 0

json_of() {
	(cd "$build" && ctest --show-only=json-v1) | jq -r "$1"
}
t 'ctest knows file and line of each test' is "$(json_of '. as $all | .tests[] | select(.backtrace) |
	$all.backtraceGraph as $graph | $graph.nodes[.backtrace] | "\($graph.files[.file] | split("/") | last):\(.line)"' |
	sort -u | tr '\n' ' ')" "$(cd "$source" && awk '/^(START_TEST|TEST)/ { print FILENAME ":" FNR }
	/^static void .*state/ { print FILENAME ":" FNR + 1 }' test_*.c* | sort -u | tr '\n' ' ')"
t 'properties are passed on' is "$(json_of '[.tests[].properties[] | select(.name == "RESOURCE_LOCK").value[]] |
	unique | join(",")')" 'lock of test_list,lock of test_net,lock of test_text'
t 'and so are labels' is "$(json_of '[.tests[] | select(any(.properties[]; .name == "LABELS" and
	any(.value[]; . == "unit")))] | length')" 12

# ---- CDash ----

printf 'Site: here\nBuildName: any\nSourceDirectory: .\nBuildDirectory: .\n' >"$build/DartConfiguration.tcl"
run_ctest -M Experimental -T Test -R net.flickers
t 'the rate is a measurement of the test' is "$(xmllint --xpath \
	'count(//NamedMeasurement[@name="flicker rate"]/Value[. > 0 and . < 1])' "$build"/Testing/*/Test.xml)" 1

# ---- Ninja, tests are discovered by ctest, failures of flaky tests are excused ----

rm -r "$build"
configures 'Ninja' -G Ninja -DPOLICY=quarantine -DMODE=PRE_TEST
builds 'Ninja'
run_ctest -j4
t 'quarantine: ctest is content' status_is 0
result_is net.flickers Skipped
result_is net.passes Passed
labelled flaky net.flickers
labelled quarantine net.known net.flickers

# ---- a file of known flaky tests, and no policy ----

printf '[suspect "*.flickers"]\nuntil = 2099-12-31\n' >'the project/known.ini'
configures 'a quarantine file' -DPOLICY=fail -DQUARANTINE=known.ini
run_ctest -R net
t 'a quarantine file: ctest is content' status_is 0
result_is net.flickers Skipped
result_is net.known Passed
labelled quarantine net.flickers
sed -i 's/2099/2009/' 'the project/known.ini'
run_ctest -R net
labelled quarantine
labelled expired net.flickers
t 'after its last day it is not' not status_is 0
result_is net.flickers Failed
finish
