/* SPDX-License-Identifier: MIT */
/*
 * runner.c - cmocka 1.1.x and 2.0, shared: taken over by interposition; or static: see static.c.
 *
 * Every way to run tests ends in _cmocka_run_group_tests(); the real one is given
 * a copy of the array whose functions are trampolines that tell where we are.  In
 * an attempt the copy holds one entry, so fixtures, initial state, mock queues and
 * leak checks are cmocka's own code.
 *
 * Which entry a trampoline stands for: cmocka hands it `&state` of a struct whose
 * member before `state` points to the entry (struct CMUnitTestState, the same in
 * 1.1.0 to 2.0); the pointer is believed only where it points into our copy, else
 * the order of the entries tells.
 */
#define _GNU_SOURCE
#include "cmocka.h"

#include <sys/mman.h>

const struct fl_services *fl_cmocka_flicker, *fl_cmocka_prints;
int fl_cmocka_nested;
bool fl_cmocka_is_in_test_code;

/* What the real runner is working on. */
static struct {
	struct fl_group *group;
	const struct unit_test *tests;  /* the program's */
	struct unit_test *copy;         /* what the runner gets */
	uint32_t *entries;              /* copy[i] is tests[entries[i]] */
	uint32_t count;
	uint32_t at;                    /* the one that runs; count: none yet */
	bool is_passed_over;            /* it does not: none of its functions is called */
	fixture_function setup, teardown;
	size_t mapped_bytes;
} run;

/* ---- trampolines ---- */

static uint32_t position_of(void **state, bool is_start)
{
	const struct unit_test *current = ((const struct unit_test *const *)state)[-1];

	if (current >= run.copy && current < run.copy + run.count)
		return (uint32_t)(current - run.copy);
	if (run.at == run.count)
		return 0;
	return is_start && run.at + 1 < run.count ? run.at + 1 : run.at;
}

/* The entry behind a trampoline; tells of its beginning where it is a new one. */
static const struct unit_test *enter_entry(void **state, bool is_start, enum fl_phase phase)
{
	uint32_t at = position_of(state, is_start);

	fl_cmocka_arm();
	fl_cmocka_nested = 0;                     /* whatever a test before it left in the middle */
	if (at != run.at) {
		run.at = at;
		fl_cmocka_forget_printed();
		fl_cmocka_flicker->begin(run.group, run.entries[at]);
		run.is_passed_over = fl_cmocka_flicker->is_passed_over();
	}
	fl_cmocka_flicker->phase(phase);
	fl_cmocka_is_in_test_code = true;
	return &run.tests[run.entries[at]];
}

static int told(int result)
{
	fl_cmocka_is_in_test_code = false;
	fl_cmocka_flicker->returned();
	if (result)
		fl_cmocka_flicker->failed(false);
	return result;
}

static int run_setup(void **state)
{
	const struct unit_test *test = enter_entry(state, true, FL_PHASE_SETUP);

	return told(run.is_passed_over ? 0 : test->setup(state));
}

static void run_test(void **state)
{
	bool is_start = run.at == run.count || !run.copy[run.at].setup ||
			fl_cmocka_flicker->phase_now() != FL_PHASE_SETUP;
	const struct unit_test *test;

	test = enter_entry(state, is_start, FL_PHASE_TEST);
	if (run.is_passed_over)
		fl_cmocka_leave_as_skip("flicker", 0);
	else
		test->test(state);
	fl_cmocka_is_in_test_code = false;
	fl_cmocka_flicker->phase(FL_PHASE_AFTER);
}

static int run_teardown(void **state)
{
	const struct unit_test *test = enter_entry(state, false, FL_PHASE_TEARDOWN);

	return told(run.is_passed_over ? 0 : test->teardown(state));
}

static void set_entry(uint32_t at, uint32_t index)
{
	struct unit_test *entry = &run.copy[at];

	*entry = run.tests[index];
	entry->test = entry->test ? run_test : NULL;
	entry->setup = entry->setup ? run_setup : NULL;
	entry->teardown = entry->teardown ? run_teardown : NULL;
	run.entries[at] = index;
}

static int run_group_setup(void **state)
{
	uint32_t index;
	int result;

	fl_cmocka_arm();
	fl_cmocka_flicker->phase(FL_PHASE_GROUP_SETUP);
	fl_cmocka_is_in_test_code = true;
	result = told(run.setup(state));
	if (result == 0 && fl_cmocka_flicker->setup_done(&index))
		set_entry(0, index);    /* the runner reads name and functions when it gets to them */
	return result;
}

static int run_group_teardown(void **state)
{
	fl_cmocka_arm();
	fl_cmocka_flicker->phase(FL_PHASE_GROUP_TEARDOWN);
	fl_cmocka_is_in_test_code = true;
	return told(run.teardown(state));
}

/* ---- running a group ---- */

static bool map_copy(const struct fl_group *group)
{
	size_t size = group->count * (sizeof(*run.copy) + sizeof(*run.entries));
	void *memory;

	if (run.copy)
		return true;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	run.copy = memory;
	run.entries = (uint32_t *)(run.copy + group->count);
	run.mapped_bytes = size;
	return true;
}

static void unmap_copy(void)
{
	if (run.copy)
		munmap(run.copy, run.mapped_bytes);
	run.copy = NULL;
}

/* By the real runner: what set_entry() has put into the copy. */
static int run_copy(const struct fl_group *group)
{
	run.at = run.count;
	return REAL(run)(group->name, run.copy, run.count, run.setup ? run_group_setup : NULL,
			 run.teardown ? run_group_teardown : NULL);
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	for (run.count = 0; run.count < count; run.count++)
		set_entry(run.count, indices[run.count]);
	run_copy(group);
}

static int run_in_host(struct fl_group *group)
{
	uint32_t i;

	for (run.count = 0, i = 0; i < group->count; i++) {
		uint32_t index = fl_cmocka_flicker->nth(group, i);

		if (fl_cmocka_flicker->is_selected(group, index))
			set_entry(run.count++, index);
	}
	return run_copy(group);
}

/* Attempts print to where their output is kept, and never into the program's XML file. */
static void prepare(struct fl_group *group)
{
	void (*set_output)(int) = (void (*)(int))fl_cmocka_find("cmocka_set_message_output");

	map_copy(group);
	if (set_output)
		set_output(0);          /* CM_OUTPUT_STDOUT; 2.0 asks the environment only once */
	fl_cmocka_flicker->environment("CMOCKA_MESSAGE_OUTPUT=STDOUT");
	fl_cmocka_flicker->environment("CMOCKA_XML_FILE");
	fl_cmocka_flicker->environment("CMOCKA_TEST_ABORT");
}

/* False for entries that cmocka's runner leaves out. */
static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	const struct unit_test *test = &((const struct unit_test *)group->tests)[index];

	ret_entry->name = test->name;
	ret_entry->code = (const void *)test->test;
	return test->test || test->setup || test->teardown;
}

static int run_nested(run_function run_really, const char *name, const struct unit_test *tests,
		      size_t count, fixture_function setup, fixture_function teardown)
{
	int result;

	if (!run_really)
		return -1;
	fl_cmocka_nested++;
	result = run_really(name, tests, count, setup, teardown);
	fl_cmocka_nested--;
	return result;
}

FL_ADAPTER_INTERPOSE(_cmocka_run_group_tests, fl_cmocka_flicker);

int _cmocka_run_group_tests(const char *name, const struct unit_test *tests, size_t count,
			    fixture_function setup, fixture_function teardown)
{
	run_function run_really = REAL(run);
	struct fl_group group = {
		.name = name,
		.tests = tests,
		.count = (uint32_t)count,
		.describe = describe,
		.prepare = prepare,
		.run = run_entries,
	};
	int result;

	if (run.group)                  /* a test that runs tests */
		return run_nested(run_really, name, tests, count, setup, teardown);
	run.group = &group;
	run.tests = tests;
	run.setup = setup;
	run.teardown = teardown;
	switch (fl_cmocka_flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		result = 0;
		break;
	case FL_ENTER_OBSERVE:
		result = map_copy(&group) ? run_in_host(&group) :
					    run_really(name, tests, count, setup, teardown);
		fl_cmocka_flicker->leave(&group);
		break;
	default:
		result = run_really(name, tests, count, setup, teardown);
	}
	unmap_copy();
	run.group = NULL;
	return result;
}

/* ---- the adapter ---- */

/*
 * By what a version brought (cmocka's ChangeLog): the last row that is there names the
 * version that it is at least.
 */
static const struct { const char *symbol, *version; } marks[] = {
	{ "_cmocka_run_group_tests", "1.0" },
	{ "cmocka_set_test_filter", "1.1.2" },
	{ "_assert_float_equal", "1.1.4" },
	{ "cmocka_set_skip_filter", "1.1.5" },
	{ "_assert_double_equal", "1.1.6" },
	{ "cmocka_print_error", "2.0" },
};

static bool attach_shared(const struct fl_services *services, const char **ret_version)
{
	size_t i;

	if (!fl_adapter_next(marks[0].symbol))
		return false;
	fl_cmocka_find_real();
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (fl_adapter_next(marks[i].symbol))
			*ret_version = marks[i].version;
	services->own((const void *)fl_cmocka_real.run);
	return true;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	bool is_shared;

	if (services->abi != FL_ADAPTER_ABI)
		return false;
	is_shared = attach_shared(services, ret_version);
	if (!is_shared && !fl_cmocka_attach_static(services))
		return false;
	*ret_linkage = is_shared ? "shared" : "static";
	fl_cmocka_flicker = services;
	if (!is_shared || services->is_own((const void *)REAL(print_error)))
		fl_cmocka_prints = services;
	return true;
}

const struct fl_adapter fl_adapter_cmocka = {
	.abi = FL_ADAPTER_ABI,
	.name = "cmocka",
	.symbols = fl_cmocka_symbols,
	.attach = attach,
	.jumps = fl_cmocka_jumps,
};
