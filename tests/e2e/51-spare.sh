#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 51-spare.sh - a report never takes the place of what is run or read: refused before the run.

. "$FL_SRC/tests/e2e/lib.sh"
unset FLICKER_CONFIG

name=flaky_rand
cp "$cmocka/$name" .
cp $name untouched
ln -s $name by_link
ln $name by_hard_link
mkdir folder

# PATH, what the message says of it
refused() {
	t "$1: usage" status_is 64
	t "$1: says what it would replace" says_one_line "the report '$2' would replace $3: name another with"
}

run_flicker run --report json=$name ./$name
refused 'the program' $name 'the program that is run'
t 'the program: it is as it was' cmp $name untouched
run_flicker run --report "junit=folder/../$name" ./$name
refused 'the program by another path' "folder/../$name" 'the program that is run'
run_flicker run --report json=$name ./by_link
refused 'the program was started by a link' $name 'the program that is run'
run_flicker run --report json=by_hard_link ./$name
refused 'a hard link to it' by_hard_link 'the program that is run'
PATH=$PWD:$PATH run_flicker run --report json=$name $name
refused 'the program was found on PATH' $name 'the program that is run'
run_flicker run --report junit=out.xml ./$name --gtest_output=xml:$name
refused "GoogleTest's report" $name 'the program that is run'
t "GoogleTest's report: the program is as it was" cmp $name untouched
run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=30 FLICKER_REPORT=json=$name ./$name
t 'under preload: no report' has err "'$name' would replace the program that is run.*there will be no report"
t 'under preload: the program is as it was' cmp $name untouched

printf '[suspect "flaky_rand.*"]\nreason = known\nuntil = 2999-01-01\n' >quarantine.ini
cp quarantine.ini other.ini
cp quarantine.ini before
run_flicker run --quarantine other.ini --quarantine ./quarantine.ini --report json=quarantine.ini ./$name
refused 'a quarantine file' quarantine.ini "a file of '--quarantine'"
printf '[run]\nruns = 30\n' >.flicker.ini
cd folder || exit 1
run_flicker run --report html=../.flicker.ini ../$name
cp out err ..
cd .. || exit 1
refused 'the configuration file' ../.flicker.ini 'the configuration file'
t 'they are as they were' cmp quarantine.ini before
t 'the configuration file is as it was' has .flicker.ini '^runs = 30'
export FLICKER_CONFIG=none

run_flicker run --report gtest-xml=same.xml ./$name --gtest_output=xml:./same.xml
t 'one path for two reports: usage' status_is 64
t 'one path for two reports: says so' says_one_line "the report 'same.xml' is asked for twice"
t 'one path for two reports: nothing ran' not test -e same.xml

run_flicker run --all --runs 30 --report json=in.json ./$name
cp in.json before
for format in junit json; do
	run_flicker report --report $format=./in.json in.json
	refused "what a $format report is made of" ./in.json 'what it is made of'
	run_flicker report --merge --report $format=in.json folder in.json
	refused "what a merged $format report is made of" in.json 'what it is made of'
done
t 'what it is made of is as it was' cmp in.json before

run_flicker replay --test flaky_rand.thirty_by_random --report json=./in.json in.json
refused 'what is repeated' ./in.json 'what is repeated'
run_flicker replay --test flaky_rand.thirty_by_random --report json=$name in.json
refused 'the program of a replay' $name 'the program that is run'
run_flicker replay --test flaky_rand.thirty_by_random --capsule by_link in.json
t 'a capsule: usage' status_is 64
t 'a capsule: says so' says_one_line "the capsule 'by_link' would replace the program that is run"
t 'they are as they were, too' sh -c "cmp in.json before && cmp $name untouched"

run_flicker run --runs 30 --suspect-from in.json --report json=in.json ./$name
t '--suspect-from may be replaced by the new one' not status_is 64
t '--suspect-from: it is the new one' not cmp -s in.json before
finish
