/* SPDX-License-Identifier: MIT */
/*
 * batch.c - one order: its attempts, forked one after the other, each to its end.
 *
 * Between two forks nothing is allocated and next to nothing written.  A child that
 * passes its deadline is asked where it is, then ended with its process group; what an
 * attempt leaves running becomes our child (we are a subreaper) and ends as well.  Of
 * its output the last bytes are kept.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../proc.h"

#include <flicker/seed.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SHORT_MS = 2,
	HANG_GRACE_MS = 200,            /* for a hung attempt to say where it is */
	LOOK_MS = 1000,                 /* for the outside to look at a hung attempt */
	KILL_MS = 10000,
	STRAGGLERS_MS = 2000,           /* beyond which what forks faster than that is let be */
	SOME = 256,
	WORKER_MS = 10000,              /* for a framework to start one */
};

FL_HOT static pid_t spared;                     /* a child of ours that is no straggler; 0: none */

static bool is_lane;

bool fl_batch_open(void)
{
	fl_batch_adopt(0);
	return fl_output_open();
}

void fl_batch_adopt(pid_t child)
{
	spared = child;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* ---- one child, to its end ---- */

/* Milliseconds from now to `deadline_ns`, rounded up; 0 where it has passed. */
static int remaining_ms(uint64_t deadline_ns)
{
	uint64_t now = fl_agent_now_ns();

	return now >= deadline_ns ? 0 : (int)((deadline_ns - now + 999999) / 1000000);
}

static int wait_for(struct pollfd *ready, nfds_t count, int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	return ppoll(ready, count, &time, fl_ending_mask());
}

/* Until the child has ended (true) or the time is over (false).  Ends us when the outside is gone. */
static bool await(int pidfd, pid_t child, uint32_t timeout_ms, struct fl_facts *facts)
{
	uint64_t deadline_ns = fl_agent_now_ns() + timeout_ms * 1000000ull, stopped_ns = 0;
	struct pollfd ready[] = {
		{ pidfd, POLLIN, 0 },
		{ fl_output_reader(), POLLIN, 0 },
		{ fl_agent.channel, 0, 0 },
	};

	/* Most tests are over at once: not to be woken by each line that they print. */
	if (poll(ready, 1, SHORT_MS < timeout_ms ? SHORT_MS : (int)timeout_ms) > 0)
		return true;
	for (;;) {
		int moment = fl_ending_watch(child, &stopped_ns, facts);
		int left = remaining_ms(deadline_ns);
		int n = wait_for(ready, 3, moment >= 0 && moment < left ? moment : left);

		if (n == 0 && !remaining_ms(deadline_ns))
			return false;
		if (n <= 0)
			continue;
		if (ready[1].revents & POLLIN)
			fl_output_drain();
		if (ready[0].revents)
			return true;
		if (ready[2].revents) {
			kill(-child, SIGKILL);
			fl_agent_end(0);
		}
	}
}

/*
 * The outside may look at all its threads before it ends.  Not from a lane: several would
 * wait on one line, and a timeout is repeated alone anyhow.
 */
static void show(pid_t child, const struct fl_facts *facts)
{
	struct fl_record_hung hung = { .attempt = facts->attempt, .pid = (uint32_t)child };
	struct pollfd answer = { fl_agent.channel, POLLIN, 0 };
	struct {
		struct fl_record head;
		struct fl_record_exit body;
	} go;

	if (is_lane || fl_channel_send(fl_agent.channel, FL_RECORD_HUNG, &hung, sizeof(hung)) < 0)
		return;
	if (poll(&answer, 1, LOOK_MS) > 0 && (answer.revents & POLLIN))
		fl_channel_receive(fl_agent.channel, &go, sizeof(go));
}

/* The time before its test begins is not the test's, where that runs in a process of its own. */
static uint32_t late_ms(uint32_t timeout_ms, const struct fl_facts *facts, uint64_t start_ns)
{
	uint64_t now = fl_agent_now_ns(), end;

	if (!fl_agent.group || !fl_agent.group->has_workers)
		return 0;
	end = facts->flags & FL_FACT_REACHED ? facts->started_ns + timeout_ms * 1000000ull :
					       start_ns + WORKER_MS * 1000000ull;
	if (end <= now)
		return 0;
	end = (end - now + 999999) / 1000000;
	return end < timeout_ms ? (uint32_t)end : timeout_ms;
}

static bool await_test(int pidfd, pid_t child, uint32_t timeout_ms, struct fl_facts *facts)
{
	uint64_t start_ns = fl_agent_now_ns();
	uint32_t ms = timeout_ms;

	while (ms) {
		if (await(pidfd, child, ms, facts))
			return true;
		ms = late_ms(timeout_ms, facts, start_ns);
	}
	return false;
}

static void end_hung(int pidfd, pid_t child, struct fl_facts *facts)
{
	facts->flags |= FL_FACT_TIMED_OUT;
	show(child, facts);
	syscall(SYS_tgkill, child, child, fl_crash_hang_signal());
	if (!await(pidfd, child, HANG_GRACE_MS, facts)) {
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		await(pidfd, child, KILL_MS, facts);
	}
}

/* Ends children of ours that are no attempt in hand, as many as one look shows; how many. */
static uint32_t end_some(void)
{
	pid_t pids[SOME];
	size_t i, count = fl_proc_children(getpid(), pids, SOME);
	uint32_t ended = 0;

	for (i = 0; i < count; i++)
		if (pids[i] == spared || kill(pids[i], SIGKILL) < 0)
			pids[i] = 0;
	for (i = 0; i < count; i++)
		ended += pids[i] && waitpid(pids[i], NULL, __WALL) == pids[i];
	return ended;
}

/* What an attempt left running has become our child (we are a subreaper); it ends.  How many. */
static uint32_t end_stragglers(void)
{
	uint64_t deadline_ns = fl_agent_now_ns() + STRAGGLERS_MS * 1000000ull;
	uint32_t count = 0, some;
	int status;

	while (remaining_ms(deadline_ns)) {
		pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);

		if (pid < 0)
			break;                  /* ECHILD: the usual case, one call */
		if (pid > 0) {
			count += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
			continue;
		}
		some = end_some();
		if (!some)
			break;
		count += some;
	}
	return count;
}

/* No descriptor is to be had: look every millisecond. */
static void await_blindly(pid_t child, uint32_t timeout_ms, struct fl_facts *facts)
{
	siginfo_t info = { 0 };

	while (timeout_ms-- && !info.si_pid) {
		waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
		if (!info.si_pid)
			usleep(1000);
		fl_output_drain();
	}
	if (!info.si_pid)
		facts->flags |= FL_FACT_TIMED_OUT;
	kill(child, SIGKILL);
}

void fl_batch_finish(pid_t child, uint32_t timeout_ms, struct fl_facts *facts)
{
	int pidfd = (int)syscall(SYS_pidfd_open, child, 0u);
	int status = 0;

	if (pidfd >= 0 && !await_test(pidfd, child, timeout_ms, facts))
		end_hung(pidfd, child, facts);
	if (pidfd < 0)
		await_blindly(child, timeout_ms, facts);
	kill(-child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (pidfd >= 0)
		close(pidfd);
	if (!(facts->flags & FL_FACT_DONE))
		facts->duration_ns = fl_agent_now_ns() - facts->started_ns;
	facts->stragglers = end_stragglers();
	fl_ending_look(status, facts);
	facts->status = status;
}

/* ---- the order ---- */

/* Which attempts of an order are whose: each `step`th from `first`. */
struct share {
	uint32_t first, step;
};

static void clear_slot(const struct fl_record_order *order, uint32_t n)
{
	bool is_same = order->flags & FL_ORDER_SAME_SEED;
	uint64_t number = is_same ? order->first : order->first + n;
	uint64_t seed = is_same ? order->seed :
				  fl_seed_attempt(order->run_seed, fl_ids_get(order->test), number);

	fl_record_clear(&fl_agent.shared->slots[n], number, seed, order->test);
	fl_output_begin();
}

/* The n-th attempt.  True in the attempt itself. */
static bool make_one(const struct fl_record_order *order, uint32_t n)
{
	struct fl_facts *facts = &fl_agent.shared->slots[n];
	pid_t child = fork();

	if (child == 0) {
		close(fl_output_reader());
		fl_attempt_begin(order, n, fl_output_writer());
		return true;
	}
	if (child > 0) {
		fl_batch_finish(child, order->timeout_ms, facts);
	} else {
		facts->flags = FL_FACT_NO_FORK;
		facts->status = errno;
	}
	fl_output_drain();
	fl_output_store(facts);
	__atomic_or_fetch(&facts->flags, FL_FACT_MADE, __ATOMIC_RELEASE);
	__atomic_add_fetch(&fl_agent.shared->attempts_done, 1, __ATOMIC_RELEASE);
	return false;
}

static bool make_share(const struct fl_record_order *order, struct share share)
{
	uint32_t n;

	for (n = share.first; n < order->count; n += share.step) {
		clear_slot(order, n);
		if (make_one(order, n))
			return true;
		if (fl_agent.shared->slots[n].flags & FL_FACT_TIMED_OUT)
			break;          /* dear: the outside shall think again */
	}
	return false;
}

/* ---- several at a time: lanes, each a template of its own for a share of the order ---- */

static bool run_lane(const struct fl_record_order *order, struct share share)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fl_agent.pid = getpid();
	is_lane = true;
	if (!fl_batch_open())
		fl_agent_end(1);
	if (make_share(order, share))
		return true;
	fl_agent_end(0);
}

static bool make_in_lanes(const struct fl_record_order *order, uint32_t lanes)
{
	pid_t pids[FL_WIRE_SLOTS] = { 0 };
	uint32_t lane;

	for (lane = 0; lane < lanes; lane++) {
		pids[lane] = fork();
		if (pids[lane] == 0)
			return run_lane(order, (struct share){ lane, lanes });
	}
	for (lane = 0; lane < lanes; lane++)
		while (pids[lane] > 0 && waitpid(pids[lane], NULL, 0) < 0 && errno == EINTR)
			;
	return false;
}

bool fl_batch_make(const struct fl_record_order *order)
{
	struct fl_record_order clamped = *order;
	bool is_attempt;
	uint32_t n;

	if (clamped.count > FL_WIRE_SLOTS)
		clamped.count = FL_WIRE_SLOTS;
	if (clamped.jobs > clamped.count)
		clamped.jobs = clamped.count;
	for (n = 0; n < clamped.count; n++)
		fl_agent.shared->slots[n].flags = 0;    /* not MADE: a timeout ends the order early */
	fl_ending_begin();
	if (clamped.jobs > 1)
		return make_in_lanes(&clamped, clamped.jobs);
	fl_attempt_stay();
	is_attempt = make_share(&clamped, (struct share){ 0, 1 });
	if (!is_attempt)
		fl_attempt_roam();
	return is_attempt;
}
