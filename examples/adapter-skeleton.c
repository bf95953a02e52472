/* SPDX-License-Identifier: MIT */
/*
 * adapter-skeleton.c - how flicker is taught a test framework: here toytest, in adapter/.
 *
 *     cc -g -shared -fPIC -o libtoytest.so adapter/toytest.c
 *     cc -g -o test_toy adapter/test_toy.c -L. -ltoytest -Wl,-rpath,'$ORIGIN'
 *     cc -shared -fPIC -fvisibility=hidden -I../include -o libflicker-toytest.so adapter-skeleton.c
 *     flicker run --all --adapter ./libflicker-toytest.so ./test_toy
 *
 * That is the framework, a program of tests and the adapter, from this directory.  With
 * flicker installed, $(pkg-config --cflags flicker) stands in the place of -I../include.
 *
 * An adapter is a preloaded library.  It defines the framework's runner and whatever a
 * test fails by, tells flicker what happens there, and calls the real ones, so the tests
 * are run by the framework and by nobody else.  All that it needs is <flicker/adapter.h>.
 * Its file is called libflicker-SOMETHING.so, so that backtraces leave it out.
 *
 * What it must keep to: no output, no allocation once a test may have begun, and where
 * flicker is not at work (`flicker` is NULL) nothing but the real call.
 */
#define _GNU_SOURCE
#include "adapter/toytest.h"

#include <flicker/adapter.h>

#include <dlfcn.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static const struct fl_services *flicker;       /* what flicker offers; NULL: not at work here */

/* ---- the framework's own functions, behind ours ---- */

typedef int (*run_function)(const char *suite, const struct toy_test *tests, size_t count);
typedef void (*fail_function)(const char *file, int line, const char *text);

static run_function real_run(void)
{
	return (run_function)dlsym(RTLD_NEXT, "toy_run");
}

/* ---- one run of the framework's runner ---- */

enum { MOST_TESTS = 1000 };

/*
 * The runner cannot run entry 7 alone, and does not tell which test it is at.  So it gets
 * a list of our own: the entries that are wanted, with a function of ours in the place of
 * each.  The runner goes through it in order, hence `at` says whose turn it is.
 */
static struct {
	struct fl_group *group;         /* NULL: none is being run */
	struct toy_test list[MOST_TESTS];
	uint32_t entries[MOST_TESTS];   /* list[i] stands for the program's test entries[i] */
	uint32_t count, at;
} run;

static const struct toy_test *tests_of(const struct fl_group *group)
{
	return group->tests;
}

/* The runner calls this for each test. */
static void run_test(void)
{
	uint32_t index = run.entries[run.at++];

	flicker->begin(run.group, index);       /* the test before it, if there was one, is over */
	if (flicker->is_passed_over())          /* one before it has failed, and that is to be enough */
		return;
	flicker->phase(FL_PHASE_TEST);
	tests_of(run.group)[index].function();
	flicker->phase(FL_PHASE_AFTER);         /* not reached where it fails: that is a jump */
}

static void add_to_list(uint32_t index)
{
	run.list[run.count].name = tests_of(run.group)[index].name;
	run.list[run.count].function = run_test;
	run.entries[run.count++] = index;
}

/* flicker, in an attempt: run these by the real runner.  It ends the process when we return. */
static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	uint32_t i;

	run.count = run.at = 0;
	for (i = 0; i < count; i++)
		add_to_list(indices[i]);
	real_run()(group->name, run.list, run.count);
}

/* The ordinary run: all tests that are selected, in their order or in one that was drawn. */
static int run_observed(struct fl_group *group)
{
	uint32_t i;
	int failures;

	run.count = run.at = 0;
	for (i = 0; i < group->count; i++)
		if (flicker->is_selected(group, flicker->nth(group, i)))
			add_to_list(flicker->nth(group, i));
	failures = real_run()(group->name, run.list, run.count);
	flicker->leave(group);                  /* attempts are made now, then we go on */
	return failures;
}

/* Of the function flicker finds file and line by itself. */
static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	ret_entry->name = tests_of(group)[index].name;
	ret_entry->code = (const void *)tests_of(group)[index].function;
	return true;
}

/* In the framework's place: the runner. */
EXPORT int toy_run(const char *suite, const struct toy_test *tests, size_t count)
{
	struct fl_group group = {
		.name = suite, .tests = tests, .count = (uint32_t)count,
		.describe = describe, .run = run_entries,
	};
	int failures = 0;

	if (!flicker || run.group || count > MOST_TESTS)        /* a test may run tests itself */
		return real_run()(suite, tests, count);
	run.group = &group;
	switch (flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		break;
	case FL_ENTER_OBSERVE:
		failures = run_observed(&group);
		break;
	default:
		failures = real_run()(suite, tests, count);
	}
	run.group = NULL;
	return failures;
}

/* In the framework's place: how a test fails.  Tell first, for the real one does not return. */
EXPORT void toy_fail(const char *file, int line, const char *text)
{
	if (flicker && flicker->is_recording()) {
		flicker->place(file, line);
		flicker->message(text, strlen(text));
		flicker->failed(true);          /* the test is on the stack: take a backtrace */
	}
	((fail_function)dlsym(RTLD_NEXT, "toy_fail"))(file, line, text);
	__builtin_unreachable();
}

/* ---- what flicker looks for ---- */

/* Before main: is the framework here?  In every other process that starts it is not. */
static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	if (!real_run())
		return false;
	*ret_version = "1";
	*ret_linkage = "shared";
	services->own((const void *)real_run());        /* what lies there is no test's code */
	flicker = services;
	return true;
}

EXPORT extern const struct fl_adapter flicker_adapter;

EXPORT const struct fl_adapter flicker_adapter = {
	.abi = FL_ADAPTER_ABI,
	.name = "toytest",
	.attach = attach,
};
