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

#include <link.h>
#include <string.h>

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

/* A call or jump to it, or on x86-64 its address, as code has them. */
static bool code_names(uintptr_t at, uintptr_t end, uintptr_t function)
{
#if defined(__x86_64__)
	int32_t distance;

	for (; at + sizeof(distance) <= end; at++) {
		memcpy(&distance, (const void *)at, sizeof(distance));
		if (at + sizeof(distance) + (uintptr_t)(intptr_t)distance == function)
			return true;
	}
#else
	for (; at + sizeof(uint32_t) <= end; at += sizeof(uint32_t)) {
		uint32_t code = *(const uint32_t *)at;
		int64_t words = (int32_t)(code << 6) >> 6;

		if ((code & 0x7c000000) == 0x14000000 && at + (uintptr_t)(words * 4) == function)
			return true;
	}
#endif
	return false;
}

static bool data_names(uintptr_t at, uintptr_t end, uintptr_t function)
{
	for (at = (at + 7) & ~(uintptr_t)7; at + sizeof(uintptr_t) <= end; at += sizeof(uintptr_t))
		if (*(const uintptr_t *)at == function)
			return true;
	return false;
}

static int look_for_uses(struct dl_phdr_info *program, size_t size, void *function)
{
	size_t i;

	(void)size;
	for (i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
		uintptr_t low = program->dlpi_addr + segment->p_vaddr, high = low + segment->p_filesz;

		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_R) &&
		    (segment->p_flags & PF_X ? code_names : data_names)(low, high, (uintptr_t)function))
			return 1;
	}
	return -1;                      /* the program comes first: no other is looked at */
}

/*
 * RUN_TEST of older generated programs is a macro of theirs: UnityDefaultTestRun is there, and
 * nobody calls it.  Then no test would be seen, and another adapter may do better.
 */
bool fl_unity_is_used(enum fl_unity_symbol row)
{
	uintptr_t function = fl_unity_symbols[row].address;

	return function && dl_iterate_phdr(look_for_uses, (void *)function) == 1;
}

static bool has_runner(void)
{
	return fl_unity_is_used(FL_UNITY_DEFAULT_RUN) || fl_unity_is_used(FL_UNITY_FIXTURE_RUN) ||
	       fl_unity_is_used(FL_UNITY_GENERATED_RUN);
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

/* Can its tests be told apart here? */
static bool take_over(const struct fl_services *services)
{
	uintptr_t object = fl_unity_symbols[FL_UNITY_OBJECT].address;

	if (!has_runner())
		return false;
	fl_unity_flicker = services;
	services->own_jumps(object, object + fl_unity_symbols[FL_UNITY_OBJECT].size_bytes);
	if (fl_unity_results_measure() && fl_unity_arm())
		return true;
	services->own_jumps(0, 0);
	fl_unity_flicker = NULL;
	return false;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	if (services->abi != FL_ADAPTER_ABI || !has_object())
		return false;
	if (!take_over(services)) {
		if (fl_unity_symbols[FL_UNITY_END].address)
			services->warn("Unity is linked into the program so that its tests cannot be told apart");
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
