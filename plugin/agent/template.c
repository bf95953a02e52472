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
 *
 * Three kinds of it: cold (forks before the group's setup), probing (runs the
 * setup under fl_purity_enforce, which ends it at the first trace outside its
 * memory), warm (forks after the setup).  Warm is only taken where the setup took
 * long in the host and a probe came through.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <flicker/seed.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	LONG_SETUP_MS = 5,              /* of a group's setup, worth a warm template */
	SHORT_MS = 2,
	HANG_GRACE_MS = 200,            /* for a hung attempt to say where it is */
	KILL_MS = 10000,
	STRAGGLER_ROUNDS = 100,
};

FL_HOT static struct {
	enum { COLD, PROBING, WARM } kind;
	bool is_prepared;
	enum { UNTRIED, REFUSED, TAKEN } warm;
	pid_t warm_pid;
	int warm_line;                  /* cold's or warm's end */
	int output[2];                  /* the attempts' descriptors 1 and 2 */
} template = { .warm_line = -1, .output = { -1, -1 } };

static char tail[FL_WIRE_OUTPUT];       /* of the attempt's output; a ring */
static uint64_t written_bytes;

/* ---- the attempt's output ---- */

static void keep_tail(const char *bytes, size_t size)
{
	size_t at = written_bytes % sizeof(tail), n;

	written_bytes += size;
	if (size > sizeof(tail)) {
		at = (at + size - sizeof(tail)) % sizeof(tail);
		bytes += size - sizeof(tail);
		size = sizeof(tail);
	}
	n = size < sizeof(tail) - at ? size : sizeof(tail) - at;
	memcpy(tail + at, bytes, n);
	memcpy(tail, bytes + n, size - n);
}

static void drain_output(void)
{
	static char bytes[65536];
	struct pollfd ready = { template.output[0], POLLIN, 0 };

	while (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)) {
		ssize_t n = read(template.output[0], bytes, sizeof(bytes));

		if (n <= 0)
			return;
		keep_tail(bytes, (size_t)n);
		if ((size_t)n < sizeof(bytes))
			return;
	}
}

static void store_output(struct fl_facts *facts)
{
	size_t kept = written_bytes < sizeof(tail) ? written_bytes : sizeof(tail);
	size_t start = written_bytes > sizeof(tail) ? written_bytes % sizeof(tail) : 0;

	memcpy(facts->output, tail + start, kept - start);
	memcpy(facts->output + kept - start, tail, start);
	facts->output_kept = (uint32_t)kept;
	facts->output_total = written_bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)written_bytes;
}

/* ---- one child, to its end ---- */

/* Milliseconds from now to `deadline_ns`, rounded up; 0 where it has passed. */
static int remaining_ms(uint64_t deadline_ns)
{
	uint64_t now = fl_agent_now_ns();

	return now >= deadline_ns ? 0 : (int)((deadline_ns - now + 999999) / 1000000);
}

/* Until the child has ended (true) or the time is over (false).  Ends us when the outside is gone. */
static bool await(int pidfd, pid_t child, uint32_t timeout_ms)
{
	uint64_t deadline_ns = fl_agent_now_ns() + timeout_ms * 1000000ull;
	struct pollfd ready[] = {
		{ pidfd, POLLIN, 0 },
		{ template.output[0], POLLIN, 0 },
		{ fl_agent.channel, 0, 0 },
	};

	/* Most tests are over at once: not to be woken by each line that they print. */
	if (poll(ready, 1, SHORT_MS < timeout_ms ? SHORT_MS : (int)timeout_ms) > 0)
		return true;
	for (;;) {
		int n = poll(ready, 3, remaining_ms(deadline_ns));

		if (n == 0)
			return false;
		if (n < 0)
			continue;
		if (ready[1].revents & POLLIN)
			drain_output();
		if (ready[0].revents)
			return true;
		if (ready[2].revents) {
			kill(-child, SIGKILL);
			fl_agent_end(0);
		}
	}
}

static void end_hung(int pidfd, pid_t child, struct fl_facts *facts)
{
	facts->flags |= FL_FACT_TIMED_OUT;
	syscall(SYS_tgkill, child, child, fl_crash_hang_signal());
	if (!await(pidfd, child, HANG_GRACE_MS)) {
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		await(pidfd, child, KILL_MS);
	}
}

/* One child of ours that is no attempt in hand, or 0. */
static pid_t next_straggler(void)
{
	char path[64], text[512];
	char *at = text;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	for (text[n > 0 ? n : 0] = '\0'; *at; at += *at == ' ') {
		pid_t pid = 0;

		for (; *at >= '0' && *at <= '9'; at++)
			pid = pid * 10 + (*at - '0');
		if (pid && pid != template.warm_pid)
			return pid;
	}
	return 0;
}

/* What an attempt left running has become our child (we are a subreaper): it ends here. */
static void end_stragglers(void)
{
	int round;

	for (round = 0; round < STRAGGLER_ROUNDS; round++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		if (pid < 0)
			return;                 /* ECHILD: the usual case, one call */
		if (pid > 0)
			continue;
		pid = next_straggler();
		if (!pid)
			return;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
	}
}

static void finish_child(pid_t child, uint32_t timeout_ms, struct fl_facts *facts)
{
	int pidfd = (int)syscall(SYS_pidfd_open, child, 0u);
	int status = 0;

	if (pidfd >= 0 && !await(pidfd, child, timeout_ms))
		end_hung(pidfd, child, facts);
	kill(-child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (pidfd >= 0)
		close(pidfd);
	end_stragglers();
	facts->status = status;
}

/* ---- orders ---- */

/* Makes the attempts of an order.  Returns true in each attempt, false here when all are made. */
static bool make_attempts(const struct fl_record_order *order)
{
	const char *id = fl_ids_get(order->test);
	uint32_t n, count = order->count < FL_WIRE_SLOTS ? order->count : FL_WIRE_SLOTS;

	fl_attempt_stay();
	for (n = 0; n < count; n++) {
		struct fl_facts *facts = &fl_agent.shared->slots[n];
		uint64_t attempt = order->first + n;
		pid_t child;

		fl_record_clear(facts, attempt, fl_seed_attempt(order->run_seed, id, attempt), order->test);
		written_bytes = 0;
		child = fork();
		if (child == 0) {
			close(template.output[0]);
			if (template.warm_line >= 0)
				close(template.warm_line);
			fl_attempt_begin(order, n, template.output[1]);
			return true;
		}
		if (child > 0) {
			finish_child(child, order->timeout_ms, facts);
		} else {
			facts->flags = FL_FACT_NO_FORK;
			facts->status = errno;
		}
		drain_output();
		store_output(facts);
		__atomic_store_n(&fl_agent.shared->attempts_done, n + 1, __ATOMIC_RELEASE);
		if (facts->flags & FL_FACT_TIMED_OUT)
			break;          /* dear: the outside shall think again */
	}
	fl_attempt_roam();
	return false;
}

static bool is_possible(const struct fl_record_order *order)
{
	return fl_ids_get(order->test) != NULL;
}

/* In an attempt: the group's tests up to the target, or the target alone. */
static void run_attempt(struct fl_group *group, const struct fl_record_order *order)
{
	static uint32_t indices[1 << 16];
	uint32_t i, count = 0;

	if (order->flags & FL_ORDER_PREFIX)
		for (i = 0; i < order->test && count < (1u << 16) - 1; i++)
			if (fl_ids_is_selected(i))
				indices[count++] = i;
	indices[count++] = order->test;
	group->run(group, indices, count);
	fl_attempt_end();
}

/* ---- a setup that may be shared ---- */

bool fl_template_setup_done(uint32_t *ret_index)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record;

	if (template.kind == PROBING)
		fl_agent_end(0);
	if (template.kind != WARM)
		return false;
	drain_output();                 /* the setup's own words belong to no attempt */
	while (recv(template.warm_line, &record, sizeof(record), 0) == sizeof(record)) {
		if (make_attempts(&record.order)) {
			*ret_index = record.order.test;
			return true;
		}
		if (send(template.warm_line, &record.head, sizeof(record.head), MSG_NOSIGNAL) < 0)
			break;
	}
	fl_agent_end(0);
}

/* The child's life: the group's setup is run, fl_template_setup_done takes over. */
static void become(int kind, struct fl_group *group, const struct fl_record_order *order)
{
	uint32_t index = order->test;

	template.kind = kind;
	fl_agent.pid = getpid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	dup2(template.output[1], STDOUT_FILENO);
	dup2(template.output[1], STDERR_FILENO);
	if (kind == PROBING && !fl_purity_enforce())
		fl_agent_end(1);
	group->run(group, &index, 1);
	if (fl_agent.role == FL_AGENT_ATTEMPT)
		fl_attempt_end();
	fl_agent_end(1);
}

static bool probe(struct fl_group *group, const struct fl_record_order *order)
{
	struct fl_facts scratch;
	pid_t child = fork();

	if (child == 0)
		become(PROBING, group, order);
	if (child < 0)
		return false;
	finish_child(child, order->timeout_ms, &scratch);
	drain_output();
	return WIFEXITED(scratch.status) && WEXITSTATUS(scratch.status) == 0;
}

static bool take_warm(struct fl_group *group, const struct fl_record_order *order)
{
	int pair[2];

	if (!probe(group, order) || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	pair[0] = fl_agent_lift(pair[0]);
	pair[1] = fl_agent_lift(pair[1]);
	template.warm_pid = fork();
	if (template.warm_pid == 0) {
		close(pair[0]);
		template.warm_line = pair[1];
		become(WARM, group, order);
	}
	close(pair[1]);
	template.warm_line = pair[0];
	return template.warm_pid > 0;
}

/* Has the warm template carry the order out; false: it could not. */
static bool relay(const struct fl_record_order *order)
{
	struct {
		struct fl_record head;
		struct fl_record_order order;
	} record = { { FL_RECORD_ORDER, sizeof(record) }, *order };
	struct pollfd ready[] = { { template.warm_line, POLLIN, 0 }, { fl_agent.channel, 0, 0 } };

	if (send(template.warm_line, &record, sizeof(record), MSG_NOSIGNAL) < 0)
		return false;
	while (poll(ready, 2, -1) < 0)
		;
	if (ready[1].revents)
		fl_agent_end(0);               /* the outside is gone; warm follows (PDEATHSIG) */
	return recv(template.warm_line, &record, sizeof(record), 0) > 0;
}

static void drop_warm(void)
{
	kill(template.warm_pid, SIGKILL);
	waitpid(template.warm_pid, NULL, 0);
	close(template.warm_line);
	template.warm_line = -1;
	template.warm_pid = 0;
	template.warm = REFUSED;
}

static bool is_for_warm(const struct fl_record_order *order)
{
	return order->group_setup_ms >= LONG_SETUP_MS && !(order->flags & FL_ORDER_PREFIX);
}

static void carry_out(struct fl_group *group, const struct fl_record_order *order)
{
	__atomic_store_n(&fl_agent.shared->attempts_done, 0, __ATOMIC_RELEASE);
	if (is_for_warm(order) && template.warm == UNTRIED)
		template.warm = take_warm(group, order) ? TAKEN : REFUSED;
	if (is_for_warm(order) && template.warm == TAKEN) {
		if (relay(order))
			return;
		drop_warm();
	}
	if (make_attempts(order))
		run_attempt(group, order);
}

/* ---- the template's life ---- */

static bool prepare(struct fl_group *group)
{
	if (template.is_prepared)
		return true;
	if (pipe2(template.output, O_CLOEXEC) < 0)
		return false;
	template.output[0] = fl_agent_lift(template.output[0]);
	template.output[1] = fl_agent_lift(template.output[1]);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fl_attempt_prepare();
	if (group->prepare)
		group->prepare(group);
	template.is_prepared = true;
	return true;
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
	fl_agent_end(0);
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

	while (!is_asked && !ready[1].revents) {
		char byte;

		if (poll(ready, 2, -1) < 0 || !ready[0].revents)
			continue;
		is_asked = recv(fl_agent.line, &byte, 1, MSG_DONTWAIT) == 1;
		if (!is_asked && host < 0)
			break;                  /* no pidfd: the line is all we have */
		ready[0].fd = -1;
	}
	if (host >= 0)
		close(host);
	return is_asked;
}

static void live(struct fl_group *group)
{
	bool is_asked;

	fl_agent.role = FL_AGENT_TEMPLATE;
	fl_agent.pid = getpid();
	fl_agent.facts = NULL;
	fl_agent.group = group;
	setpgid(0, 0);
	is_asked = sleep_until_needed();
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
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return;
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

bool fl_template_wake(void)
{
	return fl_agent.template_pid && send(fl_agent.line, "s", 1, MSG_NOSIGNAL) == 1;
}

void fl_template_release(void)
{
	if (fl_agent.template_pid) {
		kill(fl_agent.template_pid, SIGKILL);
		while (waitpid(fl_agent.template_pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	}
	if (fl_agent.line >= 0 && fl_guard_is_ours(fl_agent.line))
		close(fl_agent.line);
	fl_agent.line = -1;
	fl_agent.template_pid = 0;
}
