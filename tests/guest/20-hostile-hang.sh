# SPDX-License-Identifier: MIT
# Programs that never come back: ended at their time, each with all that it started.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/hostile.sh"

for name in hang hang_ignoring hang_blocking hang_in_threads busy_loop fork_bomb; do
	by_command $name timeout 0.5
	host_is $name timeout
	by_preload $name timeout 0.5
done

# Seen from outside, by ptrace(2): not everywhere allowed.
if [ "$(id -u)" = 0 ] || [ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" = 0 ]; then
	t 'all threads of a hung attempt' holds_of hang_in_threads.json hostile.hang_in_threads \
		'.failures[0].threads | length == 4 and
			([.[].backtrace[] | select(.function == "hang_in_thread")] | length) == 3'
	t 'one that blocks all signals is seen, too' holds_of hang_blocking.json hostile.hang_blocking \
		'any(.failures[0].backtrace[]; .function == "hang_blocking")'
	by_command hang_in_threads timeout 0.5
	t 'all threads of a hung program' holds_of hang_in_threads.json hostile.hang_in_threads \
		'.host.threads | length == 4'
	t 'valid' is_valid hang_in_threads.json
	run_flicker report hang_in_threads.json
	t 'told in the summary' has out 'thread [0-9]+ hostile +#0 hang_in_thread at'
else
	t_skip 'all threads' 'ptrace is restricted here'
fi
finish
