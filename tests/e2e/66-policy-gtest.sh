#!/bin/sh
# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail on GoogleTest: every cell of its table in
# docs/folding.md, made with tests/fixtures/gtest/folds.cc.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$FL_FIXTURES/gtest/folds
[ -x "$folds" ] || { t_skip 'GoogleTest' 'not installed'; finish; }
export FLICKER_SEED=0x5eed FLICKER_RUNS=40 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# POLICY, WAY, ID: status, out, err, report.json, and result.xml
fold() {
	rm -f report.json result.xml
	case $2 in
	run) set -- "$flicker" run --policy "$1" --test "$3" "$folds" ;;
	preload) set -- env LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$3" "$folds" ;;
	esac
	run env FLICKER_REPORT=json=report.json GTEST_OUTPUT=xml:result.xml "$@"
	await_report
}

# ID: the word for what GoogleTest's text says of it
word_of_text() {
	for word in 'OK:ok' 'FAILED:failed' 'SKIPPED:skipped'; do
		grep -qE "^\[ +${word%:*} +\] $1( |$)" out && echo "${word#*:}" && return
	done
	echo nothing
}

word_of_xml() {
	if [ ! -e result.xml ]; then echo nothing; return; fi
	xmllint --xpath "string(//testcase[concat(@classname, '.', @name) = '$1']/@result)" result.xml >result
	if xmllint --xpath "//testcase[concat(@classname, '.', @name) = '$1']/failure" result.xml >/dev/null 2>&1; then echo failed
	elif grep -qx skipped result; then echo skipped
	elif grep -qx completed result; then echo ok
	else echo nothing; fi
}

# POLICY, ID, VERDICT, "WORD RUN PRELOAD"
cell() {
	for way in run preload; do
		fold "$1" $way "$2"
		code=$5
		[ $way = run ] || code=$6
		t "$1, $way, $2" is "$(word_of_text "$2") $(word_of_xml "$2") $status $(verdict report.json "$2")" \
			"$4 $4 $code $3"
	done
}

# The rows: | `gtest_folds...` | what | VERDICT | fail | tolerate | quarantine |
sed -n 's/^| `\(gtest_folds[a-z_]*\.[a-z_]*\)` |/\1|/p' "$FL_SRC/docs/folding.md" |
	awk -F'|' '{ print $1, $3, $4, $5, $6 }' >rows
while read -r id verdict w1 r1 p1 w2 r2 p2 w3 r3 p3; do
	cell fail "$id" "$verdict" "$w1" "$r1" "$p1"
	cell tolerate "$id" "$verdict" "$w2" "$r2" "$p2"
	cell quarantine "$id" "$verdict" "$w3" "$r3" "$p3"
done <rows
t 'every fold of the table was tested' is "$(wc -l <rows | tr -d ' ')" 14

fold quarantine run gtest_folds.unlucky
t 'quarantine: GoogleTest says how it failed, and skipped' has out 'folds.cc:[0-9]+: Failure'
t 'quarantine: its summary says so' has out '^\[  SKIPPED \] 1 test'
t 'quarantine: the report says that it failed' holds_of report.json gtest_folds.unlucky \
	'.host | .outcome == "fail" and .quarantined and .line > 0'
t 'quarantine: attempts stay failures' holds_of report.json gtest_folds.unlucky '.attempts | .skip == 0 and .fail > 0 and .pass > 0'
cp "$folds" bare && strip -s bare
folds=./bare
fold quarantine run gtest_folds.unlucky
t 'without names of functions a failure stays one' is "$(word_of_text gtest_folds.unlucky) $status" 'failed 0'
finish
