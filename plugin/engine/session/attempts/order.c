/* SPDX-License-Identifier: MIT */
/*
 * order.c - has attempts made: by the template, one order and one answer for up to 64 of
 * them, or in processes of their own, one by one.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/classify.h"

#include <flicker/seed.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>

enum {
	TICK_MS = 100,
	TIMEOUT_MS = 10000,             /* of an attempt, where the host run says nothing more */
	TIMEOUT_FACTOR = 10,            /* times the host run */
	GRACE_MS = 5000,                /* beyond which a template without a sign is given up */
};

/* The framework's own deadline is a part of what the test means; the user's word goes before it. */
uint32_t fl_order_timeout_ms(const struct fl_session *session, const struct fl_ask *ask,
			     const struct fl_case *item)
{
	const struct fl_test *test = item->test;
	double host_ms = test->has_host ? test->host.duration_ms * TIMEOUT_FACTOR : 0;
	double ms = host_ms > TIMEOUT_MS ? host_ms : TIMEOUT_MS;

	if (item->timeout_ms)
		ms = item->timeout_ms;
	if (session->settings->timeout_ms)
		ms = session->settings->timeout_ms;
	ms *= ask->timeout_factor ? ask->timeout_factor : 1;
	return ms < UINT32_MAX / 2 ? (uint32_t)ms : UINT32_MAX / 2;
}

void fl_order_tell_progress(struct fl_session *session, const struct fl_case *item, uint64_t done)
{
	struct fl_counts counts = fl_test_counts(item->test);
	double seconds = (double)(session->attempted_ns + fl_clock_ns() -
				  session->attempting_since_ns) / 1e9;
	struct fl_progress progress = {
		.test = item->test,
		.done = done,
		.planned = item->plan.runs,
		.non_pass = fl_counts_non_pass(&counts),
		.attempts_per_s = seconds > 0 ? (double)session->attempts / seconds : 0,
	};
	size_t i;

	if (!session->events->progress)
		return;
	for (i = 0; i < session->cases.count; i++) {
		const struct fl_case *other = session->cases.items[i];
		bool is_suspect = other->test->suspicion.why != FL_WHY_NONE;

		progress.suspects += is_suspect;
		progress.suspects_done += is_suspect && (other->is_judged || other->is_through);
	}
	session->events->progress(session->events->context, &progress);
}

static struct fl_record_order order_of(const struct fl_session *session,
				       const struct fl_case *item, const struct fl_ask *ask)
{
	bool is_same = ask->flags & FL_ORDER_SAME_SEED;

	return (struct fl_record_order){
		.run_seed = session->run->seed,
		.first = ask->first,
		.seed = is_same ? ask->seed :
				  fl_seed_attempt(session->run->seed, item->test->id, ask->first),
		.id_hash = fl_seed_hash(item->part_of ? item->part_of : item->test->id),
		.count = ask->count,
		.group = item->group,
		.test = item->index,
		.timeout_ms = fl_order_timeout_ms(session, ask, item),
		.flags = ask->flags | (ask->has_prefix ? FL_ORDER_PREFIX : 0),
		.perturb = ask->perturb,
		.jobs = ask->jobs,
		.group_setup_ms = session->link.shared ?
			(uint32_t)(session->link.shared->group_setup_ns / 1000000) : 0,
	};
}

/* The template speaks: 1 where the batch is done, 0 where we looked at a hung attempt; -EPIPE. */
static int hear(struct fl_session *session)
{
	static struct fl_packet packet;
	struct fl_record_exit go = { 0 };
	struct fl_record_hung hung;

	if (fl_link_receive(session->link.template, &packet) <= 0)
		return -EPIPE;
	if (packet.head.kind != FL_RECORD_HUNG)
		return 1;
	memcpy(&hung, packet.bytes, sizeof(hung));
	fl_stacks_read((pid_t)hung.pid, hung.attempt, &session->stacks);
	fl_link_send(session->link.template, FL_RECORD_GO, &go, sizeof(go));
	return 0;
}

/* Waits for BATCH_DONE, telling how it goes.  0; -EPIPE: the template is lost; -EINTR. */
static int await_batch(struct fl_session *session, const struct fl_case *item,
		       const struct fl_record_order *order)
{
	struct pollfd ready[] = {
		{ session->link.template, POLLIN, 0 },
		{ fl_caller_wake_fd(), POLLIN, 0 },
	};
	uint64_t last_sign_ns = fl_clock_ns();
	uint32_t seen = 0;
	int heard;

	for (;;) {
		int n = poll(ready, 2, TICK_MS);
		uint32_t done = __atomic_load_n(&session->link.shared->attempts_done, __ATOMIC_ACQUIRE);

		if (fl_caller_has_interrupted())
			return -EINTR;
		heard = n > 0 && ready[0].revents ? hear(session) : 0;
		if (heard)
			return heard < 0 ? heard : 0;
		if (done != seen)
			last_sign_ns = fl_clock_ns();
		seen = done;
		if (fl_clock_ns() - last_sign_ns > (order->timeout_ms + (uint64_t)GRACE_MS) * 1000000)
			return -EPIPE;
		fl_order_tell_progress(session, item, item->plan.made + done);
	}
}

static void lose_template(struct fl_session *session)
{
	if (session->link.template_pid > 0)
		kill(session->link.template_pid, SIGKILL);
	fl_link_drop_template(&session->link);
}

/*
 * How many attempts are in their slots.  With several at a time one that ends early leaves
 * holes: all numbers are used up.
 */
static int count_made(const struct fl_session *session, const struct fl_record_order *order)
{
	uint32_t done = __atomic_load_n(&session->link.shared->attempts_done, __ATOMIC_ACQUIRE);

	return (int)(done && (done >= order->count || order->jobs > 1) ? order->count : done);
}

/* Those that a template made before it was lost; none where it never came to this order. */
static int count_left(const struct fl_session *session, const struct fl_record_order *order)
{
	const struct fl_facts *first = &session->link.shared->slots[0];
	bool is_of_this = first->attempt == order->first && first->test == order->test;

	return is_of_this && !(order->flags & FL_ORDER_SAME_SEED) ? count_made(session, order) : 0;
}

static int order_forks(struct fl_session *session, const struct fl_case *item,
		       const struct fl_record_order *order)
{
	int r;

	if (session->link.template < 0 ||
	    fl_link_send(session->link.template, FL_RECORD_ORDER, order, sizeof(*order)) < 0)
		return -EPIPE;
	r = await_batch(session, item, order);
	if (r == -EPIPE)
		lose_template(session);
	if (r < 0 && r != -EPIPE)
		return r;
	r = r == -EPIPE ? count_left(session, order) : count_made(session, order);
	return r ? r : -EPIPE;                  /* a template that makes nothing is none */
}

int fl_order_make(struct fl_session *session, const struct fl_case *item, const struct fl_ask *ask)
{
	struct fl_record_order order = order_of(session, item, ask);
	int r;

	if (ask->mode == FL_MODE_FORK)
		return order_forks(session, item, &order);
	order.count = order.jobs = 1;
	r = fl_exec_make(session, &order, &session->exec_facts);
	return r < 0 ? r : 1;
}

/* What lies in its slot may be of another order, or written over by the test. */
static bool is_expected(const struct fl_ask *ask, uint32_t i, const struct fl_facts *facts)
{
	uint64_t number = ask->flags & FL_ORDER_SAME_SEED ? ask->first : ask->first + i;

	return (facts->flags & FL_FACT_MADE) && facts->attempt == number;
}

bool fl_order_facts(const struct fl_session *session, const struct fl_ask *ask, uint32_t i,
		    struct fl_facts *ret_facts)
{
	if (ask->mode == FL_MODE_EXEC)
		*ret_facts = session->exec_facts;
	else
		fl_classify_copy(&session->link.shared->slots[i], sizeof(*ret_facts), ret_facts);
	if ((ret_facts->flags & FL_FACT_TIMED_OUT) && !ret_facts->pcs)
		fl_stacks_first(&session->stacks, ret_facts);
	return is_expected(ask, i, ret_facts);
}
