# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail, with Check: every cell of its table in docs/folding.md,
# made with tests/fixtures/check/folds.c.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$FL_FIXTURES/check/folds
export FLICKER_SEED=0x5eed FLICKER_RUNS=24 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# ID: the word for what Check's text says of it; a failed unchecked setup stands for all tests
word_of_text() {
	test=$(echo "${1#fold.}" | tr . :) case=${1#fold.}
	case=${case%%.*}
	case $(sed -n "s/^.*:\([PFES]\):$test:0: .*/\1/p; s/^.*:\([PFES]\):$case:unchecked_setup:0: .*/\1/p" out) in
	P) echo ok ;;
	F) echo failed ;;
	E) echo error ;;
	S) echo setup ;;
	*) echo nothing ;;
	esac
}

word_of_xml() {
	grep -q "<test " folds.xml || echo nothing
	sed -n 's/.*<test result="\([a-z]*\)">.*/\1/p' folds.xml
}

word_of_tap() {
	grep -q "ok 1 " folds.tap || echo nothing
	sed -n 's/^\(not ok\|ok\) 1 - .*/\1/p' folds.tap
}

# POLICY, ID, VERDICT, TEXT, XML, TAP, RUN, PRELOAD
cell() {
	for way in run preload; do
		rm -f report.json folds.xml folds.tap
		if [ $way = run ]; then
			code=$7
			run_flicker run --policy "$1" --test "$2" --report json=report.json "$folds"
		else
			code=$8
			run env LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$2" FLICKER_REPORT=json=report.json "$folds"
		fi
		t "$1, $way, $2: text" is "$(word_of_text "$2")" "$4"
		t "$1, $way, $2: XML" is "$(word_of_xml)" "$5"
		t "$1, $way, $2: TAP" is "$(word_of_tap | tr ' ' -)" "$6"
		t "$1, $way, $2: exit code" status_is "$code"
		t "$1, $way, $2: verdict" verdict_is report.json "$2" "$3"
	done
}

# The rows below "# Check": | `ID` | what | VERDICT | TEXT | XML | TAP | RUN x 3 | PRELOAD x 3 |, by policy
awk -F'|' '/^# / { is_ours = $0 == "# Check" }
	is_ours && $2 ~ /`fold/ { gsub(/not ok/, "not-ok"); gsub(/[` ]/, "", $2)
		print $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 }' "$FL_SRC/docs/folding.md" >rows
while read -r id verdict text xml tap rf rt rq pf pt pq; do
	cell fail "$id" "$verdict" "$text" "$xml" "$tap" "$rf" "$pf" </dev/null
	cell tolerate "$id" "$verdict" "$text" "$xml" "$tap" "$rt" "$pt" </dev/null
	cell quarantine "$id" "$verdict" "$text" "$xml" "$tap" "$rq" "$pq" </dev/null
done <rows
t 'every fold of the document was tested' line_count_is rows 11

run_flicker run --policy quarantine --test fold.tests.unlucky --report json=report.json "$folds"
t 'in place: it is a failure, no skip' holds_of report.json fold.tests.unlucky \
	'.host | .outcome == "fail" and (.quarantined | not)'
t 'excused by the policy' holds_of report.json fold.tests.unlucky '.gates == false and .excuse == "policy"'
finish
