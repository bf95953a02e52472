/* SPDX-License-Identifier: MIT */
/*
 * plan.h - which attempts of a suspect come next.  Pure.
 *
 * The first 20 run the test alone.  If all of them contradict the host run and the
 * group had earlier tests, the others run with these before it (an arm of its own).
 * In mode mix the attempts 8, 16, 24 and every 32nd are fresh processes (exec), the
 * others forks; where one way is closed all go the other.  Attempts that were lost for
 * no fault of the test are made up for.  A suspect with 3 timeouts has had its attempts,
 * and so has one whose attempts mostly cannot be made.
 */
#ifndef FL_PLAN_H
#define FL_PLAN_H

#include "../../model.h"

struct fl_plan {
	uint64_t runs;                  /* attempts wanted */
	uint64_t made;                  /* numbers used up so far: infra and lost ones included */
	uint64_t lost;                  /* of these, attempts that were never made */
	enum fl_mode mode;              /* as set */
	bool can_fork, can_exec;
	bool has_predecessors;
	bool has_prefix;                /* the switch was made */
	bool is_over;                   /* the caller's: nothing more is to be learned, or no time left */
};

struct fl_plan_step {
	uint64_t first;                 /* number of the first attempt, from 1 */
	uint32_t count;                 /* FORK: at most FL_WIRE_SLOTS; EXEC: 1 */
	enum fl_mode mode;              /* FORK or EXEC */
	bool has_prefix;
};

/* False: there is nothing more to do.  The caller adds to `made` (and `lost`) what was used up. */
bool fl_plan_next(struct fl_plan *plan, const struct fl_test *test, struct fl_plan_step *ret_step);

/* Will there be exec attempts?  Where forks fail, or the mode says so. */
bool fl_plan_wants_exec(const struct fl_plan *plan);

#endif
