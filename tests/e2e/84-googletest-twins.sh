#!/bin/sh
# SPDX-License-Identifier: MIT
# A GoogleTest program and a cmocka program with the same tests, asked the same: what they list,
# select, say and return.  Nothing is flaky here: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

real=$FL_FIXTURES/gtest/twin twin=$cmocka/twin
[ -x "$real" ] || { t_skip 'GoogleTest' 'not installed'; finish; }
for name in $(env | sed -n 's/^\(GTEST_[A-Z_]*\|TEST_[A-Z_]*\|TESTBRIDGE_[A-Z_]*\|XML_OUTPUT_FILE\)=.*/\1/p'); do
	unset "$name"
done
export FLICKER_RUNS=3 FLICKER_QUIET=1 FLICKER_REPORT=json=twin.json

# What does not depend on the text of a failure, or on time; and how many tests there will be is
# said of a group at a time, for nobody knows the next one.
said() {
	grep -E '^\[ *(RUN|OK|FAILED|SKIPPED|DISABLED|PASSED|=+|-+) *\] |^Note: |^Repeating' "$1" |
		sed -e '/\] Running [0-9]* test/d' -e 's/ ([0-9]* ms\( total\)\?)//' -e '/Global test environment/d'
}

# The two, asked with these arguments and variables (before --): the same status, the same words.
answers_the_same() {
	variables=
	while [ "$1" != -- ]; do
		variables="$variables $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # NAME=value, without blanks
	run env $variables "$real" "$@"
	said out | ${way:-cat} >want.said
	want=$status
	# shellcheck disable=SC2086
	run env $variables "$flicker" run -- "$twin" "$@"
	said out | ${way:-cat} >have.said
	status_is "$want" && same want.said have.said
}

# The same, of what is printed in full.
lists_the_same() {
	"$real" --gtest_list_tests "$@" | grep -v gtest_main.cc >want.list
	run_flicker run -- "$twin" --gtest_list_tests "$@"
	status_is 0 && same want.list out && is_empty err
}

# ---- filters: listed, and run ----

for filter in '*' '' ':' 'Alpha.Passes' 'Alpha.*' '*.Passes' '?eta.*' 'Alpha.Passes:Beta.Skips' '*Skips*' \
	'-Alpha.Fails' '*-Alpha.*' 'Alpha.*-*.Fails:*.Skips' '-*' '*-*-*' '*.DISABLED_*' 'DISABLED_*' \
	'*Gamma*' 'alpha.*' 'Alpha' 'Alpha.Passe' '*Too:-*' 'Nothing.AtAll' '::Alpha.Passes::' 'Beta.**?oo'; do
	t "filter '$filter': the same list" lists_the_same "--gtest_filter=$filter"
	t "filter '$filter': the same run" answers_the_same -- "--gtest_filter=$filter"
done

# ---- disabled tests, shards ----

t 'disabled tests are run' answers_the_same -- --gtest_also_run_disabled_tests
t 'one of them' answers_the_same -- --gtest_also_run_disabled_tests '--gtest_filter=Beta.DISABLED_Passes'
t 'disabled tests that are not asked for by a switch' answers_the_same -- '--gtest_filter=Beta.DISABLED_Passes'
t 'not with 0' answers_the_same -- --gtest_also_run_disabled_tests=0
t 'the variable' answers_the_same GTEST_ALSO_RUN_DISABLED_TESTS=1 -- --gtest_color=no
for shard in 0 1 2; do
	t "shard $shard of 3" answers_the_same GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard -- --gtest_color=no
	t "shard $shard of 3, of a selection" answers_the_same GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard -- \
		'--gtest_filter=*Passes*' --gtest_also_run_disabled_tests
done
t 'more shards than tests' answers_the_same GTEST_TOTAL_SHARDS=30 GTEST_SHARD_INDEX=29 -- --gtest_color=no
t 'a list leaves shards aside' env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 "$flicker" run -- "$twin" --gtest_list_tests
same_codes() {
	run env "$@" "$real"
	want=$status
	run env "$@" "$flicker" run -- "$twin"
	is "$want" 1 && status_is 1 && says_one_line "${1%%=*}"
}
t 'shards without an index' same_codes GTEST_TOTAL_SHARDS=3
t 'an index without shards' same_codes GTEST_SHARD_INDEX=0
t 'an index beyond the shards' same_codes GTEST_SHARD_INDEX=3 GTEST_TOTAL_SHARDS=3
t 'shards that are no number' same_codes GTEST_TOTAL_SHARDS=three GTEST_SHARD_INDEX=0

# ---- variables ----

t 'GTEST_FILTER' answers_the_same 'GTEST_FILTER=Beta.*' -- --gtest_color=no
t 'the flag goes before it' answers_the_same 'GTEST_FILTER=Beta.*' -- '--gtest_filter=Alpha.*'
t 'TESTBRIDGE_TEST_ONLY' answers_the_same 'TESTBRIDGE_TEST_ONLY=Alpha.Pass*' -- --gtest_color=no
t 'GTEST_FILTER goes before that' answers_the_same 'TESTBRIDGE_TEST_ONLY=Alpha.Pass*' 'GTEST_FILTER=*.Skips' -- --gtest_color=no
t 'a flag file' sh -c 'printf "%s\n" --gtest_filter=Beta.* --gtest_fail_fast >flags'
t 'is read' answers_the_same -- --gtest_flagfile=flags

# ---- order, number, the first failure ----

way=sort                        # the order is drawn group by group, and so another
t 'shuffled' answers_the_same -- --gtest_shuffle --gtest_random_seed=7
t 'shuffled anew each time' answers_the_same -- --gtest_shuffle --gtest_repeat=3 --gtest_random_seed=99998
way=
t 'repeated' answers_the_same -- --gtest_repeat=3 '--gtest_filter=*.Passes*'
t 'repeated, and it fails' answers_the_same -- --gtest_repeat=2
t 'not at all' answers_the_same -- --gtest_repeat=0
t 'fail fast' answers_the_same -- --gtest_fail_fast
t 'fail fast, each time anew' answers_the_same -- --gtest_fail_fast --gtest_repeat=2
t 'brief' answers_the_same -- --gtest_brief=1
t 'brief, and repeated' answers_the_same -- --gtest_brief=1 --gtest_repeat=2
t 'without times' answers_the_same -- --gtest_print_time=0 '--gtest_filter=*.Passes'

# ---- reports ----

# Attribute by attribute; without times, places of tests and the words of a failure.
told_in_xml() {
	xmllint --noblanks --format "$1" | sed -E \
		-e 's/ (time|timestamp)="[^"]*"/ \1/g' -e 's/ (file|line)="[^"]*"//g' \
		-e 's/message="[^"]*"/message/' -e 's/<!\[CDATA\[[^<]*//' -e '/^[^<]*\]\]>/d' -e '/^[^ <]/d' \
		-e '/^  [0-9]/d' -e 's/\]\]>//'
}

told_in_json() {
	jq -S 'walk(if type == "object" then del(.file, .line, .failure) | (.time, .timestamp) |= type else . end)' "$1"
}

# FORMAT, arguments...: the two write the same
reports_the_same() {
	format=$1
	shift
	rm -f "want.$format" "have.$format"
	"$real" --gtest_output="$format:want.$format" "$@" >/dev/null
	run_flicker run -- "$twin" --gtest_output="$format:have.$format" "$@"
	"told_in_$format" "want.$format" >want.told && "told_in_$format" "have.$format" >have.told &&
		[ -s want.told ] && same want.told have.told
}

for format in xml json; do
	t "$format: the same" reports_the_same $format
	t "$format: of a list" reports_the_same $format --gtest_list_tests '--gtest_filter=Alpha.*'
	t "$format: of a selection" reports_the_same $format '--gtest_filter=*.Passes:Beta.*-*Skips'
	t "$format: of nothing" reports_the_same $format --gtest_filter=nothing
	t "$format: of disabled tests, too" reports_the_same $format --gtest_also_run_disabled_tests
	t "$format: shuffled, with the seed" reports_the_same $format --gtest_shuffle --gtest_random_seed=17 --gtest_filter=Beta.Passes
	t "$format: the last of several" reports_the_same $format --gtest_shuffle --gtest_random_seed=99999 --gtest_repeat=2 --gtest_filter=Beta.Passes
	t "$format: behind the first failure" reports_the_same $format --gtest_fail_fast
	export GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1
	t "$format: of a shard" reports_the_same $format
	unset GTEST_TOTAL_SHARDS GTEST_SHARD_INDEX
done

run_flicker run -- "$twin" --gtest_list_tests --gtest_output=xml:list.xml
t 'and is its owner'"'"'s alone' is "$(stat -c %a list.xml)" 600
t 'a list tells where tests are written' is "$(xmllint --xpath 'count(//testcase[contains(@file, "twin.c") and @line > 0])' list.xml)" 11

run_flicker run --runs 3 -- "$twin" --gtest_output=xml:places.xml
t 'a report where what failed is written' is "$(xmllint --xpath \
	'count(//testcase[@name="Fails" and contains(@file, "twin.c") and @line > 0])' places.xml)" 1
run_flicker run -- "$cmocka/xunit_lives" --gtest_output=xml:more.xml --gtest_filter=Rows.AreNumbered/0:Note.Fails
t 'the place of a parameter is part of the name' xmllint --xpath \
	'//testcase[@name="AreNumbered/0" and not(@value_param) and not(@type_param)]' more.xml
t 'properties are not written' is "$(xmllint --xpath 'count(//property)' more.xml)" 0

# VALUE: both write the same files into an empty directory
writes_the_same_files() {
	for who in real twin; do
		rm -rf "$who.d"
		mkdir "$who.d"
	done
	for time in 1 2; do
		(cd real.d && "$real" --gtest_output="$1" >/dev/null)
		(cd twin.d && "$flicker" run --report json=../twin.json -- "$twin" --gtest_output="$1" >/dev/null 2>&1)
	done
	(cd real.d && find . | sort) >want.files
	(cd twin.d && find . | sort) >have.files
	same want.files have.files
}

for value in xml json xml: xml:x.out json:a/b.json xml:d/e/ xml:./ bogus bogus:x; do
	t "output $value: the same files" writes_the_same_files "$value"
done
run env GTEST_OUTPUT=xml:gtest.xml XML_OUTPUT_FILE=bazel.xml "$flicker" run -- "$twin"
t 'GTEST_OUTPUT goes before XML_OUTPUT_FILE' sh -c 'xmllint --noout gtest.xml && [ ! -e bazel.xml ]'
run env XML_OUTPUT_FILE=bazel.xml "$flicker" run -- "$twin"
t 'XML_OUTPUT_FILE' xmllint --noout bazel.xml
# All three on a whole second: one in 10^9.
t 'times have milliseconds' not is "$(cat places.xml gtest.xml bazel.xml | grep -c '<testsuites .* timestamp="[^"]*\.000"')" 3
mkfifo pipe
cat pipe >piped &
run_flicker run -- "$twin" --gtest_output=xml:pipe --gtest_filter=Beta.Passes
wait
t 'a pipe' has piped '<testsuites tests="1"'
run_flicker run -- "$twin" --gtest_output=xml:/proc/nowhere/x.xml
t 'a place that cannot be is refused before the run' says_one_line "cannot write the report '/proc/nowhere/x.xml'"
t 'with 1' status_is 1
finish
