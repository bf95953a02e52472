# SPDX-License-Identifier: MIT
# Criterion linked into the program: the same verdicts as with its library; stripped it is one
# test, which is said.
#
# A distribution's libcriterion.a wants libraries of its own, which need not be there; other
# ones than below are named by CRITERION_STATIC_LIBS.
. "$FL_SRC/tests/e2e/lib.sh"

fixtures=$FL_SRC/tests/fixtures
libraries=${CRITERION_STATIC_LIBS:--l:libboxfort.a -l:libprotobuf-nanopb.a -lnanomsg -lgit2 -lffi -lm -lrt -ldl}
export FLICKER_SEED=0x5eed FLICKER_TIME=none

# NAME [FLAG...]: a program of this name
build() {
	name=$1
	shift
	# shellcheck disable=SC2086 # lists of flags
	${CC:-cc} -g -O1 "$@" -I"$FL_SRC/include" -I"$fixtures" -o "$name" "$fixtures/criterion/$name.c" \
		-l:libcriterion.a $libraries -pthread 2>build.err
}

if ! build twelve || ! build kinds || ! build folds || ! build trivial; then
	t_skip 'Criterion, linked in' 'libcriterion.a or what it needs is not installed'
	finish
fi

twelve() {
	all_are "$1" "$2" stable twelve.passes twelve.prints twelve.forks twelve.sets twelve.uses
	all_are "$1" "$2" flaky twelve.flaky twelve.aborts twelve.hangs twelve.fixture
	all_are "$1" "$2" failing twelve.fails twelve.exits
	all_are "$1" "$2" skipped twelve.skips
	t "$1: a crash" holds_of "$2" twelve.aborts \
		'.failures[0] | .outcome == "crash" and .signal == 6 and .backtrace[-1].function == "twelve_aborts_impl"'
	t "$1: a timeout, and where" holds_of "$2" twelve.hangs \
		'.failures[0] | .outcome == "timeout" and .backtrace[-1].function == "twelve_hangs_impl"'
	t "$1: an exit, and where" holds_of "$2" twelve.exits \
		'.failures[0] | .outcome == "early-exit" and .backtrace[-1].function == "twelve_exits_impl"'
	t "$1: an assertion" holds_of "$2" twelve.fails '.failures[0] | (.message | test("6 \\* 9.*42")) and
		(.file | endswith("criterion/twelve.c")) and .line > 0 and .backtrace[-1].function == "twelve_fails_impl"'
	t "$1: it is linked in" holds "$2" '.program | .framework == "criterion" and .linkage == "static"'
}

run_flicker run --all --runs 45 --mode fork --timeout 0.3 --report json=twelve.json ./twelve
t 'twelve: failing' status_is 1
twelve twelve twelve.json
t 'twelve: forks' holds twelve.json 'all(.tests[]; all(.arms[]; .mode == "fork"))'
run_flicker run --test twelve.flaky --test twelve.fails --runs 30 --mode exec --report json=exec.json ./twelve
t 'exec: flaky' verdict_is exec.json twelve.flaky flaky
t 'exec: failing' verdict_is exec.json twelve.fails failing
t 'exec: the words, and where' holds_of exec.json twelve.fails \
	'.failures[0] | (.message | test("6 \\* 9.*42")) and .backtrace[-1].function == "twelve_fails_impl"'
t 'nothing is left' nothing_runs "$PWD/twelve"

build twelve -rdynamic
run_flicker run --test twelve.fails --runs 20 --report json=exported.json ./twelve
t 'the program exports its functions' verdict_is exported.json twelve.fails failing
strip twelve
run_flicker run --test twelve.fails --runs 20 --mode fork --report json=exported.json ./twelve
t 'stripped of all others: made by the runner' verdict_is exported.json twelve.fails failing
t 'stripped of all others: its words' holds_of exported.json twelve.fails '.failures[0].message | test("6 \\* 9.*42")'

run_preloaded env FLICKER_TEST=twelve.fails FLICKER_RUNS=20 FLICKER_REPORT=json=preload.json ./twelve
t 'preload: the own exit code' status_is 1
t 'preload: failing' verdict_is preload.json twelve.fails failing

run_flicker run --test kinds.signals --test kinds.doubt --test kinds.redirects --test kinds.parameter/2 \
	--test kinds.expects --runs 20 --report json=kinds.json ./kinds
all_are kinds kinds.json stable kinds.signals kinds.redirects
all_are kinds kinds.json failing kinds.doubt kinds.parameter/2 kinds.expects
t 'a test that goes on: each of its words, in forks and in fresh processes' holds_of kinds.json kinds.expects \
	'(.failures | length) == 1 and (.failures[0].message | test("the first") and test("the second")) and
		any(.arms[]; .mode == "exec") and any(.arms[]; .mode == "fork")'

run_flicker run --policy quarantine --test fold.unlucky --runs 40 --until runs --report json=folds.json ./folds
t 'quarantine: judged' verdict_is folds.json fold.unlucky flaky

./trivial >want 2>want.err
run env LD_PRELOAD="$library" ./trivial
t 'nothing suspect, nothing fails: the output of before' same want out
t 'and the words of before' same want.err err

# ---- without symbols ----

build twelve
strip twelve
run_flicker run --all --runs 5 --timeout 0.3 --report json=stripped.json ./twelve
t 'stripped: one test' holds stripped.json '.totals.tests == 1 and .tests[0].id == "twelve"'
t 'stripped: says why' has err '^flicker: warning: Criterion is linked into the program, which has no symbols'
strip trivial
run env LD_PRELOAD="$library" ./trivial
t 'stripped: nothing under plain preload' same want.err err
finish
