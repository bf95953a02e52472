/* SPDX-License-Identifier: MIT */
/*
 * group.c - what is between UnityBegin and UnityEnd is a group, each call of a runner a test.
 *
 * Unity has no list of tests: main calls a runner for one after the other.  At UnityBegin a
 * rehearsal goes on through main, where the runners write down what they are asked for; then
 * the group is entered with all of it.  An attempt leaves group->run by a jump back to
 * UnityBegin: main goes on, the runners pass over all tests but those that are wanted, and
 * behind the one that counts the attempt is finished.  Where no rehearsal is possible - main
 * does between its tests what must not be done twice - each test is a group of its own, entered
 * where it is run.
 */
#define _GNU_SOURCE
#include "unity.h"

#include <setjmp.h>

enum state {
	OUTSIDE,                        /* of UnityBegin ... UnityEnd, or nothing is known of the tests */
	REHEARSING,
	OBSERVING,
	ATTEMPTING,
	LEAVING_OUT,                    /* the agent said NOTHING */
	PASSING_ON,                     /* the agent said PASS */
};

FL_HOT static struct {
	enum state state;
	struct fl_group group;
	jmp_buf entered;                /* in an attempt: where the group was entered */
	const uint32_t *indices;
	uint32_t count;
	struct fl_unity_call *alone;    /* the group is this one test, and its runner is on the stack */
	bool is_in_test;
	bool has_met_a_test;
} run;

/* ---- patches ---- */

static void begin(const struct fl_registers *registers);
static int end(void);

FL_HOT static struct fl_patch begin_patch = { .symbol = &fl_unity_symbols[FL_UNITY_BEGIN] };
FL_HOT static struct fl_patch end_patch = {
	.symbol = &fl_unity_symbols[FL_UNITY_END], .replacement = (const void *)end,
};

static void watch_begin(void)
{
	if (!begin_patch.is_on)
		fl_unity_flicker->watch(&begin_patch, begin);
}

bool fl_unity_arm(void)
{
	bool is_armed = fl_unity_runners_take();

	if (is_armed) {
		fl_unity_flicker->patch_on(&end_patch);
		watch_begin();
	}
	return is_armed;
}

bool fl_unity_is_in_test(void)
{
	return run.is_in_test;
}

bool fl_unity_is_rehearsing(void)
{
	return run.state == REHEARSING;
}

/* ---- one test ---- */

static void pass_on(struct fl_unity_call *call)
{
	fl_unity_runners_call(call);
	fl_unity_runners_go_on(call);
}

static void observe(struct fl_unity_call *call, uint32_t index)
{
	fl_unity_flicker->begin(&run.group, index);
	if (fl_unity_flicker->is_passed_over())
		return;
	fl_unity_flicker->phase(FL_PHASE_SETUP);
	fl_unity_runners_watch_teardown();
	fl_unity_results_begin();
	run.is_in_test = call->is_observed = true;
	fl_unity_runners_call(call);
	run.is_in_test = false;
	fl_unity_results_end();
	fl_unity_flicker->phase(FL_PHASE_AFTER);
}

/* ---- a group ---- */

/* What all attempts need is done once. */
static void prepare(struct fl_group *group)
{
	(void)group;
	fl_unity_runners_prepare();
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	run.indices = indices;
	run.count = count;
	run.state = ATTEMPTING;
	if (run.alone)
		observe(run.alone, indices[count - 1]);
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

static void run_listed(struct fl_unity_call *call)
{
	int index = fl_unity_list_take(&call->test);

	if (index < 0 && run.state == OBSERVING)
		pass_on(call);  /* main has gone another way than in the rehearsal */
	if (index < 0 || !is_wanted((uint32_t)index))
		return;
	observe(call, (uint32_t)index);
	if (run.state == ATTEMPTING && (uint32_t)index == run.indices[run.count - 1])
		fl_unity_flicker->finish();
	fl_unity_runners_go_on(call);
}

/* Nothing is known of what comes behind it: it is a group by itself. */
static void run_alone(struct fl_unity_call *call)
{
	if (!fl_unity_list_open()) {
		pass_on(call);
		return;
	}
	fl_unity_list_add(&call->test);
	fl_unity_list_complete();
	fl_unity_list_keep();
	run.alone = call;
	enter_group();
	if (run.state == OBSERVING && fl_unity_flicker->is_selected(&run.group, 0))
		observe(call, 0);
	else if (run.state == PASSING_ON)
		fl_unity_runners_call(call);
	leave_group();
	run.alone = NULL;
	fl_unity_runners_go_on(call);
}

void fl_unity_meet(struct fl_unity_call *call)
{
	run.has_met_a_test = true;
	if (run.is_in_test) {           /* a test that runs tests */
		pass_on(call);
		return;
	}
	if (run.state != ATTEMPTING)
		watch_begin();
	switch (run.state) {
	case REHEARSING:
		fl_unity_list_add(&call->test);
		break;
	case LEAVING_OUT:
		break;
	case PASSING_ON:
		pass_on(call);
		break;
	case OUTSIDE:
		run_alone(call);
		break;
	default:
		run_listed(call);
	}
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
