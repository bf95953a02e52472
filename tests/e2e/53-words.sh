#!/bin/sh
# SPDX-License-Identifier: MIT
# A test's own words of its end, and the place that it names: in the host and in attempts, in
# every format.  All that fails here always does, no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

export FLICKER_RUNS=20 FLICKER_UNTIL=runs FLICKER_QUIET=1


# ---- cmocka's fail_msg() ----

run_flicker run --report json=words.json --report tap=words.tap \
	--report junit=words.xml -- "$cmocka/words" --gtest_output=xml:words.gtest
sed -n '/^\[ RUN /,/^\[ .*]* words/p' out | sed 's/^[^ ]*words\.c:/FILE:/; s/ ([0-9]* ms.*//' >said
cat >want <<'END'
[ RUN      ] words.one
FILE:16: Failure
single line
[  FAILED  ] words.one
[ RUN      ] words.two
FILE:22: Failure
l1
l2
[  FAILED  ] words.two
END
head -n 9 said >have
t 'fail_msg(): its words stand in the lines' same want have
t 'of words that another test has said nothing is kept' grep -qx 'FILE:34: Failure' said
t 'nor beside an assertion'"'"'s' not grep -q 'beside it' said
t 'in GoogleTest'"'"'s XML' grep -q 'failure message="[^"]*words.c:16&#x0A;single line"' words.gtest
t 'all lines of them' grep -q 'failure message="[^"]*words.c:22&#x0A;l1&#x0A;l2"' words.gtest
t 'the host has them' is "$(of_test words.json words.two .host.message)" 'l1
l2'
t 'so have attempts' is "$(of_test words.json words.two '.failures[0].message')" 'l1
l2'
t 'one that only printed them passes' is "$(of_test words.json words.warns '.host | .outcome + (.message // "")')" pass
t 'an assertion has its own' is "$(of_test words.json words.asserts .host.message)" '0x1 != 0x2'
t 'in TAP' grep -q 'l1.*l2' words.tap
t 'in JUnit'"'"'s' grep -q 'message="l1&#x0A;l2"' words.xml
t 'on standard error they are as ever' grep -q '^ERROR: single line$' err

# ---- <flicker/xunit.h>: every failure once, and why a test is skipped ----

run_flicker run --report json=xunit.json --report tap=xunit.tap --report junit=xunit.xml --report html=xunit.html \
	--report ctrf=xunit.ctrf -- "$cmocka/xunit_words" --gtest_output=xml:xunit.gtest
sed -n '/^\[ RUN /,/^\[  [A-Z]* *\] [A-Z]/p' out | sed 's/^[^ ]*xunit_words\.c:/FILE:/; s/ ([0-9]* ms.*//' >have
cat >want <<'END'
[ RUN      ] Words.Skips
FILE:13: Skipped
not today
nor tomorrow
[  SKIPPED ] Words.Skips
[ RUN      ] Words.FailsThrice
FILE:18: Failure
Expected equality of these values:
  1
  2
why
between
FILE:20: Failure
Value of: 0
  Actual: false
Expected: true
0x3 != 0x4
[  FAILED  ] Words.FailsThrice
[ RUN      ] Kept.FailsInTearDown
FILE:34: Failure
Failed
first
FILE:28: Failure
Expected equality of these values:
  self->n
    Which is: 1
  2
Test teardown failed
[  FAILED  ] Kept.FailsInTearDown
END
t 'each failure stands once in the lines' same want have
t 'and not on standard error' not has err '^[^ ]*xunit_words.c:[0-9]*: (Failure|Skipped)$'
t 'a skip says why in GoogleTest'"'"'s XML' \
	has xunit.gtest '<skipped message="[^"]*xunit_words.c:13&#x0A;not today&#x0A;nor tomorrow"'
t 'in JSON' is "$(of_test xunit.json Words.Skips '.host | "\(.message) \(.line)"')" 'not today
nor tomorrow 13'
t 'in TAP' has xunit.tap '^ok 1 - Words.Skips # SKIP not today nor tomorrow$'
t 'in JUnit'"'"'s' has xunit.xml '<skipped message="not today&#x0A;nor tomorrow"/>'
t 'in HTML' has xunit.html 'skip: not today'
t 'in CTRF' is "$(json xunit.ctrf '.results.tests[0].message')" 'not today
nor tomorrow'
t 'all failures are in one, with the first place' \
	has xunit.gtest '<failure message="[^"]*c:18&#x0A;[^"]*why&#x0A;&#x0A;[^"]*c:20:&#x0A;Value of[^"]*0x3 != 0x4"'
t 'the first is there once' is "$(of_test xunit.json Kept.FailsInTearDown .host.message | grep -c 'self->n')" 1
of_test xunit.json Kept.FailsInTearDown '[.host.backtrace[], .failures[].backtrace[]] | map(.function) | unique[]' >frames
t 'frames of the header are left out' not has frames '^fl_xunit_'
t 'those of the test are not' has frames '^Kept_FailsInTearDown_Entry$'

run "$cmocka/xunit_words"
t 'without flicker all of it is on standard error' \
	is "$(sed -n 's/.*xunit_words\.c:\([0-9]*\): \(Failure\|Skipped\)$/\1/p' err | tr '\n' ' ')" '13 18 20 34 28 '
run_flicker run -- "$cmocka/xunit_words"
t 'nor is that otherwise under flicker, without those lines' \
	is "$(sed -n 's/^[^ ]*xunit_words\.c:\([0-9]*\): \(Failure\|Skipped\)$/\1/p' err | tr '\n' ' ')" '13 18 20 34 28 '

# ---- skips of the other frameworks ----

# FRAMEWORK/PROGRAM ID want: where and why the host says that a test was skipped
skip_says() {
	if [ ! -x "$FL_FIXTURES/$1" ]; then
		t_skip "${1%/*}: where and why a test is skipped" 'not built'
		return
	fi
	run_flicker run --report json=skips.json -- "$FL_FIXTURES/$1"
	t "${1%/*}: where and why a test is skipped" is "$(of_test skips.json "$2" '.host |
		"\(.outcome) \(.file // "-" | split("/") | last):\(.line // "-") \(.message // "-")"')" "skip $3"
}
skip_says cmocka/face second.skips 'face.c:35 -'
skip_says gtest/skips skips.in_body 'skips.cc:12 not here'
skip_says criterion/twelve twelve.skips '-:- not today'
skip_says glib/twelve twelve.skips '-:- not today'
skip_says unity/twelve twelve.skips 'twelve.c:65 not today'

finish
