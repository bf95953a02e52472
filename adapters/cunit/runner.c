/* SPDX-License-Identifier: MIT */
/*
 * runner.c - CUnit 2.1-3, shared or static: what it runs is one group.
 *
 * Each of CU_run_all_tests(), CU_run_suite() and CU_run_test() is run by CUnit's own, with our
 * functions in its registry.  In an attempt that holds one test, in its suite.
 */
#define _GNU_SOURCE
#include "cunit.h"

const struct fl_services *fl_cunit_flicker;
int fl_cunit_console;

static const struct fl_cunit_request *running;  /* NULL: none */

static bool *wanted_flags(const struct fl_group *group)
{
	/* Behind the entries, see fl_cunit_collect(). */
	return (bool *)((struct fl_cunit_entry *)(uintptr_t)group->tests + group->count);
}

static int run_really(const struct fl_cunit_request *request)
{
	int result = 0;

	fl_cunit_lift(request->function);
	switch (request->function) {
	case FL_CU_run_suite:
		result = REAL(CU_run_suite)(request->suite);
		break;
	case FL_CU_run_test:
		result = REAL(CU_run_test)(request->suite, request->test);
		break;
	case FL_CU_automated_run_tests:
		REAL(CU_automated_run_tests)();
		break;
	default:
		result = REAL(CU_run_all_tests)();
	}
	fl_cunit_lower(request->function);
	return result;
}

/* In an attempt.  It has no result file. */
static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	struct fl_cunit_request request = *running;
	bool *wanted = wanted_flags(group);
	uint32_t i;

	for (i = 0; i < count; i++)
		wanted[indices[i]] = true;
	fl_cunit_take_over(group);
	fl_cunit_link_only(wanted);
	if (request.function == FL_CU_automated_run_tests)
		request.function = FL_CU_run_all_tests;
	run_really(&request);
}

static int run_in_host(struct fl_group *group)
{
	bool *wanted = wanted_flags(group), has_all = true;
	struct fl_entry entry;
	uint32_t i;
	int result;

	for (i = 0; i < group->count; i++) {
		/* What CUnit says of an inactive one is its own affair. */
		wanted[i] = fl_cunit_flicker->is_selected(group, i);
		has_all = has_all && (wanted[i] || !group->describe(group, i, &entry)) &&
			  fl_cunit_flicker->nth(group, i) == i;
	}
	fl_cunit_take_over(group);
	if (!has_all)
		fl_cunit_link_only(wanted);
	result = run_really(running);
	fl_cunit_restore();
	fl_cunit_flicker->leave(group);
	return result;
}

static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	const struct fl_cunit_entry *entry = &((const struct fl_cunit_entry *)group->tests)[index];

	ret_entry->suite = entry->suite->name;
	ret_entry->name = entry->test->name;
	ret_entry->code = (const void *)entry->function;
	return entry->suite->is_active && entry->test->is_active;
}

int fl_cunit_run(const struct fl_cunit_request *request)
{
	struct fl_group group = { .describe = describe, .run = run_entries };
	enum fl_enter answer = FL_ENTER_PASS;
	int result;

	if (running || fl_cunit_console || !fl_cunit_collect(request))
		return run_really(request);
	running = request;
	group.name = request->suite ? request->suite->name : NULL;
	group.tests = fl_cunit_entries(&group.count);
	answer = fl_cunit_flicker->enter(&group);
	if (answer == FL_ENTER_NOTHING)
		result = 0;
	else
		result = answer == FL_ENTER_OBSERVE ? run_in_host(&group) : run_really(request);
	fl_cunit_forget();
	running = NULL;
	return result;
}

/* ---- the adapter ---- */

/* The layout of its structs is 2.1-3's, which brought that function; later ones have another. */
static bool is_known(void)
{
	return fl_adapter_next("CU_add_suite_with_setup_and_teardown") &&
	       !fl_adapter_next("CU_skipImplementation");
}

static bool attach_shared(const struct fl_services *services)
{
	if (!fl_adapter_next("CU_run_all_tests"))
		return false;
	if (!is_known()) {
		services->warn("of CUnit only version 2.1-3 is known: its tests are not watched");
		return false;
	}
	fl_cunit_find_real();
	services->own((const void *)fl_cunit_real.CU_run_all_tests);
	return true;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	if (services->abi != FL_ADAPTER_ABI)
		return false;
	fl_cunit_flicker = services;
	*ret_version = "2.1-3";
	*ret_linkage = "shared";
	if (attach_shared(services))
		return true;
	*ret_linkage = "static";
	if (fl_cunit_find_static(services))
		return true;
	*ret_version = *ret_linkage = "";
	fl_cunit_flicker = NULL;
	return false;
}

const struct fl_adapter fl_adapter_cunit = {
	.abi = FL_ADAPTER_ABI,
	.name = "cunit",
	.symbols = fl_cunit_symbols,
	.attach = attach,
};
