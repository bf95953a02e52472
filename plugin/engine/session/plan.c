/* SPDX-License-Identifier: MIT */
/*
 * plan.c - which attempts of a suspect come next.
 */
#include "plan.h"

#include "../judge/verdict.h"

#include <flicker/wire.h>

static bool is_hopeless(const struct fl_plan *plan, const struct fl_counts *counts)
{
	uint64_t infra = counts->by[FL_OUTCOME_INFRA];

	return infra >= FL_VERDICT_ENOUGH && infra * 2 > plan->made;
}

/* What is wanted, and again what was lost for no fault of the test. */
static uint64_t wanted(const struct fl_plan *plan, const struct fl_counts *counts)
{
	return plan->runs + counts->by[FL_OUTCOME_INFRA];
}

/* Attempts up to the next moment at which something is decided. */
static uint64_t until_decision(const struct fl_plan *plan, const struct fl_counts *counts)
{
	uint64_t left = wanted(plan, counts) - plan->made;
	uint64_t first = plan->made < FL_VERDICT_ENOUGH ? FL_VERDICT_ENOUGH - plan->made : left;

	return first < left ? first : left;
}

bool fl_plan_next(struct fl_plan *plan, const struct fl_test *test, struct fl_plan_step *ret_step)
{
	struct fl_counts counts = fl_test_counts(test);
	uint64_t count;

	if (plan->made >= wanted(plan, &counts) || counts.by[FL_OUTCOME_TIMEOUT] >= FL_VERDICT_TIMEOUTS ||
	    is_hopeless(plan, &counts))
		return false;
	if (plan->made == FL_VERDICT_ENOUGH && plan->has_predecessors &&
	    fl_verdict_contradicts(test, &counts))
		plan->has_prefix = true;
	count = until_decision(plan, &counts);
	*ret_step = (struct fl_plan_step){
		.first = plan->made + 1,
		.count = count < FL_WIRE_SLOTS ? (uint32_t)count : FL_WIRE_SLOTS,
		.has_prefix = plan->has_prefix,
	};
	return true;
}
