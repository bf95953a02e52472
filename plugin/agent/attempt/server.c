/* SPDX-License-Identifier: MIT */
/*
 * server.c - attempts of a test that the framework runs in a process of its own (exec).
 *
 * A child of the template runs the framework's runner, restricted to that test; the worker
 * which that starts finds our mark and serves the template's orders from within
 * (worker.c): one start of a process for all of them.  It opens our pipes by their names in
 * /proc, as descriptors do not come so far.  A worker serves one test; that of another takes
 * its place.  What cannot be had so is an attempt by the runner each.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 10000, END_MS = 1000, TESTS = 1 << 16 };

static struct fl_relay relay = { -1, -1, 0 };
static int theirs[2];                   /* the ends that the worker opens: orders, answers */
static uint32_t served;                 /* the test */
static unsigned char refused[TESTS / 8];

static bool is_refused(uint32_t test)
{
	return test >= TESTS || (refused[test / 8] & 1u << test % 8);
}

static void refuse(uint32_t test)
{
	if (test < TESTS)
		refused[test / 8] |= (unsigned char)(1u << test % 8);
}

static bool open_pipes(void)
{
	int orders[2], answers[2];

	if (pipe2(orders, O_CLOEXEC) < 0)
		return false;
	if (pipe2(answers, O_CLOEXEC) < 0) {
		close(orders[0]);
		close(orders[1]);
		return false;
	}
	theirs[0] = fl_agent_lift(orders[0]);
	relay.to = fl_agent_lift(orders[1]);
	relay.from = fl_agent_lift(answers[0]);
	theirs[1] = fl_agent_lift(answers[1]);
	return true;
}

static void close_pipes(void)
{
	close(theirs[0]);
	close(theirs[1]);
	close(relay.to);
	close(relay.from);
	relay.to = relay.from = -1;
}

/* The runner's life; what it says and judges is of no interest. */
static void run(struct fl_group *group, const struct fl_record_order *order)
{
	uint32_t index = order->test;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fl_agent.pid = getpid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	fl_worker_announce_server(order, theirs[0], theirs[1]);
	close_pipes();
	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(null);
	}
	fl_attempt_restore();
	group->run(group, &index, 1);
	fl_agent_end(0);
}

/* It ends by itself when nobody can send it another order. */
void fl_server_release(void)
{
	uint64_t deadline_ns = fl_agent_now_ns() + END_MS * 1000000ull;

	if (!relay.pid)
		return;
	close_pipes();
	while (waitpid(relay.pid, NULL, WNOHANG) == 0) {
		if (fl_agent_now_ns() > deadline_ns) {
			kill(-relay.pid, SIGKILL);
			kill(relay.pid, SIGKILL);
			waitpid(relay.pid, NULL, 0);
			break;
		}
		usleep(500);
	}
	relay.pid = 0;
	fl_batch_adopt(0);
}

static bool start(struct fl_group *group, const struct fl_record_order *order)
{
	if (!open_pipes())
		return false;
	relay.pid = fork();
	if (relay.pid == 0)
		run(group, order);
	if (relay.pid < 0) {
		relay.pid = 0;
		close_pipes();
		return false;
	}
	fl_batch_adopt(relay.pid);
	served = order->test;
	if (fl_relay_await(&relay, START_MS) == FL_RECORD_HELLO)
		return true;
	fl_server_release();
	return false;
}

bool fl_server_carry_out(struct fl_group *group, const struct fl_record_order *order)
{
	if (!group->has_workers)
		return false;
	if (relay.pid && (served != order->test || (order->flags & FL_ORDER_PREFIX)))
		fl_server_release();
	if ((order->flags & FL_ORDER_PREFIX) || is_refused(order->test))
		return false;
	if ((relay.pid || start(group, order)) && fl_relay_order(&relay, order) == FL_RECORD_BATCH_DONE)
		return true;
	fl_server_release();
	refuse(order->test);
	return false;
}
