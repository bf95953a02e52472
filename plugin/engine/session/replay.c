/* SPDX-License-Identifier: MIT */
/*
 * replay.c - one attempt, made again exactly, as often as is asked for.
 *
 * Nothing is planned or explored: seed, number and predecessors are those of the replay.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <flicker/wire.h>

#include <errno.h>

static struct fl_ask ask_of(const struct fl_session *session, const struct fl_plan *plan)
{
	const struct fl_replay *replay = session->settings->replay;
	uint64_t left = replay->times - plan->made;
	bool is_exec = replay->mode == FL_MODE_EXEC || replay->debugger || !plan->can_fork;

	return (struct fl_ask){
		.first = replay->attempt,
		.seed = replay->seed,
		.count = is_exec ? 1 : left < FL_WIRE_SLOTS ? (uint32_t)left : FL_WIRE_SLOTS,
		.mode = is_exec ? FL_MODE_EXEC : FL_MODE_FORK,
		.has_prefix = replay->has_prefix,
		.flags = FL_ORDER_SAME_SEED | (replay->debugger ? FL_ORDER_STOP : 0) |
			 (is_exec && replay->mode == FL_MODE_FORK ? FL_ORDER_AS_FORK : 0) |
			 (replay->leaves_unseeded ? FL_ORDER_LEAVE_UNSEEDED : 0),
		.perturb = replay->perturb,
		.jobs = 1,
	};
}

int fl_replay_group(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	struct fl_case *item;
	int r = 0;

	if (!place || !place->count)
		return 0;
	item = session->cases.items[place->first];      /* no other was taken in */
	item->plan.runs = session->settings->replay->times;
	while (r >= 0 && item->plan.made < item->plan.runs) {
		struct fl_ask ask = ask_of(session, &item->plan);
		struct fl_facts facts;
		int i;

		r = fl_order_make(session, item, &ask);
		for (i = 0; i < r; i++)
			if (fl_order_facts(session, &ask, (uint32_t)i, &facts))
				fl_absorb(session, item, &ask, &facts);
		item->plan.made += r > 0 ? (uint64_t)r : 0;
		fl_order_tell_progress(session, item, item->plan.made);
	}
	return r < 0 ? r : 0;
}
