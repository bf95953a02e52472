/* SPDX-License-Identifier: MIT */
/*
 * parallel.c - what fails while others run is tried again alone before it is believed.
 *
 * Met alone once, all that was made in parallel counts; never in FL_CASE_ALONE tries, none
 * of it does, and it is asked what the attempts want at the same time.  Where so many tries
 * cannot be made, for want of time or of the template, none of it counts either, but nothing
 * is said of it.
 */
#include "internal.h"

#include "../judge/classify.h"
#include "../judge/traces.h"

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

/* What failed among others: does it fail alone? */
static int try_alone(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns)
{
	while (item->alone_tries < FL_CASE_ALONE && !item->is_met_alone &&
	       fl_clock_ns() < deadline_ns) {
		size_t k = item->alone_tries++ % item->met.count;
		struct fl_ask ask = alone_ask(session, item);
		struct fl_facts facts = {
			.attempt = item->met.attempts[k],
			.seed = item->met.seeds[k],
		};
		int r = fl_parallel_remake(session, item, &ask, &facts);

		if (r < 0)
			return r;
		fl_absorb(session, item, &ask, &facts);
		item->is_met_alone = fl_outcome_is_non_pass(fl_classify_outcome(&facts));
	}
	return 0;
}

/* What is it that they want at the same time?  Two attempts that are looked at tell. */
static int find_collisions(struct fl_session *session, struct fl_case *item)
{
	struct fl_facts facts = { .attempt = item->met.attempts[0], .seed = item->met.seeds[0] };
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
	int r = 0;

	if (!fl_counts_total(&item->staged) && !item->staged.by[FL_OUTCOME_INFRA])
		return 0;
	if (fl_counts_non_pass(&item->staged) && !item->is_met_alone) {
		r = try_alone(session, item, deadline_ns);
		if (!item->is_met_alone)
			item->staged = (struct fl_counts){ { 0 } };
		if (r >= 0 && !item->is_met_alone && item->alone_tries == FL_CASE_ALONE) {
			item->is_parallel_only = item->plan.is_over = true;
			r = find_collisions(session, item);
		}
	}
	fl_absorb_staged(session, item);
	return r;
}
