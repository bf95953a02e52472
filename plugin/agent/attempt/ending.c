/* SPDX-License-Identifier: MIT */
/*
 * ending.c - what an attempt came to that its wait status does not tell.
 *
 * Stopped: a SIGCHLD, blocked but while the template waits, ends the waiting; one that
 * has stood still for a moment will not go on by itself and is ended.  (The moment is
 * for a test that is continued by its own child.)  Out of memory: a SIGKILL that
 * neither we nor the test sent, while the kernel counted one kill more.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../proc.h"

#include <flicker/oom.h>

#include <signal.h>
#include <sys/wait.h>

enum {
	STANDSTILL_MS = 100,
	STANDSTILL_WITH_CHILDREN_MS = 1000,
};

static char oom_path[512];
static int64_t oom_kills;

static void ignore(int number)
{
	(void)number;
}

/* A handler, for what is ignored ends no waiting; and children stay ours to reap. */
void fl_ending_prepare(struct sigaction *ret_sigchld)
{
	struct sigaction quiet = { .sa_handler = ignore };

	sigaction(SIGCHLD, &quiet, ret_sigchld);
	fl_oom_find(oom_path, sizeof(oom_path));
}

const sigset_t *fl_ending_mask(void)
{
	static sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, SIGCHLD);
	return &mask;
}

void fl_ending_begin(void)
{
	oom_kills = fl_oom_count(oom_path);
}

static int stopped_by(pid_t child)
{
	siginfo_t info = { 0 };

	waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOHANG | WNOWAIT);
	return info.si_pid == child && info.si_code == CLD_STOPPED ? info.si_status : 0;
}

static bool has_children(pid_t pid)
{
	pid_t child;

	return fl_proc_children(pid, &child, 1) > 0;
}

int fl_ending_watch(pid_t child, uint64_t *since_ns, struct fl_facts *facts)
{
	int number = stopped_by(child);
	uint64_t now = fl_agent_now_ns();
	int still_ms;

	if (!number || (facts->flags & FL_FACT_STOPPED)) {
		*since_ns = 0;
		return -1;
	}
	if (!*since_ns)
		*since_ns = now;
	still_ms = has_children(child) ? STANDSTILL_WITH_CHILDREN_MS : STANDSTILL_MS;
	if (now - *since_ns < still_ms * 1000000ull)
		return STANDSTILL_MS;
	facts->flags |= FL_FACT_STOPPED;
	facts->signal = number;
	*since_ns = 0;
	kill(child, SIGKILL);
	return -1;
}

void fl_ending_look(int status, struct fl_facts *facts)
{
	int64_t kills;

	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || facts->signal ||
	    (facts->flags & (FL_FACT_TIMED_OUT | FL_FACT_STOPPED)))
		return;
	kills = fl_oom_count(oom_path);
	if (kills > oom_kills && oom_kills >= 0)
		facts->flags |= FL_FACT_OOM;
	oom_kills = kills;
}
