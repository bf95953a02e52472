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

finish
