/* SPDX-License-Identifier: MIT */
/*
 * template.c - the process that attempts are forked from.
 *
 * A raw clone with exit signal 0: no wait() of the host's ever meets it, no
 * SIGCHLD tells of it.  It is taken before the group's fixtures and sleeps until
 * the host asks for it or dies; then it connects to the outside and carries out
 * orders.  It runs no test itself, blocks all signals, and neither allocates nor
 * writes once the first attempt is made (glibc's cached thread id is stale in it;
 * fork() gives the attempts a right one).
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../look/look.h"
#include "../proc.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAKE = 0x666c6963 };             /* what a waking signal says */

/* ---- orders ---- */

static bool is_possible(const struct fl_record_order *order)
{
	return fl_ids_get(order->test) != NULL;
}

static bool has_heir;                   /* children of a template would become its host's */

bool fl_template_may_leave(void)
{
	return !has_heir;
}

static void carry_out(struct fl_group *group, const struct fl_record_order *order)
{
	__atomic_store_n(&fl_agent.shared->attempts_done, 0, __ATOMIC_RELEASE);
	if (!fl_warm_carry_out(group, order) && !fl_server_carry_out(group, order) && fl_batch_make(order))
		fl_attempt_run(group, order);
}

/* ---- the template's life ---- */

static bool prepare(struct fl_group *group)
{
	if (!fl_batch_open())
		return false;
	fl_entry_hide();                /* of a program it was left for what that may start */
	fl_attempt_prepare();
	if (group->prepare)
		group->prepare(group);
	return !fl_postpone_is_on() || fl_ids_assign(group);
}

/* Serves the outside until it has no more orders; does not return. */
static void serve(struct fl_group *group)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record;

	fl_channel_close();             /* the host's, where it was inherited */
	if (!prepare(group) ||
	    fl_channel_open(fl_agent.shared->channel_path, FL_ROLE_TEMPLATE, group->number) < 0)
		fl_agent_end(1);
	while (fl_channel_receive(fl_agent.channel, &record, sizeof(record)) == sizeof(record) &&
	       record.head.kind == FL_RECORD_ORDER) {
		struct fl_record_batch done;

		if (is_possible(&record.order))
			carry_out(group, &record.order);
		done.count = __atomic_load_n(&fl_agent.shared->attempts_done, __ATOMIC_ACQUIRE);
		if (fl_channel_send(fl_agent.channel, FL_RECORD_BATCH_DONE, &done, sizeof(done)) < 0)
			break;
	}
	fl_server_release();
	fl_agent_end(0);
}

static volatile sig_atomic_t is_woken;

/* From a host whose end of the line was closed by a test. */
static void on_wake(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	if ((uint32_t)info->si_pid == fl_agent.shared->host_pid && info->si_value.sival_int == WAKE)
		is_woken = true;
}

/* All signals are blocked but for this one, and for it while we sleep only. */
static int sleep_on(struct pollfd *ready, nfds_t count)
{
	struct sigaction wake = { .sa_flags = SA_SIGINFO }, before;
	sigset_t mask;
	int n;

	wake.sa_sigaction = on_wake;
	sigaction(fl_crash_hang_signal(), &wake, &before);
	sigfillset(&mask);
	sigdelset(&mask, fl_crash_hang_signal());
	n = ppoll(ready, count, NULL, &mask);
	sigaction(fl_crash_hang_signal(), &before, NULL);
	return n;
}

/* Our line to the host was closed: has it executed another program, and taken none of us along? */
static void note_execution(void)
{
	struct fl_line path = { "/proc/", 0 };
	static char own[PATH_MAX], its[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own)), m;

	path.length = strlen(path.text);
	fl_line_add_number(&path, fl_agent.shared->host_pid, 10);
	fl_line_add(&path, "/exe");
	m = readlink(path.text, its, sizeof(its));
	if (n > 0 && m > 0 && (n != m || memcmp(own, its, (size_t)n) != 0))
		fl_shared_warn("the program has executed another one, which flicker was not passed on to: "
			       "only how that ends is seen");
}

/*
 * Sleeps until the host asks (true) or is gone (false).  The end of the line alone
 * does not mean the latter: a test may close descriptors that are not its own.
 */
static bool sleep_until_needed(void)
{
	int host = (int)syscall(SYS_pidfd_open, fl_agent.shared->host_pid, 0u);
	struct pollfd ready[] = { { fl_agent.line, POLLIN, 0 }, { host, POLLIN, 0 } };
	bool is_asked = false;

	while (!is_asked && !is_woken && !ready[1].revents) {
		char byte = 0;

		if (sleep_on(ready, 2) < 0 || !ready[0].revents)
			continue;
		is_asked = recv(fl_agent.line, &byte, 1, MSG_DONTWAIT) == 1;
		if (byte == 'q')
			fl_agent_end(0);
		if (!is_asked && host < 0)
			break;                  /* no pidfd: the line is all we have */
		if (!is_asked && fl_agent.adapter->is_program && !ready[1].revents)
			note_execution();
		ready[0].fd = -1;
	}
	if (host >= 0)
		close(host);
	return is_asked || is_woken;
}

/* All signals are blocked, so one that was meant for the whole process group waits for us. */
static bool is_told_to_end(void)
{
	static const int requests[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t pending;
	size_t i;

	sigpending(&pending);
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (sigismember(&pending, requests[i]))
			return true;
	return false;
}

static void live(struct fl_group *group)
{
	bool is_asked;

	fl_agent.role = FL_AGENT_TEMPLATE;
	fl_agent.pid = getpid();
	fl_agent.facts = NULL;
	fl_agent.group = group;
	is_asked = sleep_until_needed();
	if (!is_asked && fl_postpone_is_on())
		fl_agent_end(1);        /* nobody has said which tests there are */
	if (!is_asked && !fl_agent.channel_path[0] && is_told_to_end())
		fl_agent_end(1);
	setpgid(0, 0);                  /* from now on the host's signals are not ours */
	/* The host died among its tests, and nobody was there to see it. */
	if (!is_asked && !fl_agent.shared->channel_path[0] && fl_attach_start())
		memcpy(fl_agent.shared->channel_path, fl_agent.channel_path,
		       sizeof(fl_agent.shared->channel_path));
	if (!fl_agent.shared->channel_path[0])
		fl_agent_end(1);
	serve(group);
}

void fl_template_park(struct fl_group *group)
{
	sigset_t all, before;
	int pair[2];
	long pid;

	fl_agent.template_pid = 0;
	has_heir = fl_proc_is_heir();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		fl_shared_append_group(FL_RECORD_REFUSED, group->number, group->count,
				       "the system refuses another descriptor");
		return;
	}
	pair[0] = fl_agent_lift(pair[0]);
	pair[1] = fl_agent_lift(pair[1]);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	fl_attempt_remember_mask(&before);
	pid = syscall(SYS_clone, 0ul, 0ul, 0ul, 0ul, 0ul);
	if (pid == 0) {
		close(pair[0]);
		fl_agent.line = pair[1];
		live(group);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(pair[1]);
	fl_agent.line = pair[0];
	if (pid > 0)
		fl_agent.template_pid = (pid_t)pid;
	else
		fl_shared_append_group(FL_RECORD_REFUSED, group->number, group->count,
				       "the system refuses another process");
}

static bool is_line_ours(void)
{
	int type = 0;
	socklen_t size = sizeof(type);

	return fl_agent.line >= 0 &&
	       getsockopt(fl_agent.line, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

bool fl_template_wake(void)
{
	if (!fl_agent.template_pid)
		return false;
	if (is_line_ours() && send(fl_agent.line, "s", 1, MSG_NOSIGNAL) == 1)
		return true;
	return sigqueue(fl_agent.template_pid, fl_crash_hang_signal(),
			(union sigval){ .sival_int = WAKE }) == 0;
}

/* One that we have no right to end (the tests became another user) is asked to. */
static bool end_template(void)
{
	return kill(fl_agent.template_pid, SIGKILL) == 0 ||
	       (is_line_ours() && send(fl_agent.line, "q", 1, MSG_NOSIGNAL) == 1);
}

void fl_template_release(void)
{
	if (fl_agent.template_pid && end_template()) {
		while (waitpid(fl_agent.template_pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	}
	if (is_line_ours())
		close(fl_agent.line);
	fl_agent.line = -1;
	fl_agent.template_pid = 0;
}
