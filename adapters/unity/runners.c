/* SPDX-License-Identifier: MIT */
/*
 * runners.c - Unity's runners of one test, each taken over where it is called.
 *
 * UnityDefaultTestRun is RUN_TEST; generated programs have a `run_test` of their own, and
 * Unity's fixtures UnityTestRunner.  The real ones are called with functions of ours in the
 * place of the program's, so set-up, tear-down and the end of a test are Unity's own code.
 */
#define _GNU_SOURCE
#include "unity.h"

#include "../next.h"

typedef void (*test_function)(void);
typedef void (*run_function)(test_function test, const char *name, int line);
typedef void (*fixture_run_function)(test_function setup, test_function test, test_function teardown,
				     const char *printed, const char *group, const char *name,
				     const char *file, unsigned line);

FL_HOT static struct fl_unity_call *current;   /* the one that is observed */

/* ---- patches ---- */

static void tear_down(void);
static void run_default(test_function test, const char *name, int line);
static long run_generated(long a, long b, long c, long d, long e, long f);
static void run_fixture(test_function setup, test_function test, test_function teardown,
			const char *printed, const char *group, const char *name, const char *file,
			unsigned line);

#define PATCH(row, function) \
	{ .symbol = &fl_unity_symbols[row], .replacement = (const void *)(function) }

FL_HOT static struct fl_patch teardown_patch = PATCH(FL_UNITY_TEARDOWN, tear_down);
FL_HOT static struct fl_patch default_patch = PATCH(FL_UNITY_DEFAULT_RUN, run_default);
FL_HOT static struct fl_patch generated_patch = PATCH(FL_UNITY_GENERATED_RUN, run_generated);
FL_HOT static struct fl_patch fixture_patch = PATCH(FL_UNITY_FIXTURE_RUN, run_fixture);

bool fl_unity_runners_take(void)
{
	bool is_taken = fl_unity_flicker->patch_on(&default_patch) == 0;

	is_taken |= fl_unity_flicker->patch_on(&fixture_patch) == 0;
	/* Beside another runner its name is a helper's of the program's, with arguments of any type. */
	if (!fl_unity_is_used(FL_UNITY_DEFAULT_RUN) && !fl_unity_is_used(FL_UNITY_FIXTURE_RUN))
		is_taken |= fl_unity_flicker->patch_on(&generated_patch) == 0;
	return is_taken;
}

static void switch_over(struct fl_patch *patch)
{
	if (!patch->is_on)
		return;
	fl_unity_flicker->patch_off(patch);
	fl_unity_flicker->patch_on(patch);
}

/* A patch that was made twice costs no more than it must from then on. */
void fl_unity_runners_prepare(void)
{
	switch_over(&default_patch);
	switch_over(&generated_patch);
	switch_over(&fixture_patch);
	fl_unity_runners_watch_teardown();
	switch_over(&teardown_patch);
	fl_unity_file();                /* looks once for the program's bounds */
}

void fl_unity_runners_watch_teardown(void)
{
	fl_unity_flicker->patch_on(&teardown_patch);
}

static void do_nothing(void)
{
}

void fl_unity_runners_without_fixtures(void)
{
	static struct fl_patch setup = PATCH(FL_UNITY_SETUP, do_nothing);
	static struct fl_patch teardown = PATCH(FL_UNITY_TEARDOWN, do_nothing);

	fl_unity_flicker->patch_on(&setup);
	fl_unity_flicker->patch_on(&teardown);
}

/* ---- what the real ones call ---- */

static void run_body(void)
{
	fl_unity_flicker->phase(FL_PHASE_TEST);
	current->body();
	fl_unity_flicker->phase(FL_PHASE_AFTER);
}

static void run_teardown(void)
{
	fl_unity_flicker->phase(FL_PHASE_TEARDOWN);
	current->teardown();
	fl_unity_flicker->phase(FL_PHASE_AFTER);
}

/* The program's tearDown, behind the test; some tests call it themselves. */
static void tear_down(void)
{
	bool is_behind = fl_unity_flicker->phase_now() == FL_PHASE_AFTER;

	fl_unity_flicker->patch_off(&teardown_patch);
	if (is_behind)
		fl_unity_flicker->phase(FL_PHASE_TEARDOWN);
	FL_UNITY_FUNCTION(FL_UNITY_TEARDOWN, test_function)();
	if (is_behind)
		fl_unity_flicker->phase(FL_PHASE_AFTER);
	else
		fl_unity_flicker->patch_on(&teardown_patch);
}

/* ---- the real ones ---- */

void fl_unity_runners_call(struct fl_unity_call *call)
{
	if (call->is_observed)
		current = call;
	fl_unity_flicker->patch_off(call->patch);
	call->really(call);
}

void fl_unity_runners_go_on(const struct fl_unity_call *call)
{
	fl_unity_flicker->patch_on(call->patch);
}

static void call_default(const struct fl_unity_call *call)
{
	((run_function)call->patch->symbol->address)(call->is_observed ? run_body : call->body,
						     call->test.name, call->test.line);
}

static void run_by_name(struct fl_patch *patch, test_function test, const char *name, int line)
{
	struct fl_unity_call call = {
		.test = { .code = (const void *)test, .name = name, .line = line },
		.patch = patch,
		.really = call_default,
		.body = test,
	};

	call.test.file = fl_unity_file();
	fl_unity_meet(&call);
}

static void run_default(test_function test, const char *name, int line)
{
	run_by_name(&default_patch, test, name, line);
}

/* `run_test` is what generated programs call theirs; so may others, of another shape. */
static long run_generated(long a, long b, long c, long d, long e, long f)
{
	enum { LINES = 1 << 20 };
	typedef long (*any_function)(long, long, long, long, long, long);
	long result;

	if (fl_adapter_is_program((const void *)a) && fl_adapter_is_program((const void *)b) &&
	    (int)c > 0 && (int)c < LINES && !fl_unity_is_in_test()) {
		run_by_name(&generated_patch, (test_function)a, (const char *)b, (int)c);
		return 0;
	}
	fl_unity_flicker->patch_off(&generated_patch);
	result = FL_UNITY_FUNCTION(FL_UNITY_GENERATED_RUN, any_function)(a, b, c, d, e, f);
	fl_unity_flicker->patch_on(&generated_patch);
	return result;
}

/* ---- Unity's fixtures: TEST_GROUP, TEST_SETUP, TEST ---- */

static void call_fixture(const struct fl_unity_call *call)
{
	fixture_run_function really = FL_UNITY_FUNCTION(FL_UNITY_FIXTURE_RUN, fixture_run_function);

	really(call->setup, call->is_observed ? run_body : call->body,
	       call->is_observed ? run_teardown : call->teardown, call->printed, call->test.suite,
	       call->test.name, call->test.file, (unsigned)call->test.line);
}

static void list_it(void)
{
	fl_unity_list_add(&current->test);
}

/* It knows by itself which tests its arguments -n and -g leave out. */
static void list_fixture(struct fl_unity_call *call)
{
	fixture_run_function really = FL_UNITY_FUNCTION(FL_UNITY_FIXTURE_RUN, fixture_run_function);

	current = call;
	fl_unity_flicker->patch_off(&fixture_patch);
	really(do_nothing, list_it, do_nothing, call->printed, call->test.suite, call->test.name,
	       call->test.file, (unsigned)call->test.line);
	fl_unity_flicker->patch_on(&fixture_patch);
}

static void run_fixture(test_function setup, test_function test, test_function teardown,
			const char *printed, const char *group, const char *name, const char *file,
			unsigned line)
{
	struct fl_unity_call call = {
		.test = { .code = (const void *)test, .name = name, .suite = group, .file = file,
			  .line = (int)line },
		.patch = &fixture_patch,
		.really = call_fixture,
		.setup = setup,
		.body = test,
		.teardown = teardown,
		.printed = printed,
	};

	if (fl_unity_is_rehearsing())
		list_fixture(&call);
	else
		fl_unity_meet(&call);
}
