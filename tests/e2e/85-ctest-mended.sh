# SPDX-License-Identifier: MIT
# flicker_discover_tests(): what is wrong is said as early as it can be known, and mended it is forgotten.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/ctest.sh"

source=source build=build
mkdir "$source"
cat >"$source/t.c" <<'END'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
static void passes(void **state) { (void)state; }
int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "one", passes, NULL, NULL, NULL }, { "two", passes, NULL, NULL, NULL },
		{ "three", passes, NULL, NULL, NULL },
	};
	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
END

# Lines of CMake behind the program's
project() {
	{
		printf 'cmake_minimum_required(VERSION 3.19)\nproject(p C)\nfind_package(Flicker REQUIRED)\n'
		printf 'add_executable(t t.c)\ntarget_link_libraries(t cmocka)\nenable_testing()\n'
		printf '%s\n' "$@"
	} >"$source/CMakeLists.txt"
}

# ---- a quarantine file that cannot be read for a while ----

# NAME, pattern: ctest gives up, and says why, each time
says_each_time() {
	for time in first second; do
		run_ctest
		t "$1: ctest fails, the $time time" not status_is 0
		cat err >>out
		t "$1: and says why, the $time time" has out "$2"
	done
}
for mode in POST_BUILD PRE_TEST; do
	rm -rf "$build"
	printf '[suspect "net.one"]\nuntil = 2099-12-31\n' >"$source/known.ini"
	project "flicker_discover_tests(t QUARANTINE known.ini DISCOVERY_MODE $mode)"
	configures "$mode"
	builds "$mode"
	t "$mode: tests are there" is "$(names)" 'net.one net.two net.three '
	printf '[suspect "net.one"]\nuntil = tomorrow\n' >"$source/known.ini"
	says_each_time "$mode: a bad date" "known.ini:2: .*tomorrow"
	printf '[suspect "net.two"]\nuntil = 2099-12-31\n' >"$source/known.ini"
	t "$mode: mended, they are there again" is "$(names)" 'net.one net.two net.three '
	labelled quarantine net.two
	rm "$source/known.ini"
	says_each_time "$mode: no file" 'known.ini'
	printf '[suspect "net.one"]\nuntil = 2099-12-31\n' >"$source/known.ini"
	run_ctest
	t "$mode: there again, ctest is content" status_is 0
	labelled quarantine net.one
done

# ---- each before anything is built ----

refused 'flicker_discover_tests(t OPTIONS --al)' "\(t\): OPTIONS: .*unknown option '--al'"
refused 'flicker_add_test(NAME x COMMAND t OPTIONS --jobs)' "\(x\): OPTIONS: .*'--jobs'"
refused 'flicker_discover_tests(t QUARANTINE nope.ini)' "\(t\): QUARANTINE: there is no file '[^']*/nope.ini'"
refused 'flicker_discover_tests(t RUNS 3)
flicker_discover_tests(t)' 'would have the same names'
refused 'flicker_discover_tests(t FILTER "*")
flicker_discover_tests(t FILTER "*" TEST_SUFFIX "")' \
	'would have the same names'

# ---- a filter that matches nothing; files and options that are known later ----

project 'flicker_discover_tests(t FILTER "*zzz")' 'flicker_discover_tests(t FILTER "*two")' \
	'flicker_discover_tests(t TEST_PREFIX again. QUARANTINE "${CMAKE_BINARY_DIR}/made.ini"
	OPTIONS $<IF:$<CONFIG:None>,--al,--all>)'
configures 'a filter that matches nothing'
printf '[suspect "net.one"]\nuntil = 2099-12-31\n' >"$build/made.ini"
builds 'a filter that matches nothing'
cat err >>out
t 'and it is told' has out "FILTER '\*zzz' selects none of the tests of 't'"
t 'others are there' is "$(names)" 'net.two again.net.one again.net.two again.net.three '

# ---- shards: for all programs at once, from outside ----

for shard in 0 1 2; do
	status=0
	(cd "$build" && GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=$shard ctest -R again) >out 2>err || status=$?
	t "shard $shard: ctest is content" status_is 0
	t "shard $shard: one test runs" is "$(grep -c ' Passed ' out)" 1
	t "shard $shard: the others do not" is "$(grep -c '\*\*\*Skipped ' out)" 2
done
run env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 "$flicker" run --filter net.one "$build/t"
t 'not under ctest: nothing to do' status_is 0
run env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 "$flicker" run --filter zzz "$build/t"
t 'a filter that matches nothing is still an error' status_is 64
run env GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=1 "$flicker" run --test net.one "$build/t"
t 'by its id: nothing to do' status_is 0
finish
