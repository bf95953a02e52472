# SPDX-License-Identifier: MIT
# Programs that fight back, under a plain preload.  The program itself only fails in the
# test, but for those at the end, whose own run can be let happen.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/hostile.sh"

for name in fork_many daemonize background_child close_all close_even_standard clobber_environ \
	remove_directory limit_all fork_like_vfork jump leave_threads exhaust_descriptors \
	write_much kill_parent stop_and_go_on; do
	by_preload $name pass
done
if [ "$(id -u)" = 0 ]; then
	for name in become_nobody change_root; do
		by_preload $name pass
	done
else
	t_skip 'become_nobody, change_root' 'for root only'
fi
for name in kill_itself kill_group terminate_group kill_remembered break_seccomp overflow read_null \
	abort_at_once abort_in_handler corrupt_heap; do
	by_preload $name crash
done
for name in jump_out exit_mid; do
	by_preload $name early-exit
done
for name in stop_itself stop_as_terminal; do
	by_preload $name stopped
done
by_preload allocate_until_null fail

# As it comes: nothing is meek.
host=wild
for name in fork_many close_all clobber_environ remove_directory leave_threads exhaust_descriptors; do
	by_preload $name pass
done
for name in kill_itself kill_group abort_at_once corrupt_heap; do
	by_preload $name crash
done
by_preload exit_mid early-exit
finish
