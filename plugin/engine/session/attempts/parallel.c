/* SPDX-License-Identifier: MIT */
/*
 * parallel.c - what fails while others run is tried again alone before it is believed.
 *
 * Kind by kind (signature): met alone once, all of the kind counts; never in FL_CASE_ALONE
 * tries, none of it does, it is asked what the attempts want at the same time, and the others
 * are made one by one.  Where so many tries cannot be made, for want of time or of the
 * template, the kind counts neither, but nothing is said of it.
 */
#include "../internal.h"

#include "../../judge/classify.h"
#include "../../judge/traces.h"

#include <errno.h>

int fl_parallel_remake(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
		  struct fl_facts *facts)
{
	struct fl_ask again = *ask;
	int r;

	again.first = facts->attempt;
	again.seed = facts->seed;
	again.flags = (ask->flags & (FL_ORDER_LEAVE_UNSEEDED | FL_ORDER_LOOK)) | FL_ORDER_SAME_SEED;
	again.count = again.jobs = 1;
	r = fl_order_make(session, item, &again);
	if (r > 0 && !fl_order_facts(session, &again, 0, facts))
		r = -EPIPE;
	return r;
}

static struct fl_ask alone_ask(const struct fl_session *session, const struct fl_case *item)
{
	return (struct fl_ask){
		.mode = FL_MODE_FORK,
		.has_prefix = item->plan.has_prefix,
		.perturb = session->settings->perturb,
		.is_retry = true,
		.jobs = 1,
	};
}

/* One that failed among others, and of which it is not known whether it does alone. */
static struct fl_failure *find_open(struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (test->failures[i].staged && test->failures[i].is_met_in_parallel &&
		    test->failures[i].alone_tries < FL_CASE_ALONE)
			return &test->failures[i];
	return NULL;
}

/* Each kind has tries of its own; one kind's may bring out another. */
static int try_alone(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns)
{
	struct fl_failure *failure;

	while ((failure = find_open(item->test)) && fl_clock_ns() < deadline_ns) {
		size_t k = failure->alone_tries++ % failure->seed_count;
		struct fl_ask ask = alone_ask(session, item);
		struct fl_facts facts = {
			.attempt = failure->attempts[k],
			.seed = failure->seeds[k],
		};
		int r = fl_parallel_remake(session, item, &ask, &facts);

		if (r < 0)
			return r;
		fl_absorb(session, item, &ask, &facts);
	}
	return 0;
}

/* The first that was never met alone in all its tries, or NULL. */
static const struct fl_failure *find_parallel_only(const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (test->failures[i].is_met_in_parallel &&
		    test->failures[i].alone_tries == FL_CASE_ALONE)
			return &test->failures[i];
	return NULL;
}

/* What is it that they want at the same time?  Two attempts that are looked at tell. */
static int find_collisions(struct fl_session *session, struct fl_case *item,
			   const struct fl_failure *failure)
{
	struct fl_facts facts = { .attempt = failure->attempts[0], .seed = failure->seeds[0] };
	struct fl_ask ask = alone_ask(session, item);
	int r;

	ask.flags = FL_ORDER_LOOK;
	r = fl_parallel_remake(session, item, &ask, &facts);
	if (r < 0)
		return r;
	fl_absorb(session, item, &ask, &facts);
	item->test->collision_count = fl_traces_shared(item->traces[0], item->traces[1],
						       item->collisions, &item->test->collisions);
	return 0;
}

int fl_parallel_settle(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns)
{
	const struct fl_failure *failure;
	int r;

	if (session->settings->jobs <= 1)
		return 0;                       /* nothing was ever staged */
	r = try_alone(session, item, deadline_ns);
	failure = find_parallel_only(item->test);
	fl_absorb_staged(session, item);
	if (r < 0 || item->is_parallel_only || !failure)
		return r;
	item->is_parallel_only = true;          /* from here on it is attempted alone */
	return find_collisions(session, item, failure);
}
