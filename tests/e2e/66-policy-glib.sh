# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail, with GLib: every cell of its table in docs/folding.md,
# made with tests/fixtures/glib/folds.c.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$FL_FIXTURES/glib/folds
export FLICKER_SEED=0x5eed FLICKER_RUNS=24 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# ID: the word for what GLib's TAP says of it
word() {
	path=/$(echo "$1" | tr . /)
	if grep -qE "^ok [0-9]+ $path # SKIP" out; then echo skipped
	elif grep -qE "^not ok [0-9]+ $path" out; then echo failed
	elif grep -qE "^ok [0-9]+ $path$" out; then echo ok
	elif grep -q '^Bail out!' out; then echo bails
	else echo nothing; fi
}

# POLICY, ID, VERDICT, TAP, RUN, PRELOAD
cell() {
	for way in run preload; do
		rm -f report.json
		if [ $way = run ]; then
			code=$5
			run_flicker run --policy "$1" --test "$2" --report json=report.json "$folds"
		else
			code=$6
			run env LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$2" FLICKER_REPORT=json=report.json "$folds"
			await_report
		fi
		t "$1, $way, $2: TAP" is "$(word "$2")" "$4"
		t "$1, $way, $2: exit code" status_is "$code"
		t "$1, $way, $2: verdict" verdict_is report.json "$2" "$3"
	done
}

# The rows below "# GLib": | `ID` | what | VERDICT | TAP x 3 | RUN x 3 | PRELOAD x 3 |, by policy
awk -F'|' '/^# / { is_ours = $0 == "# GLib" }
	is_ours && $2 ~ /`fold/ { gsub(/[` ]/, "", $2); print $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 }' \
	"$FL_SRC/docs/folding.md" >rows
while read -r id verdict f t q rf rt rq pf pt pq; do
	cell fail "$id" "$verdict" "$f" "$rf" "$pf" </dev/null
	cell tolerate "$id" "$verdict" "$t" "$rt" "$pt" </dev/null
	cell quarantine "$id" "$verdict" "$q" "$rq" "$pq" </dev/null
done <rows
t 'every fold of the document was tested' line_count_is rows 8

run_flicker run --policy quarantine --test fold.gentle --report json=report.json "$folds"
t 'in place: the report says that it failed' holds_of report.json fold.gentle \
	'.host | .outcome == "fail" and .quarantined and (.file | endswith("folds.c")) and .line > 0'
t 'attempts: failures, no skips' holds_of report.json fold.gentle \
	'.attempts | .skip == 0 and .fail > 0 and .pass > 0 and .total == 24'
t 'attempts: GLib says so in them' holds_of report.json fold.gentle \
	'.failures[0].output_tail | test("not ok 1 /fold/gentle")'
finish
