# SPDX-License-Identifier: MIT
# What stands between flicker and the test program - shells, scripts, python, ctest, make - is
# passed through, and becomes the test only where nothing else does.
. "$FL_SRC/tests/e2e/lib.sh"
process=$FL_FIXTURES/process

# NAME, command...: `run` reaches cmocka's tests behind it
reaches() {
	name=$1
	shift
	run_flicker run --all --runs 9 --until runs --time none --report json=reached.json "$@"
	t "$name: reaches the tests" holds reached.json \
		'[.tests[] | .id, .verdict] == ["stable.adds", "stable", "stable.compares", "stable", "stable.draws", "stable"]'
	t "$name: nothing to complain of" not has err warning
	t "$name: exit code" status_is 0
}

# NAME, id, command...: the same for a program without a framework, flaky by chance (0.7^60)
becomes() {
	name=$1 id=$2
	shift 2
	run_flicker run --all --runs 60 --time none --report json=became.json "$@"
	t "$name: the program it becomes is the test" verdict_is became.json "$id" flaky
	t "$name: and nothing else" holds became.json '.tests | length == 1'
	t "$name: with its backtrace" holds_of became.json "$id" '.failures[0].backtrace[0].function == "give_up"'
	sh -c "$(json became.json '.tests[0].failures[0].replay' | sed "s|^flicker|$flicker|")" >replay.log 2>&1
	t "$name: reproduced" grep -qx "$id: reproduced" replay.log
}

# ---- one process, several programs ----

script() {
	printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"
}
script wrapper "exec '$cmocka/stable' \"\$@\""
script test_chance "exec '$process/chance' \"\$@\""
script twice "exec ./wrapper"
script starts "'$cmocka/stable'; exit \$?"
reaches 'a script that becomes it' ./wrapper
reaches 'a script that becomes a script' ./twice
reaches 'a script that starts it' ./starts
reaches 'env' env A=1 "$cmocka/stable"
reaches 'a shell' sh -c "exec '$cmocka/stable'"
reaches 'timeout' timeout 50 "$cmocka/stable"
becomes 'a script' test_chance ./test_chance exits
becomes 'env' chance env A=1 "$process/chance" exits
becomes 'a shell' chance sh -c "exec '$process/chance' exits"
becomes 'nice' chance nice -n 0 "$process/chance" exits
run_flicker list ./wrapper
t 'list: a script that becomes it' is "$(tr '\n' ' ' <out)" 'stable.adds stable.compares stable.draws '
run_flicker list ./test_chance
t 'list: a script without a framework' is "$(cat out)" test_chance

# ---- the driver stays, the tests are its child's ----

cat >driver.py <<'END'
import subprocess, sys
sys.exit(subprocess.run(sys.argv[1:], close_fds=True).returncode)
END
reaches 'python' python3 driver.py "$cmocka/stable"
run_flicker run --runs 20 --time none --report json=driver.json python3 driver.py "$process/ends" fails
t 'python, no framework: the whole is the test' holds driver.json \
	'[.tests[] | .id, .verdict, .host.message] == ["python3", "failing", "exit code 3"]'
cat >Makefile <<END
check:
	@'$cmocka/stable'
END
reaches 'make' env MAKEFLAGS= make -s check
if command -v ctest >/dev/null; then
	echo "add_test(stable \"$cmocka/stable\")" >CTestTestfile.cmake
	reaches 'ctest' ctest
else
	t_skip ctest 'not installed'
fi
run_flicker run --all --runs 9 --report json=two.json sh -c "'$cmocka/stable'; '$cmocka/failing'; true"
t 'two test programs under one: the second is said' has err \
	"^flicker: warning: another test program, '$cmocka/failing', ran too and was not watched.*'flicker run -- $cmocka/failing'"
t 'two test programs under one: the first is judged' holds two.json '.totals.stable == 3'
run_flicker run sh -c "'$cmocka/stable'; exit 9"
t 'behind a test program: the exit code is the driver'"'"'s' status_is 9

# ---- lost on the way ----

script slow 'sleep 0.3; exit 3'
run_flicker run --runs 3 --until runs --report json=lost.json env -i "$PWD/slow"
t 'env -i: that is said' has err '^flicker: warning: the program has executed another one, which flicker was not passed on to'
t 'env -i: its end is seen' holds lost.json '[.tests[] | .id, .host.message] == ["env", "exit code 3"]'

# ---- a plain preload: nothing of all that ----

for what in ./wrapper ./starts "env A=1 $cmocka/stable" "timeout 50 $cmocka/stable" ./test_chance; do
	# shellcheck disable=SC2086 # words
	run $what
	mv out plain.out && mv err plain.err && plain=$status
	# shellcheck disable=SC2086
	run_preloaded $what
	t "preload, $what: output" same plain.out out
	t "preload, $what: errors" same plain.err err
	t "preload, $what: exit code" status_is "$plain"
done
rm -f ./*.flicker.json
FLICKER_RUNS=20 run_preloaded sh -c "'$cmocka/failing'; exit 4"
t 'preload, a failure behind a shell: a report' verdict_is failing.flicker.json failing.fails failing
t 'preload, a failure behind a shell: exit code' status_is 4
t 'preload: no other report' is "$(ls ./*.flicker.json)" ./failing.flicker.json
finish
