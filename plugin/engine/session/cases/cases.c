/* SPDX-License-Identifier: MIT */
/*
 * cases.c - the session's tests.
 */
#include "cases.h"

#include "../../../base/base.h"

void fl_cases_clear(struct fl_cases *cases)
{
	size_t i;

	for (i = 0; i < cases->count; i++) {
		free(cases->items[i]->traces[0]);
		free(cases->items[i]->traces[1]);
		free(cases->items[i]->collisions);
		free(cases->items[i]->part_of);
		free(cases->items[i]);
	}
	for (i = 0; i < cases->group_count; i++) {
		free(cases->groups[i].name);
		free(cases->groups[i].refused);
	}
	free(cases->items);
	free(cases->groups);
	*cases = (struct fl_cases){ 0 };
}

struct fl_case_group *fl_cases_add_group(struct fl_cases *cases, const char *name)
{
	struct fl_case_group *group;

	cases->groups = fl_base_grow(cases->groups, &cases->group_capacity, cases->group_count + 1,
				     sizeof(*cases->groups));
	group = &cases->groups[cases->group_count++];
	*group = (struct fl_case_group){ .name = fl_base_copy(name), .first = cases->count };
	return group;
}

struct fl_case *fl_cases_add(struct fl_cases *cases, struct fl_test *test, uint32_t index)
{
	struct fl_case *item = fl_base_alloc(1, sizeof(*item));

	item->test = test;
	item->index = index;
	item->group = (uint32_t)cases->group_count - 1;
	item->plan.has_predecessors = cases->groups[item->group].count > 0;
	cases->items = fl_base_grow(cases->items, &cases->capacity, cases->count + 1,
				    sizeof(*cases->items));
	cases->items[cases->count++] = item;
	cases->groups[item->group].count++;
	return item;
}

struct fl_case_group *fl_cases_group(const struct fl_cases *cases, uint32_t group)
{
	return group < cases->group_count ? &cases->groups[group] : NULL;
}

struct fl_case *fl_cases_find(const struct fl_cases *cases, uint32_t group, uint32_t index)
{
	const struct fl_case_group *place = fl_cases_group(cases, group);
	size_t low = place ? place->first : 0, high = place ? place->first + place->count : 0;

	while (low < high) {            /* in the order of their indices */
		size_t middle = low + (high - low) / 2;

		if (cases->items[middle]->index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return place && low < place->first + place->count && cases->items[low]->index == index ?
		cases->items[low] : NULL;
}
