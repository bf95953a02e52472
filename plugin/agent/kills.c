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
#include "agent.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pid_t template;                  /* in an attempt: its parent */

void fl_kills_begin(void)
{
	template = (pid_t)syscall(SYS_getppid);
}

static int send(pid_t pid, int number)
{
	return (int)syscall(SYS_kill, pid, number);
}

/* ---- processes, from /proc/PID/stat: "pid (name) state parent group ..." ---- */

struct process {
	pid_t parent, group;
};

static bool look_at(const char *pid, struct process *ret_process)
{
	char path[32] = "/proc/", text[512], *at;
	ssize_t n;
	int fd;

	strncat(path, pid, 12);
	strcat(path, "/stat");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	at = strrchr(text, ')');
	if (!at || strlen(at) < 4)
		return false;
	ret_process->parent = (pid_t)strtol(at + 4, &at, 10);
	ret_process->group = (pid_t)strtol(at, NULL, 10);
	return true;
}

static bool is_descendant(pid_t pid, pid_t ancestor)
{
	enum { DEEP = 64 };
	struct process process;
	char digits[12];
	int depth, at;

	for (depth = 0; depth < DEEP && pid > 1 && pid != ancestor; depth++) {
		at = sizeof(digits) - 1;
		digits[at] = '\0';
		do
			digits[--at] = (char)('0' + pid % 10);
		while ((pid /= 10) != 0);
		pid = look_at(digits + at, &process) ? process.parent : 0;
	}
	return pid == ancestor;
}

static bool is_spared(pid_t pid)
{
	return pid == fl_agent.template_pid || pid == fl_channel_peer();
}

/* Of all processes the one with this name and number: may it have the signal?  `group` 0: any. */
static bool is_meant(const char *name, pid_t pid, pid_t group)
{
	struct process process;

	if (fl_agent.role == FL_AGENT_ATTEMPT)
		return pid != fl_agent.pid && is_descendant(pid, fl_agent.pid);
	return !is_spared(pid) && (!group || (look_at(name, &process) && process.group == group));
}

struct entry {                          /* struct linux_dirent64, getdents(2) */
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* To each process but ourselves; false: /proc cannot be read. */
static bool send_to_others(pid_t group, int number)
{
	_Alignas(struct entry) char buffer[4096];
	int directory = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n, at;

	if (directory < 0)
		return false;
	while ((n = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0)
		for (at = 0; at < n; at += ((struct entry *)(buffer + at))->size) {
			const struct entry *entry = (const struct entry *)(buffer + at);
			pid_t pid = (pid_t)strtol(entry->name, NULL, 10);

			if (pid > 1 && pid != getpid() && is_meant(entry->name, pid, group))
				send(pid, number);
		}
	close(directory);
	return true;
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

static int send_from_host(pid_t target, int number)
{
	pid_t group = group_of(target);

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

	if (is_signal && fl_agent.role == FL_AGENT_ATTEMPT)
		return send_from_attempt(target, number);
	if (is_signal && fl_agent.role == FL_AGENT_HOST && target != fl_agent.template_pid)
		return send_from_host(target, number);
	return FL_NEXT(kill)(target, number);
}

FL_EXPORT int killpg(pid_t group, int number)
{
	if (group < 0 || fl_agent.role == FL_AGENT_IDLE)
		return FL_NEXT(killpg)(group, number);
	return kill(-group, number);
}
