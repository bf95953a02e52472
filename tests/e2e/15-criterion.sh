# SPDX-License-Identifier: MIT
# Criterion: the verdicts of twelve.c, by the command and under a plain preload.
. "$FL_SRC/tests/e2e/lib.sh"

criterion=$FL_FIXTURES/criterion
if [ ! -x "$criterion/twelve" ]; then
	t_skip 'Criterion' 'it is not installed'
	finish
fi
export FLICKER_SEED=0x5eed FLICKER_TIME=none

twelve() {
	all_are "$1" "$2" stable twelve.passes twelve.prints twelve.forks twelve.sets twelve.uses
	all_are "$1" "$2" flaky twelve.flaky twelve.aborts twelve.hangs twelve.fixture
	all_are "$1" "$2" failing twelve.fails twelve.exits
	all_are "$1" "$2" skipped twelve.skips
	t "$1: a test that needs another's traces" has_note "$2" twelve.uses order-dependent
	t "$1: a crash" holds_of "$2" twelve.aborts \
		'.failures[0] | .outcome == "crash" and .signal == 6 and .backtrace[-1].function == "twelve_aborts_impl"'
	t "$1: a timeout, and where" holds_of "$2" twelve.hangs \
		'.failures[0] | .outcome == "timeout" and .backtrace[-1].function == "twelve_hangs_impl"'
	t "$1: a fixture" holds_of "$2" twelve.fixture '.failures[0] | .outcome == "error" and .backtrace[-1].function == "set_up"'
	t "$1: an exit, and where" holds_of "$2" twelve.exits \
		'.failures[0] | .outcome == "early-exit" and .backtrace[-1].function == "twelve_exits_impl"'
	t "$1: an assertion" holds_of "$2" twelve.fails '.failures[0] | (.message | test("6 \\* 9.*42")) and
		(.file | endswith("criterion/twelve.c")) and .line > 0 and .backtrace[-1].function == "twelve_fails_impl"'
	t "$1: the report is what its schema says" is_valid "$2"
}

run_flicker run --all --runs 45 --timeout 0.3 --report json=twelve.json "$criterion/twelve"
t 'twelve: failing' status_is 1
twelve twelve twelve.json
t 'twelve: the framework' holds twelve.json '.program | .framework == "criterion" and .linkage == "shared"'
t 'twelve: nothing is left' nothing_runs "$criterion/twelve"

run_preloaded env FLICKER_ALL=1 FLICKER_RUNS=45 FLICKER_MODE=fork FLICKER_TIMEOUT=0.3 FLICKER_REPORT=json=preload.json \
	"$criterion/twelve"
t 'preload: the own exit code' status_is 1
twelve preload preload.json

run_flicker run --all --test twelve.flaky --runs 30 --mode fork --report json=one.json "$criterion/twelve"
replay=$(sed -n 's/^  replay: flicker replay \(.*\) -- .*/\1/p' err | head -1)
# shellcheck disable=SC2086 # a command
run_flicker replay $replay -- "$criterion/twelve"
t 'replay: the same failure' status_is 0
# ---- what the assertions of 2.4 say ----

cat >words.c <<'END'
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
Test(words, bare) { cr_assert(1 == 2); }
Test(words, both) { int one = 1; cr_assert(eq(int, one, 2), "why"); }
END
# shellcheck disable=SC2046 # words are meant
if ${CC:-cc} -o words words.c $(pkg-config --cflags --libs criterion) 2>/dev/null; then
	run_flicker run --runs 20 --report json=words.json ./words
	t 'an expression and no message: no blank before it' is \
		"$(of_test words.json words.bare '.failures[0].message')" '1 == 2'
	t 'a message and what was compared' is \
		"$(of_test words.json words.both '.failures[0].message')" 'why eq(int, one, 2) actual=1 expected=2'
else
	t_skip 'the assertions of 2.4' 'an older Criterion'
fi
finish
