/* SPDX-License-Identifier: MIT */
/*
 * static.c - cmocka linked into the program, taken over by its functions' entries.
 *
 * What interposition does where cmocka is a library, patches do here: a call of one of its
 * functions lands in ours of the same name, which call the real one by way of this file.  A
 * failure leaves the real one by a jump, so its patch goes on again when the next
 * function of the program's is called.  The runner's goes on then, too, while it is on the
 * stack: it comes back to its first bytes only by a new call.
 *
 * Of a function that the compiler has put into its callers nothing is left to patch; that may
 * be _fail() and _skip(), what they print tells the same.
 */
#define _GNU_SOURCE
#include "cmocka.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Those with a patch come first; the last only show how far cmocka's code reaches. */
enum {
	RUN, FAIL, SKIP, PRINT_1, PRINT_2, PRINT_3, PATCHES,
	SET_OUTPUT = PATCHES, EXPECT_ENV, EXTENT,
};

struct fl_symbol fl_cmocka_symbols[] = {
	[RUN] = { .name = "_cmocka_run_group_tests" },
	[FAIL] = { .name = "_fail" },
	[SKIP] = { .name = "_skip" },
	[PRINT_1] = { .name = "cm_print_error" },
	[PRINT_2] = { .name = "cmocka_print_error" },
	[PRINT_3] = { .name = "print_error" },
	[SET_OUTPUT] = { .name = "cmocka_set_message_output" },
	[EXPECT_ENV] = { .name = "global_expect_assert_env" },
	[EXTENT] = { .name = "exit_test" }, { .name = "exit_test.part.0" },
	{ .name = "exit_test.constprop.0" }, { .name = "_stop" }, { .name = "_mock" },
	{ .name = "mock_assert" }, { .name = "_check_expected" }, { .name = "_assert_true" },
	{ .name = "exception_handler" }, { .name = "fail_if_blocks_allocated" },
	{ .name = "fail_if_leftover_values" }, { .name = "_run_test" }, { .name = "_run_tests" },
	{ .name = NULL },
};

/* Calls of the program's land in ours. */
static struct fl_patch patches[PATCHES] = {
	[RUN] = { .symbol = &fl_cmocka_symbols[RUN],
		  .replacement = (const void *)_cmocka_run_group_tests },
	[FAIL] = { .symbol = &fl_cmocka_symbols[FAIL], .replacement = (const void *)_fail },
	[SKIP] = { .symbol = &fl_cmocka_symbols[SKIP], .replacement = (const void *)_skip },
	[PRINT_1] = { .symbol = &fl_cmocka_symbols[PRINT_1],
		      .replacement = (const void *)cm_print_error },
	[PRINT_2] = { .symbol = &fl_cmocka_symbols[PRINT_2],
		      .replacement = (const void *)cmocka_print_error },
	[PRINT_3] = { .symbol = &fl_cmocka_symbols[PRINT_3],
		      .replacement = (const void *)print_error },
};

static const struct fl_services *services;      /* NULL: cmocka is not linked into this program */

/* ---- ours land in the program's ---- */

static const void *original(int row)
{
	services->patch_off(&patches[row]);
	return (const void *)fl_cmocka_symbols[row].address;
}

static int run(const char *name, const struct unit_test *tests, size_t count,
	       fixture_function setup, fixture_function teardown)
{
	int result = ((run_function)original(RUN))(name, tests, count, setup, teardown);

	services->patch_on(&patches[RUN]);
	return result;
}

static long fail(long a, long b, long c, long d, long e, long f)
{
	return ((any_function)original(FAIL))(a, b, c, d, e, f);
}

static long skip(long a, long b, long c, long d, long e, long f)
{
	return ((any_function)original(SKIP))(a, b, c, d, e, f);
}

/* Only ever called with "%s" and a text. */
static void print(int row, const char *format, va_list arguments)
{
	((print_function)original(row))(format, va_arg(arguments, const char *));
	services->patch_on(&patches[row]);
}

static void print_1(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(PRINT_1, format, arguments);
	va_end(arguments);
}

static void print_2(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(PRINT_2, format, arguments);
	va_end(arguments);
}

static void print_3(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(PRINT_3, format, arguments);
	va_end(arguments);
}

/* ---- attachment ---- */

/* cmocka is one file of source, so its code is in one piece. */
static void find_extent(uintptr_t *ret_low, uintptr_t *ret_high)
{
	const struct fl_symbol *symbol;

	*ret_low = UINTPTR_MAX;
	*ret_high = 0;
	for (symbol = fl_cmocka_symbols; symbol->name; symbol++) {
		if (!symbol->address || symbol == &fl_cmocka_symbols[EXPECT_ENV])
			continue;
		if (symbol->address < *ret_low)
			*ret_low = symbol->address;
		if (symbol->address + symbol->size_bytes > *ret_high)
			*ret_high = symbol->address + symbol->size_bytes;
	}
}

static void fill_real(void)
{
	const struct fl_symbol *symbols = fl_cmocka_symbols;

	fl_cmocka_real = (struct fl_cmocka_real){
		.run = run,
		.fail = symbols[FAIL].address ? fail : NULL,
		.skip = symbols[SKIP].address ? skip : NULL,
		.cm_print_error = symbols[PRINT_1].address ? print_1 : NULL,
		.cmocka_print_error = symbols[PRINT_2].address ? print_2 : NULL,
		.print_error = symbols[PRINT_3].address ? print_3 : NULL,
	};
}

bool fl_cmocka_attach_static(const struct fl_services *agent)
{
	static const char refused[] = "cmocka is linked into the program, and the system does "
				      "not let its code be changed";
	static const char unknown[] = "cmocka is linked into the program in an unknown way";
	uintptr_t low, high;
	int r;

	if (!fl_cmocka_symbols[RUN].address)
		return false;
	r = agent->patch_on(&patches[RUN]);
	if (r < 0) {
		agent->warn(r == -EACCES ? refused : unknown);
		return false;
	}
	services = agent;
	fill_real();
	fl_cmocka_arm();
	find_extent(&low, &high);
	services->own_range(low, high);
	return true;
}

bool fl_cmocka_is_static(void)
{
	return services != NULL;
}

const void *fl_cmocka_find_static(const char *name)
{
	const struct fl_symbol *symbol = fl_cmocka_symbols;

	while (symbol->name && strcmp(symbol->name, name) != 0)
		symbol++;
	return (const void *)symbol->address;
}

void fl_cmocka_arm(void)
{
	int row;

	for (row = 0; services && row < PATCHES; row++)
		services->patch_on(&patches[row]);
}
