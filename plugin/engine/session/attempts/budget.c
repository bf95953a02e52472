/* SPDX-License-Identifier: MIT */
/*
 * budget.c - how much time attempts may take, and how it is dealt out.
 */
#include "budget.h"

#include <stddef.h>
#include <string.h>

enum {
	LEAST_MS = 10000,
	MOST_MS = 600000,
	DRIVEN_MS = 20000,
	TURN_MS = 250,
	PLAIN_FACTOR = 3,
	LATE_SHARE = 20,
};

static uint64_t default_ms(const struct fl_budget_terms *terms)
{
	double ms = terms->plain_ms * PLAIN_FACTOR;
	double most = terms->is_driven ? DRIVEN_MS : MOST_MS;

	return (uint64_t)(ms < LEAST_MS ? LEAST_MS : ms > most ? most : ms);
}

uint64_t fl_budget_total_ms(const struct fl_budget_terms *terms)
{
	if (terms->has_no_time)
		return FL_BUDGET_UNLIMITED;
	return terms->time_ms ? terms->time_ms : default_ms(terms);
}

uint64_t fl_budget_share_ms(uint64_t total_ms, double used_ms)
{
	double total = (double)total_ms, left = total - used_ms, late = total / LATE_SHARE;

	if (total_ms == FL_BUDGET_UNLIMITED)
		return total_ms;
	if (used_ms > total)                    /* very many groups: what is over stays bounded */
		late *= total / used_ms * (total / used_ms);
	return (uint64_t)(left > late ? left : late);
}

uint32_t fl_budget_turn(uint32_t count, double attempt_ms, double left_ms)
{
	double turn_ms = left_ms < TURN_MS ? left_ms : TURN_MS;
	double fit = attempt_ms > 0 ? turn_ms / attempt_ms : count;

	return fit < 1 ? 1 : fit < count ? (uint32_t)fit : count;
}

static bool has(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return true;
	return false;
}

const char *fl_budget_driver(char *const *environment)
{
	if (has(environment, "CTEST_INTERACTIVE_DEBUG_MODE") ||
	    has(environment, "DASHBOARD_TEST_FROM_CTEST"))
		return "ctest";
	if (has(environment, "MESON_TEST_ITERATION") || has(environment, "MALLOC_PERTURB_"))
		return "meson";
	if (has(environment, "srcdir") && has(environment, "TEST_LOGS") &&
	    has(environment, "MAKELEVEL"))
		return "automake";
	return NULL;
}
