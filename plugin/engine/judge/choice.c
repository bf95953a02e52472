/* SPDX-License-Identifier: MIT */
/*
 * choice.c - the attempts of some arms of a test, counted and compared.
 */
#include "choice.h"

#include "stats.h"

#define UNLIKELY 0.01                   /* a difference that chance makes once in a hundred */

static uint64_t passes(const struct fl_counts *counts)
{
	return counts->by[FL_OUTCOME_PASS];
}

static bool is_mixed(const struct fl_counts *counts)
{
	return passes(counts) && fl_counts_non_pass(counts);
}

static bool is_chosen(const struct fl_choice *choice, const struct fl_arm *arm, enum fl_mode mode)
{
	return arm->perturbations == choice->perturbations &&
	       arm->has_prefix == choice->has_prefix &&
	       (mode == FL_MODE_MIX || arm->mode == mode);
}

struct fl_counts fl_choice_count_in(const struct fl_choice *choice, enum fl_mode mode)
{
	const struct fl_arm *arms = choice->test->arms;
	struct fl_counts sum = { { 0 } };
	size_t i;
	int outcome;

	for (i = 0; i < choice->test->arm_count; i++)
		for (outcome = 0; outcome < FL_OUTCOME_COUNT; outcome++)
			if (is_chosen(choice, &arms[i], mode))
				sum.by[outcome] += arms[i].counts.by[outcome];
	return sum;
}

struct fl_counts fl_choice_count(const struct fl_choice *choice)
{
	return fl_choice_count_in(choice, FL_MODE_MIX);
}

struct fl_choice fl_choice_with_prefix_if_any(const struct fl_test *test, uint32_t perturbations)
{
	struct fl_choice choice = { test, perturbations, true };
	struct fl_counts counts = fl_choice_count(&choice);

	choice.has_prefix = fl_counts_total(&counts) > 0;
	return choice;
}

bool fl_choice_is_split(const struct fl_choice *choice)
{
	struct fl_counts fork = fl_choice_count_in(choice, FL_MODE_FORK);
	struct fl_counts exec = fl_choice_count_in(choice, FL_MODE_EXEC), both = fl_choice_count(choice);

	return is_mixed(&both) && !is_mixed(&fork) && !is_mixed(&exec);
}

struct fl_series fl_choice_series(const struct fl_choice *choice, enum fl_mode mode)
{
	struct fl_counts counts = fl_choice_count_in(choice, mode);
	uint64_t non_pass = fl_counts_non_pass(&counts);

	return (struct fl_series){ non_pass, non_pass + passes(&counts) };
}

bool fl_choice_modes_differ(const struct fl_choice *choice)
{
	return fl_choice_is_split(choice) || fl_stats_fisher(fl_choice_series(choice, FL_MODE_FORK),
						   fl_choice_series(choice, FL_MODE_EXEC)) < UNLIKELY;
}
