/* SPDX-License-Identifier: MIT */
/*
 * plan.h - which attempts of a suspect come next.  Pure.
 *
 * The first 20 run the test alone.  If all of them contradict the host run and the
 * group had earlier tests, the others run with these before it (an arm of its own).
 * Attempts that were lost for no fault of the test are made up for.  A suspect with 3
 * timeouts has had its attempts, and so has one whose attempts mostly cannot be made.
 */
#ifndef FL_PLAN_H
#define FL_PLAN_H

#include "../model.h"

struct fl_plan {
	uint64_t runs;                  /* attempts wanted */
	uint64_t made;                  /* attempts so far, infra included */
	bool has_predecessors;
	bool has_prefix;                /* the switch was made */
};

struct fl_plan_step {
	uint64_t first;                 /* number of the first attempt, from 1 */
	uint32_t count;
	bool has_prefix;
};

/* False: there is nothing more to do.  The caller adds to `made` what was really made. */
bool fl_plan_next(struct fl_plan *plan, const struct fl_test *test, struct fl_plan_step *ret_step);

#endif
