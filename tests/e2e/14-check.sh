# SPDX-License-Identifier: MIT
# Check: every kind of test that it knows, in processes of its own and in one; in the program's
# place nothing changes.  One fixed seed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/check.sh"

attempt twelve "$fixtures/twelve" --timeout 0.5
t 'twelve: the verdicts' as_expected twelve.list twelve.json
t 'twelve: exit code 1' status_is 1
t 'twelve: the report is valid' is_valid twelve.json
t 'twelve: framework, version, linkage' holds twelve.json \
	'.program | .framework == "check" and (.framework_version | startswith("0.")) and .linkage == "static"'
t 'twelve: forks and fresh processes' holds twelve.json \
	'[.tests[].arms[].mode] | unique == ["exec", "fork"]'
t 'twelve: no other test than its own is anywhere in a note' holds twelve.json 'all(.tests[]; .notes == [])'
t 'twelve: an assertion: words, place, backtrace' holds_of twelve.json twelve.rest.fails '.failures | length == 1 and
	(.[0] | .message == "Assertion '\''6 * 9 == 42'\'' failed: 6 * 9 == 54, 42 == 42" and
	 (.file | endswith("twelve.c")) and .line > 0 and (.backtrace | length == 1) and .backtrace[0].function == "fails_fn")'
t 'twelve: abort(): signal and place' holds_of twelve.json twelve.core.aborts \
	'.failures[0] | .signal == 6 and .backtrace[-1].function == "aborts_fn"'
t 'twelve: where it hangs' holds_of twelve.json twelve.core.hangs '.failures[0].backtrace[-1].function == "hangs_fn"'
t 'twelve: exit(): code and place' holds_of twelve.json twelve.rest.exits \
	'.failures[0] | (.message | test("exit code 3")) and .backtrace[-1].function == "exits_fn"'
t 'twelve: the host run' holds twelve.json '[.tests[].host.outcome] == ["pass", "pass", "pass", "pass", "fail",
	"pass", "pass", "pass", "pass", "pass", "fail", "early-exit"]'
t 'twelve: where a test is defined' holds_of twelve.json twelve.core.flaky '(.file | endswith("twelve.c")) and .line > 0'
t 'nothing goes on running' nothing_runs "$fixtures/twelve"

CK_FORK=no attempt one_process "$fixtures/twelve" --timeout 0.5
t 'CK_FORK=no: what one test leaves another one finds' verdict_is one_process.json twelve.core.uses stable
t 'CK_FORK=no: the note' has_note one_process.json twelve.core.uses order-dependent
t 'CK_FORK=no: the others' holds one_process.json \
	'.tests | map(select(.verdict == "flaky") | .name) == ["flaky", "aborts", "hangs", "fixture"]'

# ---- loops, signals, exit codes, fixtures, timeouts ----

attempt kinds "$fixtures/kinds"
t 'kinds: the verdicts' as_expected kinds.list kinds.json
t 'a loop: the index' holds_of kinds.json kinds.loops.turns/2 '.index == 2 and .name == "turns"'
t 'a signal that does not come' holds_of kinds.json others.signals.survives \
	'.failures[0].message | test("^exit code 0, signal 10 .*was expected$")'
t "Check's own timeout is the attempts'" holds_of kinds.json others.timeouts.late '.duration_ms.max < 5000'
t 'a message with numbers' holds_of kinds.json others.checked.nothing '.failures[0].message == "by chance, 0.25"'
t 'none leaves anything behind' holds kinds.json 'all(.tests[]; .notes == [])'

# ---- what Check's parent does around a case ----

cat >parent.list <<'END'
parent.held.passes stable -
parent.held.signals stable -
parent.held.fails flaky fail
parent.held.crashes flaky crash
parent.held.is_killed flaky crash
parent.held.exits flaky early_exit
parent.held.hangs flaky timeout
END

attempt parent "$fixtures/parent" --timeout 0.6
t 'unchecked teardown: the verdicts' as_expected parent.list parent.json
t 'unchecked teardown: it has run, whatever happened' not test -e held
t 'unchecked teardown: where the test hung' holds_of parent.json parent.held.hangs \
	'.failures[0] | (.message | test("phase .test.")) and .backtrace[-1].function == "hangs_fn"'

# ---- one process ----

attempt nofork "$fixtures/nofork"
t 'CK_NOFORK: the verdicts' as_expected nofork.list nofork.json
t 'CK_NOFORK: order' has_note nofork.json nofork.shared.uses order-dependent
t 'CK_NOFORK: backtrace to the test' holds_of nofork.json nofork.shared.flaky \
	'.failures[0].backtrace | map(.function) == ["fail_by_chance", "flaky_fn"]'
t 'CK_NOFORK: the first of two failures' holds_of nofork.json nofork.teardown.fails '.failures[0].message == "in the test"'

# ---- failures of the host's own ----

attempt in_place "$fixtures/in_place" --runs 40
t 'in its place: all but the last are flaky' holds in_place.json \
	'[.tests[] | select(.verdict == "flaky" and .notes == ["not-reproduced"])] | length == 10'
t 'in its place: the outcomes' holds in_place.json '[.tests[].host.outcome] ==
	["fail", "crash", "early-exit", "early-exit", "timeout", "fail", "error", "error", "error", "error", "pass"]'
t 'in its place: backtrace, from a child of the host' holds_of in_place.json in_place.tests.asserts \
	'.host.backtrace | map(.function) == ["fail_in_place", "asserts_fn"]'
t 'in its place: the words of an unchecked setup' holds_of in_place.json in_place.unchecked.nothing_more \
	'.host.message == "in its place"'

# ---- which tests, and which files ----

# PROGRAM with arguments...: the same output, exit code and files without and with the preload
is_untouched() {
	mkdir -p bare preloaded
	(cd bare && CK_VERBOSITY=verbose "$@" >out 2>err; echo $? >status)
	(cd preloaded && CK_VERBOSITY=verbose LD_PRELOAD="$library" "$@" >out 2>err; echo $? >status)
	sed -i '/<datetime>/d; s/<duration>.*//' bare/* preloaded/*
	diff -ru bare preloaded
}

ids_are() {
	printf '%s\n' "$@" >want
	diff -u want out
}

choice=$fixtures/choice
for arguments in '' logs nofork 'right quick' 'none none'; do
	# shellcheck disable=SC2086 # words are meant
	t "choice $arguments: untouched" is_untouched "$choice" $arguments
done
t 'a case in two suites: untouched' is_untouched "$fixtures/shared_case"
run env CK_RUN_SUITE=left CK_EXCLUDE_TAGS='pure slow' "$flicker" list "$choice"
t 'suites and tags of the environment' ids_are left.quick.one left.quick.two
run env CK_INCLUDE_TAGS=slow "$flicker" list "$choice" '' quick
t 'its arguments go before the environment' not has out .
run env CK_RUN_CASE=slow "$flicker" list "$choice" '' quick
t 'two runners: equal ids are told apart' ids_are left.quick.one left.quick.two right.quick.one right.quick.two \
	'left.quick.one#2' 'left.quick.two#2'

mkdir bare_logs
(cd bare_logs && "$choice" logs >out; sed -i '/<datetime>/d; s/<duration>.*//' choice.*)
run_flicker run --all --runs 40 --report json=choice.json "$choice" logs
sed -i '/<datetime>/d; s/<duration>.*//' choice.log choice.xml choice.tap
t 'attempts of both runners, fresh processes too' holds choice.json \
	'all(.tests[]; .verdict == "stable" and .attempts.total == 40 and (.arms | length) == 2) and .totals.tests == 10'
for file in choice.log choice.xml choice.tap out; do
	t "attempts write nothing into $file" same bare_logs/$file $file
done
run_flicker run --filter 'right.*' --runs 5 --report json=filtered.json "$choice"
t '--filter: the host runs only these' has out '^100%: Checks: 4,'
t '--filter: and says nothing of other suites' not has out 'left'
finish
