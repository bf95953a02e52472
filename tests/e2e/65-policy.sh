# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail: every cell of the tables in docs/folding.md is a test
# here, made with tests/fixtures/cmocka/folds.c; then --new-only, the report, the summary.  One
# fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

folds=$cmocka/folds
export FLICKER_SEED=0x5eed FLICKER_RUNS=40 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# POLICY, WAY, FORMAT of cmocka, ID: status, out, err, and report.json
fold() {
	rm -f report.json
	case $2 in
	run) set -- "$3" "$flicker" run --policy "$1" --test "$4" "$folds" ;;
	preload) set -- "$3" LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$4" "$folds" ;;
	esac
	format=$1
	shift
	run env CMOCKA_MESSAGE_OUTPUT="$format" FLICKER_REPORT=json=report.json "$@"
	await_report
}

# ID: the word for what cmocka's text says of it
word_of_text() {
	cat out err >both
	if grep -qE "^\[  ERROR   \] (${1#*.}|${1%%.*})$" both; then echo error
	elif grep -qxF "[  FAILED  ] ${1#*.}" both; then echo failed
	elif grep -qxF "[  SKIPPED ] ${1#*.}" both; then echo skipped
	elif grep -qxF "[       OK ] ${1#*.}" both; then echo ok
	else echo nothing; fi
}

word_of_xml() {
	if ! xmllint --noout out 2>/dev/null; then echo nothing
	elif grep -q 'errors="1"' out; then echo error
	elif grep -q 'failures="1"' out; then echo failed
	elif grep -q 'skipped="1"' out && grep -q '<skipped/>' out; then echo skipped
	elif grep -q "<testcase name=\"${1#*.}\"" out; then echo ok
	else echo nothing; fi
}

word_of_tap() {
	if grep -qE "^(not )?ok [0-9]+ # SKIP ${1#*.}$" out; then echo skipped
	elif grep -qE '^not ok (0|[0-9]+ - .* Could not run test)' out; then echo error
	elif grep -qE "^not ok [0-9]+ - ${1#*.}$" out; then echo failed
	elif grep -qE "^ok [0-9]+ - ${1#*.}$" out; then echo ok
	else echo nothing; fi
}

# POLICY, ID, VERDICT, TEXT, XML, TAP, RUN, PRELOAD: the cells of one row
row() {
	for way in run preload; do
		code=$7
		[ $way = run ] || code=$8
		fold "$1" $way STDOUT "$2"
		t "$1, $way, $2: text" is "$(word_of_text "$2")" "$4"
		t "$1, $way, $2: exit code" status_is "$code"
		t "$1, $way, $2: verdict" verdict_is report.json "$2" "$3"
	done
	fold "$1" run XML "$2"
	t "$1, $2: XML" is "$(word_of_xml "$2")" "$5"
	fold "$1" preload TAP "$2"
	t "$1, $2: TAP" is "$(word_of_tap "$2")" "$6"
}

# ---- the tables ----

# The rows: | `folds.ID` | what | VERDICT | TEXT | XML | TAP | RUN | PRELOAD | below "## Policy POLICY"
sed -n 's/^## Policy `\(.*\)`$/policy \1/p; s/^| `\(folds[a-z_]*\.[a-z_]*\)` |/row \1 |/p' \
	"$FL_SRC/docs/folding.md" | awk -F'|' '
	/^policy / { policy = $1; sub(/^policy /, "", policy); next }
	{ sub(/^row /, "", $1); print policy, $1, $3, $4, $5, $6, $7, $8 }' >rows
while read -r policy id verdict text xml tap run_code preload_code; do
	row "$policy" "$id" "$verdict" "$text" "$xml" "$tap" "$run_code" "$preload_code" </dev/null
done <rows
t 'every fold of the document was tested' is "$(wc -l <rows | tr -d ' ')" 51

# ---- quarantine: in its place only, and only where somebody judges ----

fold quarantine run STDOUT folds.unlucky
t 'in place: the report says that it failed' holds_of report.json folds.unlucky \
	'.host | .outcome == "fail" and .quarantined and (.file | endswith("folds.c")) and .line > 0'
t 'in place: with its backtrace' holds_of report.json folds.unlucky \
	'any(.host.backtrace[]; .function == "unlucky")'
t 'attempts: failures, no skips' holds_of report.json folds.unlucky \
	'.attempts | .skip == 0 and .fail > 0 and .pass > 0 and .total == 40'
t 'attempts: cmocka says failed in them' holds_of report.json folds.unlucky \
	'.failures[0].output_tail | test("FAILED  . unlucky") and (test("SKIPPED") | not)'
t 'excused by the policy' holds_of report.json folds.unlucky '.gates == false and .excuse == "policy"'
t 'the report is what its schema says' is_valid report.json
t 'the summary says so, with ticket and date' has err \
	'^excused: folds.unlucky, by --policy quarantine \(ticket F-3, until 2099-12-31\)$'
t 'no word of an exit code that needed no excuse' not has err '^exit code 0'

FLICKER_MODE=exec run_flicker run --policy quarantine --test folds.unlucky --report json=exec.json "$folds"
t 'attempts in processes of their own: cmocka says failed in them too' holds_of exec.json folds.unlucky \
	'.attempts.fail > 0 and (.failures[0].output_tail | test("FAILED  . unlucky"))'

fold quarantine run STDOUT folds.lucky
t 'a pass stays a pass' holds_of report.json folds.lucky '.host | .outcome == "pass" and (.quarantined | not)'

fold tolerate run STDOUT folds.unlucky
t 'tolerate: the program says failed' holds_of report.json folds.unlucky \
	'.host | .outcome == "fail" and (.quarantined | not)'
t 'tolerate: the summary says whose exit code was excused' has err \
	'^exit code 0: that of the program, 5, is excused with them$'
t 'tolerate: both codes are in the report' holds report.json '.run.exit_code == 0 and .program.exit.code == 5'

fold tolerate run STDOUT folds.expired
t 'expired: the note' has_note report.json folds.expired expired
t 'expired: it gates' holds_of report.json folds.expired '.gates and .excuse == null'
t 'expired: the summary says why' has err \
	'^not excused: folds.expired: its annotation.s date is past \(ticket F-7, until 2001-01-31\)$'
fold fail run STDOUT folds.passes
t 'not expired: no note' holds_of report.json folds.passes '.notes == []'
fold tolerate run STDOUT folds.crashes
t 'a crash: the summary says what would excuse it' has err '^not excused: folds.crashes: .* crash=yes'
fold quarantine run STDOUT folds.failing
t 'failing: the summary says that the skip is none' has err '^not excused: folds.failing: it is failing'

cp "$library" alone.so
run env LD_PRELOAD="$PWD/alone.so" FLICKER_POLICY=quarantine FLICKER_TEST=folds.unlucky "$folds"
t 'nobody there to judge: nothing is turned into a skip' is "$(word_of_text folds.unlucky)" failed
t 'nobody there to judge: the own exit code' status_is 5

FLICKER_POLICY=quarantine run_flicker run --policy fail --test folds.unlucky "$folds"
t 'the command line goes before the environment, inside too' is "$(word_of_text folds.unlucky)" failed
t 'and outside' status_is 2

FLICKER_POLICY=quarantine run_flicker run --filter 'folds.passes:folds.unlucky:folds.leaks' "$folds"
t 'among others: cmocka counts skips' has err '^\[  SKIPPED \] 2 test\(s\)'
t 'among others: the next test is itself' has out '^\[       OK \] passes'
t 'among others: clean' status_is 0

# ---- --skip-code: for a runner that knows skipped programs ----

# POLICY, ID, exit code
ends() {
	run_flicker run --skip-code 77 --policy "$1" --filter "$2" --suspect "$2" "$folds"
	t "skip code, $1, $2" status_is "$3"
}
ends quarantine folds.unlucky 77
ends quarantine folds.unmarked 77
ends quarantine folds.lucky 0
ends quarantine 'folds.unlucky:folds.leaks' 77
ends quarantine 'folds.unlucky:folds.passes' 0
ends quarantine folds.failing 1
ends quarantine folds.expired 2
ends quarantine folds.aborts 134
ends tolerate folds.unlucky 0
ends fail folds.unlucky 2
run_flicker run --skip-code 77 --filter skip.skips --report json=report.json "$cmocka/skip"
t 'skip code: a test that skips itself' status_is 77

# ---- --new-only ----

fold fail run STDOUT folds.unlucky
cp report.json earlier.json
run_flicker run --new-only earlier.json --report json=report.json --test folds.unlucky "$folds"
t 'flaky before: does not gate, and excuses the program' status_is 0
t 'flaky before: still reported' holds_of report.json folds.unlucky \
	'.verdict == "flaky" and .excuse == "known" and (.gates | not)'
t 'flaky before: the summary says so' has err '^excused: folds.unlucky, by --new-only'
run_flicker run --new-only earlier.json --test folds.lucky "$folds"
t 'not flaky before: gates' status_is 2
run_flicker run --new-only earlier.json --test folds.failing "$folds"
t 'failing is not excused' status_is 1
run env LD_PRELOAD="$library" FLICKER_NEW_ONLY=earlier.json FLICKER_TEST=folds.unlucky "$folds"
t 'under preload: flaky before, does not gate' status_is 0

cp earlier.json folds.flicker.json
run_flicker run --new-only ./folds.flicker.json --test folds.unlucky "$folds"
t '--new-only: the run would write that very report' status_is 64
t '--new-only: what to do' says_one_line "the report 'folds.flicker.json' would replace the one of '--new-only': .*--report json=PATH"
t '--new-only: it is as it was' same earlier.json folds.flicker.json
ln -s folds.flicker.json latest.json
run_flicker run --new-only latest.json --test folds.unlucky "$folds"
t '--new-only: by another name' status_is 64
run_flicker run --new-only absent.json --test folds.unlucky "$folds"
t 'an earlier report that is not there: usage' status_is 64
t 'said in one line, before the program runs' says_one_line "'absent.json'"
echo '{' >broken.json
run_flicker run --new-only broken.json --test folds.unlucky "$folds"
t 'an earlier report that is none: usage' status_is 64
t 'said in one line with its place' says_one_line 'broken.json:'
run env LD_PRELOAD="$library" FLICKER_NEW_ONLY=absent.json FLICKER_TEST=folds.unlucky "$folds"
t 'under preload the tests go on without flicker' status_is 5
t 'under preload it says why' has err "^flicker: .*'absent.json'"
finish
