/* SPDX-License-Identifier: MIT */
/*
 * child.c - one run, in the helper of a lane: starts the command, listens, waits, cleans up.
 *
 * No allocation, no stdio, no lock.  All signals are blocked; that a child ended is read from
 * a signalfd.  The command is started by vfork(2), and its errno comes back through the
 * memory that both share.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t fl_child_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- the command's process, before it is the command ---- */

static void become(const struct fl_child *child)
{
	struct fl_lane_memory *memory = child->memory;
	const struct flicker_exec_settings *settings = memory->plan->settings;
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (child->ignores_children)
		sigaction(SIGCHLD, &ignore, NULL);
	dup2(child->null, STDIN_FILENO);
	dup2(child->out[1], STDOUT_FILENO);
	dup2(child->err[1], STDERR_FILENO);
	sigprocmask(SIG_SETMASK, &memory->mask, NULL);
	if (!settings->directory || chdir(settings->directory) == 0)
		execvpe(settings->path ? settings->path : memory->argv[0], memory->argv,
			memory->plan->envp);
	child->slot->error = errno;
	_exit(127);
}

static int start(const struct fl_child *child)
{
	/* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.vfork): that is the point */
	pid_t pid = vfork();

	if (pid == 0)
		become(child); /* NOLINT(clang-analyzer-unix.Vfork): it only calls the system */
	if (pid < 0)
		return -errno;
	child->slot->pid = pid;
	return 0;
}

/* ---- its output ---- */

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int open_pipe(int ret_pair[2])
{
	if (pipe2(ret_pair, O_CLOEXEC) < 0) {
		ret_pair[0] = ret_pair[1] = -1;
		return -errno;
	}
	/* Our end only: of the other one the command shall see what a pipe is like. */
	fcntl(ret_pair[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Is there more to come?  What is at its end is closed. */
static bool read_some(int *fd, struct fl_capture *capture)
{
	static char bytes[65536];
	ssize_t n = *fd < 0 ? 0 : read(*fd, bytes, sizeof(bytes));

	if (n > 0)
		fl_capture_add(capture, bytes, (size_t)n);
	else if (n == 0 || errno != EAGAIN)
		close_one(fd);
	return n > 0;
}

/* Whoever could write is gone, or was let be: no more than a pipe holds can be waiting. */
static void drain(struct fl_child *child)
{
	int some;

	for (some = 0; some < 32 && read_some(&child->out[0], &child->slot->out); some++)
		;
	for (some = 0; some < 32 && read_some(&child->err[0], &child->slot->err); some++)
		;
}

/* ---- waiting ---- */

static int left_ms(const struct fl_child *child)
{
	uint64_t timeout_ms = child->memory->plan->settings->timeout_ms;
	uint64_t limit_ns = timeout_ms * 1000000u;
	uint64_t spent_ns = fl_child_now_ns() - child->begin_ns;

	if (!timeout_ms)
		return -1;
	if (spent_ns >= limit_ns)
		return 0;
	limit_ns = (limit_ns - spent_ns + 999999) / 1000000;
	return limit_ns > 3600000 ? 3600000 : (int)limit_ns;
}

static bool has_ended(struct fl_slot *slot, int flags)
{
	return waitpid(slot->pid, &slot->status, flags) == slot->pid;
}

/* Is it time?  Unless it has just ended by itself. */
static bool end_early(const struct fl_child *child, bool *ret_reason)
{
	struct fl_slot *slot = child->slot;

	if (has_ended(slot, WNOHANG))
		return true;
	*ret_reason = true;
	kill(-slot->pid, SIGKILL);
	kill(slot->pid, SIGKILL);
	return has_ended(slot, 0);
}

/* Told to cancel, or whoever would is gone.  That there is room in the slots is no news here. */
static bool is_unwanted(const struct fl_child *child)
{
	char order = FL_LANE_CANCEL;

	return recv(child->socket, &order, 1, MSG_DONTWAIT) != 1 || order == FL_LANE_CANCEL;
}

/* A child of ours ended; was it the command?  Orphans that end by themselves are not left running. */
static bool hear_child(const struct fl_child *child)
{
	struct signalfd_siginfo info;
	bool is_over = false;
	int status;
	pid_t pid;

	if (read(child->signals, &info, sizeof(info)) < 0)
		return false;
	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
		if (pid == child->slot->pid) {
			child->slot->status = status;
			is_over = true;
		}
	return is_over;
}

static void watch(struct fl_child *child)
{
	struct fl_slot *slot = child->slot;
	bool is_over = false;

	while (!is_over) {
		struct pollfd ready[] = {
			{ child->socket, POLLIN, 0 }, { child->signals, POLLIN, 0 },
			{ child->out[0], POLLIN, 0 }, { child->err[0], POLLIN, 0 },
		};
		int n = poll(ready, 4, left_ms(child));

		if (ready[2].revents)
			read_some(&child->out[0], &slot->out);
		if (ready[3].revents)
			read_some(&child->err[0], &slot->err);
		if (ready[0].revents && is_unwanted(child))
			is_over = end_early(child, &slot->is_cancelled);
		else if (ready[1].revents)
			is_over = hear_child(child);
		else if (n >= 0 && left_ms(child) == 0)
			is_over = end_early(child, &slot->is_out_of_time);
	}
}

/* ---- one run ---- */

void fl_child_run(struct fl_child *child)
{
	struct fl_slot *slot = child->slot;
	int r = open_pipe(child->out);

	child->err[0] = child->err[1] = -1;
	child->begin_ns = fl_child_now_ns();
	if (r >= 0)
		r = open_pipe(child->err);
	if (r >= 0 && child->memory->plan->has_ports && !slot->port)
		r = -EADDRINUSE;
	if (r >= 0)
		r = start(child);
	close_one(&child->out[1]);
	close_one(&child->err[1]);
	if (r < 0)
		slot->error = -r;
	else
		watch(child);
	slot->duration_ns = fl_child_now_ns() - child->begin_ns;
	slot->stragglers = fl_tree_end(slot->pid, &slot->left);
	drain(child);
	close_one(&child->out[0]);
	close_one(&child->err[0]);
}
