#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 80-kill.sh - kill -9 of flicker, of a template, of an attempt, of a fresh process; SIGINT and
# its like: nothing goes on running, what is written parses, nothing is counted twice.
#
# kill.py does it at random instants, seeded, FL_KILLS (50) in all, and prints TAP.
. "$FL_SRC/tests/e2e/lib.sh"

python3 "$FL_SRC/tests/e2e/kill.py" "$flicker" "$cmocka/flaky_rand" "$FL_SRC/docs/report.schema.json" \
	"${FL_KILLS:-50}" >kill.tap 2>kill.err
sed 's/^ok/ok/' kill.tap
sed 's/^/# /' kill.err
grep -q '^1\.\.' kill.tap
exit "$(grep -c '^not ok' kill.tap | sed 's/[1-9][0-9]*/1/')"
