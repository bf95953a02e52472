/* SPDX-License-Identifier: MIT */
/*
 * warm.c - a second template, behind the group's setup, where that may be shared.
 *
 * Only where the setup took long in the host, and a probe - a child that runs it under
 * fl_purity_enforce - shows that it leaves no trace outside its own memory and draws nothing
 * by chance: what it drew would be the same for all attempts, and a token could not repeat
 * it.  The warm
 * template runs the setup once; when that has succeeded it serves the first template's
 * orders from within it.  If it is lost, attempts have their own setup again.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG_SETUP_MS = 5 };

FL_HOT static enum { COLD, PROBING, WARM } kind;         /* what this process is */
FL_HOT static enum { UNTRIED, REFUSED, TAKEN } state;    /* cold: of the warm template */
static pid_t warm_pid;
FL_HOT static int line = -1;                             /* cold's or warm's end of their pair */

struct order_record {
	struct fl_record head;
	struct fl_record_order order;
};

bool fl_warm_setup_done(uint32_t *ret_index)
{
	struct order_record record;

	if (kind == PROBING)
		fl_agent_end(fl_random_has_drawn());
	if (kind != WARM)
		return false;
	fflush(stdout);                 /* the setup's own words belong to no attempt */
	fflush(stderr);
	fl_output_drain();
	while (recv(line, &record, sizeof(record), 0) == sizeof(record)) {
		if (fl_batch_make(&record.order)) {
			close(line);
			*ret_index = record.order.test;
			return true;
		}
		if (send(line, &record.head, sizeof(record.head), MSG_NOSIGNAL) < 0)
			break;
	}
	fl_agent_end(0);
}

/* The child's life: the group's setup is run, fl_warm_setup_done takes over. */
static void become(int what, struct fl_group *group, const struct fl_record_order *order)
{
	uint32_t index = order->test;

	kind = what;
	fl_agent.pid = getpid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fl_batch_adopt(0);
	dup2(fl_output_writer(), STDOUT_FILENO);
	dup2(fl_output_writer(), STDERR_FILENO);
	if (what == PROBING && !fl_purity_enforce())
		fl_agent_end(1);
	fl_random_forget();
	group->run(group, &index, 1);
	if (fl_agent.role == FL_AGENT_ATTEMPT)
		fl_attempt_end();
	fl_agent_end(1);
}

static bool probe(struct fl_group *group, const struct fl_record_order *order)
{
	static struct fl_facts scratch;
	pid_t child = fork();

	if (child == 0)
		become(PROBING, group, order);
	if (child < 0)
		return false;
	fl_batch_finish(child, order->timeout_ms, &scratch);
	fl_output_drain();
	return WIFEXITED(scratch.status) && WEXITSTATUS(scratch.status) == 0;
}

static bool take_warm(struct fl_group *group, const struct fl_record_order *order)
{
	int pair[2];

	if (!probe(group, order) || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	pair[0] = fl_agent_lift(pair[0]);
	pair[1] = fl_agent_lift(pair[1]);
	warm_pid = fork();
	if (warm_pid == 0) {
		close(pair[0]);
		line = pair[1];
		become(WARM, group, order);
	}
	close(pair[1]);
	if (warm_pid < 0) {
		close(pair[0]);
		return false;
	}
	line = pair[0];
	fl_batch_adopt(warm_pid);
	return true;
}

/* Has the warm template carry the order out; false: it could not. */
static bool relay(const struct fl_record_order *order)
{
	return fl_relay_order(&(struct fl_relay){ line, line, warm_pid }, order) != 0;
}

static void drop_warm(void)
{
	kill(warm_pid, SIGKILL);
	waitpid(warm_pid, NULL, 0);
	close(line);
	line = -1;
	warm_pid = 0;
	fl_batch_adopt(0);
	state = REFUSED;
}

static bool is_for_warm(const struct fl_record_order *order)
{
	return order->group_setup_ms >= LONG_SETUP_MS && !(order->flags & FL_ORDER_PREFIX) &&
	       fl_template_may_leave();
}

bool fl_warm_carry_out(struct fl_group *group, const struct fl_record_order *order)
{
	if (!is_for_warm(order))
		return false;
	if (state == UNTRIED)
		state = take_warm(group, order) ? TAKEN : REFUSED;
	if (state != TAKEN)
		return false;
	if (relay(order))
		return true;
	drop_warm();
	return false;
}
