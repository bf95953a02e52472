/* SPDX-License-Identifier: MIT */
/*
 * list.c - the tests of a run, one row for each parameter, and leaving some of them out.
 */
#define _GNU_SOURCE
#include "families.h"

#include <sys/mman.h>

bool fl_criterion_has_parameters(struct test_set *set)
{
	struct suite_set *suite;
	struct test *test;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test))
			if (is_parameterized(test))
				return true;
	return false;
}

static bool is_disabled(const struct suite *suite, const struct test *test)
{
	return test->data->is_disabled || (suite->data && suite->data->is_disabled);
}

struct fl_criterion_families fl_criterion_families;

#define all fl_criterion_families

struct counts {
	uint32_t rows, families;
};

static struct counts count(struct test_set *set, const struct fl_criterion_found *found)
{
	struct counts counts = { 0 };
	struct suite_set *suite;
	struct test *test;
	uint32_t at = 0;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test)) {
			counts.rows += found && is_parameterized(test) ? found[at].parameters : 1;
			counts.families += is_parameterized(test);
			at++;
		}
	return counts;
}

static struct single *add_single(struct family *family, const struct test *test)
{
	struct single *single = &all.singles[all.single_count++];

	fl_criterion_copy_test(single, family, test);
	return single;
}

static void add_rows(struct fl_criterion_rows *rows, struct suite *suite, struct test *test,
		     struct fl_criterion_found *found)
{
	struct family *family;
	uint32_t i;

	if (is_disabled(suite, test) || (found && found->is_disabled))
		return;
	if (!is_parameterized(test)) {
		rows->rows[rows->count++] = (struct row){ test, suite, -1, NULL, false };
		return;
	}
	if (!found || !found->parameters)
		return;
	family = &all.families[all.count++];
	family->make = test->data->parameters;
	family->node = (struct node *)(void *)test - 1;
	family->found = found;
	for (i = 0; i < found->parameters; i++)
		rows->rows[rows->count++] = (struct row){
			&add_single(family, test)->test, suite, (int32_t)i, NULL, false,
		};
}

bool fl_criterion_list(struct test_set *set, struct fl_criterion_found *found,
		       struct fl_criterion_rows *ret_rows)
{
	struct counts counts = count(set, found);
	struct suite_set *suite;
	struct test *test;
	uint32_t at = 0;
	void *memory;

	ret_rows->count = 0;
	ret_rows->mapped_bytes = (counts.rows + 1) * (sizeof(struct row) + sizeof(struct single)) +
				 counts.families * sizeof(struct family);
	memory = mmap(NULL, ret_rows->mapped_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	ret_rows->rows = memory;
	all.singles = (struct single *)(ret_rows->rows + counts.rows + 1);
	all.families = (struct family *)(all.singles + counts.rows + 1);
	all.count = all.single_count = 0;
	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test)) {
			add_rows(ret_rows, &suite->suite, test, found ? &found[at] : NULL);
			at++;
		}
	return true;
}

/* ---- of a run that finds them out: the set is as fl_criterion_expand_later() has it ---- */

/* Before the first test, but behind PRE_ALL. */
void fl_criterion_find_disabled(struct test_set *set, struct fl_criterion_found *found)
{
	struct suite_set *suite;
	struct test *test;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test)) {
			found->is_disabled |= is_disabled(&suite->suite, test);
			if (is_parameterized(test))     /* its suite may be: nobody asks for its parameters */
				test->data->is_disabled |= found->is_disabled;
			found++;
		}
}

static uint32_t count_tests(struct test_set *set)
{
	struct suite_set *suite;
	struct test *test;
	uint32_t tests = 0;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test))
			tests++;
	return tests;
}

/* The same rows as fl_criterion_list() would make of what has been found. */
bool fl_criterion_list_expanded(struct test_set *set, const struct fl_criterion_found *found,
				struct fl_criterion_rows *ret_rows)
{
	size_t bytes = (count_tests(set) + 1) * sizeof(struct row);
	struct suite_set *suite;
	struct test *test;
	int32_t number = -1;
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	*ret_rows = (struct fl_criterion_rows){ .rows = memory, .mapped_bytes = bytes };
	found--;
	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test)) {
			bool is_added = fl_criterion_is_added(test);

			found += !is_added;
			number = is_added ? number + 1 : is_parameterized(test) ? 0 : -1;
			if (!found->is_disabled && (number < 0 || found->parameters))
				ret_rows->rows[ret_rows->count++] =
					(struct row){ test, &suite->suite, number, NULL, false };
		}
	return true;
}

/* ---- */

void fl_criterion_release(struct fl_criterion_rows *rows)
{
	if (rows->rows)
		munmap(rows->rows, rows->mapped_bytes);
	*rows = (struct fl_criterion_rows){ 0 };
}

/* Behind PRE_ALL, where the pattern has been applied and parameters may be allocated. */
void fl_criterion_ask(struct test_set *set, struct fl_criterion_found *found)
{
	struct suite_set *suite;
	struct test *test;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test)) {
			found->is_disabled = is_disabled(&suite->suite, test);
			if (!found->is_disabled && is_parameterized(test))
				found->parameters = (uint32_t)test->data->parameters().count;
			found++;
		}
}

/* The deadline that Criterion would give it (run_test in runner_coroutine.c). */
static double timeout_of(const struct row *row)
{
	double timeout = 0, most = REAL(options) ? REAL(options)->timeout_s : 0;

	if (row->suite->data && row->suite->data->timeout_s > 0)
		timeout = row->suite->data->timeout_s;
	if (row->test->data->timeout_s > 0)
		timeout = row->test->data->timeout_s;
	return most > 0 && timeout > most ? most : timeout;
}

bool fl_criterion_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	const struct fl_criterion_rows *rows = group->tests;
	const struct row *row = &rows->rows[index];
	double timeout_s = timeout_of(row);

	ret_entry->suite = row->test->suite;
	ret_entry->name = row->test->name;
	ret_entry->number = row->number;
	ret_entry->code = (const void *)row->test->function;
	ret_entry->file = row->test->data->file;
	ret_entry->line = (int)row->test->data->line;
	ret_entry->timeout_ms = timeout_s < 4e6 ? (uint32_t)(timeout_s * 1000) : 0;
	return true;
}

/* ---- leaving out ---- */

static bool is_wanted(const struct fl_group *group, const uint32_t *indices, uint32_t count_of,
		      uint32_t index)
{
	uint32_t i;

	if (!indices)
		return fl_criterion_flicker->is_selected(group, index);
	for (i = 0; i < count_of; i++)
		if (indices[i] == index)
			return true;
	return false;
}

void fl_criterion_restrict(const struct fl_group *group, struct test_set *set,
			   const struct fl_criterion_rows *rows, const uint32_t *indices, uint32_t count_of)
{
	struct suite_set *suite;
	struct test *test;
	uint32_t i;

	for (suite = first_of(set->suites); suite; suite = next_to(suite))
		for (test = first_of(suite->tests); test; test = next_to(test))
			test->data->is_disabled = true;
	for (i = 0; i < rows->count; i++)
		rows->rows[i].test->data->is_disabled = !is_wanted(group, indices, count_of, i);
}
