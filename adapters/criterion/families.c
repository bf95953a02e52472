/* SPDX-License-Identifier: MIT */
/*
 * families.c - while a run lasts: one test for each parameter.
 *
 * What the runner tells of a parameterized test does not say which parameter it was.  So
 * one test for each stands in its place, of the same name.  Their parameters are still made
 * once, and freed once.  The function that makes them has no argument: the runner calls it in
 * the order of the tests, and so are ours.
 *
 * Where it is not known how many there are, one test stands there at first.  As the runner asks
 * for its parameters the others come behind it: it looks for the next test later.
 */
#define _GNU_SOURCE
#include "families.h"

#include <sys/mman.h>

#define all fl_criterion_families

static uint32_t taken;                  /* singles */
static struct family *asked;            /* the last whose parameters were taken */

void fl_criterion_copy_test(struct single *single, struct family *family, const struct test *test)
{
	single->family = family;
	single->data = *test->data;
	single->test = *test;
	single->test.data = &single->data;
}

static struct single *next_single(void)
{
	while (taken < all.single_count && all.singles[taken].data.is_disabled)
		taken++;
	return &all.singles[taken++];
}

static void clean_up(struct parameters *parameters)
{
	(void)parameters;
	asked->made.cleanup(&asked->made);
}

/* The one parameter at this place, in a call of the runner's. */
static struct parameters one_of(struct family *family, size_t at)
{
	struct parameters one = family->made;

	asked = family;
	one.first = (char *)one.first + at * one.size;
	one.count = at < family->made.count;
	one.cleanup = --family->left == 0 && family->made.cleanup ? clean_up : NULL;
	return one;
}

static struct parameters take(void)
{
	struct single *single = next_single();
	struct family *family = single->family;
	const struct single *first = single;

	if (!family->is_made)
		family->made = family->make();
	family->is_made = true;
	while (first > all.singles && first[-1].family == family)
		first--;
	return one_of(family, (size_t)(single - first));
}

static void replace(struct node **link)
{
	struct family *family = all.families;
	uint32_t i;

	while (family < all.families + all.count && family->node != *link)
		family++;
	if (family == all.families + all.count)
		return;
	family->link = link;
	family->left = 0;
	family->is_made = false;
	for (i = 0; i < all.single_count; i++) {
		if (all.singles[i].family != family)
			continue;
		all.singles[i].data.parameters = take;
		all.singles[i].node.next = family->node->next;
		family->left += !all.singles[i].data.is_disabled;
		*link = &all.singles[i].node;
		link = &all.singles[i].node.next;
	}
}

/* Until fl_criterion_contract() the set is the runner's only. */
void fl_criterion_expand(struct test_set *set)
{
	struct suite_set *suite;
	struct node **link;

	taken = 0;
	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (link = suite->tests ? &suite->tests->first : NULL; link && *link; link = &(*link)->next)
			replace(link);
}

void fl_criterion_contract(void)
{
	uint32_t i;

	for (i = 0; i < all.count; i++)
		if (all.families[i].link)
			*all.families[i].link = all.families[i].node;
}

/* ---- where the run finds out how many there are ---- */

static struct parameters take_added(void)
{
	return one_of(asked, asked->made.count - asked->left);
}

/* Behind the first one, which the runner is at. */
static bool add_behind(struct single *first)
{
	struct family *family = first->family;
	size_t i, count = family->made.count - 1, bytes = (count + 1) * sizeof(*family->added);
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	family->added = memory;
	family->added_bytes = bytes;
	for (i = count; i-- > 0;) {
		struct single *added = &family->added[i];

		fl_criterion_copy_test(added, family, &first->test);
		added->data.parameters = take_added;
		added->node.next = first->node.next;
		first->node.next = &added->node;
	}
	return true;
}

/* Those that cannot be told apart are not told of. */
static struct parameters take_first(void)
{
	struct single *first = next_single();
	struct family *family = first->family;

	family->made = family->make();
	if (!family->made.count || !add_behind(first))
		return family->made;
	family->found->parameters = (uint32_t)family->made.count;
	family->left = (uint32_t)family->made.count;
	return one_of(family, 0);
}

bool fl_criterion_is_added(const struct test *test)
{
	return test->data->parameters == take_added;
}

/* As fl_criterion_expand(); of rows that were listed with one parameter each. */
void fl_criterion_expand_later(struct test_set *set)
{
	uint32_t i;

	fl_criterion_expand(set);
	for (i = 0; i < all.single_count; i++) {
		all.singles[i].data.parameters = take_first;
		all.singles[i].family->found->parameters = 0;
	}
}

void fl_criterion_release_added(void)
{
	uint32_t i;

	for (i = 0; i < all.count; i++)
		if (all.families[i].added)
			munmap(all.families[i].added, all.families[i].added_bytes);
}
