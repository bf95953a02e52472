# SPDX-License-Identifier: MIT
# examples/cmake, as its page says: configured, built, run by ctest.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/e2e/ctest.sh"

# It fails once in twelve times: 300 attempts all pass with odds of (11/12)^300 < 1e-11.
cp -r "$FL_SRC/examples/cmake" example
source=example build=example/build
configures 'example'
builds 'example'
run_ctest --output-on-failure -E '^playlist$'    # that one may flicker, too
t 'the flaky test fails' not status_is 0
result_is playlist.is_another_one Failed
result_is playlist.is_complete Passed
result_is playlist.has_a_length Passed
t 'and shows the finding' has out 'FLAKY +playlist.is_another_one'
labelled flaky playlist.is_another_one
labelled suspect playlist.is_another_one playlist.is_complete
run_ctest -R '^playlist$'
result_is playlist Passed
t 'a program as a whole has its report' is_valid "$build/flicker/playlist.json"
t 'the sources configure without installation, too' cmake -S example -B elsewhere \
	-DFlicker_DIR="$FL_SRC/adapters/cmake" -DFlicker_COMMAND="$flicker" -DFlicker_PLUGIN="$library"
finish
