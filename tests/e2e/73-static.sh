# SPDX-License-Identifier: MIT
# cmocka linked into the program: by its functions' entries, with the verdicts of the shared one.
. "$FL_SRC/tests/e2e/lib.sh"

cc=${CC:-cc}
flags="-std=gnu11 -g -I$FL_SRC/include -I$FL_SRC/tests/fixtures $(pkg-config --cflags cmocka 2>/dev/null)"
# shellcheck disable=SC2086 # words are meant, here and below
$cc $flags -O2 -c -o stand_in.o "$FL_SRC/tests/fixtures/hook/cmocka_in.c" || exit 1

# FIXTURE, LIBRARY, FLAGS...: the program of that name
build() {
	name=$1 with=$2
	shift 2
	$cc $flags -O0 -pthread "$@" -o "$name" "$FL_SRC/tests/fixtures/cmocka/$name.c" "$with" 2>build.log
}

# FILE: the twelve verdicts of tests/fixtures/twelve.h, by chances of 0.7^60, 5e-10, each
has_the_verdicts() {
	is "$(json "$1" '[.tests[].verdict] | join(" ")')" \
		'stable stable stable stable stable flaky flaky flaky flaky skipped failing failing'
}
is_static() {
	holds "$1" '.program | .framework == "cmocka" and .framework_version == "" and .linkage == "static"'
}
uses_order() {
	holds_of "$1" twelve.uses '.notes == ["order-dependent"]'
}

# NAME, LIBRARY
twelve() {
	build twelve "$2" || { t_skip "$1" 'does not build here'; return; }
	run_flicker run --all --runs 60 --time none --timeout 0.3 --seed 0x5eed --report json=twelve.json ./twelve
	t "$1: the verdicts of the shared one" has_the_verdicts twelve.json
	t "$1: is said to be static" is_static twelve.json
	t "$1: a note" uses_order twelve.json
	t "$1: message and place" holds_of twelve.json twelve.fails \
		'.failures[0] | .message == "0x36 != 0x2a" and (.file | endswith("twelve.c")) and .line > 0'
	t "$1: the backtrace is the test alone" holds_of twelve.json twelve.fails \
		'[.failures[0].backtrace[].function] == ["fails"]'
	t "$1: outcomes" is "$(json twelve.json '[.tests[].failures[].outcome] | join(" ")')" \
		'fail fail crash timeout error fail early-exit'
	run env LD_PRELOAD="$library" FLICKER_ALL=1 FLICKER_RUNS=60 FLICKER_TIME=none FLICKER_TIMEOUT=0.3 \
		FLICKER_SEED=0x5eed FLICKER_REPORT=json=preload.json ./twelve
	t "$1, by plain preload: the verdicts" has_the_verdicts preload.json
}

twelve 'stand-in' stand_in.o
# Where the system has the real one.
real=$($cc -print-file-name=libcmocka.a)
if [ -e "$real" ]; then
	twelve 'libcmocka.a' "$real"
else
	t_skip 'libcmocka.a' 'not here'
fi

build twelve stand_in.o -fno-pie -no-pie
run_flicker run --test twelve.flaky --mode exec --runs 60 --until runs --time none --seed 0x5eed \
	--report json=exec.json ./twelve
t 'fresh processes: flaky' verdict_is exec.json twelve.flaky flaky
t 'all of them were made so' holds_of exec.json twelve.flaky \
	'.attempts.infra == 0 and all(.arms[]; .mode == "exec")'

# A patch that led to the program's own function would be a loop.
build twelve stand_in.o -rdynamic
run_flicker run --test twelve.flaky --mode fork --runs 60 --until runs --time none --seed 0x5eed \
	--report json=exported.json ./twelve
t 'the program exports its functions' verdict_is exported.json twelve.flaky flaky

# A failure that is shown as a skip: the real _skip() is called by us.
build folds stand_in.o
run_flicker run --policy quarantine --test folds.unlucky --runs 40 --until runs --time none --seed 0x5eed \
	--report json=folds.json ./folds
t 'quarantine: shown as a skip' has out '^\[  SKIPPED \] unlucky$'
t 'quarantine: judged all the same' verdict_is folds.json folds.unlucky flaky
t 'quarantine: excused' status_is 0

build stable stand_in.o
./stable >want
run_preloaded ./stable
t 'nothing suspect, nothing fails: the output of before' same want out
t 'and no word' is_empty err

# ---- its symbols in a file of their own ----

build twelve stand_in.o -Wl,--build-id && objcopy --only-keep-debug twelve twelve.debug && strip twelve
id=$(readelf -n twelve | sed -n 's/.*Build ID: //p')
folder=debug/.build-id/$(echo "$id" | cut -c1-2)
mkdir -p "$folder" && mv twelve.debug "$folder/$(echo "$id" | cut -c3-).debug"
run_flicker run --test twelve.flaky --runs 60 --until runs --time none --seed 0x5eed --debug-dir "$PWD/debug" \
	--report json=separate.json ./twelve
t 'stripped, --debug-dir: flaky' verdict_is separate.json twelve.flaky flaky
t 'stripped, --debug-dir: fresh processes, too' holds_of separate.json twelve.flaky \
	'.attempts.infra == 0 and any(.arms[]; .mode == "exec")'
t 'stripped, --debug-dir: the backtrace' holds_of separate.json twelve.flaky \
	'[.failures[0].backtrace[].function] == ["flaky"]'

# ---- stripped: nothing to hold on to ----

build twelve stand_in.o && ./twelve >want 2>want.err
strip twelve
run_preloaded ./twelve
t 'stripped: the output of before' same want out
t 'stripped: the exit code of before' status_is 3
run_flicker run --all --runs 5 --time none --timeout 0.3 ./twelve
t 'stripped: flicker run does not die of it' [ "$status" -lt 128 ]
t 'stripped: and is not silent' not same err want.err
finish
