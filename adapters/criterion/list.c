/* SPDX-License-Identifier: MIT */
/*
 * list.c - the tests of a run, one row for each parameter, and leaving some of them out.
 *
 * A test that is left out is disabled; of a parameterized one a part of its parameters is
 * left out by taking the place of the function that makes them.  That has no argument: the
 * runner calls for parameters in the order of the tests, and so are ours.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include <sys/mman.h>

#define EACH_SUITE(suite_set, set) \
	for (struct node *node_ = (set)->suites->first; node_; node_ = node_->next) \
		for (struct suite_set *suite_set = (struct suite_set *)(node_ + 1); \
		     suite_set; suite_set = NULL)

#define EACH_TEST(test, suite_set) \
	for (struct node *each_ = (suite_set)->tests ? (suite_set)->tests->first : NULL; each_; \
	     each_ = each_->next) \
		for (struct test *test = (struct test *)(each_ + 1); test; test = NULL)

static bool is_parameterized(const struct test *test)
{
	return test->data->kind == PARAMETERIZED && test->data->parameters;
}

bool fl_criterion_has_parameters(struct test_set *set)
{
	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set)
			if (is_parameterized(test))
				return true;
	return false;
}

static bool is_disabled(const struct suite *suite, const struct test *test)
{
	return test->data->is_disabled || (suite->data && suite->data->is_disabled);
}

static uint32_t count_rows(struct test_set *set, const struct fl_criterion_found *found)
{
	uint32_t count = 0, at = 0;

	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set) {
			count += found && is_parameterized(test) ? found[at].parameters : 1;
			at++;
		}
	return count;
}

static void add_rows(struct fl_criterion_rows *rows, struct suite *suite, struct test *test,
		     const struct fl_criterion_found *found)
{
	uint32_t i;

	if (is_disabled(suite, test) || (found && found->is_disabled))
		return;
	if (!is_parameterized(test)) {
		rows->rows[rows->count++] = (struct row){ test, suite, -1, NULL, false };
		return;
	}
	for (i = 0; found && i < found->parameters; i++)
		rows->rows[rows->count++] = (struct row){ test, suite, (int32_t)i, NULL, false };
}

bool fl_criterion_list(struct test_set *set, const struct fl_criterion_found *found,
		       struct fl_criterion_rows *ret_rows)
{
	uint32_t at = 0;
	void *memory;

	ret_rows->count = 0;
	ret_rows->mapped_bytes = (count_rows(set, found) + 1) * sizeof(struct row);
	memory = mmap(NULL, ret_rows->mapped_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	ret_rows->rows = memory;
	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set) {
			add_rows(ret_rows, &suite_set->suite, test, found ? &found[at] : NULL);
			at++;
		}
	return true;
}

void fl_criterion_release(struct fl_criterion_rows *rows)
{
	if (rows->rows)
		munmap(rows->rows, rows->mapped_bytes);
	*rows = (struct fl_criterion_rows){ 0 };
}

/* Behind PRE_ALL, where the pattern has been applied and parameters may be allocated. */
void fl_criterion_ask(struct test_set *set, struct fl_criterion_found *found)
{
	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set) {
			found->is_disabled = is_disabled(&suite_set->suite, test);
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

struct part {
	struct parameters (*all)(void);
	uint32_t low, high;
	struct parameters whole;
};

static struct part *parts;              /* in the runner's order */
static uint32_t part_count, parts_taken;
static size_t parts_bytes;

static void clean_up(struct parameters *part)
{
	struct part *of = &parts[parts_taken - 1];

	(void)part;
	of->whole.cleanup(&of->whole);
}

static struct parameters take_part(void)
{
	struct part *part = &parts[parts_taken++];
	struct parameters taken;

	part->whole = taken = part->all();
	if (part->high > taken.count)
		part->high = (uint32_t)taken.count;
	if (part->low > part->high)
		part->low = part->high;
	taken.first = (char *)taken.first + part->low * taken.size;
	taken.count = part->high - part->low;
	if (taken.cleanup)
		taken.cleanup = clean_up;
	return taken;
}

static bool is_wanted(const struct fl_group *group, const uint32_t *indices, uint32_t count, uint32_t index)
{
	uint32_t i;

	if (!indices)
		return fl_criterion_flicker->is_selected(group, index);
	for (i = 0; i < count; i++)
		if (indices[i] == index)
			return true;
	return false;
}

static bool map_parts(uint32_t count)
{
	void *memory;

	parts_bytes = (count + 1) * sizeof(*parts);
	memory = mmap(NULL, parts_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	parts = memory;
	part_count = parts_taken = 0;
	return true;
}

static void want(const struct row *row)
{
	struct test_data *data = row->test->data;
	struct part *last = part_count ? &parts[part_count - 1] : NULL;

	if (row->number >= 0 && !data->is_disabled && last) {
		last->high = (uint32_t)row->number + 1; /* one run of rows: what is between runs, too */
		return;
	}
	data->is_disabled = false;
	if (row->number < 0)
		return;
	parts[part_count++] = (struct part){
		.all = data->parameters,
		.low = (uint32_t)row->number,
		.high = (uint32_t)row->number + 1,
	};
	data->parameters = take_part;
}

void fl_criterion_restrict(const struct fl_group *group, struct test_set *set,
			   const struct fl_criterion_rows *rows, const uint32_t *indices, uint32_t count)
{
	uint32_t i;

	if (!map_parts(rows->count))
		return;
	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set)
			test->data->is_disabled = true;
	for (i = 0; i < rows->count; i++)
		if (is_wanted(group, indices, count, i))
			want(&rows->rows[i]);
}
