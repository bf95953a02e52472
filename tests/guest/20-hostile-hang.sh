# SPDX-License-Identifier: MIT
# Programs that never come back: ended at their time, each with all that it started.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/hostile.sh"

for name in hang hang_ignoring hang_blocking hang_in_threads busy_loop fork_bomb; do
	by_command $name timeout 0.5
	host_is $name timeout
	by_preload $name timeout 0.5
done
finish
