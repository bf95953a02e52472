/* SPDX-License-Identifier: MIT */
/*
 * budget.h - how much time attempts may take, and how it is dealt out.  Pure.
 *
 * For all attempts of a program: what --time says, or 3 times its plain run, at least 10 s,
 * at most 10 min; under a test driver that has a timeout of its own at most 20 s.  How
 * many groups will come is not known: a group gets what is left, but never less than a
 * twentieth, so that one that comes late is not left without; less and less once the time
 * is over.  Within a group suspects take turns; a turn takes about a quarter of a second.
 */
#ifndef FL_BUDGET_H
#define FL_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#define FL_BUDGET_UNLIMITED UINT64_MAX

enum { FL_BUDGET_LEAST = 30 };          /* attempts that make a stable test where the time is over */

struct fl_budget_terms {
	bool has_no_time;               /* --time none */
	uint32_t time_ms;               /* --time; 0: not given */
	double plain_ms;                /* the program so far, without attempts */
	bool is_driven;                 /* fl_budget_driver() found one */
};

uint64_t fl_budget_total_ms(const struct fl_budget_terms *terms);

/* What a group may use, when `used_ms` went into the groups before it. */
uint64_t fl_budget_share_ms(uint64_t total_ms, double used_ms);

/* How many attempts of `attempt_ms` make a turn, no longer than `left_ms`; at least 1, at most `count`. */
uint32_t fl_budget_turn(uint32_t count, double attempt_ms, double left_ms);

/*
 * "ctest", "meson" or "automake" where the environment shows that one of them runs us, or
 * NULL.  ctest 3.25 sets CTEST_INTERACTIVE_DEBUG_MODE (DASHBOARD_TEST_FROM_CTEST in a
 * dashboard); meson 1.0 MALLOC_PERTURB_, later ones MESON_TEST_ITERATION; automake 1.16
 * srcdir and TEST_LOGS below make.
 */
const char *fl_budget_driver(char *const *environment);

#endif
