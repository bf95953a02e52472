/* SPDX-License-Identifier: MIT */
/*
 * exec.c - the public face of libflicker-exec: which run is next, and when it is enough.
 *
 * A run is told once it is over and nothing of it runs any more.  When enough is known the
 * others are cancelled; those that had ended by then keep the outcome they had.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct flicker_exec {
	struct flicker_exec_settings settings;
	struct fl_lane_plan plan;
	struct flicker_exec_counts counts;
	int stop;                       /* eventfd; readable: it was stopped */
	bool is_ending, has_ports;
	int error;                      /* of the last lane that could not be opened */
	struct fl_lane *lanes;
	struct pollfd *ready;           /* one a lane, and one for `stop` */
	unsigned *ports;
};

extern char **environ;

/* ---- new, free ---- */

static void measure(struct flicker_exec *exec)
{
	const struct flicker_exec_settings *settings = &exec->settings;
	const struct fl_fill fills[2] = { { settings->count_token, 0 }, { settings->port_token, 0 } };
	size_t i;

	for (i = 0; settings->argv[i]; i++) {
		exec->plan.argument_bytes += fl_fill_size(settings->argv[i], fills);
		exec->has_ports |= settings->port_token && strstr(settings->argv[i], settings->port_token);
	}
	exec->plan.argument_count = i;
	exec->plan.settings = settings;
	exec->plan.text_limit = settings->text_limit ? settings->text_limit : FLICKER_EXEC_TEXT;
}

static bool is_empty(const char *token)
{
	return token && !*token;
}

static bool is_sane(const struct flicker_exec_settings *settings)
{
	return settings->argv && settings->argv[0] && settings->runs &&
	       settings->jobs <= FLICKER_EXEC_JOBS && !is_empty(settings->count_token) &&
	       !is_empty(settings->port_token);
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
	exec->ports = calloc(jobs, sizeof(*exec->ports));
	if (!exec->lanes || !exec->ready || !exec->ports)
		return -ENOMEM;
	exec->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return exec->stop < 0 ? -errno : 0;
}

int flicker_exec_new(const struct flicker_exec_settings *settings, struct flicker_exec **ret_exec)
{
	struct flicker_exec *exec;
	int r;

	if (!is_sane(settings))
		return -EINVAL;
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
	free(exec->ports);
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

/* ---- starting ---- */

static void find_port(struct flicker_exec *exec, struct fl_lane *lane)
{
	unsigned i;

	for (i = 0; i < exec->settings.jobs; i++)
		exec->ports[i] = exec->lanes[i].port;
	lane->port = fl_port_find(exec->ports, exec->settings.jobs);
}

static int start_one(struct flicker_exec *exec, struct fl_lane *lane)
{
	int r = 0;

	if (!lane->helper) {
		fl_lane_close(lane);
		r = fl_lane_open(lane, &exec->plan);
	}
	if (r < 0)
		return r;
	lane->number = ++exec->counts.started;
	if (exec->has_ports)
		find_port(exec, lane);
	fl_lane_start(lane, &exec->plan);
	return 0;
}

/* As many as there may be, or as the system lets us. */
static void start_some(struct flicker_exec *exec)
{
	unsigned i;

	for (i = 0; i < exec->settings.jobs && !exec->is_ending; i++) {
		if (exec->counts.started == exec->settings.runs)
			return;
		if (exec->lanes[i].number)
			continue;
		exec->error = start_one(exec, &exec->lanes[i]);
		if (exec->error < 0)
			return;
	}
}

/* ---- ending ---- */

static void cancel_all(struct flicker_exec *exec)
{
	unsigned i;

	if (exec->is_ending)
		return;
	exec->is_ending = true;
	for (i = 0; i < exec->settings.jobs; i++)
		if (exec->lanes[i].number)
			fl_lane_cancel(&exec->lanes[i]);
}

static bool is_enough(const struct flicker_exec *exec)
{
	return exec->settings.max_failures && exec->counts.failed >= exec->settings.max_failures;
}

static void finish_one(struct flicker_exec *exec, struct fl_lane *lane)
{
	struct flicker_exec_attempt attempt;

	fl_lane_finish(lane, &attempt);
	if (attempt.outcome == FLICKER_EXEC_PASS)
		exec->counts.passed++;
	else if (attempt.outcome == FLICKER_EXEC_CANCELLED)
		exec->counts.cancelled++;
	else
		exec->counts.failed++;
	/* First the others, then the word: they shall not run while the caller prints. */
	if (is_enough(exec))
		cancel_all(exec);
	if (exec->settings.on_attempt && exec->settings.on_attempt(exec->settings.context, &attempt))
		cancel_all(exec);
}

/* ---- the loop ---- */

/* How many lanes are at work. */
static unsigned prepare_poll(const struct flicker_exec *exec)
{
	unsigned busy = 0, i;

	for (i = 0; i < exec->settings.jobs; i++) {
		const struct fl_lane *lane = &exec->lanes[i];

		exec->ready[i] = (struct pollfd){ lane->number ? lane->socket : -1, POLLIN, 0 };
		busy += lane->number != 0;
	}
	exec->ready[i] = (struct pollfd){ exec->is_ending ? -1 : exec->stop, POLLIN, 0 };
	return busy;
}

static void take_turn(struct flicker_exec *exec)
{
	unsigned jobs = exec->settings.jobs, i;

	if (poll(exec->ready, jobs + 1, -1) <= 0)
		return;
	if (exec->ready[jobs].revents)
		cancel_all(exec);
	for (i = 0; i < jobs; i++)
		if (exec->ready[i].revents)
			finish_one(exec, &exec->lanes[i]);
}

static bool was_stopped(const struct flicker_exec *exec)
{
	struct pollfd stop = { exec->stop, POLLIN, 0 };

	return poll(&stop, 1, 0) > 0;
}

int flicker_exec_run(struct flicker_exec *exec, struct flicker_exec_counts *ret_counts)
{
	uint64_t begin_ns = fl_runner_now_ns();
	unsigned i;

	exec->counts = (struct flicker_exec_counts){ 0 };
	exec->error = 0;
	exec->is_ending = was_stopped(exec);
	exec->plan.envp = exec->settings.envp ? exec->settings.envp : environ;
	for (;;) {
		start_some(exec);
		if (!prepare_poll(exec))
			break;
		take_turn(exec);
	}
	for (i = 0; i < exec->settings.jobs; i++)
		fl_lane_close(&exec->lanes[i]);
	exec->counts.duration_ns = fl_runner_now_ns() - begin_ns;
	if (ret_counts)
		*ret_counts = exec->counts;
	return exec->is_ending || exec->counts.started == exec->settings.runs ? 0 : exec->error;
}

const char *flicker_exec_word(enum flicker_exec_outcome outcome)
{
	static const char *const words[] = {
		"pass", "fail", "crash", "timeout", "error", "cancelled",
	};

	return (size_t)outcome < sizeof(words) / sizeof(words[0]) ? words[outcome] : "error";
}
