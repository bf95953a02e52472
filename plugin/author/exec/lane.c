/* SPDX-License-Identifier: MIT */
/*
 * lane.c - our end of a lane: its memory, its helper, its orders.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t align(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

/* Of each part, behind each other: the memory itself, arguments, their texts, outputs. */
struct layout {
	size_t vector, texts, output, size;
};

static struct layout lay_out(const struct fl_lane_plan *plan, unsigned slots)
{
	struct layout layout = { .vector = 0 };

	layout.vector = align(sizeof(struct fl_lane_memory) + slots * sizeof(struct fl_slot));
	layout.texts = layout.vector + align((plan->argument_count + 1) * sizeof(char *));
	layout.output = layout.texts + align(plan->argument_bytes);
	layout.size = layout.output + (size_t)2 * slots * (plan->text_limit + 1);
	return layout;
}

static int map_memory(struct fl_lane *lane, const struct fl_lane_plan *plan)
{
	unsigned slots = plan->settings->ahead + 1, i;
	struct layout layout = lay_out(plan, slots);
	char *memory = mmap(NULL, layout.size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), *output;

	if (memory == MAP_FAILED)
		return -errno;
	lane->memory = (struct fl_lane_memory *)memory;
	lane->size = layout.size;
	lane->memory->plan = plan;
	lane->memory->argv = (char **)(memory + layout.vector);
	lane->memory->texts = memory + layout.texts;
	lane->memory->slot_count = slots;
	for (i = 0, output = memory + layout.output; i < slots; i++) {
		lane->memory->slots[i].out = (struct fl_capture){ output, plan->text_limit, 0 };
		output += plan->text_limit + 1;
		lane->memory->slots[i].err = (struct fl_capture){ output, plan->text_limit, 0 };
		output += plan->text_limit + 1;
	}
	return 0;
}

/* All zeroes mean the same in whatever order a machine has the arguments of clone(2). */
static pid_t clone_unseen(void)
{
	return (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
}

static int start_helper(struct fl_lane *lane)
{
	int pair[2], code;
	sigset_t all;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &lane->memory->mask);
	lane->helper = clone_unseen();
	if (lane->helper == 0)
		fl_runner_main(lane->memory, pair[1]);
	code = errno;
	pthread_sigmask(SIG_SETMASK, &lane->memory->mask, NULL);
	close(pair[1]);
	if (lane->helper < 0) {
		close(pair[0]);
		return -code;
	}
	lane->socket = pair[0];
	return 0;
}

int fl_lane_open(struct fl_lane *lane, const struct fl_lane_plan *plan, unsigned index)
{
	int r = map_memory(lane, plan);

	if (r < 0)
		return r;
	lane->memory->index = index;
	r = start_helper(lane);
	if (r < 0) {
		munmap(lane->memory, lane->size);
		*lane = (struct fl_lane){ 0 };
	}
	return r;
}

/* ---- what it is told ---- */

static void tell(const struct fl_lane *lane, char order)
{
	ssize_t n;

	do
		n = send(lane->socket, &order, 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
}

void fl_lane_cancel(const struct fl_lane *lane)
{
	tell(lane, FL_LANE_CANCEL);
}

/* ---- what it tells ---- */

bool fl_lane_hear(struct fl_lane *lane)
{
	char word;
	ssize_t n;

	do
		n = recv(lane->socket, &word, 1, 0);
	while (n < 0 && errno == EINTR);
	__atomic_store_n(&lane->memory->is_told, false, __ATOMIC_SEQ_CST);
	return n == 1;
}

static void judge(const struct fl_slot *slot, struct flicker_exec_attempt *attempt)
{
	attempt->exit_code = -1;
	attempt->error = slot->error;
	if (slot->error)
		attempt->outcome = FLICKER_EXEC_ERROR;
	else if (slot->is_cancelled)
		attempt->outcome = FLICKER_EXEC_CANCELLED;
	else if (slot->is_out_of_time)
		attempt->outcome = FLICKER_EXEC_TIMEOUT;
	else if (WIFSIGNALED(slot->status))
		attempt->outcome = FLICKER_EXEC_CRASH;
	else
		attempt->outcome = WEXITSTATUS(slot->status) ? FLICKER_EXEC_FAIL
							     : FLICKER_EXEC_PASS;
	if (attempt->outcome == FLICKER_EXEC_CRASH)
		attempt->signal = WTERMSIG(slot->status);
	else if (attempt->outcome <= FLICKER_EXEC_FAIL)
		attempt->exit_code = WEXITSTATUS(slot->status);
}

bool fl_lane_has_failed(const struct fl_slot *slot)
{
	struct flicker_exec_attempt attempt = { .number = 0 };

	judge(slot, &attempt);
	return attempt.outcome != FLICKER_EXEC_PASS && attempt.outcome != FLICKER_EXEC_CANCELLED;
}

static void describe(struct fl_slot *slot, struct flicker_exec_attempt *ret_attempt)
{
	*ret_attempt = (struct flicker_exec_attempt){
		.number = slot->number, .port = slot->port, .stragglers = slot->stragglers,
		.left = slot->left, .duration_ns = slot->duration_ns,
		.out = fl_capture_finish(&slot->out), .err = fl_capture_finish(&slot->err),
	};
	judge(slot, ret_attempt);
}

static struct fl_slot *next_slot(const struct fl_lane *lane)
{
	return &lane->memory->slots[lane->memory->emptied % lane->memory->slot_count];
}

bool fl_lane_take(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt)
{
	if (__atomic_load_n(&lane->memory->written, __ATOMIC_SEQ_CST) == lane->memory->emptied)
		return false;
	describe(next_slot(lane), ret_attempt);
	return true;
}

void fl_lane_empty(struct fl_lane *lane)
{
	__atomic_add_fetch(&lane->memory->emptied, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&lane->memory->is_waiting, __ATOMIC_SEQ_CST))
		tell(lane, FL_LANE_GO);
}

bool fl_lane_take_lost(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt)
{
	struct fl_slot *slot = next_slot(lane);

	if (!lane->memory->is_running)
		return false;
	if (slot->pid > 0)              /* it ends with its parent; so shall its group */
		kill(-slot->pid, SIGKILL);
	slot->error = ECHILD;
	describe(slot, ret_attempt);
	return true;
}

/* ---- its end ---- */

static void reap(const struct fl_lane *lane)
{
	while (waitpid(lane->helper, NULL, __WALL) < 0 && errno == EINTR)
		;
}

void fl_lane_close(struct fl_lane *lane)
{
	if (lane->helper) {
		close(lane->socket);
		reap(lane);
	}
	if (lane->memory)
		munmap(lane->memory, lane->size);
	*lane = (struct fl_lane){ 0 };
}
