/* SPDX-License-Identifier: MIT */
/*
 * plan.c - which attempts of a suspect come next.
 */
#include "plan.h"

#include "../../judge/verdict.h"

#include <flicker/wire.h>

enum { FIRST_EXEC = 8, FIRST_EXECS = 24, EXEC_EVERY = 32 };

static bool is_hopeless(const struct fl_plan *plan, const struct fl_counts *counts)
{
	uint64_t none = counts->by[FL_OUTCOME_INFRA] + plan->lost;

	return none >= FL_VERDICT_ENOUGH && none * 2 > plan->made;
}

/* What is wanted, and again what was lost for no fault of the test. */
static uint64_t wanted(const struct fl_plan *plan, const struct fl_counts *counts)
{
	return plan->runs + counts->by[FL_OUTCOME_INFRA] + plan->lost;
}

/* Attempts up to the next moment at which something is decided. */
static uint64_t until_decision(const struct fl_plan *plan, const struct fl_counts *counts)
{
	uint64_t left = wanted(plan, counts) - plan->made;
	uint64_t first = plan->made < FL_VERDICT_ENOUGH ? FL_VERDICT_ENOUGH - plan->made : left;

	return first < left ? first : left;
}

bool fl_plan_wants_exec(const struct fl_plan *plan)
{
	return plan->can_exec && (plan->mode != FL_MODE_FORK || !plan->can_fork);
}

static enum fl_mode mode_of(const struct fl_plan *plan, uint64_t number)
{
	if (!fl_plan_wants_exec(plan))
		return FL_MODE_FORK;
	if (!plan->can_fork || plan->mode == FL_MODE_EXEC)
		return FL_MODE_EXEC;
	return (number <= FIRST_EXECS && number % FIRST_EXEC == 0) || number % EXEC_EVERY == 0 ?
		FL_MODE_EXEC : FL_MODE_FORK;
}

/* Attempts from `first` that are made the same way, at most `most`. */
static uint32_t of_one_mode(const struct fl_plan *plan, uint64_t first, uint64_t most)
{
	enum fl_mode mode = mode_of(plan, first);
	uint32_t count = 1;

	if (mode == FL_MODE_EXEC)
		return 1;
	while (count < most && count < FL_WIRE_SLOTS && mode_of(plan, first + count) == mode)
		count++;
	return count;
}

bool fl_plan_next(struct fl_plan *plan, const struct fl_test *test, struct fl_plan_step *ret_step)
{
	struct fl_counts counts = fl_test_counts(test);
	uint64_t first = plan->made + 1;

	if (plan->is_over || plan->made >= wanted(plan, &counts) ||
	    counts.by[FL_OUTCOME_TIMEOUT] >= FL_VERDICT_TIMEOUTS || is_hopeless(plan, &counts) ||
	    (!plan->can_fork && !fl_plan_wants_exec(plan)))
		return false;
	if (plan->made >= FL_VERDICT_ENOUGH && plan->has_predecessors && !plan->has_prefix &&
	    fl_verdict_contradicts(test, &counts))
		plan->has_prefix = true;
	*ret_step = (struct fl_plan_step){
		.first = first,
		.count = of_one_mode(plan, first, until_decision(plan, &counts)),
		.mode = mode_of(plan, first),
		.has_prefix = plan->has_prefix,
	};
	return true;
}
