/* SPDX-License-Identifier: MIT */
/*
 * runner.c - what is between UnityBegin and UnityEnd is a group, each call of a runner a test.
 *
 * Unity has no list of tests: main calls a runner for one after the other.  At UnityBegin a
 * rehearsal goes on through main, where the runners write down what they are asked for; then
 * the group is entered with all of it.  An attempt leaves group->run by a jump back to
 * UnityBegin: main goes on, the runners pass over all tests but those that are wanted, and
 * behind the one that counts the attempt is finished.  Where no rehearsal is possible - main
 * does between its tests what must not be done twice - each test is a group of its own, entered
 * where it is run.
 *
 * The real runners are called with functions of ours in the place of the program's, so set-up,
 * tear-down and the end of a test are Unity's own code.
 */
#define _GNU_SOURCE
#include "unity.h"

#include <setjmp.h>
#include <string.h>

typedef void (*test_function)(void);
typedef void (*run_function)(test_function test, const char *name, int line);
typedef void (*fixture_run_function)(test_function setup, test_function test, test_function teardown,
				     const char *printed, const char *group, const char *name,
				     const char *file, unsigned line);

enum state {
	OUTSIDE,                        /* of UnityBegin ... UnityEnd, or nothing is known of the tests */
	REHEARSING,
	OBSERVING,
	ATTEMPTING,
	LEAVING_OUT,                    /* the agent said NOTHING */
	PASSING_ON,                     /* the agent said PASS */
};

static struct {
	enum state state;
	struct fl_group group;
	jmp_buf entered;                /* in an attempt: where the group was entered */
	const uint32_t *indices;
	uint32_t count;
	bool is_alone;                  /* the group is one test, and its runner is on the stack */
	bool is_in_test;
	bool has_met_a_test;
} run;

/* A runner as it was called: `really` calls the program's, with what ours are to hand on. */
struct call {
	struct fl_unity_test test;
	struct fl_patch *patch;
	void (*really)(const struct call *call);
	test_function setup, body, teardown;
	const char *printed;
	bool is_observed;
};

static struct call *current;            /* the one that is observed */

/* ---- patches ---- */

static void begin(const struct fl_registers *registers);
static int end(void);
static void tear_down(void);
static void run_default(test_function test, const char *name, int line);
static long run_generated(long a, long b, long c, long d, long e, long f);
static void run_fixture(test_function setup, test_function test, test_function teardown,
			const char *printed, const char *group, const char *name, const char *file,
			unsigned line);

#define PATCH(row, function) \
	{ .symbol = &fl_unity_symbols[row], .replacement = (const void *)(function) }

static struct fl_patch begin_patch = { .symbol = &fl_unity_symbols[FL_UNITY_BEGIN] };
static struct fl_patch end_patch = PATCH(FL_UNITY_END, end);
static struct fl_patch teardown_patch = PATCH(FL_UNITY_TEARDOWN, tear_down);
static struct fl_patch default_patch = PATCH(FL_UNITY_DEFAULT_RUN, run_default);
static struct fl_patch generated_patch = PATCH(FL_UNITY_GENERATED_RUN, run_generated);
static struct fl_patch fixture_patch = PATCH(FL_UNITY_FIXTURE_RUN, run_fixture);

static void watch_begin(void)
{
	if (!begin_patch.is_on)
		fl_unity_flicker->watch(&begin_patch, begin);
}

bool fl_unity_arm(void)
{
	bool has_runner = fl_unity_flicker->patch_on(&default_patch) == 0;

	has_runner |= fl_unity_flicker->patch_on(&generated_patch) == 0;
	has_runner |= fl_unity_flicker->patch_on(&fixture_patch) == 0;
	if (has_runner) {
		fl_unity_flicker->patch_on(&end_patch);
		watch_begin();
	}
	return has_runner;
}

static void do_nothing(void)
{
}

void fl_unity_without_fixtures(void)
{
	static struct fl_patch setup = PATCH(FL_UNITY_SETUP, do_nothing);
	static struct fl_patch teardown = PATCH(FL_UNITY_TEARDOWN, do_nothing);

	fl_unity_flicker->patch_on(&setup);
	fl_unity_flicker->patch_on(&teardown);
}

/* ---- one test ---- */

bool fl_unity_is_in_test(void)
{
	return run.is_in_test;
}

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

static void call_really(const struct call *call)
{
	fl_unity_flicker->patch_off(call->patch);
	call->really(call);
}

static void call_in_passing(const struct call *call)
{
	call_really(call);
	fl_unity_flicker->patch_on(call->patch);
}

static void observe(struct call *call, uint32_t index)
{
	fl_unity_flicker->begin(&run.group, index);
	fl_unity_flicker->phase(FL_PHASE_SETUP);
	fl_unity_flicker->patch_on(&teardown_patch);
	fl_unity_results_begin();
	run.is_in_test = call->is_observed = true;
	current = call;
	call_really(call);
	run.is_in_test = false;
	fl_unity_results_end();
	fl_unity_flicker->phase(FL_PHASE_AFTER);
}

/* ---- a group ---- */

/* What all attempts need is done once. */
static void prepare(struct fl_group *group)
{
	(void)group;
	fl_unity_flicker->patch_on(&teardown_patch);
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	run.indices = indices;
	run.count = count;
	run.state = ATTEMPTING;
	if (run.is_alone)
		observe(current, indices[count - 1]);
	else
		_longjmp(run.entered, 1);
	(void)group;
}

static void enter_group(void)
{
	run.group = (struct fl_group){
		.count = fl_unity_list_count(),
		.describe = fl_unity_list_describe,
		.prepare = prepare,
		.run = run_entries,
	};
	if (_setjmp(run.entered) != 0)
		return;                 /* main goes on as an attempt */
	switch (fl_unity_flicker->enter(&run.group)) {
	case FL_ENTER_OBSERVE:
		run.state = OBSERVING;
		break;
	case FL_ENTER_NOTHING:
		run.state = LEAVING_OUT;
		break;
	default:
		run.state = PASSING_ON;
	}
}

static void leave_group(void)
{
	if (run.state == OBSERVING)
		fl_unity_flicker->leave(&run.group);
	if (run.state == ATTEMPTING)
		fl_unity_flicker->finish();     /* the test never came */
	fl_unity_list_close();
	run.state = OUTSIDE;
}

/* In a rehearsal: nothing comes behind that matters. */
static void end_rehearsal(void)
{
	fl_unity_list_complete();
	fl_unity_flicker->finish();
}

/* True in the copy, which goes on. */
static bool rehearse(void)
{
	int result = fl_unity_list_open() ? fl_unity_flicker->rehearse() : -1;

	if (result == 1)
		run.state = REHEARSING;
	else if (result == 0)
		fl_unity_list_complete();       /* also where it ended by exit() */
	return result == 1;
}

/* UnityBegin was called, and goes on behind us. */
static void begin(const struct fl_registers *registers)
{
	(void)registers;
	if (run.is_in_test)
		return;
	if (run.state == REHEARSING)
		end_rehearsal();
	leave_group();
	if (!rehearse() && fl_unity_list_keep() && fl_unity_list_count())
		enter_group();
}

static int end(void)
{
	int failures;

	if (run.state == REHEARSING)
		end_rehearsal();
	if (run.state == ATTEMPTING && !run.is_in_test)
		fl_unity_flicker->finish();
	fl_unity_flicker->patch_off(&end_patch);
	failures = FL_UNITY_FUNCTION(FL_UNITY_END, int (*)(void))();
	fl_unity_flicker->patch_on(&end_patch);
	if (!run.is_in_test) {
		leave_group();
		watch_begin();
	}
	return failures;
}

/* ---- the runners ---- */

static bool is_wanted(uint32_t index)
{
	uint32_t i;

	if (run.state == OBSERVING)
		return fl_unity_flicker->is_selected(&run.group, index);
	for (i = 0; i < run.count; i++)
		if (run.indices[i] == index)
			return true;
	return false;
}

static void run_listed(struct call *call)
{
	int index = fl_unity_list_take(&call->test);

	if (index < 0 && run.state == OBSERVING)
		call_in_passing(call);  /* main has gone another way than in the rehearsal */
	if (index < 0 || !is_wanted((uint32_t)index))
		return;
	observe(call, (uint32_t)index);
	if (run.state == ATTEMPTING && (uint32_t)index == run.indices[run.count - 1])
		fl_unity_flicker->finish();
	fl_unity_flicker->patch_on(call->patch);
}

/* Nothing is known of what comes behind it: it is a group by itself. */
static void run_alone(struct call *call)
{
	if (!fl_unity_list_open()) {
		call_in_passing(call);
		return;
	}
	fl_unity_list_add(&call->test);
	fl_unity_list_complete();
	fl_unity_list_keep();
	run.is_alone = true;
	current = call;
	enter_group();
	if (run.state == OBSERVING && fl_unity_flicker->is_selected(&run.group, 0))
		observe(call, 0);
	else if (run.state == PASSING_ON)
		call_really(call);
	leave_group();
	run.is_alone = false;
	fl_unity_flicker->patch_on(call->patch);
}

static void handle(struct call *call)
{
	run.has_met_a_test = true;
	if (run.is_in_test) {           /* a test that runs tests */
		call_in_passing(call);
		return;
	}
	watch_begin();
	switch (run.state) {
	case REHEARSING:
		fl_unity_list_add(&call->test);
		break;
	case LEAVING_OUT:
		break;
	case PASSING_ON:
		call_in_passing(call);
		break;
	case OUTSIDE:
		run_alone(call);
		break;
	default:
		run_listed(call);
	}
}

static void call_default(const struct call *call)
{
	((run_function)call->patch->symbol->address)(call->is_observed ? run_body : call->body,
						     call->test.name, call->test.line);
}

static void run_by_name(struct fl_patch *patch, test_function test, const char *name, int line)
{
	struct call call = {
		.test = { .code = (const void *)test, .name = name, .line = line },
		.patch = patch,
		.really = call_default,
		.body = test,
	};

	call.test.file = fl_unity_file();
	handle(&call);
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

	if (fl_unity_is_in_program((const void *)a) && fl_unity_is_in_program((const void *)b) &&
	    (int)c > 0 && (int)c < LINES && !run.is_in_test) {
		run_by_name(&generated_patch, (test_function)a, (const char *)b, (int)c);
		return 0;
	}
	fl_unity_flicker->patch_off(&generated_patch);
	result = FL_UNITY_FUNCTION(FL_UNITY_GENERATED_RUN, any_function)(a, b, c, d, e, f);
	fl_unity_flicker->patch_on(&generated_patch);
	return result;
}

/* ---- Unity's fixtures: TEST_GROUP, TEST_SETUP, TEST ---- */

static void call_fixture(const struct call *call)
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
static void list_fixture(struct call *call)
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
	struct call call = {
		.test = { .code = (const void *)test, .name = name, .suite = group, .file = file,
			  .line = (int)line },
		.patch = &fixture_patch,
		.really = call_fixture,
		.setup = setup,
		.body = test,
		.teardown = teardown,
		.printed = printed,
	};

	if (run.state == REHEARSING)
		list_fixture(&call);
	else
		handle(&call);
}

/* ---- the program's end ---- */

int fl_unity_main(int (*real)(int, char **, char **), int argc, char **argv, char **envp)
{
	int code = real(argc, argv, envp);

	if (run.state == REHEARSING)
		end_rehearsal();
	if (run.state == ATTEMPTING)
		fl_unity_flicker->finish();
	if (!run.has_met_a_test)
		fl_unity_flicker->warn("Unity is here, but its tests run by nothing that flicker knows");
	return code;
}

/* Some mains forget UnityEnd. */
bool fl_unity_ends(int code)
{
	(void)code;
	return run.state == OBSERVING && !run.is_in_test;
}
