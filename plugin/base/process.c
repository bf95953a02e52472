/* SPDX-License-Identifier: MIT */
/*
 * process.c - a program started under a supervisor, and ended with all that it leaves.
 *
 * The supervisor is a fork of ours that never executes anything: it blocks all signals,
 * hears of its children by a signalfd and of us by the end of the control pipe.
 */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
	STRAGGLERS_MS = 5000,           /* beyond which what forks faster than we end it is let be */
	SOME = 256,
	STANDSTILL_MS = 100,            /* after which what has stopped will not go on by itself */
	STANDSTILL_WITH_CHILDREN_MS = 1000,
	LOOK_MS = 10,
};

/* First message: how the start went; second: how it ended. */
struct start_report {
	pid_t pid;
	int error;                      /* of execve(2), or 0 */
};

/* ---- what the program inherits ---- */

enum { KEPT = 1024 };
static bool is_kept[KEPT];

void fl_process_keep_descriptors(void)
{
	int fd;

	for (fd = STDERR_FILENO + 1; fd < KEPT; fd++)
		is_kept[fd] = fcntl(fd, F_GETFD) >= 0;
}

/* Libraries that we use open files without a word on what happens to them. */
static void mark_range(int first, int last)
{
	int fd, flags;

	if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, CLOSE_RANGE_CLOEXEC) == 0)
		return;                         /* Linux 5.11; one call instead of hundreds */
	for (fd = first; fd <= last; fd++)
		if ((flags = fcntl(fd, F_GETFD)) >= 0)
			fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

static void mark_others(void)
{
	int fd, first = STDERR_FILENO + 1;

	for (fd = first; fd <= KEPT; fd++) {
		if (fd < KEPT && !is_kept[fd])
			continue;
		if (first < fd)
			mark_range(first, fd - 1);
		first = fd + 1;
	}
}

/* ---- SIGCHLD: whoever started us may have had us ignore it, and then nobody can be waited for ---- */

static bool is_sigchld_ignored;

void fl_process_hear_children(void)
{
	struct sigaction before, action = { .sa_handler = SIG_DFL };

	sigaction(SIGCHLD, NULL, &before);
	if (before.sa_handler == SIG_IGN)
		is_sigchld_ignored = sigaction(SIGCHLD, &action, NULL) == 0;
}

void fl_process_restore_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	if (is_sigchld_ignored)
		sigaction(SIGCHLD, &action, NULL);
}

/* ---- in the program's process, before it is the program ---- */

static void set_descriptors(const struct fl_process_spec *spec, int output)
{
	int null;

	if (spec->is_foreground)
		return;
	null = open("/dev/null", O_RDONLY);
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

static void become(const struct fl_process_spec *spec, int output, int failure)
{
	sigset_t none;
	int code;

	if (!spec->is_foreground)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fl_process_restore_signals();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	set_descriptors(spec, output);
	mark_others();
	if (!spec->cwd || chdir(spec->cwd) == 0)
		execvpe(spec->path, spec->argv, spec->envp);
	code = errno;
	if (write(failure, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

/* ---- the supervisor ---- */

/* Of ours, only these stay open: a copy of a socket would keep its peer waiting. */
static void close_others(int first, int second)
{
	unsigned low = (unsigned)(first < second ? first : second);
	unsigned high = (unsigned)(first < second ? second : first);

	if (low > 3)
		syscall(SYS_close_range, 3u, low - 1, 0u);
	if (high > low + 1)
		syscall(SYS_close_range, low + 1, high - 1, 0u);
	syscall(SYS_close_range, high + 1, ~0u, 0u);
}

/* The first children of a process, as many as there is room for; how many. */
static size_t list_children(pid_t parent, pid_t *pids, size_t room)
{
	char path[64], bytes[SOME * 12] = "", *at = bytes, *end;
	size_t count = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes) - 1);
	fl_base_close(&fd);
	for (; n > 0 && count < room; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at || !*end)         /* none, or cut short: each ends with a blank */
			break;
		pids[count++] = (pid_t)pid;
	}
	return count;
}

/*
 * As many children of ours as one look shows: first all are told, then waited for.  One that has
 * changed its user may not be told anything, and is let be.
 */
static uint32_t end_some(void)
{
	pid_t pids[SOME];
	size_t count = list_children(getpid(), pids, SOME), told = 0, i;

	for (i = 0; i < count; i++)
		if (kill(pids[i], SIGKILL) == 0)
			pids[told++] = pids[i];
	for (i = 0; i < told; i++)
		waitpid(pids[i], NULL, __WALL);
	return (uint32_t)told;
}

static uint32_t end_stragglers(void)
{
	uint64_t deadline_ns = fl_clock_ns() + STRAGGLERS_MS * 1000000ull;
	uint32_t count = 0, some;

	while (fl_clock_ns() < deadline_ns) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		if (pid < 0)
			break;
		if (pid > 0)
			continue;
		some = end_some();
		if (!some)
			break;
		count += some;
	}
	return count;
}

/* Only for a moment: a child of its own has it go on. */
static bool goes_on(pid_t child, int control)
{
	pid_t any;
	int ms = list_children(child, &any, 1) ? STANDSTILL_WITH_CHILDREN_MS : STANDSTILL_MS;
	struct pollfd told = { control, 0, 0 };
	siginfo_t info = { 0 };

	for (; ms > 0 && !info.si_pid && !told.revents; ms -= LOOK_MS) {
		poll(&told, 1, LOOK_MS);
		waitid(P_PID, (id_t)child, &info, WNOHANG | WNOWAIT | WCONTINUED | WEXITED);
	}
	return info.si_pid == child;
}

/* Until the program has ended or stopped, or we are told to end it. */
static void watch(pid_t child, int options, int control, struct fl_process_end *end)
{
	sigset_t chld;
	struct pollfd ready[2] = { { .events = POLLIN }, { control, POLLIN, 0 } };

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	ready[0].fd = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	for (;;) {
		struct signalfd_siginfo info;
		pid_t pid = waitpid(child, &end->status, options);

		if (pid == child && !WIFSTOPPED(end->status))
			break;
		if (pid == child && goes_on(child, control))
			continue;
		end->is_stopped = pid == child;
		if (end->is_stopped || (ready[1].revents & (POLLIN | POLLHUP))) {
			kill(-child, SIGKILL);
			kill(child, SIGKILL);
			waitpid(child, pid == child ? NULL : &end->status, 0);
			break;
		}
		if (poll(ready, 2, -1) > 0 && ready[0].revents &&
		    read(ready[0].fd, &info, sizeof(info)) < 0)
			continue;
	}
	kill(-child, SIGKILL);
	close(ready[0].fd);
}

static void supervise(const struct fl_process_spec *spec, int output, int control, int report)
{
	struct fl_process_end end = { 0 };
	struct start_report start = { 0 };
	int failure[2];
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (pipe2(failure, O_CLOEXEC) < 0)
		_exit(1);
	start.pid = fork();
	if (start.pid == 0)
		become(spec, output, failure[1]);
	if (start.pid < 0)
		start.error = errno;
	close(failure[1]);
	if (start.pid > 0 && read(failure[0], &start.error, sizeof(start.error)) < 0)
		start.error = errno;
	close_others(control, report);
	if (write(report, &start, sizeof(start)) < 0 || start.error)
		_exit(1);
	/* A debugger may be stopped by its user, and go on. */
	watch(start.pid, spec->is_foreground ? WNOHANG : WNOHANG | WUNTRACED, control, &end);
	end.stragglers = end_stragglers();
	_exit(write(report, &end, sizeof(end)) < 0);
}

/* ---- our side ---- */

static void close_pair(int pair[2])
{
	fl_base_close(&pair[0]);
	fl_base_close(&pair[1]);
}

/* Is it there, whole?  A signal that is caught does not end the wait. */
static bool hear(int fd, void *message, size_t size)
{
	ssize_t n;

	do
		n = read(fd, message, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

/* What the supervisor says of the start. */
static int hear_start(struct fl_process *process, const struct fl_process_spec *spec,
		      struct fl_error *error)
{
	struct start_report start = { .error = EIO };
	struct fl_process_end none;

	if (hear(process->report, &start, sizeof(start)) && !start.error) {
		process->pid = start.pid;
		return 0;
	}
	fl_process_kill(process);
	fl_process_finish(process, &none);
	return fl_error_set(error, -start.error, "cannot run '%s': %s", spec->path,
			    strerror(start.error));
}

int fl_process_start(const struct fl_process_spec *spec, struct fl_process *ret_process,
		     struct fl_error *error)
{
	int output[2] = { -1, -1 }, control[2] = { -1, -1 }, report[2] = { -1, -1 };
	struct fl_process process = { 0 };

	if ((!spec->is_foreground && pipe2(output, O_CLOEXEC) < 0) ||
	    pipe2(control, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0)
		process.supervisor = -1;
	else
		process.supervisor = fork();
	if (process.supervisor == 0) {
		close(control[1]);
		close(report[0]);
		supervise(spec, output[1], control[0], report[1]);
	}
	if (process.supervisor < 0) {
		int code = errno;

		close_pair(output);
		close_pair(control);
		close_pair(report);
		return fl_error_set(error, -code, "cannot start '%s': %s", spec->path, strerror(code));
	}
	fl_base_close(&output[1]);
	close(control[0]);
	close(report[1]);
	process.output = output[0];
	process.control = control[1];
	process.report = report[0];
	*ret_process = process;
	return hear_start(ret_process, spec, error);
}

void fl_process_kill(struct fl_process *process)
{
	fl_base_close(&process->control);
	process->control = -1;
}

void fl_process_finish(struct fl_process *process, struct fl_process_end *ret_end)
{
	struct fl_process_end end = { 0 };

	if (!hear(process->report, &end, sizeof(end))) {
		end.is_lost = true;             /* and the program with it */
		end.status = SIGKILL;
		if (process->pid > 0)
			kill(-process->pid, SIGKILL);   /* what that left in its group */
	}
	fl_process_kill(process);
	while (waitpid(process->supervisor, NULL, 0) < 0 && errno == EINTR)
		;
	fl_base_close(&process->output);
	fl_base_close(&process->report);
	*process = (struct fl_process){ .output = -1, .control = -1, .report = -1 };
	*ret_end = end;
}
