#!/bin/sh
# SPDX-License-Identifier: MIT
# Reports in other formats, read by those for whom they are made: schemas, a consumer of TAP,
# GoogleTest's own reports of the same tests, ctest.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"
unset GITHUB_STEP_SUMMARY
export FLICKER_SEED=9 FLICKER_UNTIL=runs FLICKER_RUNS=60

check() {
	python3 "$FL_SRC/tests/e2e/check_formats.py" "$@"
}

is_junit() {
	xmllint --noout --nonet --relaxng "$FL_SRC/tests/schemas/junit.rng" "$1"
}

is_ctrf() {
	python3 - "$FL_SRC/tests/schemas/ctrf.schema.json" "$1" <<-'END'
	import json, sys, jsonschema
	schema, report = (json.load(open(name)) for name in sys.argv[1:])
	jsonschema.validate(report, schema)
	by = [test["status"] for test in report["results"]["tests"]]
	summary = report["results"]["summary"]
	assert all(summary[word] == by.count(word) for word in ("passed", "failed", "skipped", "pending"))
	END
}

# FILE, tests, failed ones: TAP::Parser, of which older ones refuse a version above 13
is_tap() {
	sed '1s/14$/13/' "$1" >tap13
	perl -MTAP::Parser -e '
		my $parser = TAP::Parser->new({ tap => join "", <STDIN> });
		my $diagnosed = 0;
		while (my $result = $parser->next) {
			$result->is_unknown and die "unknown: " . $result->as_string;
			$result->is_yaml or next;
			$diagnosed++;
			$result->data->{verdict} =~ /^\w+$/ or die "no verdict: " . $result->raw;
		}
		my @faults = $parser->parse_errors;
		die "@faults" if @faults;
		my $seen = join " ", scalar $parser->tests_run, scalar $parser->failed;
		$seen eq "@ARGV" or die "tests, failed: $seen";
		$diagnosed == 3 or die "diagnosed: $diagnosed";' "$2" "$3" <tap13
}

# Of tests that are told to break things, and of those of the golden report, every format.
golden=$FL_SRC/tests/golden/report.json
check hostile "$golden" hostile.json
# shellcheck disable=SC2086,SC2016 # names without spaces; jq's variables
for name in "$golden" hostile.json; do
	kind=$(basename "$name" .json)
	set --
	for format in jsonl html junit gtest-xml gtest-json tap ctrf github ctest; do
		set -- "$@" --report "$format=$kind.$format"
	done
	run_flicker report "$@" "$name"
	t "$kind: all formats at once, in silence" status_is 0
	t "$kind: JUnit by its schema" is_junit $kind.junit
	t "$kind: CTRF by its schema" is_ctrf $kind.ctrf
	t "$kind: TAP by a consumer" is_tap $kind.tap 7 2
	t "$kind: GoogleTest's XML is well-formed" xmllint --noout --nonet $kind.gtest-xml
	t "$kind: GoogleTest's JSON is JSON" jq -e '.tests == 7' $kind.gtest-json
	t "$kind: JSON lines are read again" "$flicker" report $kind.jsonl
	t "$kind: the page is whole and harmless" check html $kind.html
	t "$kind: an annotation is a line each" is "$(grep -c '^::\(error\|warning\) .*title=.*::' $kind.github)" "$(wc -l <$kind.github)"
	t "$kind: measurements are well-formed" sh -c \
		"{ echo '<x>'; cat $kind.ctest; echo '</x>'; } | xmllint --noout --nonet -"
	t "$kind: readable by its owner only" is "$(stat -c %a $kind.*[!n] | sort -u)" 600
done

# The same tests, told by us and by GoogleTest itself.
gtest=$FL_FIXTURES/gtest/pair
if [ -x "$gtest" ]; then
	env -u GTEST_OUTPUT "$gtest" --gtest_output=xml:theirs.xml >/dev/null
	env -u GTEST_OUTPUT "$gtest" --gtest_output=json:theirs.json >/dev/null
	for program in "$cmocka/pair" "$gtest"; do
		run_flicker run --report gtest-xml=ours.xml --report gtest-json=ours.json "$program"
		t "$(basename "$(dirname "$program")"): XML as GoogleTest writes it" check gtest-xml theirs.xml ours.xml
		t "$(basename "$(dirname "$program")"): JSON as GoogleTest writes it" check gtest-json theirs.json ours.json
	done
else
	t_skip 'as GoogleTest writes it' 'not installed'
fi

# A run: policy decides what a flaky test is.
flaky="--test flaky_rand.thirty_by_random"
# shellcheck disable=SC2086 # words are meant
run_flicker run $flaky --report junit --report tap --report ctrf=a/b/c.json --report html "$cmocka/flaky_rand"
t 'a run in four formats' status_is 2
t 'by the names of their formats' ls flaky_rand.junit.xml flaky_rand.tap a/b/c.json flaky_rand.flicker.html
t 'JSON only where it is asked for' not test -e flaky_rand.flicker.json
t 'no .part is left' not sh -c 'ls *.part a/b/*.part 2>/dev/null'
t 'flaky has failed' has flaky_rand.tap '^not ok [0-9]+ - flaky_rand.thirty_by_random$'
t 'flaky has failed, in JUnit' xmllint --nonet --xpath \
	'//testcase[@name="thirty_by_random" and failure and not(flakyFailure)]' flaky_rand.junit.xml
run_flicker run $flaky --policy tolerate --report junit --report tap "$cmocka/flaky_rand"
t 'excused, flaky is a TODO' has flaky_rand.tap '^not ok [0-9]+ - flaky_rand.thirty_by_random # TODO flaky p=0\.[0-9]+$'
t 'excused, flaky has passed, in JUnit' xmllint --nonet --xpath \
	'//testcase[@name="thirty_by_random" and flakyFailure and not(failure)]' flaky_rand.junit.xml
t 'no test has failed' is "$(xmllint --nonet --xpath 'string(/testsuite/@failures)' flaky_rand.junit.xml)" 0

# Standard output.
run_flicker run --quiet --report tap=- "$cmocka/pair"
t '- is standard output, behind the program' has out '^TAP version 14$'
t '- is no file' not test -e ./-
run env LD_PRELOAD="$library" FLICKER_REPORT='junit=deep/er/x.xml
tap=-' "$cmocka/pair"
t 'preload: standard output is the program'"'"'s alone' not grep -q '^TAP version' out
t 'preload: it is on standard error' has err '^TAP version 14$'
t 'preload: folders are made' is_junit deep/er/x.xml
export GITHUB_STEP_SUMMARY="$PWD/step.md"
echo before >step.md
run_flicker run --report github "$cmocka/pair"
t 'GitHub: an annotation' has out '^::error file=.*pair.c,line=[0-9]+,title=failing test first.fails::.*%0A'
t 'GitHub: the summary is added' has step.md '^before$'
t 'GitHub: the summary has the finding' has step.md '^\| failing \| first\.fails \|'
export GITHUB_STEP_SUMMARY="$PWD/nowhere/step.md"
run_flicker run --report github "$cmocka/pair"
t 'GitHub: no place for the summary' status_is 70
unset GITHUB_STEP_SUMMARY

# Folders that cannot be: told before the program runs.
echo >file
for path in file/x.xml /proc/nosuch/x.xml .; do
	run_flicker run --report junit=$path "$cmocka/pair"
	t "$path: refused before the run" says_one_line 'cannot write the report '
	t "$path: bad usage" status_is 64
done
run_flicker report --report tap=file/x "$golden"
t 'report: refused, too' says_one_line 'cannot write the report '
t 'report: bad usage' status_is 64
run_flicker report --report tap=x --report junit=./x "$golden"
t 'report: twice the same file' says_one_line 'is asked for twice'

# meson knows version 14 of TAP.
if command -v meson >/dev/null; then
	mkdir meson
	cp report.tap meson/t.tap
	cat >meson/meson.build <<-'END'
	project('tap')
	test('tap', find_program('cat'), args: [meson.current_source_dir() / 't.tap'], protocol: 'tap')
	END
	meson setup meson/build meson >meson.log 2>&1
	meson test -v -C meson/build >meson.log 2>&1
	t 'meson: flaky, and excused' has meson.log 'net.reconnects.*EXPECTEDFAIL'
	t 'meson: failing' has meson.log 'net.resolves.*FAIL'
	t 'meson: nothing it does not know' not grep -qi 'parsing error\|unknown tap' meson.log
else
	t_skip 'meson' 'not installed'
fi

# ctest takes the lines for what they are.
cat >CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(measured NONE)
enable_testing()
include(CTest)
add_test(NAME one COMMAND "$flicker" run --quiet --policy tolerate --test flaky_rand.thirty_by_random --report ctest "$cmocka/flaky_rand")
END
cmake -S . -B build >cmake.log 2>&1
(cd build && ctest -T Test) >ctest.log 2>&1
measured=$(echo build/Testing/2*/Test.xml)
t 'ctest: a measurement' xmllint --nonet --xpath \
	'//NamedMeasurement[@type="numeric/double" and @name="flicker rate" and Value > 0]' "$measured"
t 'ctest: the verdict' xmllint --nonet --xpath \
	'//NamedMeasurement[@name="flicker verdict" and Value = "flaky"]' "$measured"
t 'ctest: a label' xmllint --nonet --xpath '//Label[. = "flaky"]' "$measured"
finish
