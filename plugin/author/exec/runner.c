/* SPDX-License-Identifier: MIT */
/*
 * runner.c - the helper of a lane: starts the command, listens, waits, cleans up.
 *
 * No allocation, no stdio, no lock: this is a copy of a process that may have had threads.
 * All signals are blocked; that a child ended is read from a signalfd.  The command is
 * started by vfork(2), and its errno comes back through the memory that both share.
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

struct runner {
	struct fl_lane_memory *memory;
	int socket, signals, null;
	bool ignores_children;          /* the caller does, and so shall the command */
	uint64_t begin_ns;
	int out[2], err[2];
};

uint64_t fl_runner_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- the command's process, before it is the command ---- */

static void become(const struct runner *runner)
{
	struct fl_lane_memory *memory = runner->memory;
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (runner->ignores_children)
		sigaction(SIGCHLD, &ignore, NULL);
	dup2(runner->null, STDIN_FILENO);
	dup2(runner->out[1], STDOUT_FILENO);
	dup2(runner->err[1], STDERR_FILENO);
	sigprocmask(SIG_SETMASK, &memory->mask, NULL);
	if (!memory->directory || chdir(memory->directory) == 0)
		execvpe(memory->path ? memory->path : memory->argv[0], memory->argv, memory->envp);
	memory->error = errno;
	_exit(127);
}

static int start(const struct runner *runner)
{
	struct fl_lane_memory *memory = runner->memory;
	pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): that is the point */

	if (pid == 0)
		become(runner);
	if (pid < 0)
		return -errno;
	memory->pid = pid;
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
static void drain(struct runner *runner)
{
	int some;

	for (some = 0; some < 32 && read_some(&runner->out[0], &runner->memory->out); some++)
		;
	for (some = 0; some < 32 && read_some(&runner->err[0], &runner->memory->err); some++)
		;
}

/* ---- waiting ---- */

static int left_ms(const struct runner *runner)
{
	uint64_t limit_ns = runner->memory->timeout_ms * 1000000u;
	uint64_t spent_ns = fl_runner_now_ns() - runner->begin_ns;

	if (!runner->memory->timeout_ms)
		return -1;
	if (spent_ns >= limit_ns)
		return 0;
	limit_ns = (limit_ns - spent_ns + 999999) / 1000000;
	return limit_ns > 3600000 ? 3600000 : (int)limit_ns;
}

static bool has_ended(struct fl_lane_memory *memory, int flags)
{
	return waitpid(memory->pid, &memory->status, flags) == memory->pid;
}

/* Is it time?  Unless it has just ended by itself. */
static bool end_early(const struct runner *runner, bool *ret_reason)
{
	struct fl_lane_memory *memory = runner->memory;

	if (has_ended(memory, WNOHANG))
		return true;
	*ret_reason = true;
	kill(-memory->pid, SIGKILL);
	kill(memory->pid, SIGKILL);
	return has_ended(memory, 0);
}

/* A child of ours ended; was it the command? */
static bool hear_child(const struct runner *runner)
{
	struct signalfd_siginfo info;

	return read(runner->signals, &info, sizeof(info)) > 0 && has_ended(runner->memory, WNOHANG);
}

static void watch(struct runner *runner)
{
	struct fl_lane_memory *memory = runner->memory;
	bool is_over = false;

	while (!is_over) {
		struct pollfd ready[] = {
			{ runner->socket, POLLIN, 0 }, { runner->signals, POLLIN, 0 },
			{ runner->out[0], POLLIN, 0 }, { runner->err[0], POLLIN, 0 },
		};
		int n = poll(ready, 4, left_ms(runner));

		if (ready[2].revents)
			read_some(&runner->out[0], &memory->out);
		if (ready[3].revents)
			read_some(&runner->err[0], &memory->err);
		if (ready[0].revents)
			is_over = end_early(runner, &memory->is_cancelled);
		else if (ready[1].revents)
			is_over = hear_child(runner);
		else if (n >= 0 && left_ms(runner) == 0)
			is_over = end_early(runner, &memory->is_out_of_time);
	}
}

/* ---- one run ---- */

static void reset(struct fl_lane_memory *memory)
{
	memory->pid = 0;
	memory->error = memory->status = 0;
	memory->is_out_of_time = memory->is_cancelled = false;
	memory->stragglers = memory->left = 0;
	memory->duration_ns = 0;
	memory->out.total = memory->err.total = 0;
}

static void make_run(struct runner *runner)
{
	struct fl_lane_memory *memory = runner->memory;
	int r = open_pipe(runner->out);

	runner->err[0] = runner->err[1] = -1;
	runner->begin_ns = fl_runner_now_ns();
	if (r >= 0)
		r = open_pipe(runner->err);
	if (r >= 0)
		r = start(runner);
	close_one(&runner->out[1]);
	close_one(&runner->err[1]);
	if (r < 0)
		memory->error = -r;
	else
		watch(runner);
	memory->duration_ns = fl_runner_now_ns() - runner->begin_ns;
	memory->stragglers = fl_tree_end(memory->pid, &memory->left);
	drain(runner);
	close_one(&runner->out[0]);
	close_one(&runner->err[0]);
}

/* ---- the helper ---- */

/* A handler of the caller's must not run here, nor in the command before it is executed. */
static void forget_handlers(struct runner *runner)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, before;
	int number;

	for (number = 1; number < NSIG; number++) {
		if (sigaction(number, NULL, &before) < 0)
			continue;
		if (number == SIGCHLD)
			runner->ignores_children = before.sa_handler == SIG_IGN;
		if (before.sa_handler != SIG_IGN || number == SIGCHLD)
			sigaction(number, &action, NULL);
	}
}

static void prepare(struct runner *runner)
{
	sigset_t children;

	setsid();                       /* a signal to all of the caller's group is not meant for us */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "flicker-exec");
	forget_handlers(runner);
	fl_tree_close_others(runner->socket);
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	/* Standard descriptors that are closed are filled, so that no pipe takes their place. */
	do
		runner->null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (runner->null >= 0 && runner->null <= STDERR_FILENO);
	runner->signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn void fl_runner_main(struct fl_lane_memory *memory, int socket)
{
	struct runner runner = { .memory = memory, .socket = socket };
	char order;

	prepare(&runner);
	while (recv(socket, &order, 1, 0) == 1) {
		if (order != FL_LANE_RUN)       /* a cancel that came too late */
			continue;
		reset(memory);
		make_run(&runner);
		if (send(socket, "", 1, MSG_NOSIGNAL) != 1)
			break;
	}
	_exit(0);
}
