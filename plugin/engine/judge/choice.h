/* SPDX-License-Identifier: MIT */
/*
 * choice.h - the attempts of some arms of a test, counted and compared.  Pure.
 */
#ifndef FL_CHOICE_H
#define FL_CHOICE_H

#include "../model.h"
#include "stats.h"

/* Which arms are meant; has_prefix: which of the two kinds. */
struct fl_choice {
	const struct fl_test *test;
	uint32_t perturbations;
	bool has_prefix;
};

/* With the group's earlier tests before it where there are such attempts, else without. */
struct fl_choice fl_choice_with_prefix_if_any(const struct fl_test *test, uint32_t perturbations);

struct fl_counts fl_choice_count(const struct fl_choice *choice);
struct fl_counts fl_choice_count_in(const struct fl_choice *choice, enum fl_mode mode);  /* MIX: all */
struct fl_series fl_choice_series(const struct fl_choice *choice, enum fl_mode mode);

/* All made in one mode pass, and all made in the other fail. */
bool fl_choice_is_split(const struct fl_choice *choice);

/* That, or a difference between the modes that chance alone makes once in a hundred. */
bool fl_choice_modes_differ(const struct fl_choice *choice);

#endif
