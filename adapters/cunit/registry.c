/* SPDX-License-Identifier: MIT */
/*
 * registry.c - CUnit's tests: our functions in the place of theirs, and which are linked in.
 *
 * The registry is public, its lists are ours to change as long as the program does not look:
 * while its tests run, suites and tests hold functions of ours, and what is not to run is not
 * in the lists, as CUnit counts an inactive test for a failure.  Afterwards all is as before.
 */
#define _GNU_SOURCE
#include "cunit.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

FL_HOT static struct {
	struct fl_group *group;
	struct fl_cunit_entry *entries;
	uint32_t count;
	size_t mapped_bytes;
	uint32_t at;                    /* the entry found last */
	bool is_passed_over;            /* the test that runs: none of its functions is called */
	struct cu_registry registry;    /* as it was */
} tests;

const struct fl_cunit_entry *fl_cunit_entries(uint32_t *ret_count)
{
	*ret_count = tests.count;
	return tests.entries;
}

/* ---- which there are ---- */

static bool is_asked_for(const struct fl_cunit_request *request, const struct cu_suite *suite,
			 const struct cu_test *test)
{
	return (!request->suite || request->suite == suite) &&
	       (!request->test || request->test == test);
}

/* Writes down the tests of a suite, if there is where to; returns how many it has. */
static uint32_t collect_suite(const struct fl_cunit_request *request, struct cu_suite *suite,
			      struct fl_cunit_entry *to)
{
	struct cu_test *test;
	uint32_t count = 0;

	for (test = suite->tests; test; test = test->next) {
		if (!is_asked_for(request, suite, test))
			continue;
		if (to)
			to[count] = (struct fl_cunit_entry){ .suite = suite, .test = test,
				.function = test->function, .next = test->next, .before = *suite };
		if (to)
			to[count].is_first = count == 0;
		count++;
	}
	return count;
}

static uint32_t collect(const struct fl_cunit_request *request, struct fl_cunit_entry *to)
{
	struct cu_registry *registry = REAL(CU_get_registry)();
	struct cu_suite *suite;
	uint32_t count = 0;

	if (request->suite)
		return collect_suite(request, request->suite, to);
	for (suite = registry ? registry->suites : NULL; suite; suite = suite->next)
		count += collect_suite(request, suite, to ? to + count : NULL);
	return count;
}

bool fl_cunit_collect(const struct fl_cunit_request *request)
{
	uint32_t count = collect(request, NULL);
	void *memory;

	if (!count)
		return false;
	tests.mapped_bytes = count * (sizeof(*tests.entries) + sizeof(bool));
	memory = mmap(NULL, tests.mapped_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	tests.entries = memory;
	tests.count = collect(request, tests.entries);
	if (REAL(CU_get_registry)())
		tests.registry = *REAL(CU_get_registry)();
	return true;
}

void fl_cunit_forget(void)
{
	if (tests.entries)
		munmap(tests.entries, tests.mapped_bytes);
	tests.entries = NULL;
	tests.count = 0;
}

/* ---- our functions ---- */

/* The first entry of the suite that runs. */
static uint32_t suite_now(void)
{
	const struct cu_suite *suite = REAL(CU_get_current_suite)();
	uint32_t i;

	for (i = 0; i < tests.count && tests.entries[i].suite != suite; i++)
		;
	return i < tests.count ? i : 0;
}

static uint32_t test_now(void)
{
	const struct cu_test *test = REAL(CU_get_current_test)();
	uint32_t i;

	for (i = 0; i < tests.count; i++) {
		uint32_t at = (tests.at + i) % tests.count;

		if (tests.entries[at].test == test) {
			tests.at = at;
			break;
		}
	}
	return tests.at;
}

static bool is_linked(const struct fl_cunit_entry *entry)
{
	const struct cu_test *test = entry->suite->tests;

	while (test && test != entry->test)
		test = test->next;
	return test && test->is_active;
}

/* A fixture that its tests share has failed: so have they all. */
static void fail_suite(uint32_t first, enum fl_phase phase, const char *what, int result)
{
	const struct cu_suite *suite = tests.entries[first].suite;
	char text[64];
	int length = snprintf(text, sizeof(text), "%s failed (it returned %d)", what, result);
	uint32_t i;

	for (i = first; i < tests.count && tests.entries[i].suite == suite; i++) {
		if (!is_linked(&tests.entries[i]))
			continue;
		fl_cunit_flicker->begin(tests.group, i);
		fl_cunit_flicker->phase(phase);
		fl_cunit_flicker->message(text, (size_t)length);
		fl_cunit_flicker->failed(false);
	}
	fl_cunit_flicker->returned();
}

static void begin(uint32_t at)
{
	fl_cunit_flicker->begin(tests.group, at);
	tests.is_passed_over = fl_cunit_flicker->is_passed_over();
}

static int run_init(void)
{
	uint32_t first = suite_now();
	int result;

	fl_cunit_flicker->phase(FL_PHASE_GROUP_SETUP);
	result = tests.entries[first].before.init();
	fl_cunit_flicker->returned();
	if (result)
		fail_suite(first, FL_PHASE_SETUP, "the suite's initialization", result);
	return result;
}

static int run_cleanup(void)
{
	uint32_t first = suite_now();
	int result;

	fl_cunit_lower(FL_CU_assertImplementation);
	fl_cunit_flicker->phase(FL_PHASE_GROUP_TEARDOWN);
	result = tests.entries[first].before.cleanup();
	fl_cunit_flicker->returned();
	if (result)
		fail_suite(first, FL_PHASE_TEARDOWN, "the suite's cleanup", result);
	return result;
}

static void run_setup(void)
{
	fl_cunit_lower(FL_CU_assertImplementation);
	begin(test_now());
	fl_cunit_flicker->phase(FL_PHASE_SETUP);
	if (!tests.is_passed_over)
		tests.entries[suite_now()].before.setup();
}

static void run_test(void)
{
	uint32_t at = test_now();

	fl_cunit_lower(FL_CU_assertImplementation);
	if (!tests.entries[at].suite->setup)
		begin(at);
	fl_cunit_flicker->phase(FL_PHASE_TEST);
	if (tests.entries[at].function && !tests.is_passed_over)
		tests.entries[at].function();
	fl_cunit_flicker->phase(FL_PHASE_AFTER);
}

static void run_teardown(void)
{
	fl_cunit_lower(FL_CU_assertImplementation);
	fl_cunit_flicker->phase(FL_PHASE_TEARDOWN);
	if (!tests.is_passed_over)
		tests.entries[suite_now()].before.teardown();
	fl_cunit_flicker->phase(FL_PHASE_AFTER);
}

static void take_over_suite(struct cu_suite *suite)
{
	suite->init = suite->init ? run_init : NULL;
	suite->cleanup = suite->cleanup ? run_cleanup : NULL;
	suite->setup = suite->setup ? run_setup : NULL;
	suite->teardown = suite->teardown ? run_teardown : NULL;
}

void fl_cunit_take_over(struct fl_group *group)
{
	uint32_t i;

	tests.group = group;
	tests.at = 0;
	for (i = 0; i < tests.count; i++) {
		tests.entries[i].test->function = run_test;
		if (tests.entries[i].is_first)
			take_over_suite(tests.entries[i].suite);
	}
}

/* ---- the lists ---- */

static void unlink_all(struct cu_registry *registry)
{
	uint32_t i;

	if (registry)
		registry->suites = NULL, registry->suite_count = registry->test_count = 0;
	for (i = 0; i < tests.count; i++)
		if (tests.entries[i].is_first)
			tests.entries[i].suite->tests = NULL, tests.entries[i].suite->test_count = 0;
}

/* The end of a suite's list. */
static struct cu_test **tail(struct cu_suite *suite)
{
	struct cu_test **next = &suite->tests;

	while (*next)
		next = &(*next)->next;
	return next;
}

/* In an order that was drawn the tests of suites of one name are mixed: each goes to its own. */
void fl_cunit_link_only(const bool *wanted)
{
	struct cu_registry *registry = REAL(CU_get_registry)();
	struct cu_suite *suite = NULL, **next_suite = registry ? &registry->suites : NULL;
	struct cu_test **next = NULL;
	uint32_t n;

	unlink_all(registry);
	for (n = 0; n < tests.count; n++) {
		uint32_t at = fl_cunit_flicker->nth(tests.group, n);
		struct fl_cunit_entry *entry = &tests.entries[at];

		if (!wanted[at])
			continue;
		if (!entry->suite->tests && next_suite) {
			entry->suite->next = NULL;
			*next_suite = entry->suite;
			next_suite = &entry->suite->next;
			registry->suite_count++;
		}
		next = entry->suite == suite ? next : tail(entry->suite);
		suite = entry->suite;
		*next = entry->test;
		entry->test->next = NULL;
		next = &entry->test->next;
		suite->test_count++;
		if (registry)
			registry->test_count++;
	}
}

static void restore_suite(const struct fl_cunit_entry *entry)
{
	struct cu_suite *suite = entry->suite;

	suite->tests = entry->before.tests;
	suite->next = entry->before.next;
	suite->test_count = entry->before.test_count;
	suite->init = entry->before.init;
	suite->cleanup = entry->before.cleanup;
	suite->setup = entry->before.setup;
	suite->teardown = entry->before.teardown;
}

void fl_cunit_restore(void)
{
	struct cu_registry *registry = REAL(CU_get_registry)();
	uint32_t i;

	for (i = 0; i < tests.count; i++) {
		tests.entries[i].test->function = tests.entries[i].function;
		tests.entries[i].test->next = tests.entries[i].next;
		if (tests.entries[i].is_first)
			restore_suite(&tests.entries[i]);
	}
	if (registry)
		*registry = tests.registry;
}
