# SPDX-License-Identifier: MIT
# What needs a machine of its own: a limit of memory, a namespace of processes.
. "$FL_SRC/tests/e2e/lib.sh"
. "$FL_SRC/tests/guest/hostile.sh"

# A cgroup with 64 MiB, version 1 or 2, whose path goes to $group; its processes file to $members.
make_group() {
	own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
	group=/sys/fs/cgroup/memory$own/flicker-test-$$
	if mkdir "$group" 2>/dev/null; then
		echo $((64 << 20)) >"$group/memory.limit_in_bytes"
		return
	fi
	group=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/flicker-test-$$
	mkdir "$group" 2>/dev/null && echo $((64 << 20)) 2>/dev/null >"$group/memory.max" || return 1
	[ ! -e "$group/memory.swap.max" ] || echo 0 >"$group/memory.swap.max"
}

if make_group; then
	cat >limited.sh <<-END
		echo \$\$ >"$group/cgroup.procs" && exec "\$@"
	END
	t 'the limit bites' not sh limited.sh "$hostile" fill_memory
	run sh limited.sh env HOSTILE_HOST=meek "$flicker" run --until runs --runs 3 --suspect 'hostile.*' \
		--report json=meek.json "$hostile" fill_memory
	t 'run fill_memory: oom' all_attempts_are meek.json fill_memory oom
	t 'run fill_memory: said' holds_of meek.json hostile.fill_memory \
		'.failures[0] | .outcome == "oom" and .signal == null and (.message | test("out of memory"))'
	run sh limited.sh "$flicker" run --until runs --runs 3 --suspect 'hostile.*' \
		--report json=wild.json "$hostile" fill_memory
	t 'run fill_memory: the program itself: oom' holds_of wild.json hostile.fill_memory '.host.outcome == "oom"'
	t 'run fill_memory: its neighbours are well' neighbours_are_well wild.json
	run sh limited.sh "$flicker" run --until runs --runs 3 --suspect 'hostile.*' \
		--report json=self.json "$hostile" kill_itself
	t 'run kill_itself, limited: crash' all_attempts_are self.json kill_itself crash
	t 'run kill_itself, limited: the program itself: crash' holds_of self.json hostile.kill_itself \
		'.host.outcome == "crash"'
	run sh limited.sh env HOSTILE_HOST=meek LD_PRELOAD="$library" FLICKER_RUNS=3 FLICKER_UNTIL=runs \
		FLICKER_SUSPECT='hostile.*' FLICKER_REPORT=json=plain.json "$hostile" fill_memory
	t 'preload fill_memory: oom' all_attempts_are plain.json fill_memory oom
	rmdir "$group"
else
	t_skip 'out of memory' 'no cgroup with a limit of memory can be made here'
fi

# Signals to all processes: only where these are few.
alone() {
	unshare -rUpf --mount-proc "$@"
}
if alone true 2>/dev/null; then
	export HOSTILE_NAMESPACE=1
	run alone sh -c "'$flicker' run --all --until runs --runs 5 --report json=all.json '$hostile' kill_all; exit \$?"
	t 'run kill_all: attempts pass' all_attempts_are all.json kill_all pass
	t 'run kill_all: the program itself: pass' holds_of all.json hostile.kill_all '.host.outcome == "pass"'
	t 'run kill_all: the rest is well' neighbours_are_well all.json
	t 'run kill_all: a warning' has err "'hostile.kill_all' sends a signal to processes that are not its own"
	run alone sh -c "HOSTILE_HOST=meek LD_PRELOAD='$library' FLICKER_RUNS=5 FLICKER_UNTIL=runs \
		FLICKER_SUSPECT='hostile.*' FLICKER_REPORT=json=plain-all.json '$hostile' kill_all; exit \$?"
	t 'preload kill_all: attempts pass' all_attempts_are plain-all.json kill_all pass
	unset HOSTILE_NAMESPACE
else
	t_skip 'kill(-1)' 'no namespace of processes can be made here'
fi
run_flicker run --suspect 'hostile.kill_parent' --until runs --runs 3 --report json=parent.json "$hostile" kill_parent
t 'kill_parent: a warning' has err "'hostile.kill_parent' sends a signal to processes that are not its own"
finish
