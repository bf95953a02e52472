# SPDX-License-Identifier: MIT
#
# 80-xunit.sh - <flicker/xunit.h>: what it checks, says and calls; beside GoogleTest, under flicker.
. "$FL_SRC/tests/e2e/lib.sh"
: "${CC:=cc}" "${CXX:=c++}"

sources=$FL_SRC/tests/fixtures/cmocka
# output, flags and sources...: a program on xunit.h
build() {
	output=$1
	shift
	# shellcheck disable=SC2086 # words are meant
	$CC -std=gnu11 -g -Wall -Wextra -Werror -I"$FL_SRC/include" -o "$output" "$@" -lcmocka
}

# ---- what holds, passes ----

run "$cmocka/xunit_holds"
t 'all checks that hold: 0' status_is 0
t 'and nothing is said of any' not grep -q 'Failure' err
t 'none failed' not grep -q 'FAILED' out

# ---- what fails says what GoogleTest says ----

# FILE: what stands below each "file:line: Failure" (or Skipped) up to a line of the framework's
said() {
	awk '/: (Failure|Skipped)$/ { told = 1 }
	     /^\[ .*\] / && !/^\[  DEATH   \] / { told = 0 }
	     told { print }' "$1"
}
# The same text in both, as -D__FILE__ cannot be: each compiler is given the same relative path.
cp "$sources/xunit_says.c" .
if command -v "$CXX" >/dev/null 2>&1 && pkg-config --exists gtest 2>/dev/null; then
	t 'it builds in C' build says xunit_says.c
	t 'it builds in C++' "$CXX" -x c++ xunit_says.c -o says_gtest -lgtest -lpthread
	run ./says
	said err >ours
	run ./says_gtest
	said out >theirs
	for test in $(sed -n 's/^TEST(Says, \(.*\))$/\1/p' xunit_says.c); do
		from=$(grep -n "^TEST(Says, $test)" xunit_says.c | cut -d: -f1)
		to=$(awk -v from="$from" 'NR > from && /^}/ { print NR; exit }' xunit_says.c)
		for who in ours theirs; do
			awk -v from="$from" -v to="$to" -F: '
				/: (Failure|Skipped)$/ { if ($1 != "other.c") told = $2 >= from && $2 <= to }
				told { print }' $who >$who.part
		done
		t "says what GoogleTest says: $test" same theirs.part ours.part
		t "and it says something: $test" test -s ours.part
	done
	t 'says all that GoogleTest says' same theirs ours
else
	t_skip 'what GoogleTest says' 'no GoogleTest'
fi

# ---- fixtures, tables, skips ----

run "$cmocka/xunit_lives"
t 'a program with failed tests: 1, however many' status_is 1
# one line a test, in order: its group's name is not printed
grep -E '^\[ .*(OK|FAILED|SKIPPED|ERROR) *\] ' out | sed 's/^\[ *//; s/ *\]//' >became
grep -E '^\[  ERROR   \] [A-Z]' err | sed 's/^\[ *//; s/ *\]//' >erred
cat >wanted <<-'END'
	OK Passes
	FAILED FailsAndGoesOn
	FAILED FailsAtOnce
	FAILED FailsByCmocka
	FAILED FailsByASignal
	SKIPPED Skips
	FAILED FailsAndIsNotSkipped
	SKIPPED DISABLED_Skips
	OK PassesWithoutAFixture
	FAILED Fails
	SKIPPED Skips
	OK AreNumbered/0
	FAILED AreNumbered/1
	OK AreNamed/equal
	FAILED AreNamed/not equal
	FAILED Fails
	FAILED Fails
END
t 'each test becomes what its name says' same wanted became
t 'a failing TearDown is an error' is "$(cat erred)" 'ERROR Errs'
grep -E '^(suite|up|down)' out >called
cat >wanted <<-'END'
	suite up
	up 0
	down 4 fine
	up 0
	down 6 failed
	up 0
	down 3 fatal
	up 0
	down 3 fatal
	up 0
	down 3 fatal
	up 0
	down 3 fine
	up 0
	down 3 failed
	suite down
	down, though it never was up
END
t 'the functions of fixtures are called, whatever ends the test' same wanted called
t 'a test is not reached where its SetUp failed or skipped' not grep -q 'not reached' out
t 'a skip has its reason' has err '^for a reason of 5 words$'
t 'what was said before a signal is there' has err '^said before it dies$'
t 'the child of a death test goes no further' is "$(grep -c '^all four' out)" 1
t 'an expression of no sense is told' has err "'\(' is no regular expression"
run env GTEST_ALSO_RUN_DISABLED_TESTS=1 "$cmocka/xunit_lives"
t 'disabled tests run when asked for' has out '^\[  FAILED  \] DISABLED_Skips'
run env GTEST_ALSO_RUN_DISABLED_TESTS=yes "$cmocka/xunit_lives"
t 'whatever the word, but for 0' has out '^\[  FAILED  \] DISABLED_Skips'
run env GTEST_ALSO_RUN_DISABLED_TESTS=0 "$cmocka/xunit_lives"
t 'with 0 they are skipped' has out '^\[  SKIPPED \] DISABLED_Skips'
run_flicker run --runs 20 --mode exec --report json=d.json -- "$cmocka/xunit_lives" \
	--gtest_also_run_disabled_tests --gtest_filter=Life.DISABLED_Skips
t 'the flag asks for them, too' has out '^\[  FAILED  \] Life.DISABLED_Skips'
all_are 'in fresh processes as well' d.json failing Life.DISABLED_Skips
run_flicker replay d.json
t 'and one is repeated' status_is 0

run env CMOCKA_MESSAGE_OUTPUT=TAP "$cmocka/xunit_lives"
t 'TAP: one plan for each suite' is "$(grep -c '^1\.\.' out)" 7
t 'TAP: the words are in it' has out '^# +self->level$'
run env CMOCKA_MESSAGE_OUTPUT=XML "$cmocka/xunit_lives"
t 'XML: a suite has its name' has out '<testsuite name="Life"'
t 'XML: and nothing else is in it' not grep -q 'Failure$' out

# ---- under flicker ----

run_flicker list "$cmocka/xunit_lives"
t 'flicker lists them' has out '^Rows\.AreNamed/not%20equal$'
run_flicker run --all --runs 30 --mode fork --report json=r.json "$cmocka/xunit_lives"
t 'under flicker: 1' status_is 1
all_are 'under flicker' r.json stable Life.Passes Life.PassesWithoutAFixture Rows.AreNumbered/0 Rows.AreNamed/equal
all_are 'under flicker' r.json failing Life.FailsAndGoesOn Life.FailsAtOnce Life.FailsByCmocka Life.FailsByASignal \
	Life.FailsAndIsNotSkipped Broken.Fails Untidy.Errs Rows.AreNumbered/1 Child.Fails Note.Fails
all_are 'under flicker' r.json skipped Life.Skips Life.DISABLED_Skips Absent.Skips
t 'message and place of an EXPECT' holds_of r.json Life.FailsAndGoesOn '.failures[0] |
	.message == "Expected equality of these values:\n  self->level\n    Which is: 3\n  5" and
	(.file | endswith("xunit_lives.c")) and .line == 44'
t 'of an ASSERT, and the frame it failed in' holds_of r.json Life.FailsAtOnce '.failures[0] |
	(.message | startswith("Expected equality")) and .line == 51 and
	any(.backtrace[]; .function == "Life_FailsAtOnce_Test")'
t 'of a cmocka assertion' holds_of r.json Life.FailsByCmocka '.failures[0].message == "0x3 != 0x5"'
t 'a failed TearDown is an error' holds_of r.json Untidy.Errs '.attempts.error == .attempts.total'
t 'the test has its line in the source' holds_of r.json Life.Passes '.line == 36'
t 'the annotation beside the test is met' holds_of r.json Life.FailsAtOnce \
	'.suspect.why == "annotated" and .suspect.reason == "as an example"'
t 'properties are among the output' holds_of r.json Note.Fails \
	'.failures[0].output_tail | contains("property rows: 12") and contains("property kind: noted")'
run_flicker run --policy quarantine --runs 30 --mode fork "$cmocka/xunit_lives"
t 'quarantine: the annotated one is shown as skipped' has out '^\[  SKIPPED \] FailsAtOnce'

# ---- several files, and what linkers drop ----

cat >wanted <<-'END'
	A1 A2 B1 A1 B1 B2
END
for flags in '-O0' '-O2' '-O2 -flto' '-O2 -ffunction-sections -fdata-sections -Wl,--gc-sections'; do
	# shellcheck disable=SC2086 # words are meant
	t "two files: $flags" build both $flags "$sources/xunit/first.c" "$sources/xunit/second.c"
	run ./both
	t "they pass: $flags" status_is 0
	t "suites in order of definition: $flags" \
		is "$(sed -n 's/^\[ RUN      \] //p' out | tr '\n' ' ')" "$(tr '\n' ' ' <wanted)"
done
finish
