# SPDX-License-Identifier: MIT
# What a policy makes of a program without a framework: every cell of its table in
# docs/folding.md.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"
export FLICKER_SEED=0x5eed FLICKER_RUNS=40 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# ID, VERDICT, and the exit codes under fail, tolerate, quarantine
row() {
	program=${1%%.*} id=$1 verdict=$2
	shift 2
	cp -f "$FL_FIXTURES/process/folds" "$program"
	run "./$program"
	mv out plain.out && mv err plain.err
	for policy in fail tolerate quarantine; do
		run_flicker run --quiet --policy $policy --report json=report.json "./$program"
		t "$policy, $id: exit code" status_is "$1"
		t "$policy, $id: verdict" verdict_is report.json "$id" "$verdict"
		t "$policy, $id: the program's own text" same plain.out out
		shift
	done
	run_preloaded "./$program"
	t "$id: nothing is said under a plain preload" same plain.err err
}

awk -F'|' '
	/^# / { is_ours = $0 == "# A program without a framework" }
	is_ours && /^\| `/ { gsub(/[ `]/, ""); print $2, $4, $5, $6, $7 }' "$FL_SRC/docs/folding.md" >rows
while read -r id verdict fail tolerate quarantine; do
	row "$id" "$verdict" "$fail" "$tolerate" "$quarantine" </dev/null
done <rows
t 'every row was tested' is "$(wc -l <rows | tr -d ' ')" 10
t 'and all reports but the named are none' not ls ./*.flicker.json
finish
