#!/bin/sh
# SPDX-License-Identifier: MIT
# flicker report --merge: what all the reports below a folder say today.
. "$FL_SRC/tests/e2e/lib.sh"
export FLICKER_SEED=9 FLICKER_UNTIL=runs FLICKER_RUNS=60

mkdir -p all/deep
run_flicker run --all --report json=all/deep/flaky.json "$cmocka/flaky_rand"
run_flicker run --report json=all/pair.json "$cmocka/pair"
echo '{"schema": 1}' >all/other.json
echo 'not even JSON' >all/noise.json
ln -s .. all/loop

run_flicker report --merge all
t 'a folder: the summary' status_is 0
t 'of the one' has out 'FLAKY +flaky_rand: flaky_rand.thirty_by_random'
t 'and of the other' has out 'FAILING +pair: first.fails'
t 'and of what passes' has out '^stable +flaky_rand: flaky_rand.steady'
run_flicker report --merge --report json=one.json all
t 'as a report' is_valid one.json
t 'programs stay apart' holds one.json '.program.path == "2 programs" and ([.tests[].program.path | split("/")[-1]] | unique) == ["flaky_rand", "pair"]'
t 'what gates decides' holds one.json '.run.exit_code == 1'
run_flicker report --merge --report json=again.json one.json
t 'united again it is the same' same one.json again.json
run_flicker report --merge --report junit=one.xml all
t 'in other formats the program is named' xmllint --nonet --xpath '//testcase[@classname="pair.first" and @name="fails"]' one.xml

jq '.program.path = "./twin"' all/deep/flaky.json >twin.json
for format in ctest github; do
	run_flicker report --merge --report $format all twin.json
	cp out $format.txt
done
t 'a measurement names the program' has ctest.txt '"flicker verdict flaky_rand: flaky_rand.thirty_by_random"'
t 'and no two have one name' is "$(sed -n 's/.* name="\([^"]*\)".*/\1/p' ctest.txt | sort | uniq -d)" ''
t 'an annotation names the program' has github.txt 'title=failing test pair%3A first.fails::'

# The newest counts; what was not run there does not.
jq '.run.started = "2999-01-01T00:00:00Z" | (.tests[] | select(.id == "first.fails")) |= (.verdict = "stable" | .host.outcome = "pass" | .failures = []
	| .gates = false) | (.tests[] | select(.id == "first.passes")) |= (.host = null | .verdict = "unknown")' all/pair.json >newer.json
run_flicker report --merge --report json=new.json newer.json all
t 'the newest counts' verdict_is new.json first.fails stable
t 'unless it was not run there' verdict_is new.json first.passes not-suspect
t 'once each' is "$(json new.json '[.tests[] | .program.path + .id] | length - (unique | length)')" 0

# What a killed run has left.
jq -c 'del(.totals, .tests)' all/pair.json >all/cut.json.part
jq -c '.tests[0]' all/pair.json >>all/cut.json.part
printf '{"id": "cut' >>all/cut.json.part
run_flicker report --merge --report json=- all
t 'a .part is read' holds out '.run.exit_code == null'

# A failure of it is repeated, by the program that it was of.
run_flicker replay --test flaky_rand.thirty_by_random one.json
t 'replayed by its own program' status_is 0

# With --new-only an id counts beside its own program only.
run_flicker run --test flaky_rand.thirty_by_random --new-only one.json --report json=x.json "$cmocka/flaky_rand"
t 'known of this program' holds x.json '.tests[0].excuse == "known"'
jq '(.tests[].program.path | select(endswith("flaky_rand"))) = "./another"' one.json >others.json
run_flicker run --test flaky_rand.thirty_by_random --new-only others.json --report json=x.json "$cmocka/flaky_rand"
t 'not of another' holds x.json '.tests[0].excuse == null'

# What cannot be.
mkdir empty
run_flicker report --merge empty
t 'nothing there' says_one_line 'there is no report'
t 'nothing there: usage' status_is 64
run_flicker report --merge all/other.json
t 'a file that is named must be one' status_is 64
run_flicker report --merge nosuch
t 'what is not there' says_one_line "cannot read 'nosuch'"
echo '{"schema_version": 1' >all/torn.json
run_flicker report --merge all
t 'a torn report is told of' says_one_line 'torn.json:.*this is no report'
run_flicker report all/pair.json one.json
t 'several want --merge' status_is 64
finish
