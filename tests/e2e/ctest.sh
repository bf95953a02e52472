# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# ctest.sh - what the scripts on CMake share: . "$FL_SRC/tests/e2e/ctest.sh", behind lib.sh
#
# $source and $build are the folders of the project.  cmake finds flicker in its source tree,
# if that is built there, else as it is installed.
export FLICKER_SEED=0x5eed FLICKER_TIME=none
unset CMAKE_GENERATOR CMAKE_BUILD_TYPE
installed=$PWD/installed
make -s -C "$FL_SRC" -o all install O="$FL_BUILD" PREFIX="$installed" >install.log 2>&1 || cat install.log

# Options of cmake...
run_cmake() {
	run cmake -S "$source" -B "$build" -DCMAKE_PREFIX_PATH="$installed" "$@" </dev/null
}

# NAME, options of cmake...
configures() {
	configured=$1
	shift
	run_cmake "$@"
	t "$configured: configured" status_is 0
	t "$configured: nothing to complain of" not has err .
}

# NAME, options of cmake --build...
builds() {
	built=$1
	shift
	run cmake --build "$build" "$@" </dev/null
	t "$built: built" status_is 0
}

run_ctest() {
	status=0
	(cd "$build" && ctest "$@") </dev/null >out 2>err || status=$?
}

# NAME, Passed, Failed or Skipped: in what ctest last said
result_is() {
	t "$1: $2" grep -qE "Test +#[0-9]+: $(echo "$1" | sed 's/[][%.]/\\&/g') [. ]*(\*\*\*)?$2 " out
}

# LABEL, NAME...: exactly these tests have it
labelled() {
	label=$1
	shift
	(cd "$build" && ctest -N -L "^$label\$") | sed -n 's/^ *Test *#[0-9]*: //p' | sort >have
	for name; do
		echo "$name"
	done | sort >want
	t "label $label: $*" same want have
}

# [options of ctest]...: the tests that there are
names() {
	(cd "$build" && ctest -N "$@" 2>&1) | sed -n 's/^ *Test *#[0-9]*: //p' | tr '\n' ' '
}

# CALL, pattern, options of cmake...: a line of CMakeLists.txt behind those of project() of the script
refused() {
	project "$1"
	call=$1 pattern=$2
	shift 2
	run_cmake "$@"
	t "$call: refused" status_is 1
	tr '\n' ' ' <err | tr -s ' ' >line
	t "$call: says why" has line "$pattern"
}
