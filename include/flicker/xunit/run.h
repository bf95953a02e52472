/* SPDX-License-Identifier: MIT */
/*
 * run.h - the tests of a program: they are found in a section of it, and run suite by suite.
 *
 * A suite is a cmocka group of its name.  SetUp and the test's own lines run as cmocka's
 * test, TearDown as cmocka's teardown, which it calls whatever has left the test.  So a
 * failing SetUp is a failing test whose TearDown runs, as GoogleTest has it.
 *
 * The section holds a pointer to each test.  Linkers put the files' parts in the order of
 * the files, also with gcc's -flto, which turns that of constructors round; the order in a
 * file is the compiler's, so tests are sorted by their lines.
 */
#ifndef FLICKER_XUNIT_RUN_H
#define FLICKER_XUNIT_RUN_H

#include "death.h"

struct fl_xunit_test {
	const char *suite, *name, *file;
	int line;
	void (*run)(void **state);              /* what cmocka calls */
	void *self;                             /* the fixture's struct, or NULL */
	size_t self_size, rows;                 /* rows: 0, it has no table */
	const char *(*row_name)(size_t row);    /* NULL: their numbers */
	const void *unit;                       /* the file that was compiled */
	struct fl_xunit_test *next;
};

enum fl_xunit_hook_kind {
	FL_XUNIT_SET_UP, FL_XUNIT_TEAR_DOWN, FL_XUNIT_SET_UP_SUITE, FL_XUNIT_TEAR_DOWN_SUITE,
};

struct fl_xunit_hook {
	enum fl_xunit_hook_kind kind;
	const char *fixture;
	void (*call)(void *self);
	const void *unit;
	struct fl_xunit_hook *next;
};

/* What cmocka is given as a test's state. */
struct fl_xunit_case {
	const struct fl_xunit_test *test;
	size_t row;
	char *name;                             /* ours where there are rows */
};

/* Its address tells the files of a program apart. */
static char fl_xunit_unit __attribute__((unused));

/* In the section, whatever of it seems unused. */
#if defined(__clang__)
#if __has_attribute(retain)
#define FL_XUNIT_LISTED(name) __attribute__((section(name), used, retain))
#endif
#elif __GNUC__ >= 11
#define FL_XUNIT_LISTED(name) __attribute__((section(name), used, retain, no_reorder))
#else
#define FL_XUNIT_LISTED(name) __attribute__((section(name), used, no_reorder))
#endif
#ifndef FL_XUNIT_LISTED
#define FL_XUNIT_LISTED(name) __attribute__((section(name), used))
#endif

/* Where the sections begin and end, by the names that the linker gives these places. */
#define FL_XUNIT_PLACE(name) __asm__(name) __attribute__((weak, visibility("hidden")))
extern struct fl_xunit_test *fl_xunit_first[] FL_XUNIT_PLACE("__start_flicker_xunit");
extern struct fl_xunit_test *fl_xunit_end[] FL_XUNIT_PLACE("__stop_flicker_xunit");
extern struct fl_xunit_hook *fl_xunit_first_hook[] FL_XUNIT_PLACE("__start_flicker_xunit_hooks");
extern struct fl_xunit_hook *fl_xunit_end_hook[] FL_XUNIT_PLACE("__stop_flicker_xunit_hooks");

static inline void fl_xunit_add(struct fl_xunit_test *test)
{
	struct fl_xunit_test **at = &fl_xunit_state.tests;

	while (*at && (*at)->unit != test->unit)
		at = &(*at)->next;
	while (*at && (*at)->unit == test->unit && (*at)->line <= test->line)
		at = &(*at)->next;
	test->next = *at;
	*at = test;
}

static inline void fl_xunit_find_tests(void)
{
	struct fl_xunit_test **test = fl_xunit_first;
	struct fl_xunit_hook **hook = fl_xunit_first_hook;

	if (fl_xunit_state.is_listed)
		return;
	/* cppcheck-suppress comparePointers; both ends of one section */
	for (; test < fl_xunit_end; test++)
		fl_xunit_add(*test);
	/* cppcheck-suppress comparePointers; the same */
	for (; hook < fl_xunit_end_hook; hook++) {
		(*hook)->next = fl_xunit_state.hooks;
		fl_xunit_state.hooks = *hook;
	}
	fl_xunit_state.is_listed = true;
}

/* A fixture in a header has its functions in every file: those of the same one come first. */
static inline const struct fl_xunit_hook *fl_xunit_find_hook(enum fl_xunit_hook_kind kind,
							     const char *fixture, const void *unit)
{
	const struct fl_xunit_hook *hook = fl_xunit_state.hooks, *found = NULL;

	for (; hook; hook = hook->next)
		if (hook->kind == kind && strcmp(hook->fixture, fixture) == 0 &&
		    (!found || hook->unit == unit))
			found = hook;
	return found;
}

static inline void fl_xunit_call_hook(enum fl_xunit_hook_kind kind, const char *fixture,
				      const void *unit, void *self)
{
	const struct fl_xunit_hook *hook = fl_xunit_find_hook(kind, fixture, unit);

	if (hook)
		hook->call(self);
}

/* ---- a test, as cmocka calls it ---- */

/* Runs them by what GoogleTest's variable says: anything but 0 (BoolFromGTestEnv). */
static inline bool fl_xunit_is_disabled(const struct fl_xunit_test *test)
{
	const char *runs = getenv("GTEST_ALSO_RUN_DISABLED_TESTS");

	if (runs && strcmp(runs, "0") != 0)
		return false;
	return strncmp(test->suite, "DISABLED_", 9) == 0 ||
	       strncmp(test->name, "DISABLED_", 9) == 0;
}

static inline const struct fl_xunit_case *fl_xunit_enter(void **state)
{
	const struct fl_xunit_case *now = *state;
	const struct fl_xunit_test *test = now->test;

	fl_xunit_state.is_set_up = false;
	fl_xunit_begin(FL_XUNIT_BODY);
	if (fl_xunit_is_disabled(test))
		fl_xunit_skip(test->file, test->line, " disabled");
	fl_xunit_state.is_set_up = true;
	if (test->self) {
		memset(test->self, 0, test->self_size);
		fl_xunit_call_hook(FL_XUNIT_SET_UP, test->suite, test->unit, test->self);
	}
	return now;
}

/* Called by cmocka whatever has left the test, also where a death test's child comes by. */
static inline int fl_xunit_tear_down(void **state)
{
	const struct fl_xunit_case *now = *state;
	bool has_failed = fl_xunit_state.failures || fl_xunit_state.phase == FL_XUNIT_BODY;
	bool is_fatal = fl_xunit_state.is_fatal || fl_xunit_state.phase == FL_XUNIT_BODY;

	fl_xunit_end_death(FL_XUNIT_RETURNED);
	if (!now->test->self || !fl_xunit_state.is_set_up)
		return 0;
	fl_xunit_begin(FL_XUNIT_TEARDOWN);
	fl_xunit_state.has_failed_before = has_failed;
	fl_xunit_state.is_fatal = is_fatal;
	fl_xunit_call_hook(FL_XUNIT_TEAR_DOWN, now->test->suite, now->test->unit, now->test->self);
	fl_xunit_settle();
	return 0;
}

/* ---- a suite, as cmocka's group ---- */

static inline int fl_xunit_run_suite_hook(enum fl_xunit_hook_kind kind)
{
	fl_xunit_begin(FL_XUNIT_SUITE);
	fl_xunit_call_hook(kind, fl_xunit_state.suite, NULL, NULL);
	fl_xunit_settle();
	return 0;
}

static inline int fl_xunit_set_up_suite(void **state)
{
	(void)state;
	return fl_xunit_run_suite_hook(FL_XUNIT_SET_UP_SUITE);
}

static inline int fl_xunit_tear_down_suite(void **state)
{
	(void)state;
	return fl_xunit_run_suite_hook(FL_XUNIT_TEAR_DOWN_SUITE);
}

/* The suite's name for the row: Name/0, or Name/what_the_row_says.  NULL: no memory. */
static inline char *fl_xunit_name_row(const struct fl_xunit_test *test, size_t row)
{
	const char *said = test->row_name ? test->row_name(row) : NULL;
	size_t size = strlen(test->name) + (said ? strlen(said) : 0) + 32;
	char *name = malloc(size);

	if (name && said)
		snprintf(name, size, "%s/%s", test->name, said);
	else if (name)
		snprintf(name, size, "%s/%zu", test->name, row);
	return name;
}

static inline void fl_xunit_fill(struct fl_xunit_case *ret_case, struct CMUnitTest *ret_entry,
				 const struct fl_xunit_test *test, size_t row)
{
	ret_case->test = test;
	ret_case->row = row;
	ret_case->name = test->rows ? fl_xunit_name_row(test, row) : NULL;
	*ret_entry = (struct CMUnitTest){
		ret_case->name ? ret_case->name : test->name, test->run, NULL, fl_xunit_tear_down,
		ret_case,
	};
}

/* The suite's cases, as many as there are; `cases` and `entries` may be NULL to count them. */
static inline size_t fl_xunit_list(const char *suite, struct fl_xunit_case *cases,
				   struct CMUnitTest *entries)
{
	const struct fl_xunit_test *test = fl_xunit_state.tests;
	size_t count = 0, row, rows;

	for (; test; test = test->next) {
		rows = strcmp(test->suite, suite) != 0 ? 0 : test->rows ? test->rows : 1;
		for (row = 0; row < rows; row++, count++)
			if (cases)
				fl_xunit_fill(&cases[count], &entries[count], test, row);
	}
	return count;
}

#define FL_XUNIT_SUITE_HOOK(kind, function) \
	(fl_xunit_find_hook(kind, fl_xunit_state.suite, NULL) ? (function) : NULL)

/* Returns how many of its tests failed. */
static inline int fl_xunit_run_suite(const char *suite)
{
	size_t count = fl_xunit_list(suite, NULL, NULL), i;
	struct fl_xunit_case *cases = calloc(count, sizeof(*cases));
	struct CMUnitTest *entries = calloc(count, sizeof(*entries));
	int failed = -1;

	fl_xunit_state.suite = suite;
	if (cases && entries) {
		fl_xunit_list(suite, cases, entries);
		failed = _cmocka_run_group_tests(
			suite, entries, count,
			FL_XUNIT_SUITE_HOOK(FL_XUNIT_SET_UP_SUITE, fl_xunit_set_up_suite),
			FL_XUNIT_SUITE_HOOK(FL_XUNIT_TEAR_DOWN_SUITE, fl_xunit_tear_down_suite));
		for (i = 0; i < count; i++)
			free(cases[i].name);
	} else {
		fprintf(stderr, "%s: %s\n", suite, strerror(ENOMEM));
	}
	free(cases);
	free(entries);
	return failed;
}

static inline bool fl_xunit_is_first_of_suite(const struct fl_xunit_test *test)
{
	const struct fl_xunit_test *other = fl_xunit_state.tests;

	while (strcmp(other->suite, test->suite) != 0)
		other = other->next;
	return other == test;
}

static inline int fl_xunit_run_all(void)
{
	const struct fl_xunit_test *test;
	int has_failed = 0;

	fl_xunit_find_tests();
	for (test = fl_xunit_state.tests; test; test = test->next)
		if (fl_xunit_is_first_of_suite(test) && fl_xunit_run_suite(test->suite) != 0)
			has_failed = 1;
	return has_failed;
}

#endif
