/* SPDX-License-Identifier: MIT */
/*
 * lists.c - a Check runner's suites, cases, tests and fixtures.
 *
 * Check goes through lists, one in the other, by a cursor in each, and reads functions and
 * bounds when it gets to them.  While we watch, a case's lists are ours: the same fixtures
 * and tests behind trampolines, each turn of a loop a test of its own, and only what was
 * chosen.  The cursors tell which one a trampoline stands for.  One mapping, made before a
 * template parks, holds all of it: an attempt allocates nothing here.
 */
#define _GNU_SOURCE
#include "check.h"

#include <string.h>
#include <sys/mman.h>

struct copied_test {                    /* the first member is what Check sees */
	union {
		struct check_test now;
		struct check_old_test old;
	} test;
	struct check_function function;
	uint32_t row;
};

struct copied_fixture {
	struct check_fixture fixture;
	void (*real)(void);
};

struct swap {                           /* a list of the program's that ours stands for */
	struct check_list **at, *before;
};

bool fl_check_is_old;

static struct check_runner *runner;
static struct fl_check_row *rows;
static uint32_t row_count;
/* Not in the mapping: a leak checker, which looks at variables only, must find what is here. */
enum { SWAPS = 1 << 14 };
static struct swap swaps[SWAPS];
FL_HOT static uint32_t swap_count;
static char *memory, *free_memory;
static size_t memory_bytes;

static void *take(size_t size)
{
	void *taken = free_memory;

	free_memory += (size + 15) & ~(size_t)15;
	return taken;
}

/* ---- what there is ---- */

struct fl_check_view fl_check_view(const void *test)
{
	const struct check_old_test *old = test;
	const struct check_test *now = test;

	if (fl_check_is_old)
		return (struct fl_check_view){ old->name, NULL, old->function, 0, old->start,
					       old->end, old->signal, old->exit_code };
	return (struct fl_check_view){ now->function->name, now->function->file,
				       now->function->function, now->function->line, now->start,
				       now->end, now->signal, now->exit_code };
}

/* Is one of the words in the list?  Check divides at blanks. */
static bool has_tag(const struct check_list *tags, const char *words)
{
	size_t length;
	unsigned i;

	for (; *words; words += length) {
		words += strspn(words, " ");
		length = strcspn(words, " ");
		for (i = 0; length && i < tags->count; i++)
			if (strncmp(tags->items[i], words, length) == 0 &&
			    !((const char *)tags->items[i])[length])
				return true;
	}
	return false;
}

static bool is_chosen(const struct check_suite *suite, const struct check_case *in,
		      const struct fl_check_choice *choice)
{
	if (choice->suite && strcmp(choice->suite, suite->name) != 0)
		return false;
	if (choice->case_name && strcmp(choice->case_name, in->name) != 0)
		return false;
	if (choice->include_tags && !has_tag(in->tags, choice->include_tags))
		return false;
	return !choice->exclude_tags || !has_tag(in->tags, choice->exclude_tags);
}

struct sum {
	size_t suites, cases, fixtures, tests, rows;
};

static void add_case(struct sum *sum, struct check_suite *suite, struct check_case *in)
{
	unsigned i;
	int turn;

	sum->cases++;
	sum->fixtures += in->unchecked_setup->count + in->unchecked_teardown->count +
			 in->setup->count + in->teardown->count;
	for (i = 0; i < in->tests->count; i++) {
		struct fl_check_view test = fl_check_view(in->tests->items[i]);

		sum->tests++;
		for (turn = test.start; turn < test.end; turn++, sum->rows++)
			if (rows)
				rows[row_count++] = (struct fl_check_row){
					suite, in, in->tests->items[i], turn,
					test.start != 0 || test.end != 1 };
	}
}

/* Counts what was chosen, and notes it as soon as there is room. */
static struct sum go_through(const struct fl_check_choice *choice)
{
	struct sum sum = { 0 };
	unsigned i, k;

	for (i = 0; i < runner->suites->count; i++, sum.suites++) {
		struct check_suite *suite = runner->suites->items[i];

		for (k = 0; k < suite->cases->count; k++, sum.cases++)
			if (is_chosen(suite, suite->cases->items[k], choice))
				add_case(&sum, suite, suite->cases->items[k]);
	}
	return sum;
}

int fl_check_collect(struct check_runner *of, const struct fl_check_choice *choice)
{
	const size_t list = sizeof(struct check_list) + 32;
	struct sum sum;

	runner = of;
	rows = NULL;
	row_count = swap_count = 0;
	sum = go_through(choice);
	if (!sum.rows || sum.rows > FL_CHECK_MOST || 1 + sum.suites + 5 * sum.cases > SWAPS)
		return -1;
	memory_bytes = 4096 + (1 + sum.suites + 5 * sum.cases) * list +
		       (sum.suites + sum.cases + sum.fixtures + sum.rows) * sizeof(void *) +
		       sum.fixtures * (sizeof(struct copied_fixture) + 16) +
		       sum.rows * (sizeof(*rows) + sizeof(struct copied_test) + 16);
	memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -1;
	free_memory = memory;
	rows = take(sum.rows * sizeof(*rows));
	go_through(choice);
	return 0;
}

void fl_check_release(void)
{
	if (rows)
		munmap(memory, memory_bytes);
	rows = NULL;
	row_count = 0;
}

uint32_t fl_check_count(void)
{
	return row_count;
}

const struct fl_check_row *fl_check_row(uint32_t row)
{
	return &rows[row];
}

void fl_check_add_row(uint32_t *to, uint32_t count, uint32_t row)
{
	uint32_t at = count;

	while (at && rows[to[at - 1]].suite != rows[row].suite)
		at--;
	if (!at)
		at = count;
	memmove(to + at + 1, to + at, (count - at) * sizeof(*to));
	to[at] = row;
}

/* ---- ours in their place ---- */

static struct check_list *new_list(unsigned room)
{
	struct check_list *list = take(sizeof(*list));

	*list = (struct check_list){ 0, room, -1, -1, take(room * sizeof(void *)) };
	return list;
}

static void add(struct check_list *list, void *item)
{
	list->items[list->count++] = item;
	list->last++;
	list->current = 0;
}

static struct check_list *put(struct check_list **at, unsigned room)
{
	swaps[swap_count++] = (struct swap){ at, *at };
	return *at = new_list(room);
}

static void copy_fixtures(struct check_list **at, void (*trampoline)(void))
{
	const struct check_list *before = *at;
	struct check_list *list;
	unsigned i;

	if (!before->count)
		return;
	list = put(at, before->count);
	for (i = 0; i < before->count; i++) {
		struct copied_fixture *copy = take(sizeof(*copy));

		copy->fixture = *(const struct check_fixture *)before->items[i];
		copy->real = copy->fixture.function;
		copy->fixture.function = trampoline;
		add(list, copy);
	}
}

static void copy_test(struct check_list *list, uint32_t row)
{
	struct copied_test *copy = take(sizeof(*copy));
	int turn = rows[row].turn;

	copy->row = row;
	if (fl_check_is_old) {
		copy->test.old = *(const struct check_old_test *)rows[row].test;
		copy->test.old.function = fl_check_run_test;
		copy->test.old.start = turn;
		copy->test.old.end = turn + 1;
	} else {
		copy->test.now = *(const struct check_test *)rows[row].test;
		copy->function = *copy->test.now.function;
		copy->function.function = fl_check_run_test;
		copy->test.now.function = &copy->function;
		copy->test.now.start = turn;
		copy->test.now.end = turn + 1;
	}
	add(list, copy);
}

/* Of a case that is in two suites. */
static bool is_copied(const struct check_list *list)
{
	return (const char *)list >= memory && (const char *)list < memory + memory_bytes;
}

/* The rows of one case, from `chosen` on; how many they are. */
static uint32_t install_case(const uint32_t *chosen, uint32_t count)
{
	const struct fl_check_row *first = &rows[chosen[0]];
	struct check_case *in = first->in;
	struct check_list *list;
	uint32_t i, n = 0;

	while (n < count && rows[chosen[n]].in == in && rows[chosen[n]].suite == first->suite)
		n++;
	if (!is_copied(in->tests)) {
		copy_fixtures(&in->unchecked_setup, fl_check_run_unchecked_setup);
		copy_fixtures(&in->unchecked_teardown, fl_check_run_unchecked_teardown);
		copy_fixtures(&in->setup, fl_check_run_setup);
		copy_fixtures(&in->teardown, fl_check_run_teardown);
	}
	list = put(&in->tests, n);
	for (i = 0; i < n; i++)
		copy_test(list, chosen[i]);
	return n;
}

void fl_check_install(const uint32_t *chosen, uint32_t count, bool is_all)
{
	struct check_list *suites = is_all ? NULL : put(&runner->suites, runner->suites->count);
	struct check_suite *suite = NULL;
	uint32_t i, n;

	for (i = 0; i < count; i += n) {
		const struct fl_check_row *row = &rows[chosen[i]];

		if (suites && (!suite || row->suite != suite)) {
			suite = row->suite;
			add(suites, suite);
			put(&suite->cases, suite->cases->count);
		}
		if (suites)
			add(suite->cases, row->in);
		n = install_case(chosen + i, count - i);
	}
}

void fl_check_restore(void)
{
	while (swap_count) {
		swap_count--;
		*swaps[swap_count].at = swaps[swap_count].before;
	}
}

/* ---- where Check is ---- */

static void *now_in(const struct check_list *list)
{
	return list->current >= 0 && (unsigned)list->current < list->count ?
		list->items[list->current] : NULL;
}

struct check_case *fl_check_case_now(void)
{
	const struct check_suite *suite = now_in(runner->suites);

	return suite ? now_in(suite->cases) : NULL;
}

uint32_t fl_check_row_now(void)
{
	const struct check_case *in = fl_check_case_now();
	const struct copied_test *test = in ? now_in(in->tests) : NULL;

	return test ? test->row : FL_CHECK_NONE;
}

uint32_t fl_check_first_row(const struct check_case *in)
{
	return in->tests->count ? ((const struct copied_test *)in->tests->items[0])->row : FL_CHECK_NONE;
}

bool fl_check_has_row(const struct check_case *in, uint32_t row)
{
	return row < row_count && rows[row].in == in;
}

static void run_nothing(void)
{
}

/* Called by what was installed: there is one. */
void (*fl_check_fixture_now(const struct check_list *fixtures))(void)
{
	const struct copied_fixture *fixture = now_in(fixtures);

	return fixture ? fixture->real : run_nothing;
}
