/* SPDX-License-Identifier: MIT */
/*
 * runner.c - the helper of a lane: goes from run to run until there are enough.
 *
 * No allocation, no stdio, no lock: this is a copy of a process that may have had threads.
 * It ends when the caller's process has ended: the socket says so, whatever it waits for.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t load(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

static void set(bool *flag, bool value)
{
	__atomic_store_n(flag, value, __ATOMIC_SEQ_CST);
}

/* ---- slots ---- */

static bool has_room(const struct fl_lane_memory *memory)
{
	return memory->written - load(&memory->emptied) < memory->slot_count;
}

/* False: the caller's process is gone. */
static bool wait_for_room(struct fl_lane_memory *memory, int socket)
{
	char order;

	while (!has_room(memory)) {
		set(&memory->is_waiting, true);
		if (!has_room(memory) && recv(socket, &order, 1, 0) <= 0)
			return false;
	}
	set(&memory->is_waiting, false);
	return true;
}

static void fill_arguments(const struct fl_lane_memory *memory, const struct fl_slot *slot)
{
	const struct fl_lane_plan *plan = memory->plan;
	const struct fl_fill fills[2] = {
		{ plan->settings->count_token, slot->number },
		{ plan->settings->port_token, slot->port },
	};
	char *at = memory->texts;
	size_t i;

	for (i = 0; i < plan->argument_count; i++) {
		memory->argv[i] = at;
		at = fl_fill_text(plan->settings->argv[i], fills, at);
	}
	memory->argv[i] = NULL;
}

static void prepare_slot(struct fl_lane_memory *memory, struct fl_slot *slot, uint64_t number)
{
	struct fl_capture out = slot->out, err = slot->err;

	out.total = err.total = 0;
	*slot = (struct fl_slot){ .number = number, .out = out, .err = err };
	if (memory->plan->has_ports) {
		slot->port = fl_port_find(memory->plan->board, memory->plan->settings->jobs);
		memory->plan->board->ports[memory->index] = slot->port;
	}
	fill_arguments(memory, slot);
}

/* Others shall not start another run, even before the caller's process has heard of this one. */
static void count_failure(const struct fl_lane_plan *plan, const struct fl_slot *slot)
{
	uint64_t most = plan->settings->max_failures;

	if (fl_lane_has_failed(slot) && most &&
	    __atomic_add_fetch(&plan->board->failures, 1, __ATOMIC_SEQ_CST) >= most)
		set(&plan->board->is_ending, true);
}

/* ---- from run to run ---- */

/* The number of the next run; 0: there are enough. */
static uint64_t next_number(const struct fl_lane_plan *plan)
{
	uint64_t number;

	if (is_set(&plan->board->is_ending) || load(&plan->board->next) >= plan->settings->runs)
		return 0;
	number = __atomic_add_fetch(&plan->board->next, 1, __ATOMIC_SEQ_CST);
	return number <= plan->settings->runs ? number : 0;
}

static void make_runs(struct fl_child *child)
{
	struct fl_lane_memory *memory = child->memory;
	uint64_t number;

	while (wait_for_room(memory, child->socket) && (number = next_number(memory->plan))) {
		child->slot = &memory->slots[memory->written % memory->slot_count];
		prepare_slot(memory, child->slot, number);
		set(&memory->is_running, true);
		fl_child_run(child);
		count_failure(memory->plan, child->slot);
		set(&memory->is_running, false);
		__atomic_add_fetch(&memory->written, 1, __ATOMIC_SEQ_CST);
		if (!__atomic_exchange_n(&memory->is_told, true, __ATOMIC_SEQ_CST) &&
		    send(child->socket, "", 1, MSG_NOSIGNAL) != 1)
			break;
	}
}

/* ---- the helper ---- */

/* A handler of the caller's must not run here, nor in the command before it is executed. */
static void forget_handlers(struct fl_child *child)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, before;
	int number;

	for (number = 1; number < NSIG; number++) {
		if (sigaction(number, NULL, &before) < 0)
			continue;
		if (number == SIGCHLD)
			child->ignores_children = before.sa_handler == SIG_IGN;
		if (before.sa_handler != SIG_IGN || number == SIGCHLD)
			sigaction(number, &action, NULL);
	}
}

/*
 * Nor for runs, which so have none to wait for.  A session of their own would do the same, but
 * where the scheduler groups by session it costs up to half of the time of a small command.
 */
static void leave_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return;
	ioctl(fd, TIOCNOTTY);
	close(fd);
}

static void prepare(struct fl_child *child)
{
	sigset_t children;

	setpgid(0, 0);                  /* what is sent to the caller's group is not for us */
	leave_terminal();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "flicker-exec");
	forget_handlers(child);
	fl_tree_close_others(child->socket);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	/* Standard descriptors that are closed are filled, so that no pipe takes their place. */
	do
		child->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (child->null >= 0 && child->null <= STDERR_FILENO);
	child->signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn void fl_runner_main(struct fl_lane_memory *memory, int socket)
{
	struct fl_child child = { .memory = memory, .socket = socket };

	prepare(&child);
	if (child.null < 0 || child.signals < 0)
		_exit(1);
	make_runs(&child);
	_exit(0);
}
