# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail, with CUnit: every cell of its table in docs/folding.md,
# made with tests/fixtures/cunit/folds.c.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$FL_FIXTURES/cunit/folds
export FLICKER_SEED=0x5eed FLICKER_RUNS=24 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# ID: the word for what CUnit's text says of it
word_of_text() {
	if grep -qE "Suite initialization failed for '${1%.*}'" out; then echo error
	elif grep -qE "^  Test: ${1#*.} \.\.\.FAILED" out; then echo failed
	elif grep -qE "^  Test: ${1#*.} \.\.\.passed" out; then echo ok
	else echo nothing; fi
}

word_of_xml() {
	if grep -q '<CUNIT_RUN_SUITE_FAILURE>' folds-Results.xml; then echo error
	elif grep -q '<CUNIT_RUN_TEST_FAILURE>' folds-Results.xml; then echo failed
	elif grep -q '<CUNIT_RUN_TEST_SUCCESS>' folds-Results.xml; then echo ok
	else echo nothing; fi
}

# POLICY, ID, VERDICT, TEXT, XML, RUN, PRELOAD
cell() {
	run_flicker run --policy "$1" --test "$2" --report json=report.json "$folds"
	t "$1, run, $2: text" is "$(word_of_text "$2")" "$4"
	t "$1, run, $2: exit code" status_is "$6"
	t "$1, run, $2: verdict" verdict_is report.json "$2" "$3"
	run env XML=1 LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$2" \
		FLICKER_REPORT=json=report.json "$folds"
	t "$1, preload, $2: XML" is "$(word_of_xml)" "$5"
	t "$1, preload, $2: exit code" status_is "$7"
	t "$1, preload, $2: verdict" verdict_is report.json "$2" "$3"
}

# The rows below "# CUnit": | `ID` | what | VERDICT | TEXT | XML | RUN x 3 | PRELOAD x 3 |, by policy
awk -F'|' '/^# / { is_ours = $0 == "# CUnit" }
	is_ours && $2 ~ /`fold/ { gsub(/[` ]/, "", $2); print $2, $4, $5, $6, $7, $8, $9, $10, $11, $12 }' \
	"$FL_SRC/docs/folding.md" >rows
while read -r id verdict text xml rf rt rq pf pt pq; do
	cell fail "$id" "$verdict" "$text" "$xml" "$rf" "$pf" </dev/null
	cell tolerate "$id" "$verdict" "$text" "$xml" "$rt" "$pt" </dev/null
	cell quarantine "$id" "$verdict" "$text" "$xml" "$rq" "$pq" </dev/null
done <rows
t 'every fold of the document was tested' line_count_is rows 8
finish
