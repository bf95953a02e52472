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

static int map_memory(struct fl_lane *lane, const struct fl_lane_plan *plan)
{
	size_t vector = (plan->argument_count + 1) * sizeof(char *);
	size_t head = align(sizeof(*lane->memory)) + align(vector) + align(plan->argument_bytes);
	size_t size = head + 2 * (plan->text_limit + 1);
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
			    -1, 0);

	if (memory == MAP_FAILED)
		return -errno;
	lane->memory = (struct fl_lane_memory *)memory;
	lane->size = size;
	*lane->memory = (struct fl_lane_memory){
		.argv = (char **)(memory + align(sizeof(*lane->memory))),
		.texts = memory + align(sizeof(*lane->memory)) + align(vector),
		.path = plan->settings->path,
		.envp = plan->envp,
		.directory = plan->settings->directory,
		.timeout_ms = plan->settings->timeout_ms,
		.out = { .bytes = memory + head, .room = plan->text_limit },
		.err = { .bytes = memory + head + plan->text_limit + 1, .room = plan->text_limit },
	};
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

int fl_lane_open(struct fl_lane *lane, const struct fl_lane_plan *plan)
{
	int r = map_memory(lane, plan);

	if (r < 0)
		return r;
	r = start_helper(lane);
	if (r < 0) {
		munmap(lane->memory, lane->size);
		*lane = (struct fl_lane){ 0 };
	}
	return r;
}

static void fill_arguments(const struct fl_lane *lane, const struct fl_lane_plan *plan)
{
	const struct fl_fill fills[2] = {
		{ plan->settings->count_token, lane->number },
		{ plan->settings->port_token, lane->port },
	};
	char *at = lane->memory->texts;
	size_t i;

	for (i = 0; i < plan->argument_count; i++) {
		lane->memory->argv[i] = at;
		at = fl_fill_text(plan->settings->argv[i], fills, at);
	}
	lane->memory->argv[i] = NULL;
}

/* A helper that is gone shows as an end without a word, in fl_lane_finish(). */
static void tell(const struct fl_lane *lane, char order)
{
	ssize_t n;

	do
		n = send(lane->socket, &order, 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
}

void fl_lane_start(struct fl_lane *lane, const struct fl_lane_plan *plan)
{
	fill_arguments(lane, plan);
	tell(lane, FL_LANE_RUN);
}

void fl_lane_cancel(struct fl_lane *lane)
{
	tell(lane, FL_LANE_CANCEL);
}

static void judge(const struct fl_lane_memory *memory, struct flicker_exec_attempt *attempt)
{
	attempt->exit_code = -1;
	attempt->error = memory->error;
	if (memory->error)
		attempt->outcome = FLICKER_EXEC_ERROR;
	else if (memory->is_cancelled)
		attempt->outcome = FLICKER_EXEC_CANCELLED;
	else if (memory->is_out_of_time)
		attempt->outcome = FLICKER_EXEC_TIMEOUT;
	else if (WIFSIGNALED(memory->status))
		attempt->outcome = FLICKER_EXEC_CRASH;
	else
		attempt->outcome = WEXITSTATUS(memory->status) ? FLICKER_EXEC_FAIL : FLICKER_EXEC_PASS;
	if (attempt->outcome == FLICKER_EXEC_CRASH)
		attempt->signal = WTERMSIG(memory->status);
	else if (attempt->outcome <= FLICKER_EXEC_FAIL)
		attempt->exit_code = WEXITSTATUS(memory->status);
}

/* Did the helper say that the run is over? */
static bool hear(const struct fl_lane *lane)
{
	char word;
	ssize_t n;

	do
		n = recv(lane->socket, &word, 1, 0);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static void reap(const struct fl_lane *lane)
{
	while (waitpid(lane->helper, NULL, __WALL) < 0 && errno == EINTR)
		;
}

void fl_lane_finish(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt)
{
	struct fl_lane_memory *memory = lane->memory;

	if (!hear(lane)) {              /* killed; the command's process ends with it */
		if (memory->pid > 0)
			kill(-memory->pid, SIGKILL);
		memory->error = ECHILD;
		reap(lane);
		close(lane->socket);
		lane->helper = 0;
	}
	*ret_attempt = (struct flicker_exec_attempt){
		.number = lane->number, .port = lane->port, .stragglers = memory->stragglers,
		.left = memory->left, .duration_ns = memory->duration_ns,
		.out = fl_capture_finish(&memory->out), .err = fl_capture_finish(&memory->err),
	};
	judge(memory, ret_attempt);
	lane->number = 0;
	lane->port = 0;
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
