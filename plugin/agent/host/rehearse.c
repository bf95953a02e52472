/* SPDX-License-Identifier: MIT */
/*
 * rehearse.c - a copy of the program goes on for a moment, to find out what tests there are.
 *
 * For frameworks that have no list of them: what there is shows as main goes on.  The copy
 * is silent, and ends before the first call that would leave a trace outside of its own memory
 * (fl_purity_enforce) or use an open file of the program's (what it read there would be gone for
 * the program), at its exit, and after a while.  Nobody's wait() meets it, no SIGCHLD tells of it.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_MS = 2000 };

static void silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	if (null < 0)
		fl_agent_end(1);
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fd != null && fcntl(fd, F_GETFD) >= 0)
			dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

/* Above them and the standard ones every descriptor is the copy's own. */
static int highest_inherited(void)
{
	enum { OURS = 500 };            /* see fl_agent_lift() */
	int fd = OURS - 1;

	while (fd > STDERR_FILENO && (fcntl(fd, F_GETFD) < 0 || fl_guard_is_ours(fd)))
		fd--;
	return fd;
}

static void become_copy(const sigset_t *mask)
{
	const struct rlimit no_core = { 0, 0 };

	fl_agent.role = FL_AGENT_REHEARSAL;
	fl_agent.pid = getpid();
	fl_agent.facts = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	syscall(SYS_prlimit64, 0, RLIMIT_CORE, &no_core, NULL);
	silence();
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (!fl_purity_keep_off(highest_inherited()) || !fl_purity_enforce())
		fl_agent_end(1);
}

static void wait_until_due(pid_t copy)
{
	uint64_t due_ns = fl_agent_now_ns() + LONGEST_MS * UINT64_C(1000000), now_ns;
	struct pollfd ready = { (int)syscall(SYS_pidfd_open, copy, 0u), POLLIN, 0 };

	while (ready.fd >= 0 && (now_ns = fl_agent_now_ns()) < due_ns)
		if (poll(&ready, 1, (int)((due_ns - now_ns) / 1000000) + 1) > 0)
			break;
	if (ready.fd >= 0)
		close(ready.fd);
	kill(copy, SIGKILL);            /* of one that has ended already this asks nothing */
}

int fl_rehearse(void)
{
	enum { OF_THE_ADAPTER = 1 };
	int saved = errno, status = -1;
	sigset_t all, before;
	pid_t copy;

	if (fl_agent.role == FL_AGENT_REHEARSAL || fl_guard_has_threads() ||
	    fl_guard_shared_maps() > OF_THE_ADAPTER)
		return -EBUSY;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	copy = (pid_t)syscall(SYS_clone, 0ul, 0ul, 0ul, 0ul, 0ul);
	if (copy == 0) {
		become_copy(&before);
		errno = saved;
		return 1;
	}
	if (copy > 0) {
		wait_until_due(copy);
		while (waitpid(copy, &status, __WCLONE) < 0 && errno == EINTR)
			;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECANCELED;
}
