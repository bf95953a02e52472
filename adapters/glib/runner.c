/* SPDX-License-Identifier: MIT */
/*
 * runner.c - GLib's g_test, in a shared libglib, taken over by interposition.
 *
 * g_test_run() is the one group.  GLib is handed what runs in this process, with functions of
 * ours that tell where we are, and its own g_test_run() runs it: in an attempt the one test
 * (and, for g_test_trap_subprocess() to find, those that only run in processes of their own).
 *
 * A process that GLib has started for a test, and one that lists its tests, is left alone.
 */
#define _GNU_SOURCE
#include "glib.h"

#include <string.h>

const struct fl_services *fl_glib_flicker;

/* What g_test_run() is working on. */
FL_HOT static struct {
	struct fl_group *group;         /* NULL: nothing is told */
	struct fl_glib_case **cases;    /* in the order in which they run */
	uint32_t count;
	struct fl_glib_suite *top;
	void *object;                   /* of g_test_run_suite(); NULL: g_test_run() */
	bool is_passed_over;            /* the test that runs: none of its functions is called */
} run;

/* ---- the functions that GLib calls ---- */

static void *fixture_of(const struct fl_glib_case *test, void *fixture)
{
	return test->fixture_bytes ? fixture : (void *)(uintptr_t)test->data;
}

static void begin(const struct fl_glib_case *test)
{
	if (!run.group)
		return;
	fl_glib_flicker->begin(run.group, test->index);
	fl_glib_watch_log();
	run.is_passed_over = fl_glib_flicker->is_passed_over();
	fl_glib_seed_test();
}

static void tell_phase(enum fl_phase phase)
{
	if (run.group)
		fl_glib_flicker->phase(phase);
}

void fl_glib_run_setup(void *fixture, const void *data)
{
	const struct fl_glib_case *test = data;

	if (test->is_name_only)
		return;
	begin(test);
	tell_phase(FL_PHASE_SETUP);
	if (!run.is_passed_over)
		test->setup(fixture_of(test, fixture), test->data);
}

void fl_glib_run_test(void *fixture, const void *data)
{
	const struct fl_glib_case *test = data;

	if (test->is_name_only)
		return;
	if (!test->setup)
		begin(test);
	tell_phase(FL_PHASE_TEST);
	if (run.is_passed_over)
		REAL(g_test_skip)("behind a failure");
	else
		test->test(fixture_of(test, fixture), test->data);
	tell_phase(FL_PHASE_AFTER);
}

void fl_glib_run_teardown(void *fixture, const void *data)
{
	const struct fl_glib_case *test = data;

	if (test->is_name_only)
		return;
	tell_phase(FL_PHASE_TEARDOWN);
	if (!run.is_passed_over)
		test->teardown(fixture_of(test, fixture), test->data);
	tell_phase(FL_PHASE_AFTER);
}

/* ---- the group ---- */

static uint32_t count_of(const struct fl_glib_suite *suite)
{
	const struct fl_glib_suite *inner;
	const struct fl_glib_case *test;
	uint32_t count = 0;

	for (test = suite->first_case; test; test = test->next)
		count++;
	for (inner = suite->first; inner; inner = inner->next)
		count += count_of(inner);
	return count;
}

static bool name_case(struct fl_glib_case *test, const char *suite_path)
{
	const char *slash;
	char *suite;

	test->path = fl_glib_join(suite_path, test->name);
	if (!test->path)
		return false;
	test->rest = test->path + 1;
	slash = strchr(test->rest, '/');
	if (!slash)
		return true;
	suite = fl_glib_allocate((size_t)(slash - test->rest) + 1);
	if (!suite)
		return false;
	test->suite = memcpy(suite, test->rest, (size_t)(slash - test->rest));
	test->rest = slash + 1;
	return true;
}

/* A suite's own cases come first, then the suites in it, as GLib runs them. */
static bool collect(struct fl_glib_suite *suite, const char *path)
{
	struct fl_glib_suite *inner;
	struct fl_glib_case *test;

	for (test = suite->first_case; test; test = test->next) {
		if (!name_case(test, path))
			return false;
		test->index = run.count;
		test->would_run = fl_glib_would_run(test->path, strlen(path));
		run.cases[run.count++] = test;
	}
	for (inner = suite->first; inner; inner = inner->next) {
		const char *inner_path = fl_glib_join(path, inner->name);

		if (!inner_path || !collect(inner, inner_path))
			return false;
	}
	return true;
}

/* --GTestSkipCount */
static void leave_out_first(unsigned count)
{
	uint32_t i;

	for (i = 0; i < run.count && count; i++)
		if (run.cases[i]->would_run) {
			run.cases[i]->would_run = false;
			count--;
		}
}

static bool build(void)
{
	const char *path = run.object ? fl_glib_join("", run.top->name) : "";

	run.count = 0;
	run.cases = fl_glib_allocate((count_of(run.top) + 1) * sizeof(*run.cases));
	if (!run.cases || !path || !collect(run.top, path))
		return false;
	leave_out_first(fl_glib_skip_count());
	return true;
}

static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	const struct fl_glib_case *test = ((struct fl_glib_case *const *)group->tests)[index];

	ret_entry->suite = test->suite;
	ret_entry->name = test->rest;
	ret_entry->code = (const void *)test->test;
	return test->would_run;
}

static int run_really(void)
{
	return run.object ? REAL(g_test_run_suite)(run.object) : REAL(g_test_run)();
}

/* Of all attempts: those that GLib only has to know. */
static void prepare(struct fl_group *group)
{
	uint32_t i;

	(void)group;
	for (i = 0; i < run.count; i++)
		run.cases[i]->is_wanted = !run.cases[i]->would_run &&
					  strstr(run.cases[i]->path, "/subprocess");
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		run.cases[indices[i]]->is_wanted = true;
	run.group = group;
	fl_glib_forward();
	fl_glib_seed_attempt();
	run_really();
}

/*
 * Those that were added by their path: GLib runs them as it is given them, but the tests of a
 * suite before the suites in it.
 */
static void forward_in_order(const struct fl_group *group)
{
	uint32_t n, index;
	bool is_drawn = false;

	for (n = 0; n < run.count && !is_drawn; n++)
		is_drawn = fl_glib_flicker->nth(group, n) != n;
	for (n = 0; n < run.count && is_drawn; n++) {
		index = fl_glib_flicker->nth(group, n);
		if (run.cases[index]->is_wanted && !run.cases[index]->object)
			fl_glib_forward_case(NULL, run.cases[index]);
	}
}

static int run_in_host(struct fl_group *group)
{
	uint32_t i;
	int result;

	for (i = 0; i < run.count; i++)
		run.cases[i]->is_wanted = !run.cases[i]->would_run ||
					  fl_glib_flicker->is_selected(group, i);
	run.group = group;
	forward_in_order(group);
	fl_glib_forward();
	result = run_really();
	run.group = NULL;
	fl_glib_flicker->leave(group);
	return result;
}

static bool is_for_us(void)
{
	return fl_glib_flicker && !fl_glib_is_released() && !run.group && !fl_glib_only_lists() &&
	       run.top && !(REAL(g_test_subprocess) && REAL(g_test_subprocess)()) && build();
}

static int run_tests(void *object)
{
	struct fl_group group = { .describe = describe, .prepare = prepare, .run = run_entries };
	enum fl_enter answer = FL_ENTER_PASS;

	run.object = object;
	run.top = object ? fl_glib_suite_of(object) : &fl_glib_root;
	if (is_for_us()) {
		group.tests = run.cases;
		group.count = run.count;
		answer = fl_glib_flicker->enter(&group);
	}
	if (answer == FL_ENTER_NOTHING)
		return 0;
	if (answer == FL_ENTER_OBSERVE)
		return run_in_host(&group);
	fl_glib_release();
	return run_really();
}

int g_test_run(void)
{
	return run_tests(NULL);
}

int g_test_run_suite(void *suite)
{
	return run_tests(suite);
}

void g_test_trap_subprocess(const char *path, uint64_t timeout_us, int flags)
{
	if (path)
		fl_glib_forward_name(path);
	REAL(g_test_trap_subprocess)(path, timeout_us, flags);
}

/* ---- the adapter ---- */

static struct fl_symbol symbols[] = {
	{ .name = "g_test_run" },
	{ .name = "g_test_run_suite" },
	{ .name = NULL },
};

/* By what a version brought; the last row that is there names the version that it is at least. */
static const struct { const char *symbol, *version; } marks[] = {
	{ "g_test_run", "" },
	{ "g_test_get_path", "2.68" },
	{ "g_test_fail_printf", "2.70" },
	{ "g_assertion_message_cmpint", "2.78" },
};

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	size_t i;

	if (services->abi != FL_ADAPTER_ABI || !(symbols[0].is_imported || symbols[1].is_imported))
		return false;
	fl_glib_find_real();
	if (!fl_glib_real.g_test_run || !fl_glib_real.g_test_add_vtable)
		return false;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (fl_adapter_next(marks[i].symbol))
			*ret_version = marks[i].version;
	*ret_linkage = "shared";
	services->own((const void *)fl_glib_real.g_test_run);
	fl_glib_flicker = services;
	return true;
}

const struct fl_adapter fl_adapter_glib = {
	.abi = FL_ADAPTER_ABI,
	.name = "glib",
	.symbols = symbols,
	.attach = attach,
};
