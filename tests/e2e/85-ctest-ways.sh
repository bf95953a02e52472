# SPDX-License-Identifier: MIT
# flicker_discover_tests() and flicker_add_test(): odd words, generators, versions, and what goes wrong.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/ctest.sh"

source="the project's" build="the project's/build (1)"
mkdir "$source"

# TEST...: the program t, a cmocka group `net`; each prints its arguments.  $more is added at file scope
more=
program() {
	{
		printf '#include <flicker/flicker.h>\n%s\n' "$more"
		printf '#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n'
		printf '#include <stdio.h>\n#include <stdlib.h>\n#include <cmocka.h>\nstatic char **words;\n'
		printf 'static void show(void **s) { char **w; (void)s; for (w = words; *w; w++) printf("<%%s>", *w);\n'
		printf '\tprintf(" A=%%s\\n", getenv("A") ? getenv("A") : ""); }\n'
		printf 'int main(int argc, char **argv) { const struct CMUnitTest tests[] = {\n'
		printf '\t{ "%s", show, NULL, NULL, NULL },\n' "$@"
		printf '}; words = argv + (argc > 0); START;\n'
		printf 'return cmocka_run_group_tests_name("net", tests, NULL, NULL); }\n'
	} >"$source/t.c"
}

# Lines of CMake behind the program's
project() {
	{
		printf 'cmake_minimum_required(VERSION 3.19)\nproject(p C)\nfind_package(Flicker REQUIRED)\n'
		printf 'set(START "" CACHE STRING "")\nset(keys x)\nset(arg_RUNS none)\n'
		printf 'add_executable(t t.c)\ntarget_link_libraries(t Flicker::headers cmocka)\n'
		printf 'target_compile_options(t PRIVATE "-DSTART=%s")\nenable_testing()\n' "\${START}"
		printf '%s\n' "$@"
	} >"$source/CMakeLists.txt"
}

# ---- words that shells and lists of CMake do not like ----

program one 'two three'
project 'flicker_discover_tests(t TEST_PREFIX "a b;" TEST_SUFFIX "]==]" SUSPECT "net.on[e" "*three"
	EXTRA_ARGS "x;y" "[z" "q\"\$\\" "]==" "" RUNS 3 OPTIONS --until runs
	PROPERTIES ENVIRONMENT "A=1;B=2" LABELS "c;d" TIMEOUT 50)' \
	'flicker_add_test(NAME "o[d;d/1" COMMAND t "a b;c" "[" RUNS 3 LABELS whole)' \
	'flicker_add_test(NAME sh COMMAND sh -c "exit 77")'
configures 'odd words'
builds 'odd words'
t 'a pattern that matches nothing is told' has err "no test 'net.on\[e'; did you mean 'net.one'"
t 'prefix and suffix' is "$(names)" 'a b;net.one]==] a b;net.two%20three]==] o[d;d/1 sh '
run_ctest -V
t 'each argument arrives as it is' is "$(grep -c '<x;y><\[z><q"\$\\><]==><> A=1$' out)" 2
t 'those of a whole program, too' has out '<a b;c><\[> A=$'
result_is sh Skipped
t 'labels of both kinds' is "$(names -L '^d$')" 'a b;net.one]==] a b;net.two%20three]==] '
t 'a label of a whole program' is "$(names -L whole)" 'o[d;d/1 '
t 'options reach flicker run' holds "$build/flicker/t/net.two%20three.json" '.run.settings.until == "runs"'
t 'reports are where they belong' is "$(find "$build/flicker" -name '*.json' | grep -c .)" 4

# ---- another build, other tests; other settings, another listing ----

program one three
builds 'other tests'
t 'what is new is there, what is gone is not' is "$(names -R net)" 'a b;net.one]==] a b;net.three]==] '
t 'nor is its report' not test -e "$build/flicker/t/net.two%20three.json"
t 'others keep theirs' test -e "$build/flicker/t/net.one.json"
sed -i 's/SUSPECT.*/FILTER "*three"/' "$source/CMakeLists.txt"
configures 'other settings'
t 'ctest lists anew' is "$(names -R net)" 'a b;net.three]==] '

# ---- dates, folders, clean ----

more='FLICKER_SUSPECT("net.one", "until=2001-01-01"); FLICKER_SUSPECT("net.two", "until=2099-12-31");'
program one two
mkdir "$source/off"
echo 'flicker_add_test(NAME deep COMMAND t RUNS 3)
flicker_add_test(NAME chance COMMAND sh -c "test $((FLICKER_ATTEMPT % 2)) = 1" RUNS 40
  POLICY tolerate)
flicker_add_test(NAME target COMMAND "${CMAKE_COMMAND}" -E echo "$<TARGET_FILE_NAME:t>")' >"$source/off/CMakeLists.txt"
project 'flicker_discover_tests(t RUNS 3 POLICY quarantine LABELS no)' 'add_subdirectory(off)' \
	'add_subdirectory(off ../elsewhere)'
configures 'dates and folders'
builds 'dates and folders'
labelled suspect net.one net.two
labelled expired net.one
labelled no net.one net.two
labelled quarantine net.two
run_ctest -V
t 'all of them pass' status_is 0
labelled flaky chance chance
t 'generator expressions are evaluated' has out '^[0-9]+: t$'
t 'a test of a folder below' test -e "$build/flicker/off/deep.json"
t 'a test of a folder elsewhere' is "$(find "$build/flicker" -name deep.json | grep -c .)" 2
builds 'cleaned' --target clean
t 'cleaned: no test of it is left' is "$(names -R net)" ''
more=
program one three

# ---- Ninja Multi-Config; an emulator; a launcher ----

project 'set_target_properties(t PROPERTIES CROSSCOMPILING_EMULATOR "env;A=e m" TEST_LAUNCHER "env;B=1")' \
	'flicker_discover_tests(t DISCOVERY_MODE "${MODE}")' 'flicker_discover_tests(t TEST_PREFIX again. FILTER "*one")' \
	'flicker_add_test(NAME whole COMMAND t)'
rm -r "$build"
configures 'multi-config' -G 'Ninja Multi-Config' -DMODE=PRE_TEST -DFLICKER_TEST_CMAKE_VERSION=3.19
builds 'multi-config' --config Debug
t 'without a configuration nothing can be run' is "$(names)" 't t-2 whole '
run_ctest -C Debug -V
t 'all pass' status_is 0
t 'in the emulator' is "$(grep -c ' A=e m$' out)" 5
t 'before 3.29 there are no launchers' not has out 'B=1'
t 'reports by configuration' test -e "$build/flicker/Debug/t-2/net.one.json"
t 'another configuration is not built' is "$(names -C Release)" 't_NOT_BUILT t_NOT_BUILT whole '
rm -r "$build"
configures 'a launcher' -G Ninja -DMODE=POST_BUILD -DFLICKER_TEST_CMAKE_VERSION=3.29
t 'before it is built: no test to run' is "$(names)" 't_NOT_BUILT t_NOT_BUILT whole '
builds 'a launcher'
run_ctest -V
t 'from 3.29 on there is, and it comes first' has out '"env" "B=1" "env" "A=e m" '
t 'and all pass' status_is 0

# ---- programs that cannot be listed ----

project 'flicker_discover_tests(t DISCOVERY_TIMEOUT 5)'
# NAME, what main does first, pattern
not_listed() {
	run_cmake "-DSTART=$2"
	run cmake --build "$build"
	t "$1: the build fails" not status_is 0
	cat err >>out
	t "$1: and says why" has out "$3"
	t "$1: for which target" has out "cannot list the tests of 't'"
}
not_listed 'a crash' 'abort()' 'signal 6|no framework'
not_listed 'an early end' 'return 0' 'no framework|before it ran a test|exit status'
not_listed 'a hang' 'while (1) abs(1)' 'more than 5 seconds'
t 'a hang: nothing is left' nothing_runs "$PWD/the project's/build .1./t"
run_cmake -DSTART=
builds 'mended'
t 'mended: it is there' is "$(names)" 'net.one net.three '

# ---- bad arguments, each before anything is built ----

refused 'flicker_discover_tests(nosuch)' 'nosuch\): there is no such target'
refused 'flicker_discover_tests(t RUNS)' '\(t\): RUNS wants a value'
refused 'flicker_discover_tests(t RUNS many)' "RUNS is a number from 1 on, not 'many'"
refused 'flicker_discover_tests(t POLICY maybe)' "POLICY is one of fail, tolerate, quarantine, not 'maybe'"
refused 'flicker_discover_tests(t DISCOVERY_MODE LATER)' "POST_BUILD, PRE_TEST, not 'LATER'"
refused 'flicker_discover_tests(t STUFF)' "unknown argument 'STUFF'"
refused 'flicker_discover_tests(t PROPERTIES TIMEOUT)' 'names and values; one is missing'
refused 'flicker_add_test(NAME x)' 'NAME and COMMAND are needed'
refused 'flicker_discover_tests(t)' 'CMake 3.19 or newer is needed, this is 3.18' -DFLICKER_TEST_CMAKE_VERSION=3.18

# ---- without a word of flicker in the project ----

project 'add_test(NAME plain COMMAND t)' 'flicker_discover_tests(t)'
rm -r "$build"
configures 'an emulator for all' "-DCMAKE_CROSSCOMPILING_EMULATOR=$flicker;run;--all;--runs;3;--"
builds 'an emulator for all'
run_ctest
t 'ctest passes' status_is 0
t 'under flicker' holds "$build/t.flicker.json" '.totals.attempts == 6'
t 'but not twice' holds "$build/flicker/t/net.one.json" '.program.path | endswith("/t")'
rm -r "$build"
configures 'a preload'
builds 'a preload'
status=0
(cd "$build" && FLICKER_ALL=1 FLICKER_RUNS=3 LD_PRELOAD="$library" ctest) >out 2>err || status=$?
t 'LD_PRELOAD ctest passes' status_is 0
t 'LD_PRELOAD: under flicker' holds "$build/t.flicker.json" '.totals.attempts == 6'
finish
