# SPDX-License-Identifier: MIT
# Programs that fight back, by command: the exact outcome, in bounds, and nobody is left.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/hostile.sh"

for name in fork_many daemonize background_child close_all close_even_standard clobber_environ \
	remove_directory limit_all fork_like_vfork jump leave_threads exhaust_descriptors \
	write_much kill_parent stop_and_go_on; do
	by_command $name pass
	host_is $name pass
done
if [ "$(id -u)" = 0 ]; then
	for name in become_nobody change_root; do
		by_command $name pass
		host_is $name pass
	done
else
	t_skip 'become_nobody, change_root' 'for root only'
fi
for name in kill_itself kill_group terminate_group kill_remembered break_seccomp overflow read_null \
	abort_at_once abort_in_handler corrupt_heap; do
	by_command $name crash
	host_is $name crash
done
for name in jump_out exit_mid; do
	by_command $name early-exit
	host_is $name early-exit
done
by_command stop_itself stopped
host_is stop_itself stopped
by_command stop_as_terminal stopped     # the program itself has a session of its own: no terminal can stop it
by_command allocate_until_null fail

# The signal that is said is the one that it was.
signal_is() {
	t "run $1: signal $2" holds_of "$1.json" "hostile.$1" ".failures[0].signal == $2"
}
signal_is kill_itself 9
signal_is kill_group 9
signal_is terminate_group 15
signal_is break_seccomp 9
signal_is overflow 11
signal_is read_null 11
signal_is abort_at_once 6
signal_is abort_in_handler 6
signal_is corrupt_heap 6
signal_is stop_itself 19
signal_is stop_as_terminal 20
t 'run stop_itself: ended at once' holds_of stop_itself.json hostile.stop_itself '.duration_ms.max < 10000'
t 'valid' is_valid stop_itself.json

# What it writes over flicker's memory is not believed, nor is anything told of it.
for mode in fork exec; do
	run_flicker run --all --until runs --runs 2 --mode $mode --report json=over_$mode.json "$hostile" write_over
	t "run write_over, $mode: no evidence" holds_of over_$mode.json hostile.write_over \
		'.attempts.total == 0 and .attempts.infra >= 2 and .verdict == "unknown"'
	t "run write_over, $mode: its neighbours are well" neighbours_are_well over_$mode.json
	t "run write_over, $mode: no false alarm" not grep -q 'signal\|descriptor\|collided' err
done
finish
