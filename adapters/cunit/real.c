/* SPDX-License-Identifier: MIT */
/*
 * real.c - CUnit's own functions behind ours.
 *
 * A shared libcunit is interposed, its own calls of these go through its PLT and land with us,
 * too.  Where it is linked into the program the entries of the same functions are patched: to
 * call the real one, the patch is lifted.
 */
#define _GNU_SOURCE
#include "cunit.h"

struct fl_cunit_real fl_cunit_real;

struct fl_symbol fl_cunit_symbols[] = {
#define FL_X(result, function, arguments) { .name = #function },
	FL_CUNIT_TAKEN(FL_X) FL_CUNIT_CALLED(FL_X)
#undef FL_X
	{ .name = NULL },
};

static struct fl_patch patches[FL_CUNIT_TAKEN_COUNT];
static bool is_static;

void fl_cunit_find_real(void)
{
/* NOLINTBEGIN(bugprone-macro-parentheses): a type */
#define FL_X(result, name, arguments) \
	fl_cunit_real.name = (result (*) arguments)fl_adapter_next(#name);
/* NOLINTEND(bugprone-macro-parentheses) */
	FL_CUNIT_TAKEN(FL_X) FL_CUNIT_CALLED(FL_X)
#undef FL_X
}

bool fl_cunit_is_static(void)
{
	return is_static;
}

void fl_cunit_lift(enum fl_cunit_function function)
{
	if (is_static && patches[function].is_on)
		fl_cunit_flicker->patch_off(&patches[function]);
}

void fl_cunit_lower(enum fl_cunit_function function)
{
	if (is_static && patches[function].saved_bytes && !patches[function].is_on)
		fl_cunit_flicker->patch_on(&patches[function]);
}

/* All or nothing; but what the linker has left out, as the program does not use it. */
static bool patch_all(const struct fl_services *services, const void *const *replacements)
{
	size_t i;

	for (i = 0; i < FL_CUNIT_TAKEN_COUNT; i++) {
		patches[i].symbol = &fl_cunit_symbols[i];
		patches[i].replacement = replacements[i];
		if (!patches[i].symbol->address || services->patch_on(&patches[i]) >= 0)
			continue;
		while (i--)
			if (patches[i].is_on)
				services->patch_off(&patches[i]);
		services->warn("CUnit is linked into the program, and the system does not let us in");
		return false;
	}
	return true;
}

bool fl_cunit_find_static(const struct fl_services *services)
{
	static const void *const replacements[] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name */
#define FL_X(result, name, arguments) (const void *)name,
		FL_CUNIT_TAKEN(FL_X)
#undef FL_X
	};
	size_t i;

	if (!fl_cunit_symbols[FL_CU_assertImplementation].address ||
	    !fl_cunit_symbols[FL_CU_run_all_tests].address)
		return false;
	for (i = FL_CUNIT_TAKEN_COUNT; i < FL_CUNIT_COUNT; i++)
		if (!fl_cunit_symbols[i].address)
			return false;
/* NOLINTBEGIN(bugprone-macro-parentheses): a type */
#define FL_X(result, name, arguments) \
	fl_cunit_real.name = (result (*) arguments)fl_cunit_symbols[FL_##name].address;
/* NOLINTEND(bugprone-macro-parentheses) */
	FL_CUNIT_TAKEN(FL_X) FL_CUNIT_CALLED(FL_X)
#undef FL_X
	is_static = patch_all(services, replacements);
	return is_static;
}
