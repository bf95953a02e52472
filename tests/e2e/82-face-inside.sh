#!/bin/sh
# SPDX-License-Identifier: MIT
# GoogleTest's command line inside the program: what FLICKER_FACE has the agent do.  Nothing here
# is flaky, no chance decides; orders are those that a GoogleTest program prints for the seed.
. "$FL_SRC/tests/e2e/lib.sh"

program=$cmocka/face
export FLICKER_RUNS=20 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_QUIET=1
for name in $(env | sed -n 's/^\(GTEST_[A-Z_]*\|TEST_[A-Z_]*\|TESTBRIDGE_[A-Z_]*\|XML_OUTPUT_FILE\)=.*/\1/p'); do
	unset "$name"
done

# LINES PROGRAM [argument...]: under plain preload, where nobody else sets or takes them.
faced() {
	lines=$(printf '%b' "$1")
	shift
	run_preloaded FLICKER_FACE="$lines" "$@"
	sed 's/ ([0-9]* ms\( total\)\?)//' out >said
}

# What ran, in its order.
ran() {
	sed -n 's/^\[ RUN      \] //p' out | tr '\n' ' '
}

# ---- selection ----

faced 'lines=all\nfilter=second.*:*.t1-*fails' "$program"
t 'a filter selects in all groups' is "$(ran)" 'first.t1 second.skips second.with%2Dminus second.speaks '
t 'its end is the program'"'"'s' status_is 0
faced 'lines=all\nfilter=*%2D*' "$program"
t 'a minus is %2D to the filter' is "$(ran)" 'second.with%2Dminus '
faced 'lines=all\nfilter=*with-minus' "$program"
t 'and else begins the negative part' is "$(ran)" ''
faced 'lines=all\nfilter=' "$program"
t 'the empty filter selects nothing' is "$(ran)" ''
t 'which is said' has out '^\[==========\] Running 0 tests from 0 test suites\.$'
t 'groups of which nothing is selected have no fixtures' not has out 'in setup'
faced 'lines=all\ndisabled=1\nfilter=*alone:*t1' "$program"
t 'disabled tests run where they are wanted' is "$(ran)" 'first.t1 second.DISABLED_alone '
faced 'lines=all\nshards=3\nshard=1\nfilter=-*fails' "$program"
t 'shards are dealt over all groups' is "$(ran)" 'first.t1 first.t4 first.t7 first.t10 second.with%2Dminus '
t 'disabled tests are counted in their shard alone' not has out 'DISABLED TEST'
faced 'lines=all\nfilter=first.*' FLICKER_FILTER='*t1*' "$program"
t 'it is joined with a filter of flicker'"'"'s' is "$(ran)" 'first.t1 first.t10 first.t11 '

# ---- the lines ----

faced 'lines=all\nfilter=second.*:*.t1' "$program" x
cat >want <<'EOF'
argument x
Note: Google Test filter = second.*:*.t1
[==========] Running 1 test from 1 test suite.
[----------] Global test environment set-up.
in setup
[----------] 1 test from first
[ RUN      ] first.t1
in t1
[       OK ] first.t1
in teardown
[----------] 1 test from first

between
[==========] Running 4 tests from 1 test suite.
[----------] 4 tests from second
[ DISABLED ] second.DISABLED_alone
[ RUN      ] second.fails
in fails
FILE:29: Failure
0x36 != 0x2a
[  FAILED  ] second.fails
[ RUN      ] second.skips
FILE:35: Skipped

[  SKIPPED ] second.skips
[ RUN      ] second.with%2Dminus
in with_minus
[       OK ] second.with%2Dminus
[ RUN      ] second.speaks
in setup
unbuffered
in teardown
[       OK ] second.speaks
[ DISABLED ] second.DISABLED_last
[----------] 4 tests from second

failed 1
[----------] Global test environment tear-down
[==========] 5 tests from 2 test suites ran.
[  PASSED  ] 3 tests.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] second.skips
[  FAILED  ] 1 test, listed below:
[  FAILED  ] second.fails

 1 FAILED TEST
  YOU HAVE 2 DISABLED TESTS

EOF
sed 's/^[^ ]*face\.c:/FILE:/' said >have
t 'all lines' same want have
t 'and the test'"'"'s own on stderr, without the framework'"'"'s' is "$(grep -c 'on stderr' err) $(grep -c '^\[' err)" '1 0'
t 'a failure is one' status_is 1

faced 'lines=brief\nfilter=second.*' "$program"
cat >want <<'EOF'
between
in fails
FILE:29: Failure
0x36 != 0x2a
[  FAILED  ] second.fails
FILE:35: Skipped

in with_minus
in setup
unbuffered
in teardown
failed 1
[==========] 4 tests from 1 test suite ran.
[  PASSED  ] 2 tests.
[  SKIPPED ] 1 test.
  YOU HAVE 2 DISABLED TESTS

EOF
sed 's/^[^ ]*face\.c:/FILE:/' said >have
t 'failures only' same want have

faced 'lines=all\nfilter=*t1\ncolor=1\ntime=0' "$program"
printf '\033[0;33mNote: Google Test filter = *t1\n\033[m\033[0;32m[==========] \033[mRunning 1 test from 1 test suite.\n' >want
grep -a -A 1 Note: out >have
t 'in colour' same want have
t 'without times' not has out '[0-9] ms'

faced 'filter=*t1' "$program"
t 'without lines the framework has its own' has out '^\[ RUN      \] t1$'
t 'and they are not ours' not has out 'test suite'

# ---- the order ----

faced 'lines=all\nshuffle=7\nfilter=first.*' "$program"
t 'the order that GoogleTest draws from 7' is "$(ran)" \
	"$(printf 'first.t%d ' 10 9 3 5 2 7 4 11 6 8 1 0)"
t 'it is said' has out "^Note: Randomizing tests' orders with a seed of 7 \\.\$"
faced 'lines=all\nshuffle=99999\nfilter=first.t?' "$program"
t 'what is left out is drawn, too' is "$(ran)" "$(printf 'first.t%d ' 2 3 9 5 6 7 1 0 8 4)"

# ---- the first failure ----

faced 'lines=all\nfail_fast=1\nfilter=second.*' "$program"
t 'behind the first failure all are skipped' has out '^\[  SKIPPED \] 3 tests, listed below:$'
t 'and not entered, nor their fixtures' not has out 'in with_minus|in setup|unbuffered'
t 'cmocka is told of skips' status_is 1
run_preloaded FLICKER_FACE='break=1' "$program"
t 'a failure stops the program' status_is 133
faced 'lines=all\nfail_fast=1\nfilter=folds.unlucky:folds.unmarked' FLICKER_POLICY=quarantine "$cmocka/folds"
t 'what a policy excuses is shown as a skip' has out '^\[  SKIPPED \] folds\.unlucky \('
t 'and is no first failure' has out '^\[  FAILED  \] folds\.unmarked \('
run_preloaded FLICKER_FACE='lines=all' "$cmocka/shuts"
t 'a descriptor that a test has closed stays closed' status_is 0
run_flicker run --report json=limits.json -- "$cmocka/limits" --gtest_color=no
t 'a test whose end cannot be written has died' holds_of limits.json limits.lowers '.host.outcome == "crash"'
if command -v script >/dev/null; then
	run timeout 60 env SHELL=/bin/sh script -qec \
		"env LD_PRELOAD='$library' FLICKER_FACE=lines=all '$cmocka/terminal'" typescript
	t 'on a terminal stdout is written line by line' status_is 0
	t 'which a test has seen there' has typescript '^\[       OK \] terminal\.speaks'
else
	t_skip 'on a terminal stdout is written line by line' 'no script(1)'
fi

# ---- the arguments ----

# With a command there is a channel; out of its reach the tests go on.
run_preloaded FLICKER_CHANNEL=/nonexistent FLICKER_FACE='filter=*t1' "$program" \
	--gtest_filter=x a -gtest_help -- --gtest_x /gtest_x
grep '^argument' out >have
printf 'argument %s\n' a -- /gtest_x >want
t 'flags are not for main' same want have
run_preloaded FLICKER_CHANNEL=/nonexistent FLICKER_FACE='' "$program" --gtest_color=no a
t 'also where nothing is asked for' is "$(grep '^argument' out)" 'argument a'

# ---- plain preload: the command takes the program's place ----

cat >./command <<'EOF'
#!/bin/sh
printf '%s\n' "$@"
env | grep -E '^(LD_PRELOAD|GTEST_|FLICKER_FACE)' | sort
[ -z "${AGAIN:-}" ] || { shift 2; LD_PRELOAD=$AGAIN exec "$@"; }
EOF
chmod +x command
run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" "$program" a --gtest_filter=x 'b c'
printf '%s\n' run -- "$program" a --gtest_filter=x 'b c' FLICKER_FACE= >want
t 'flags: flicker run is started in its place' same want out
run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" GTEST_FILTER=x "$program"
printf '%s\n' run -- "$program" FLICKER_FACE= GTEST_FILTER=x >want
t 'variables' same want out
run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" TESTBRIDGE_TEST_ONLY=x "$program"
t 'Bazel'"'"'s' has out '^run$'
loader=$(objcopy -O binary --only-section=.interp "$program" /dev/stdout 2>/dev/null | tr -d '\0') || true
if [ -x "$loader" ]; then
	run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" "$loader" --library-path / "$program" --gtest_color=no
	printf '%s\n' run -- "$loader" --library-path / "$program" --gtest_color=no FLICKER_FACE= >want
	t 'with the loader that was called, where one was' same want out
else
	t_skip 'with the loader that was called, where one was' 'no objcopy'
fi
run timeout 60 env AGAIN="$library" FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" GTEST_FILTER=x "$program" y
t 'once' is "$(grep -c '^run$' out) $(grep -c '^argument y$' out)" '1 1'
run env FLICKER_COMMAND=/nonexistent LD_PRELOAD="$library" "$program" --gtest_filter=x
t 'without a command one line says so' is "$(grep -c "^flicker: cannot find the command '/nonexistent'" err)" 1
t 'and the program is called as it was' has out '^argument --gtest_filter=x$'
run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" "$program" --other
t 'nothing of GoogleTest'"'"'s: nothing is handed over' not has out '^run$'
run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" GTEST_FILTER=x sh -c 'echo a shell'
t 'nor by what runs no tests' is "$(cat out)" 'a shell'
if [ -x "$FL_FIXTURES/gtest/twelve" ]; then
	run env FLICKER_COMMAND="$PWD/command" LD_PRELOAD="$library" "$FL_FIXTURES/gtest/twelve" --gtest_filter=*.passes
	t 'nor by GoogleTest' has out '^\[  PASSED  \] 1 test\.$'
else
	t_skip 'nor by GoogleTest' 'not built'
fi

# ---- every other framework ----

# FRAMEWORK: the same twelve tests; those that end the program are left out.
for framework in check criterion cunit glib unity; do
	twelve=$FL_FIXTURES/$framework/twelve
	if [ ! -x "$twelve" ]; then
		t_skip "$framework" 'not installed'
		continue
	fi
	faced 'lines=all\nfilter=*.passes:*.prints:*.skips' "$twelve"
	sed -n 's/^\[ RUN      \] .*\.//p' out | sort | tr '\n' ' ' >have
	t "$framework: selection" is "$(cat have)" 'passes prints skips '
	t "$framework: what a test prints is between its lines" \
		is "$(sed -n '/ RUN .*prints/,/ OK .*prints/p' out | grep -c '^a line, number')" 5
	t "$framework: its own lines are hidden" not has said '^(\[====\]|not ok|ok |[0-9]+ Tests|Running suite|[0-9]+%: )'
	t "$framework: the sums" has said '^\[==========\] 3 tests from [12] test suites? ran\.$'
	t "$framework: status" status_is 0
	[ $framework = glib ] && continue       # its first failure ends the program
	faced 'lines=all\nfilter=*.passes:*.fails:*.skips' "$twelve"
	t "$framework: a failure" is "$(sed -n '/ RUN .*fails/,/FAILED.*fails/p' out | grep -c 'twelve\.c:[0-9]*: Failure$')" 1
	t "$framework: the failures are listed" has out '^\[  FAILED  \] 1 test, listed below:$'
done

suites=$FL_FIXTURES/cunit/suites
if [ -x "$suites" ]; then
	faced 'lines=all\nfilter=no_start*:counts*' "$suites"
	t 'cunit: an initialization that failed is told of' has out '^\[  FAILED  \] no_start\.'
	t 'cunit: and not by CUnit, too' not has out '^(WARNING|Suite: |  Test: )'
fi

# What cannot be done is said in the report, once.
twelve=$FL_FIXTURES/unity/twelve
if [ -x "$twelve" ]; then
	faced 'lines=all\nshuffle=7\nfilter=*.passes:*.prints' FLICKER_REPORT=json=unity.json "$twelve"
	t 'unity: not shuffled' is "$(ran)" 'twelve.passes twelve.prints '
	t 'unity: which is said' is "$(grep -c '^flicker: warning: shuffle: ' err)" 1
fi
for framework in check cunit; do
	twelve=$FL_FIXTURES/$framework/twelve
	[ -x "$twelve" ] || continue
	faced 'lines=all\nshuffle=7\nfilter=-*exits' "$twelve"
	t "$framework: shuffled, all of them" is "$(ran | wc -w | tr -d ' ')" 11
	t "$framework: in another order" not is "$(ran | cut -d ' ' -f 1 | sed 's/.*\.//')" passes
done
finish
