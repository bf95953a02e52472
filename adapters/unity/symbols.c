/* SPDX-License-Identifier: MIT */
/*
 * symbols.c - Unity as it is linked into the program, and the adapter itself.
 *
 * Unity is a source file of the program's own: there is no library to interpose.  Its
 * functions are found by their names and patched.
 */
#define _GNU_SOURCE
#include "unity.h"

#include "../next.h"

const struct fl_services *fl_unity_flicker;

struct fl_symbol fl_unity_symbols[] = {
	[FL_UNITY_OBJECT] = { .name = "Unity" },
	[FL_UNITY_BEGIN] = { .name = "UnityBegin" },
	[FL_UNITY_END] = { .name = "UnityEnd" },
	[FL_UNITY_FAIL] = { .name = "UnityFail" },
	[FL_UNITY_IGNORE] = { .name = "UnityIgnore" },
	[FL_UNITY_CONCLUDE] = { .name = "UnityConcludeTest" },
	[FL_UNITY_DEFAULT_RUN] = { .name = "UnityDefaultTestRun" },
	[FL_UNITY_GENERATED_RUN] = { .name = "run_test" },
	[FL_UNITY_FIXTURE_RUN] = { .name = "UnityTestRunner" },
	[FL_UNITY_SETUP] = { .name = "setUp" },
	[FL_UNITY_TEARDOWN] = { .name = "tearDown" },
	[FL_UNITY_EQUAL] = { .name = "UnityAssertEqualNumber" },
	[FL_UNITY_EQUAL_INT] = { .name = "UnityAssertEqualIntNumber" },
	[FL_UNITY_SET_FILE] = { .name = "UnitySetTestFile" },
	[FL_UNITY_WITHIN_FLOATS] = { .name = "UnityAssertWithinFloatArray" },
	[FL_UNITY_SYMBOLS] = { .name = NULL },
};

/* By what a version brought: the last row that is there names the version that it is at least. */
static const struct { enum fl_unity_symbol symbol; const char *version; } marks[] = {
	{ FL_UNITY_SET_FILE, "2.5" }, { FL_UNITY_WITHIN_FLOATS, "2.6" }, { FL_UNITY_EQUAL_INT, "2.7" },
};

const char *fl_unity_file(void)
{
	const char *file = *FL_UNITY_FUNCTION(FL_UNITY_OBJECT, const char **);

	return fl_adapter_is_program(file) ? file : NULL;
}

static bool has_object(void)
{
	const struct fl_symbol *object = &fl_unity_symbols[FL_UNITY_OBJECT];

	return object->address && object->size_bytes >= sizeof(void *) &&
	       object->size_bytes <= FL_UNITY_LARGEST;
}

static bool has_runner(void)
{
	return fl_unity_symbols[FL_UNITY_DEFAULT_RUN].address ||
	       fl_unity_symbols[FL_UNITY_GENERATED_RUN].address ||
	       fl_unity_symbols[FL_UNITY_FIXTURE_RUN].address;
}

static const char *version_by_marks(void)
{
	const char *version = "";
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (fl_unity_symbols[marks[i].symbol].address)
			version = marks[i].version;
	return version;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	uintptr_t object = fl_unity_symbols[FL_UNITY_OBJECT].address;

	if (services->abi != FL_ADAPTER_ABI || !has_object() || !has_runner())
		return false;
	services->own_jumps(object, object + fl_unity_symbols[FL_UNITY_OBJECT].size_bytes);
	fl_unity_flicker = services;
	if (!fl_unity_results_measure() || !fl_unity_arm()) {
		services->warn("Unity is linked into the program so that its tests cannot be told apart");
		services->own_jumps(0, 0);
		fl_unity_flicker = NULL;
		return false;
	}
	*ret_version = version_by_marks();
	*ret_linkage = "static";
	return true;
}

const struct fl_adapter fl_adapter_unity = {
	.abi = FL_ADAPTER_ABI,
	.name = "unity",
	.symbols = fl_unity_symbols,
	.attach = attach,
	.jumps = fl_unity_jumps,
	.main = fl_unity_main,
	.ends = fl_unity_ends,
};
