/* SPDX-License-Identifier: MIT */
/*
 * kills.c - signals that would leave the test.
 *
 * In an attempt the process that the program knows as its own from before is the host,
 * and its parent is the template: a signal to the first is meant for the attempt, one
 * to the second goes nowhere.  kill(-1) reaches the test's own descendants and nobody
 * else.  That something was kept from others is a fact of the attempt.
 *
 * In the host kill() does what it always does, with one exception: our own processes,
 * the command and the template, are spared.  What is sent to a whole group, or to all,
 * is sent to each of its members but these, as kernel/signal.c does it.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../proc.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

FL_HOT static pid_t template;                  /* in an attempt: its parent */

void fl_kills_begin(void)
{
	template = (pid_t)syscall(SYS_getppid);
}

static int send(pid_t pid, int number)
{
	return (int)syscall(SYS_kill, pid, number);
}

/* ---- whose processes they are ---- */

static bool is_descendant(pid_t pid, pid_t ancestor)
{
	enum { DEEP = 64 };
	struct fl_kin kin;
	int depth;

	for (depth = 0; depth < DEEP && pid > 1 && pid != ancestor; depth++)
		pid = fl_proc_kin(pid, &kin) ? kin.parent : 0;
	return pid == ancestor;
}

static bool is_spared(pid_t pid)
{
	return pid == fl_agent.template_pid || pid == fl_channel_peer();
}

struct signal {
	pid_t group;                    /* 0: any */
	int number;
};

/* Of all processes this one: may it have the signal? */
static bool is_meant(pid_t pid, const struct signal *signal)
{
	struct fl_kin kin;

	if (fl_agent.role == FL_AGENT_ATTEMPT)
		return pid != fl_agent.pid && is_descendant(pid, fl_agent.pid);
	return !is_spared(pid) &&
	       (!signal->group || (fl_proc_kin(pid, &kin) && kin.group == signal->group));
}

static bool send_to_one(int pid, void *context)
{
	const struct signal *signal = context;

	if (pid > 1 && pid != getpid() && is_meant(pid, signal))
		send(pid, signal->number);
	return true;
}

/* To each process but ourselves; false: /proc cannot be read. */
static bool send_to_others(pid_t group, int number)
{
	struct signal signal = { group, number };

	return fl_proc_each("/proc", send_to_one, &signal);
}

/* Nobody will be able to tell it from the kernel's: it is noted who sends it. */
static void note_own(pid_t target, int number)
{
	bool is_own = target == fl_agent.pid || target == -fl_agent.pid ||
		      (target == 0 && getpgrp() == getpgid(fl_agent.pid));

	if (is_own && number == SIGKILL && fl_agent.facts && !fl_agent.facts->signal)
		fl_agent.facts->signal = SIGKILL;
}

/* ---- in the host ---- */

static pid_t group_of(pid_t target)
{
	return target == 0 ? getpgrp() : target == -1 ? 0 : -target;
}

/* Would a signal to this group, or to all (0), reach a process of ours? */
static bool reaches_ours(pid_t group, int number)
{
	bool is_hard = number == SIGKILL || number == SIGSTOP;  /* all others the template blocks */
	pid_t peer = fl_channel_peer();

	if (peer > 1 && (!group || getpgid(peer) == group))
		return true;
	return is_hard && fl_agent.template_pid &&
	       (!group || getpgid(fl_agent.template_pid) == group);
}

/*
 * While another thread starts the command it is not known which process to spare.  A child that
 * was forked meanwhile has no such thread.
 */
static void await_command(void)
{
	pid_t own = (pid_t)syscall(SYS_gettid), summoner;

	if (!fl_agent_is_here(FL_AGENT_HOST))
		return;
	while ((summoner = __atomic_load_n(&fl_agent.summoner, __ATOMIC_ACQUIRE)) != 0 && summoner != own)
		usleep(1000);
}

static int send_from_host(pid_t target, int number)
{
	pid_t group = group_of(target);

	await_command();
	note_own(target, number);
	if (target > 0)
		return target == fl_channel_peer() ? 0 : send(target, number);
	if (!reaches_ours(group, number))
		return send(target, number);
	if (!send_to_others(group, number))
		return send(target, number);
	/* Ourselves last: it may be our end.  Where only ours were there it counts as sent. */
	return target != -1 && getpgrp() == group ? send(getpid(), number) : 0;
}

/* ---- in an attempt ---- */

static void note_contained(void)
{
	if (fl_agent.facts)
		fl_agent.facts->flags |= FL_FACT_CONTAINED;
}

static int send_from_attempt(pid_t target, int number)
{
	pid_t host = (pid_t)fl_agent.shared->host_pid;

	if (target == host)
		target = fl_agent.pid;
	if (target == template || target == -template ||
	    (target > 1 && target == fl_channel_peer())) {
		note_contained();
		return 0;
	}
	if (target == -1) {
		note_contained();
		send_to_others(0, number);
		return 0;
	}
	if (target < -1 && -target == getpgid(host))
		target = -fl_agent.pid;
	note_own(target, number);
	return send(target, number);
}

FL_EXPORT int kill(pid_t target, int number)
{
	bool is_signal = number > 0 && number < NSIG;
	int saved = errno, r;

	if (is_signal && fl_agent.role == FL_AGENT_ATTEMPT)
		r = send_from_attempt(target, number);
	else if (is_signal && fl_agent.role == FL_AGENT_HOST && target != fl_agent.template_pid)
		r = send_from_host(target, number);
	else
		return FL_NEXT(kill)(target, number);
	if (r == 0)
		errno = saved;          /* whatever /proc has said on the way */
	return r;
}

FL_EXPORT int killpg(pid_t group, int number)
{
	if (group < 0 || fl_agent.role == FL_AGENT_IDLE)
		return FL_NEXT(killpg)(group, number);
	return kill(-group, number);
}
