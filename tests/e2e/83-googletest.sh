#!/bin/sh
# SPDX-License-Identifier: MIT
# GoogleTest's command line on programs of other frameworks, and what was made to drive GoogleTest:
# CMake's gtest_discover_tests, ctest, meson, as they are.  Seeds are fixed: no chance decides.
. "$FL_SRC/tests/e2e/lib.sh"

twin=$cmocka/twin
for name in $(env | sed -n 's/^\(GTEST_[A-Z_]*\|TEST_[A-Z_]*\|TESTBRIDGE_[A-Z_]*\|XML_OUTPUT_FILE\)=.*/\1/p'); do
	unset "$name"
done
export FLICKER_SEED=0x5eed FLICKER_RUNS=20

# ---- every framework ----

for framework in check criterion cunit glib unity; do
	program=$FL_FIXTURES/$framework/twelve
	[ -x "$program" ] || { t_skip "$framework" 'not installed'; continue; }
	"$flicker" list "$program" >ids 2>/dev/null
	run_flicker run -- "$program" --gtest_list_tests
	t "$framework: listed" status_is 0
	awk '/^ / { print suite substr($0, 3); next } { suite = $0 }' out | sort >listed
	sort -o ids ids
	t "$framework: the ids" same ids listed
	one=$(grep 'fails$' listed)
	run_flicker run --mode exec --runs 3 --report json=one.json -- "$program" --gtest_filter="$one"
	t "$framework: one of them" holds one.json '.tests | length == 1 and .[0].attempts.total == 3 and .[0].attempts.fail == 3'
	t "$framework: says so in GoogleTest's words" has out '^\[ RUN      \] .*fails'
	replay=$(of_test one.json "$(json one.json '.tests[0].id')" '.failures[0].token')
	run_flicker replay "$replay" -- "$program" --gtest_filter="$one"
	t "$framework: replayed with its flags" status_is 0
done

if [ -x "$FL_FIXTURES/glib/forms" ]; then
	run_flicker run -- "$FL_FIXTURES/glib/forms" --gtest_list_tests
	t 'without a suite: listed' is "$(sed -n '/^\.$/{n;p}' out)" '  alone'
	run_flicker run --report json=r.json -- "$FL_FIXTURES/glib/forms" --gtest_filter=.alone
	t 'and selected by what CMake makes of that' holds r.json '[.tests[].id] == ["alone"]'
fi

cat >late.c <<'END'
#include <check.h>
#include <unistd.h>
START_TEST(late) { sleep(60); } END_TEST
int main(void)
{
	Suite *suite = suite_create("slow");
	TCase *tcase = tcase_create("core");
	SRunner *runner = srunner_create(suite);
	tcase_set_timeout(tcase, 0.5);
	tcase_add_test(tcase, late);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	return srunner_ntests_failed(runner) > 0;
}
END
# shellcheck disable=SC2046
if $CC -o late late.c $(pkg-config --cflags --libs check 2>/dev/null) 2>/dev/null; then
	run_flicker run --runs 1 -- ./late --gtest_output=xml:late.xml
	t "Check's timeout: on the screen" has out "^no end in sight in phase 'test'"
	t 'the same in the report' has late.xml 'no end in sight in phase .*test'
else
	t_skip "Check's timeout" 'no Check'
fi

# ---- what is around a run ----

run env TEST_PREMATURE_EXIT_FILE=premature TEST_SHARD_STATUS_FILE=understood TEST_TOTAL_SHARDS=4 TEST_SHARD_INDEX=1 \
	"$flicker" run --report json=r.json -- "$twin"
t "Bazel's shards" holds r.json '[.tests[].id] == ["Alpha.Fails", "Beta.PassesToo"]'
t 'that are understood' is_empty understood
t 'it came to its end: no file' not ls premature
run env TEST_PREMATURE_EXIT_FILE=premature "$flicker" run --report json=r.json -- "$cmocka/host_exit"
t 'it did not: the file is there' is "$(cat premature)" 0
run env TEST_PREMATURE_EXIT_FILE=/proc/nowhere "$flicker" run --report json=r.json -- "$twin"
t 'that it cannot be is no run' has err "^flicker: cannot write the premature exit file '/proc/nowhere'"
t 'and 1' status_is 1
for path in /nowhere/understood /proc/understood /; do
	run env GTEST_SHARD_STATUS_FILE=$path "$flicker" run --report json=r.json -- "$twin" --gtest_filter=Beta.Passes
	t "$path: no shard status file, no verdict" line_count_is err 1
	t "$path: it says why" has err "^flicker: cannot write the shard status file '$path'"
	t "$path: and 1" status_is 1
	run env GTEST_SHARD_STATUS_FILE=$path "$flicker" run -- "$twin" --gtest_list_tests
	t "$path: no list, and 1" status_is 1
done
run_flicker run --runs 3 --report json=r.json -- "$twin" --gtest_repeat=2 '--gtest_filter=Alpha.Fails'
t 'repeated: the report of each with findings is kept' holds r.iteration-1.json '.tests[0].id == "Alpha.Fails"'
t 'where a folder is united it is found' is "$(mkdir -p kept; mv r.iteration-1.json kept; "$flicker" report --merge kept | grep -c '^1 test:')" 1
t 'and of the last' holds r.json '.tests[0].id == "Alpha.Fails" and .run.seed != "0x5eed"'
run_flicker run --runs 100 --all --report json=r.json -- "$cmocka/flaky_rand" --gtest_repeat=3 '--gtest_filter=*.thirty_by_random'
t 'repeated: what to quarantine is proposed once' is "$(grep -c '^to quarantine' err)" 1
run_flicker run --report json=r.json -- "$twin" --gtest_repeat=3 '--gtest_filter=Alpha.Passes'
t 'repeated: that nothing was suspect is said once' is "$(grep -c '^nothing was suspect' err)" 1
run_flicker run --report json=r.json -- "$cmocka/host_abort" --gtest_repeat=-1 --gtest_filter='*'
t 'repeated forever: until it dies' is "$(grep -c '^Repeating' out)" 1
run_flicker run --report json=r.json -- "$twin" --gtest_no_such_flag
t 'no flag: help' has out '^  --gtest_filter='
t 'which is no failure' status_is 0
t 'no flag: which one' is "$(cat err)" "flicker: unknown flag '--gtest_no_such_flag'"
run_flicker run --report json=r.json -- "$twin" --gtest_fliter=x --gtest_reepat=2
t 'a misspelt flag: help' has out '^  --gtest_filter='
t 'a misspelt flag: what is near' is "$(cat err)" "flicker: unknown flag '--gtest_fliter=x'; did you mean '--gtest_filter'?"
run_flicker run --report json=r.json -- "$twin" --gtest_repeat=often
t 'a value of no use' is "$(cat err)" "flicker: the flag '--gtest_repeat=often' has no value that it can have"
run_flicker run --report json=r.json -- "$twin" --gtest_help
t 'help that is asked for: nothing is said' is_empty err
is_documented() {
	for flag in $(sed -n 's/^  --gtest_\([a-z_0-9]*\).*/\1/p' out); do
		has "$FL_SRC/docs/googletest.md" "\`$flag\`" || return 1
	done
}
t 'and every flag has its row' is_documented
run env GTEST_REPEAT=often "$flicker" run --report json=r.json -- "$twin" --gtest_filter=Beta.Passes
t 'a variable of no use is warned of' has err '^flicker: warning: GTEST_REPEAT is expected to be a 32-bit integer'
t 'and the default stays' status_is 0
run_flicker run --report json=r.json -- "$twin" --gtest_flagfile=nowhere
t 'a flag file that is not there' says_one_line "cannot read the flag file 'nowhere'"
run_flicker run --filter '*Passes' --report json=r.json -- "$twin" '--gtest_filter=Beta.*'
t 'the filter of flicker besides' holds r.json '[.tests[].id] == ["Beta.Passes"]'

# ---- ways in, and out ----

printf '#!/bin/sh\nexec "%s" "$@"\n' "$twin" >script
chmod +x script
run_flicker run --report json=r.json -- ./script '--gtest_filter=Beta.P*' --gtest_repeat=2
t 'behind a script' holds r.json '[.tests[].id] == ["Beta.Passes", "Beta.PassesToo"]'
t 'behind a script, repeated' is "$(grep -c '^Repeating' out) $status" '2 0'
run_preloaded "$twin" --gtest_list_tests '--gtest_filter=*.Skips'
t 'under a plain preload: handed over' is "$(tr '\n' ' ' <out)$status" 'Alpha.   Skips Beta.   Skips 0'
# shellcheck disable=SC2046 # words are meant
t 'linked to the flag --plugin' ${CC:-cc} -I"$FL_SRC/tests/fixtures" $(pkg-config --cflags cmocka) "$FL_SRC/tests/fixtures/cmocka/twin.c" \
	$(pkg-config --libs cmocka) -Wl,--no-as-needed "$FL_BUILD/libflicker-plugin.so" "-Wl,-rpath,$FL_BUILD" -o linked
run env FLICKER_REPORT=json=r.json ./linked --plugin="$library" --gtest_list_tests '--gtest_filter=*.Skips'
t 'by that flag: handed over' is "$(tr '\n' ' ' <out)$status" 'Alpha.   Skips Beta.   Skips 0'
run_flicker run --runs 3 --report json=r.json -- "$twin" --gtest_break_on_failure
t 'break on failure: as if by a signal' status_is 133
t 'break on failure: the attempts fail as ever' holds_of r.json Alpha.Fails '.host.outcome == "crash" and .attempts.fail == 3'
"$flicker" run --report json=r.json -- "$twin" --gtest_repeat=-1 --gtest_filter=Beta.Passes >out 2>err </dev/null &
pid=$!
for _ in $(seq 300); do
	[ "$(grep -c '^Repeating' out)" -lt 3 ] || break
	sleep 0.1
done
kill -TERM $pid
status=0
wait $pid || status=$?
t 'repeated forever: until it is interrupted' status_is 143

run_flicker run -- "$twin" --gtest_filter=Some/Suite.Test/0
t 'the report of one test has its name' holds twin.Some_Suite.Test_0.flicker.json '.tests == []'
run_flicker run -- "$twin" --gtest_filter='Beta.*'
t 'that of several has not' holds twin.flicker.json '.tests | length > 1'

# ---- programs that have a command line of their own ----

if [ -x "$FL_FIXTURES/gtest/twin" ]; then
	run_flicker run --runs 3 --report json=r.json -- "$FL_FIXTURES/gtest/twin" --gtest_repeat=2 --gtest_output=xml:own.xml
	t 'a GoogleTest program repeats by itself' is "$(grep -c '^Repeating' out)" 2
	t 'and writes its report' is "$(grep -c '<testsuites' own.xml) $(grep -c '<testcase ' own.xml)" '1 11'
	run_flicker run -- "$FL_FIXTURES/gtest/twin" --gtest_list_tests
	t 'and lists by itself' has out 'gtest_main.cc'
	run_flicker run -- "$FL_FIXTURES/gtest/twin" --gtest_no_such_flag
	t 'and helps by itself' has out '^This program contains tests written using Google Test'
	for shard in 0 1; do
		run env GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=$shard \
			"$flicker" run --skip-code 77 --filter Beta.Passes -- "$FL_FIXTURES/gtest/twin"
		echo "$status"
	done >codes
	t 'and deals shards by itself: one has it, the other nothing' is "$(sort codes | tr '\n' ' ')" '0 77 '
fi
run env TEST_TOTAL_SHARDS=3 "$flicker" run --report json=r.json -- sh -c 'exit 0' --gtest_flagfile=nowhere
t 'where nothing of it counts, nothing of it is wrong' status_is 0
run_flicker run --report json=r.json -- sh -c 'echo "$1" >args' sh --gtest_repeat=2
t 'a program without a framework gets them' is "$(cat args)" '--gtest_repeat=2'

# ---- CMake and ctest, unmodified ----

if command -v cmake >/dev/null && command -v ctest >/dev/null; then
	mkdir -p project
	cp "$FL_SRC/tests/fixtures/cmocka/fixture.h" project
	# CMake gives disabled tests names without that word: none may have the name of another
	sed 's/DISABLED_Fails/DISABLED_Breaks/; s/DISABLED_Passes/DISABLED_Works/' \
		"$FL_SRC/tests/fixtures/cmocka/twin.c" >project/twin.c
	cat >project/CMakeLists.txt <<-'END'
	cmake_minimum_required(VERSION 3.20)
	project(twins C)
	find_package(PkgConfig REQUIRED)
	pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
	enable_testing()
	include(GoogleTest)
	foreach(mode POST_BUILD PRE_TEST)
	  add_executable(twin_${mode} twin.c)
	  target_link_libraries(twin_${mode} PkgConfig::CMOCKA)
	  set_property(TARGET twin_${mode} PROPERTY CROSSCOMPILING_EMULATOR ${FLICKER} run --)
	  gtest_discover_tests(twin_${mode} DISCOVERY_MODE ${mode} TEST_PREFIX ${mode}.
	    XML_OUTPUT_DIR ${CMAKE_BINARY_DIR}/results)
	endforeach()
	END
	t 'CMake: configured' cmake -S project -B built -DFLICKER="$flicker"
	t 'CMake: built' cmake --build built
	for mode in POST_BUILD PRE_TEST; do
		run ctest --test-dir built -j4 -R "^$mode"
		sed -n 's|.*Test *#[0-9]*: \([^ ]*\) \.* *\**\([A-Z][A-Za-z ()]*[a-z)]\) .*|\1 \2|p' out | sort >told
		cat >want <<-END
		$mode.Alpha.Breaks Not Run (Disabled)
		$mode.Alpha.Fails Failed
		$mode.Alpha.Passes Passed
		$mode.Alpha.PassesToo Passed
		$mode.Alpha.Skips Skipped
		$mode.Beta.Passes Passed
		$mode.Beta.PassesToo Passed
		$mode.Beta.Skips Skipped
		$mode.Beta.Works Not Run (Disabled)
		$mode.Gamma.Fails Not Run (Disabled)
		$mode.Gamma.Passes Not Run (Disabled)
		END
		t "$mode: ctest runs each as what it is" same want told
	done
	(cd built && ls ./*.flicker*.json) >reports
	t "a report of each in flicker's format, too" is "$(grep -c '^\./twin_[PRET_OSBUILD]*\.[A-Za-z.]*\.flicker\.json$' reports)" 14
	t 'and no others' is "$(grep -c . reports)" 14
	t 'each of its own test' holds built/twin_PRE_TEST.Alpha.Fails.flicker.json '[.tests[].id] == ["Alpha.Fails"]'
	t 'XML_OUTPUT_DIR: a report of each' is "$(xmllint --xpath 'string(//testcase/@name)' built/results/POST_BUILD.Alpha.Fails.xml)" Fails
else
	t_skip 'CMake' 'not installed'
fi

# ---- meson, unmodified ----

if command -v meson >/dev/null && command -v ninja >/dev/null; then
	mkdir -p withmeson
	cp "$FL_SRC/tests/fixtures/cmocka/twin.c" "$FL_SRC/tests/fixtures/cmocka/fixture.h" withmeson
	cat >withmeson/meson.build <<-'END'
	project('twins', 'c')
	twin = executable('twin', 'twin.c', dependencies: dependency('cmocka'))
	test('all', twin, protocol: 'gtest')
	test('good', twin, protocol: 'gtest', args: ['--gtest_filter=*Passes*'])
	END
	t 'meson: configured' meson setup withmeson mesonbuilt
	run meson test -C mesonbuilt --wrapper "$flicker run --"
	t 'meson: what fails' has out '1/2 all .*FAIL|2/2 all .*FAIL'
	t 'meson: what passes' has out '/2 good .*OK'
	t 'meson: has read both reports' is "$(xmllint --xpath 'count(//testcase)' mesonbuilt/meson-logs/testlog-*.junit.xml)" 17
else
	t_skip 'meson' 'not installed'
fi
finish
