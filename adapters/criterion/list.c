/* SPDX-License-Identifier: MIT */
/*
 * list.c - the tests of a run, one row for each parameter, and leaving some of them out.
 *
 * What the runner tells of a parameterized test does not say which parameter it was.  So while
 * the run lasts one test for each stands in its place, of the same name.  Their parameters are
 * still made once, and freed once.  The function that makes them has no argument: the runner
 * calls it in the order of the tests, and so are ours.
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

/* A parameterized test of the program's. */
struct family {
	struct parameters (*make)(void);
	struct parameters made;
	bool is_made;
	uint32_t left;                  /* wanted, and not taken yet */
	struct node *node, **link;      /* while others stand in its place: what stood where */
};

/* One that stands in its place, as an element of the set. */
struct single {
	struct node node;
	struct test test;
	struct test_data data;
	struct family *family;
};

/* Of the one run there is; freed with its rows. */
static struct family *families;
static struct single *singles;
static uint32_t family_count, single_count, taken;

struct counts {
	uint32_t rows, families;
};

static struct counts count(struct test_set *set, const struct fl_criterion_found *found)
{
	struct counts counts = { 0 };
	uint32_t at = 0;

	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set) {
			counts.rows += found && is_parameterized(test) ? found[at].parameters : 1;
			counts.families += is_parameterized(test);
			at++;
		}
	return counts;
}

static struct single *add_single(struct family *family, const struct test *test)
{
	struct single *single = &singles[single_count++];

	single->family = family;
	single->data = *test->data;
	single->test = *test;
	single->test.data = &single->data;
	return single;
}

static void add_rows(struct fl_criterion_rows *rows, struct suite *suite, struct test *test,
		     const struct fl_criterion_found *found)
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
	family = &families[family_count++];
	family->make = test->data->parameters;
	family->node = (struct node *)(void *)test - 1;
	for (i = 0; i < found->parameters; i++)
		rows->rows[rows->count++] = (struct row){
			&add_single(family, test)->test, suite, (int32_t)i, NULL, false,
		};
}

bool fl_criterion_list(struct test_set *set, const struct fl_criterion_found *found,
		       struct fl_criterion_rows *ret_rows)
{
	struct counts counts = count(set, found);
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
	singles = (struct single *)(ret_rows->rows + counts.rows + 1);
	families = (struct family *)(singles + counts.rows + 1);
	family_count = single_count = 0;
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

/* ---- one test for each parameter ---- */

/* In the order of the set, as the runner asks. */
static struct single *next_single(void)
{
	while (taken < single_count && singles[taken].data.is_disabled)
		taken++;
	return &singles[taken++];
}

static void clean_up(struct parameters *parameters)
{
	struct family *family = singles[taken - 1].family;

	(void)parameters;
	family->made.cleanup(&family->made);
}

static struct parameters take(void)
{
	struct single *single = next_single();
	struct family *family = single->family;
	const struct single *first = single;
	struct parameters taken_one;
	size_t at;

	if (!family->is_made)
		family->made = family->make();
	family->is_made = true;
	while (first > singles && first[-1].family == family)
		first--;
	at = (size_t)(single - first);
	taken_one = family->made;
	taken_one.first = (char *)taken_one.first + at * taken_one.size;
	taken_one.count = at < family->made.count;
	taken_one.cleanup = --family->left == 0 && family->made.cleanup ? clean_up : NULL;
	return taken_one;
}

static void replace(struct node **link)
{
	struct family *family = families;
	uint32_t i;

	while (family < families + family_count && family->node != *link)
		family++;
	if (family == families + family_count)
		return;
	family->link = link;
	family->left = 0;
	family->is_made = false;
	for (i = 0; i < single_count; i++) {
		if (singles[i].family != family)
			continue;
		singles[i].data.parameters = take;
		singles[i].node.next = family->node->next;
		family->left += !singles[i].data.is_disabled;
		*link = &singles[i].node;
		link = &singles[i].node.next;
	}
}

/* Until fl_criterion_contract() the set is the runner's only. */
void fl_criterion_expand(struct test_set *set)
{
	struct node **link;

	taken = 0;
	EACH_SUITE(suite_set, set)
		for (link = suite_set->tests ? &suite_set->tests->first : NULL; link && *link;
		     link = &(*link)->next)
			replace(link);
}

void fl_criterion_contract(void)
{
	uint32_t i;

	for (i = 0; i < family_count; i++)
		if (families[i].link)
			*families[i].link = families[i].node;
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
	uint32_t i;

	EACH_SUITE(suite_set, set)
		EACH_TEST(test, suite_set)
			test->data->is_disabled = true;
	for (i = 0; i < rows->count; i++)
		rows->rows[i].test->data->is_disabled = !is_wanted(group, indices, count_of, i);
}
