# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# lib.sh - what e2e scripts share: . "$FL_SRC/tests/e2e/lib.sh" ... finish
#
#     run_flicker run --all --runs 100 "$cmocka/flaky_rand"   status into $status, output
#                                                             into the files out and err
#     t 'description' command arguments...                    one test; output is shown if it fails
#     t 'description' status_is 2
#     t 'description' verdict_is FILE ID flaky
#     finish                                                  the last line: writes the plan
#
# tests/run gives each script an empty working directory, so reports and all other
# files need no name that is unique.  Assert verdicts and causes, never a count that
# may vary; say the odds where chance could fail a test (below 1e-6).
set -u
: "${FL_SRC:?run by tests/run}" "${FL_BUILD:?}" "${FL_FIXTURES:?}"

flicker=$FL_BUILD/flicker
# shellcheck disable=SC2034 # for the scripts
library=$FL_BUILD/libflicker.so cmocka=$FL_FIXTURES/cmocka
t_count=0 t_failed=0 status=

# One test: passes if the command does.
t() {
	t_count=$((t_count + 1))
	t_name=$1
	shift
	if "$@" >t.log 2>&1; then
		echo "ok $t_count - $t_name"
		return 0
	fi
	echo "not ok $t_count - $t_name"
	echo "# failed: $*"
	sed 's/^/# /' t.log
	t_failed=$((t_failed + 1))
	return 0
}

# One test that cannot be made here.
t_skip() {
	t_count=$((t_count + 1))
	echo "ok $t_count - $1 # SKIP $2"
}

finish() {
	rm -f t.log
	echo "1..$t_count"
	exit "$((t_failed > 0))"
}

# Any program: status into $status, standard output into the file out, error into err.
run() {
	status=0
	"$@" >out 2>err || status=$?
}

run_flicker() {
	run "$flicker" "$@"
}

# Under plain preload, as `LD_PRELOAD=... ./test` does it.
run_preloaded() {
	run env LD_PRELOAD="$library" "$@"
}

# Under preload a program that died is gone before its report is there.
await_report() {
	for _ in $(seq 200); do
		[ -e report.json ] && return 0
		sleep 0.1
	done
}

# ---- assertions: silent where they hold, else they say what they saw ----

not() {
	! "$@"
}

is() {
	[ "$1" = "$2" ] && return 0
	printf 'have: %s\nwant: %s\n' "$1" "$2"
	return 1
}

status_is() {
	[ "$status" = "$1" ] && return 0
	echo "status $status, not $1; standard error ended with:"
	tail -n 20 err
	return 1
}

# FILE holds the extended regular expression.
has() {
	grep -qE -- "$2" "$1" && return 0
	echo "'$2' is not in $1, which is:"
	head -n 40 "$1"
	return 1
}

is_empty() {
	[ -e "$1" ] && [ ! -s "$1" ] && return 0
	echo "$1 is not an empty file:"
	head -n 20 "$1"
	return 1
}

same() {
	diff -u "$1" "$2"
}

line_count_is() {
	is "$(wc -l <"$1" | tr -d ' ')" "$2"
}

# One line on standard error that begins with "flicker: " and matches; nothing else anywhere.
says_one_line() {
	line_count_is err 1 && has err "^flicker: .*$1" && is_empty out
}

# ---- the JSON report ----

# FILE, jq filter, arguments...: prints
json() {
	json_file=$1 json_filter=$2
	shift 2
	jq -r "$@" "$json_filter" "$json_file"
}

# FILE, ID, filter on that test: prints
of_test() {
	json "$1" ".tests[] | select(.id == \$id) | $3" --arg id "$2"
}

verdict() {
	of_test "$1" "$2" .verdict
}

verdict_is() {
	is "$(verdict "$1" "$2")" "$3" && return 0
	of_test "$1" "$2" '{id, verdict, notes, host: .host.outcome, attempts, arms}'
	return 1
}

# NAME, FILE, VERDICT, ID...: each of these tests has this verdict
all_are() {
	name=$1 file=$2 wanted=$3
	shift 3
	for id; do
		t "$name: $id" verdict_is "$file" "$id" "$wanted"
	done
}

# FILE, ID, note
has_note() {
	of_test "$1" "$2" '.notes[]' | grep -qxF -- "$3" && return 0
	echo "no note $3: $(of_test "$1" "$2" '.notes | tojson')"
	return 1
}

# FILE, jq filter that must give true for the whole report
holds() {
	jq -e "$2" "$1" >/dev/null && return 0
	echo "does not hold: $2"
	return 1
}

# FILE, ID, jq filter that must give true for this test
holds_of() {
	of_test "$1" "$2" "$3" | grep -qx true && return 0
	echo "does not hold: $3"
	of_test "$1" "$2" .
	return 1
}

# FILE is what docs/report.schema.json says
is_valid() {
	python3 - "$FL_SRC/docs/report.schema.json" "$1" <<-'END'
	import json, sys, jsonschema
	schema, report = (json.load(open(name)) for name in sys.argv[1:])
	validator = jsonschema.validators.validator_for(schema)
	validator.check_schema(schema)
	errors = list(validator(schema).iter_errors(report))
	for error in errors:
	    print("/".join(map(str, error.absolute_path)) + ": " + error.message)
	sys.exit(bool(errors))
	END
}

# No child of ours is left that was started with this word in its command line.
nothing_runs() {
	for left in 1 2 3 4 5 6 7 8 9 10; do
		pgrep -f -- "$1" >left.log || { rm -f left.log; return 0; }
		sleep 0.2
	done
	echo "still running:"
	cat left.log
	return 1
}
