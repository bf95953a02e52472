# SPDX-License-Identifier: MIT
# The examples do what their pages say.
. "$FL_SRC/tests/e2e/lib.sh"

# cmocka under ctest: the preload in the test's ENVIRONMENT, one suspect in the source
cp -r "$FL_SRC/examples/cmocka" example
prefix=$PWD/installed
t 'flicker can be installed' make -s -C "$FL_SRC" -o all install O="$FL_BUILD" PREFIX="$prefix"
t 'cmake finds it' cmake -S example -B example/build -DCMAKE_PREFIX_PATH="$prefix"
t 'the example builds' cmake --build example/build
run env FLICKER_SEED=0x5eed sh -c 'cd example/build && ctest --output-on-failure'
t 'ctest sees the flaky test fail' not status_is 0
t 'and shows the finding' has out 'FLAKY '
report=example/build/test_backoff.flicker.json
t 'its report is there' is_valid "$report"
t 'one suspect, by the source, flaky' holds "$report" \
	'[.tests[] | select(.suspect.why == "annotated")] | length == 1 and .[0].verdict == "flaky"'
t 'the others are only run once' holds "$report" \
	'all(.tests[] | select(.suspect == null); .verdict == "not-suspect" and .attempts.total == 0)'
run "$prefix/bin/flicker" report "$report"
t 'flicker report shows it' has out 'FLAKY '

# xunit.h, as it is installed
cp -r "$FL_SRC/examples/xunit" xunit
t 'xunit: cmake finds flicker' cmake -S xunit -B xunit/build -DCMAKE_PREFIX_PATH="$prefix"
t 'xunit: the example builds' cmake --build xunit/build
run ctest --test-dir xunit/build
t 'xunit: its tests pass' status_is 0
run "$prefix/bin/flicker" run --runs 30 --report json=stack.json xunit/build/test_stack
t 'xunit: flicker, too' status_is 0
t 'xunit: the suspect is stable' verdict_is stack.json Stack.KeepsItsOrder stable
finish
