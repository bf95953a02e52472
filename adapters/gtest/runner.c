/* SPDX-License-Identifier: MIT */
/*
 * runner.c - the group's tests, in the host and in attempts; the adapter itself.
 *
 * A group is a call of RUN_ALL_TESTS().  It is entered when GoogleTest has decided what to run
 * (filter, shard, disabled tests) and nothing has been set up yet.  An attempt runs
 * UnitTest::Run() anew within that call, with the tests that are meant, and none of what the
 * user wants of the whole run: repetition, another order, a file of results.
 */
#define _GNU_SOURCE
#include "gtest.h"

#include <dlfcn.h>
#include <sys/mman.h>

const struct fl_services *fl_gtest_flicker;
const struct fl_gtest_way *fl_gtest_way;

/* ---- names ---- */

#define FL_X(id, text) [FL_GTEST_##id] = { .name = (text) },
static struct fl_symbol names[FL_GTEST_NAMES + 1] = {
	FL_GTEST_EVENTS(FL_X) FL_GTEST_NEEDS(FL_X) FL_GTEST_WANTS(FL_X)
};
#undef FL_X

void *fl_gtest_find(enum fl_gtest_name name)
{
	return (void *)names[name].address;
}

/* Not in the program's file: in a library. */
static bool find_shared(void)
{
	size_t i;

	names[FL_GTEST_RUN].address = (uintptr_t)dlsym(RTLD_DEFAULT, names[FL_GTEST_RUN].name);
	if (!names[FL_GTEST_RUN].address)
		return false;
	for (i = 0; i < FL_GTEST_NAMES; i++)
		if (!names[i].address)
			names[i].address = (uintptr_t)dlsym(RTLD_DEFAULT, names[i].name);
	return true;
}

static bool has_needed(void)
{
	unsigned i;

	for (i = 0; i < FL_GTEST_LEAVING; i++)
		if (!names[i].address)
			return false;
	for (i = FL_GTEST_REPEATER_TABLE; i <= FL_GTEST_FILTER; i++)
		if (!names[i].address)
			return false;
	return true;
}

/* ---- flags ---- */

static void set_bool(enum fl_gtest_name flag, bool value)
{
	bool *where = fl_gtest_find(flag);

	if (where)
		*where = value;
}

static int32_t set_repeat(int32_t value)
{
	int32_t *where = fl_gtest_find(FL_GTEST_REPEAT), before = *where;

	*where = value;
	return before;
}

/* ---- the group ---- */

FL_HOT static struct {
	struct fl_group *group;         /* NULL: none is open */
	struct fl_gtest_test *tests;
	const void *unit_test;
	uint32_t last;                  /* the entry that began last */
	bool is_attempt, is_running;    /* an attempt; its tests */
	bool is_silent;                 /* GoogleTest's listeners are told nothing */
	int32_t repeat;                 /* the user's, while it is ours */
	int depth;                      /* runs within the group's */
	const uint32_t *wanted;         /* in an attempt; ascending */
	uint32_t wanted_count;
} run;

static struct fl_group group;

static bool describe(const struct fl_group *of, uint32_t index, struct fl_entry *ret_entry)
{
	fl_gtest_describe(&((const struct fl_gtest_test *)of->tests)[index], ret_entry);
	return true;
}

static void prepare(struct fl_group *of)
{
	(void)of;
	fl_gtest_flicker->environment("GTEST_SHARD_STATUS_FILE");
	fl_gtest_flicker->environment("TEST_PREMATURE_EXIT_FILE");
}

/* UnitTest::Run() is called within itself: the first has not begun anything yet. */
static void run_entries(struct fl_group *of, const uint32_t *indices, uint32_t count)
{
	int (*run_really)(const void *) = (int (*)(const void *))fl_gtest_find(FL_GTEST_RUN);

	(void)of;
	run.wanted = indices;
	run.wanted_count = count;
	run.is_attempt = true;
	set_repeat(1);
	set_bool(FL_GTEST_SHUFFLE, false);
	set_bool(FL_GTEST_FAIL_FAST, false);
	set_bool(FL_GTEST_BREAK, false);
	run_really(run.unit_test);
}

static bool is_wanted(uint32_t index)
{
	uint32_t low = 0, high = run.wanted_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (run.wanted[middle] == index)
			return true;
		if (run.wanted[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool is_selected(uint32_t index)
{
	return fl_gtest_flicker->is_selected(&group, index);
}

/* GoogleTest has filtered again; now it runs what the order says. */
static bool start_attempt(void)
{
	run.is_running = fl_gtest_select(run.unit_test, run.tests, group.count, is_wanted);
	if (!run.is_running)
		set_repeat(0);
	return run.is_running;
}

static void forget(void)
{
	if (run.tests)
		munmap(run.tests, (group.count + 1) * sizeof(*run.tests));
	run.tests = NULL;
	run.group = NULL;
}

/* No iteration, so no environment either. */
static bool run_nothing(void)
{
	forget();
	run.repeat = set_repeat(0);
	run.is_silent = true;
	return false;
}

static bool enter(void)
{
	switch (fl_gtest_flicker->enter(&group)) {
	case FL_ENTER_OBSERVE:
		fl_gtest_select(run.unit_test, run.tests, group.count, is_selected);
		return true;
	case FL_ENTER_NOTHING:
		return run_nothing();
	default:
		forget();
		return true;
	}
}

/* A process that GoogleTest made to die in; or somebody elsewhere hears what attempts would say. */
static bool is_none_of_ours(void)
{
	if (fl_gtest_has_text(FL_GTEST_DEATH))
		return true;
	if (!fl_gtest_has_text(FL_GTEST_STREAM))
		return false;
	fl_gtest_flicker->warn("the tests go on unwatched: --gtest_stream_result_to");
	return true;
}

static bool start(const void *unit_test)
{
	struct fl_gtest_test *tests;
	uint32_t count;

	if (run.is_attempt && !run.is_running)
		return start_attempt();
	if (run.group) {
		run.depth++;
		return true;
	}
	if (is_none_of_ours())
		return true;
	if (!fl_gtest_list(unit_test, &tests, &count)) {
		fl_gtest_flicker->warn("the tests go on unwatched: a GoogleTest of unknown objects");
		return true;
	}
	run.tests = tests;
	run.unit_test = unit_test;
	run.last = 0;
	run.group = &group;
	group = (struct fl_group){
		.tests = tests,
		.count = count,
		.describe = describe,
		.prepare = prepare,
		.run = run_entries,
	};
	return enter();
}

static bool is_watching(void)
{
	return run.group && run.depth == 0;
}

static bool is_attempt(void)
{
	return run.is_attempt;
}

static void end(void)
{
	if (run.is_silent) {
		set_repeat(run.repeat);
		run.is_silent = false;
	} else if (run.depth > 0) {
		run.depth--;
	} else if (run.group && !run.is_attempt) {
		fl_gtest_flicker->leave(&group);
		forget();
	}
}

static void setup_done(void)
{
	static uint32_t other;

	if (!fl_gtest_flicker->setup_done(&other))
		return;
	run.wanted = &other;
	run.wanted_count = 1;
	fl_gtest_select(run.unit_test, run.tests, group.count, is_wanted);
}

static bool begin(const void *info)
{
	uint32_t i, index;

	for (i = 0; i < group.count; i++) {
		index = (run.last + i) % group.count;
		if (run.tests[index].info != info)
			continue;
		run.last = index;
		fl_gtest_flicker->begin(&group, index);
		return true;
	}
	return false;
}

static bool is_targets(const void *suite)
{
	return run.is_attempt && run.tests[run.wanted[run.wanted_count - 1]].suite == suite;
}

const struct fl_gtest_way fl_gtest_by_objects = {
	.start = start,
	.end = end,
	.is_watching = is_watching,
	.is_attempt = is_attempt,
	.setup_done = setup_done,
	.begin = begin,
	.is_targets = is_targets,
};

/* ---- the adapter ---- */

/* By what a version brought; the last row that is there names the version that it is at least. */
static const struct {
	enum fl_gtest_name name;
	const char *version;
} marks[] = {
	{ FL_GTEST_RUN, "1.10" },
	{ FL_GTEST_FAIL_FAST, "1.11" },
	{ FL_GTEST_DISABLED_EVENT, "1.12" },
};

/* Without names, or with flags that are none of GoogleTest's own (Abseil's). */
static bool attach_by_line(const char **ret_linkage)
{
	if (!fl_gtest_listen_stripped())
		return false;
	fl_gtest_way = &fl_gtest_by_line;
	*ret_linkage = "static";
	return true;
}

static bool attach_by_objects(const char **ret_version, const char **ret_linkage)
{
	bool is_shared = !names[FL_GTEST_RUN].address && find_shared();
	size_t i;

	if (!has_needed() || !fl_gtest_listen())
		return false;
	fl_gtest_way = &fl_gtest_by_objects;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (fl_gtest_find(marks[i].name))
			*ret_version = marks[i].version;
	*ret_linkage = is_shared ? "shared" : "static";
	return true;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	if (services->abi != FL_ADAPTER_ABI ||
	    (!attach_by_objects(ret_version, ret_linkage) && !attach_by_line(ret_linkage)))
		return false;
	fl_gtest_flicker = services;
	return true;
}

const struct fl_adapter fl_adapter_gtest = {
	.abi = FL_ADAPTER_ABI,
	.name = "gtest",
	.symbols = names,
	.attach = attach,
	.main = fl_gtest_line_main,
	.ends = fl_gtest_line_ends,
	.has_own_face = true,
};
