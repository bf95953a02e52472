# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail, with Criterion: every cell of its table in docs/folding.md,
# made with tests/fixtures/criterion/folds.c.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$FL_FIXTURES/criterion/folds
if [ ! -x "$folds" ]; then
	t_skip 'Criterion' 'it is not installed'
	finish
fi
export FLICKER_SEED=0x5eed FLICKER_RUNS=24 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# NAME: the word for what Criterion's text says of it
word_of_text() {
	if grep -qF "[FAIL] fold::$1: CRASH!" err; then echo crash
	elif grep -qF "[FAIL] fold::$1:" err; then echo failed
	elif grep -qF "[SKIP] fold::$1:" err; then echo skipped
	elif grep -qF "The test \`fold::$1\` crashed during its setup" err; then echo warning
	else echo ok; fi
}

word_of_tap() {
	if grep -qE "^ok - fold::$1 .*# SKIP" o.tap; then echo skipped
	elif grep -qE "^not ok - fold::$1 " o.tap; then echo failed
	else echo ok; fi
}

word_of_xml() {
	case $(sed -n "s/.*<testcase name=\"$1\".*status=\"\([A-Z]*\)\".*/\1/p" o.xml) in
	SKIPPED) echo skipped ;;
	FAILED) echo failed ;;
	ERRORED) echo error ;;
	PASSED) echo ok ;;
	esac
}

# POLICY, ID, VERDICT, TEXT, TAP, XML, RUN, PRELOAD
cell() {
	for way in run preload; do
		rm -f report.json o.tap o.xml
		if [ $way = run ]; then
			code=$7
			run_flicker run --policy "$1" --test "$2" --report json=report.json "$folds" \
				-j1 --verbose --tap=o.tap --xml=o.xml
		else
			code=$8
			run env LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$2" FLICKER_REPORT=json=report.json \
				"$folds" -j1 --verbose --tap=o.tap --xml=o.xml
		fi
		t "$1, $way, $2: text" is "$(word_of_text "${2#*.}")" "$4"
		t "$1, $way, $2: TAP" is "$(word_of_tap "${2#*.}")" "$5"
		t "$1, $way, $2: XML" is "$(word_of_xml "${2#*.}")" "$6"
		t "$1, $way, $2: exit code" status_is "$code"
		t "$1, $way, $2: verdict" verdict_is report.json "$2" "$3"
	done
}

# The rows below "# Criterion": | `ID` | what | VERDICT | TEXT x 2 | TAP x 2 | XML x 2 | RUN x 3 | PRELOAD x 3 |
# Text, TAP and XML: under fail and tolerate, under quarantine.
awk -F'|' '/^# / { is_ours = $0 == "# Criterion" }
	is_ours && $2 ~ /`fold/ { gsub(/[` ]/, "", $2); print $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 }' \
	"$FL_SRC/docs/folding.md" >rows
while read -r id verdict text text_q tap tap_q xml xml_q rf rt rq pf pt pq; do
	cell fail "$id" "$verdict" "$text" "$tap" "$xml" "$rf" "$pf" </dev/null
	cell tolerate "$id" "$verdict" "$text" "$tap" "$xml" "$rt" "$pt" </dev/null
	cell quarantine "$id" "$verdict" "$text_q" "$tap_q" "$xml_q" "$rq" "$pq" </dev/null
done <rows
t 'every fold of the document was tested' line_count_is rows 10

run_flicker run --policy quarantine --test fold.unlucky --report json=report.json "$folds" --verbose -j1
t 'in place: the report says that it failed' holds_of report.json fold.unlucky \
	'.host | .outcome == "fail" and .quarantined and (.file | endswith("folds.c")) and .line > 0'
t 'attempts: failures, no skips' holds_of report.json fold.unlucky \
	'.attempts | .skip == 0 and .fail > 0 and .pass > 0 and .total == 24'
t 'the counts follow' has err 'Tested: .*0.* \| Passing: .*0.* \| Failing: .*0.* \| Crashing: .*0'
finish
