# SPDX-License-Identifier: MIT
# What a policy makes of each way to fail under Unity: every cell of its table in docs/folding.md
# is a test here, made with tests/fixtures/unity/policies.c.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

program=$FL_FIXTURES/unity/policies
export FLICKER_SEED=0x5eed FLICKER_RUNS=20 FLICKER_UNTIL=runs FLICKER_MODE=fork FLICKER_TIME=none

# POLICY, WAY, ID: status, out, err, and report.json
fold() {
	rm -f report.json
	case $2 in
	run) run_flicker run --policy "$1" --test "$3" --report json=report.json "$program" ;;
	preload) run env LD_PRELOAD="$library" FLICKER_POLICY="$1" FLICKER_TEST="$3" \
		FLICKER_REPORT=json=report.json "$program" ;;
	esac
	await_report
}

# NAME: the word for what Unity says of it
word_of() {
	if grep -q ":$1:FAIL" out && grep -q ' 1 Failures 0 Ignored' out; then echo failed
	elif grep -q ":$1:IGNORE" out && grep -q ' 0 Failures 1 Ignored' out; then echo skipped
	elif grep -q ":$1:PASS" out; then echo ok
	else echo nothing; fi
}

# POLICY, NAME, VERDICT, "WORD RUN PRELOAD": one cell
cell() {
	set -- "$1" "$2" "$3" $4
	for way in run preload; do
		code=$5
		[ $way = run ] || code=$6
		fold "$1" $way "policies.$2"
		t "$1, $way, $2: text" is "$(word_of "$2")" "$4"
		t "$1, $way, $2: exit code" status_is "$code"
		t "$1, $way, $2: verdict" verdict_is report.json "policies.$2" "$3"
	done
}

# | `policies.NAME` | what | VERDICT | FAIL | TOLERATE | QUARANTINE |
sed -n 's/^| `policies\.\([a-z]*\)` |/\1 |/p' "$FL_SRC/docs/folding.md" | tr -d ' ' >rows
while IFS='|' read -r name _ verdict fail tolerate quarantine _; do
	for policy in fail tolerate quarantine; do
		eval "words=\$$policy"
		cell $policy "$name" "$verdict" "$(echo "$words" | tr , ' ')" </dev/null
	done
done <rows
t 'every fold of the document was tested' is "$(wc -l <rows | tr -d ' ')" 10

fold quarantine run policies.unlucky
t 'in place: the report says that it failed' holds_of report.json policies.unlucky \
	'.host | .outcome == "fail" and .quarantined and .line > 0'
t 'in place: its words stay' has out ':unlucky:IGNORE: Expected 0 Was 1$'
t 'attempts: failures, no skips' holds_of report.json policies.unlucky \
	'.attempts | .skip == 0 and .fail > 0 and .pass > 0 and .total == 20'
FLICKER_POLICY=quarantine run_flicker run --filter 'policies.passes:policies.unlucky:policies.teardown' "$program"
t 'among others: Unity counts what it ignored' has out '^3 Tests 0 Failures 2 Ignored'
t 'among others: clean' status_is 0
finish
