/* SPDX-License-Identifier: MIT */
/*
 * exec.c - the public face of libflicker-exec: which run is next, and when it is enough.
 *
 * Lanes find their next run by themselves (runner.c).  A run is told once it is over and
 * nothing of it runs any more.  When enough is known the others are cancelled; those that had
 * ended by then keep the outcome they had.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct flicker_exec {
	struct flicker_exec_settings settings;
	struct fl_lane_plan plan;
	struct flicker_exec_counts counts;
	int stop;                       /* eventfd; readable: it was stopped */
	bool is_ending;                 /* the lanes have been told */
	int error;                      /* of the last lane that could not be opened */
	struct fl_lane *lanes;
	struct pollfd *ready;           /* one a lane, and one for `stop` */
};

extern char **environ;

/* ---- new, free ---- */

static void measure(struct flicker_exec *exec)
{
	const struct flicker_exec_settings *settings = &exec->settings;
	const struct fl_fill fills[2] = {
		{ settings->count_token, 0 }, { settings->port_token, 0 },
	};
	size_t i;

	for (i = 0; settings->argv[i]; i++) {
		exec->plan.argument_bytes += fl_fill_size(settings->argv[i], fills);
		exec->plan.has_ports |= settings->port_token &&
					strstr(settings->argv[i], settings->port_token);
	}
	exec->plan.argument_count = i;
	exec->plan.settings = settings;
	exec->plan.text_limit = settings->text_limit ? settings->text_limit : FLICKER_EXEC_TEXT;
}

/* The outputs of all slots of a lane, so that their sizes can be counted with. */
static bool fits(const struct flicker_exec_settings *settings)
{
	return settings->text_limit <= PTRDIFF_MAX / 4 / (settings->ahead + 1);
}

static bool is_empty(const char *token)
{
	return token && !*token;
}

static bool is_sane(const struct flicker_exec_settings *settings)
{
	return settings->argv && settings->argv[0] && settings->runs &&
	       settings->jobs <= FLICKER_EXEC_JOBS && settings->ahead <= FLICKER_EXEC_AHEAD &&
	       !is_empty(settings->count_token) && !is_empty(settings->port_token);
}

static int fill_in(struct flicker_exec *exec)
{
	size_t jobs;

	if (!exec->settings.jobs)
		exec->settings.jobs = 1;
	jobs = exec->settings.jobs;
	measure(exec);
	exec->lanes = calloc(jobs, sizeof(*exec->lanes));
	exec->ready = calloc(jobs + 1, sizeof(*exec->ready));
	exec->plan.board_size = sizeof(*exec->plan.board) +
				jobs * sizeof(exec->plan.board->ports[0]);
	exec->plan.board = mmap(NULL, exec->plan.board_size, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (exec->plan.board == MAP_FAILED)
		exec->plan.board = NULL;
	if (!exec->lanes || !exec->ready || !exec->plan.board)
		return -ENOMEM;
	exec->plan.board->port_offset = fl_port_first_offset();
	exec->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return exec->stop < 0 ? -errno : 0;
}

int flicker_exec_new(const struct flicker_exec_settings *settings, struct flicker_exec **ret_exec)
{
	struct flicker_exec *exec;
	int r;

	if (!is_sane(settings))
		return -EINVAL;
	if (!fits(settings))
		return -ENOMEM;
	exec = calloc(1, sizeof(*exec));
	if (!exec)
		return -ENOMEM;
	exec->settings = *settings;
	exec->stop = -1;
	r = fill_in(exec);
	if (r < 0) {
		flicker_exec_free(exec);
		return r;
	}
	*ret_exec = exec;
	return 0;
}

void flicker_exec_free(struct flicker_exec *exec)
{
	if (!exec)
		return;
	if (exec->stop >= 0)
		close(exec->stop);
	free(exec->lanes);
	free(exec->ready);
	if (exec->plan.board)
		munmap(exec->plan.board, exec->plan.board_size);
	free(exec);
}

void flicker_exec_stop(struct flicker_exec *exec)
{
	uint64_t one = 1;
	int saved = errno;

	if (write(exec->stop, &one, sizeof(one)) < 0)
		errno = saved;          /* it was stopped very often */
	errno = saved;
}

/* ---- lanes ---- */

static uint64_t started(const struct flicker_exec *exec)
{
	uint64_t next = __atomic_load_n(&exec->plan.board->next, __ATOMIC_SEQ_CST);

	return next < exec->settings.runs ? next : exec->settings.runs;
}

/* As many as there may be, or as the system lets us; at first, and where one was lost. */
static void open_lanes(struct flicker_exec *exec)
{
	uint64_t left = exec->settings.runs - started(exec);
	unsigned i;

	if (__atomic_load_n(&exec->plan.board->is_ending, __ATOMIC_SEQ_CST))
		left = 0;
	exec->error = 0;
	for (i = 0; i < exec->settings.jobs && left && !exec->error; i++)
		if (!exec->lanes[i].helper) {
			exec->error = fl_lane_open(&exec->lanes[i], &exec->plan, i);
			left--;
		}
}

static void end(struct flicker_exec *exec)
{
	unsigned i;

	if (exec->is_ending)
		return;
	exec->is_ending = true;
	__atomic_store_n(&exec->plan.board->is_ending, true, __ATOMIC_SEQ_CST);
	for (i = 0; i < exec->settings.jobs; i++)
		if (exec->lanes[i].helper)
			fl_lane_cancel(&exec->lanes[i]);
}

/* ---- what they tell ---- */

static void tell(struct flicker_exec *exec, const struct flicker_exec_attempt *attempt)
{
	exec->counts.started++;
	if (attempt->outcome == FLICKER_EXEC_PASS)
		exec->counts.passed++;
	else if (attempt->outcome == FLICKER_EXEC_CANCELLED)
		exec->counts.cancelled++;
	else
		exec->counts.failed++;
	/* First the others, then the word: they shall not run while the caller prints. */
	if (exec->settings.max_failures && exec->counts.failed >= exec->settings.max_failures)
		end(exec);
	if (exec->settings.on_attempt && exec->settings.on_attempt(exec->settings.context, attempt))
		end(exec);
}

static void take_all(struct flicker_exec *exec, struct fl_lane *lane)
{
	struct flicker_exec_attempt attempt;

	while (fl_lane_take(lane, &attempt)) {
		tell(exec, &attempt);
		fl_lane_empty(lane);
	}
}

static void serve(struct flicker_exec *exec, struct fl_lane *lane)
{
	bool is_there = fl_lane_hear(lane);
	struct flicker_exec_attempt attempt;

	take_all(exec, lane);
	if (is_there)
		return;
	if (fl_lane_take_lost(lane, &attempt)) {
		tell(exec, &attempt);
		fl_lane_close(lane);
		open_lanes(exec);
	} else {
		fl_lane_close(lane);    /* no more runs, or it could not begin: others may do */
		exec->error = -ECHILD;
	}
}

/* ---- the loop ---- */

/* How many lanes there are; poll(2) refuses more entries than there may be descriptors. */
static unsigned prepare_poll(const struct flicker_exec *exec)
{
	unsigned open = 0, i;

	for (i = 0; i < exec->settings.jobs; i++)
		if (exec->lanes[i].helper)
			exec->ready[open++] = (struct pollfd){ exec->lanes[i].socket, POLLIN, 0 };
	exec->ready[open] = (struct pollfd){ exec->is_ending ? -1 : exec->stop, POLLIN, 0 };
	return open;
}

static struct fl_lane *find_lane(const struct flicker_exec *exec, int socket)
{
	unsigned i;

	for (i = 0; i < exec->settings.jobs; i++)
		if (exec->lanes[i].helper && exec->lanes[i].socket == socket)
			return &exec->lanes[i];
	return NULL;
}

static void take_turn(struct flicker_exec *exec, unsigned open)
{
	struct fl_lane *lane;
	unsigned i;

	if (poll(exec->ready, open + 1, -1) <= 0)
		return;
	if (exec->ready[open].revents)
		end(exec);
	for (i = 0; i < open; i++)
		if (exec->ready[i].revents && (lane = find_lane(exec, exec->ready[i].fd)))
			serve(exec, lane);
}

static bool was_stopped(const struct flicker_exec *exec)
{
	struct pollfd stop = { exec->stop, POLLIN, 0 };

	return poll(&stop, 1, 0) > 0;
}

int flicker_exec_run(struct flicker_exec *exec, struct flicker_exec_counts *ret_counts)
{
	uint64_t begin_ns = fl_child_now_ns();
	unsigned open;

	exec->counts = (struct flicker_exec_counts){ 0 };
	exec->is_ending = was_stopped(exec);
	exec->plan.board->next = exec->plan.board->failures = 0;
	exec->plan.board->is_ending = exec->is_ending;
	exec->plan.envp = exec->settings.envp ? exec->settings.envp : environ;
	open_lanes(exec);
	while ((open = prepare_poll(exec)))
		take_turn(exec, open);
	exec->counts.duration_ns = fl_child_now_ns() - begin_ns;
	if (ret_counts)
		*ret_counts = exec->counts;
	return exec->is_ending || started(exec) == exec->settings.runs ? 0 : exec->error;
}

const char *flicker_exec_word(enum flicker_exec_outcome outcome)
{
	static const char *const words[] = {
		"pass", "fail", "crash", "timeout", "error", "cancelled",
	};

	return (size_t)outcome < sizeof(words) / sizeof(words[0]) ? words[outcome] : "error";
}
