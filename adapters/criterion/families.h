/* SPDX-License-Identifier: MIT */
/*
 * families.h - the sets that Criterion keeps tests in, and what stands in the place of
 * parameterized ones.
 */
#ifndef FL_CRITERION_FAMILIES_H
#define FL_CRITERION_FAMILIES_H

#include "criterion.h"

/* The elements of a set, which may be NULL: struct suite_set or struct test; NULL: no more. */
static inline void *first_of(const struct ordered_set *set)
{
	return set && set->first ? set->first + 1 : NULL;
}

static inline void *next_to(const void *element)
{
	const struct node *node = (const struct node *)element - 1;

	return node->next ? node->next + 1 : NULL;
}

static inline bool is_parameterized(const struct test *test)
{
	return test->data->kind == PARAMETERIZED && test->data->parameters;
}

/* A parameterized test of the program's. */
struct family {
	struct parameters (*make)(void);
	struct parameters made;
	bool is_made;
	uint32_t left;                  /* wanted, and not taken yet */
	struct node *node, **link;      /* while others stand in its place: what stood where */
	struct fl_criterion_found *found;
	struct single *added;           /* all but the first, where the run finds out how many */
	size_t added_bytes;
};

/* One that stands in its place, as an element of the set. */
struct single {
	struct node node;
	struct test test;
	struct test_data data;
	struct family *family;
};

/* Of the one run there is; they live as long as its rows. */
struct fl_criterion_families {
	struct family *families;
	uint32_t count;
	struct single *singles;         /* in the order of the set */
	uint32_t single_count;
};

extern struct fl_criterion_families fl_criterion_families;

void fl_criterion_copy_test(struct single *single, struct family *family, const struct test *test);
bool fl_criterion_is_added(const struct test *test);
void fl_criterion_release_added(void);

#endif
