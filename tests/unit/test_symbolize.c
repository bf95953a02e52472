/* SPDX-License-Identifier: MIT */
/*
 * test_symbolize.c - this program finds its own functions in its own maps.
 */
#include "tale.h"

#include <errno.h>

static void functions_lines_and_inlined_ones(void **state)
{
	autofree char *maps = own_maps(), *path = own_path();
	struct fl_backtrace backtrace = backtrace_of(maps);

	(void)state;
	is_whole_tale(&backtrace);
	assert_string_equal(backtrace.frames[0].module, base_of(path));
	assert_int_equal(backtrace.frames[0].offset, seen.pcs[0] - own_load_address());
	fl_backtrace_clear(&backtrace);
}

static void the_same_from_the_cache(void **state)
{
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	uint64_t pc;
	int i;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	for (i = 0; i < 3; i++) {
		fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
		is_whole_tale(&backtrace);
		fl_backtrace_clear(&backtrace);
	}
	for (pc = 1; pc < 6000; pc++) {         /* more than it keeps */
		fl_symbols_backtrace(symbols, &pc, 1, true, NULL, &backtrace);
		assert_int_equal(backtrace.frames[0].pc, pc);
		fl_backtrace_clear(&backtrace);
	}
	fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
	is_whole_tale(&backtrace);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static bool is_named(struct fl_symbols *symbols, uint64_t pc, bool is_exact, const char *name)
{
	struct fl_backtrace backtrace;
	bool is_it;

	fl_symbols_backtrace(symbols, &pc, 1, is_exact, NULL, &backtrace);
	assert_int_equal(backtrace.count, 1);
	is_it = backtrace.frames[0].function && strcmp(backtrace.frames[0].function, name) == 0;
	fl_backtrace_clear(&backtrace);
	return is_it;
}

/* The first byte of a function belongs to it; as a return address it belongs to what is before. */
static void exact_or_one_before(void **state)
{
	const uint64_t twice[] = { (uintptr_t)outer, (uintptr_t)outer };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	assert_true(is_named(symbols, (uintptr_t)outer, true, "outer"));
	assert_false(is_named(symbols, (uintptr_t)outer, false, "outer"));
	assert_true(is_named(symbols, (uintptr_t)outer + 1, false, "outer"));
	fl_symbols_backtrace(symbols, twice, 2, true, NULL, &backtrace);
	assert_string_equal(backtrace.frames[0].function, "outer");
	assert_true(!backtrace.frames[1].function ||
		    strcmp(backtrace.frames[1].function, "outer") != 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static void unknown_addresses_stay(void **state)
{
	static const uint64_t pcs[] = { 0, 0x10, UINT64_MAX };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	size_t i;

	(void)state;
	assert_int_equal(fl_symbols_open(maps, &symbols), 0);
	fl_symbols_backtrace(symbols, pcs, 3, true, "cmocka", &backtrace);
	assert_int_equal(backtrace.count, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(backtrace.frames[i].pc, pcs[i]);
		assert_null(backtrace.frames[i].module);
		assert_null(backtrace.frames[i].function);
	}
	fl_backtrace_clear(&backtrace);
	fl_symbols_backtrace(symbols, pcs, 0, true, "cmocka", &backtrace);
	assert_int_equal(backtrace.count, 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

static void other_text_is_refused(void **state)
{
	struct fl_symbols *symbols = NULL;

	(void)state;
	assert_int_equal(fl_symbols_open("", &symbols), -EINVAL);
	assert_int_equal(fl_symbols_open("no maps at all\n", &symbols), -EINVAL);
	assert_null(symbols);
	fl_symbols_free(symbols);
}

/* Modules of a stack, innermost first; what is left of it. */
static void the_own_part_is_cut_out(void **state)
{
	static const struct { const char *framework, *modules[6]; size_t first, count; } rows[] = {
		{ "cmocka", { "libflicker.so", "libcmocka.so.0", "t", "libx.so",
			      "libcmocka.so.0", "t" }, 2, 2 },
		{ "cmocka", { "libflicker.so", "libc.so.6", "t", "libcmocka.so.0", "t",
			      "libc.so.6" }, 2, 1 },
		{ "cmocka", { "libc.so.6", "libc.so.6", "t", "t", "libflicker.so", "t" }, 2, 2 },
		{ "cmocka", { "t", "libc.so.6", "t", "libcmocka.so.0.7.0", "t" }, 0, 3 },
		{ "cmocka", { "t", "libc.so.6" }, 0, 2 },
		{ "cmocka", { "libflicker.so", "libc.so.6", "libc.so.6", "libcmocka.so.0" }, 1, 2 },
		{ "cmocka", { "libc.so.6", "libc.so.6" }, 0, 2 },
		{ "cmocka", { "libflicker.so", "libcmocka.so.0" }, 0, 0 },
		{ "cmocka", { NULL }, 0, 0 },
		{ "check", { "libchecksum.so.1", "t", "libcheck.so.0", "t" }, 0, 2 },
		{ "check", { "libcheck-custom", "t", "libcheck.so.0" }, 0, 2 },
		{ NULL, { "libcmocka.so.0", "t" }, 0, 2 },
		{ "", { "libcmocka.so.0", "t" }, 0, 2 },
		{ "cmocka", { "libc_test", "ld", "libc-client.so.2" }, 0, 3 },
		{ "cmocka", { "ld-linux-x86-64.so.2", "libasan.so.8", "t" }, 2, 1 },
		{ "gtest", { "libflicker.so", "libc.so.6", "libstdc++.so.6", "t", "libgtest.so.1.12.1" }, 3, 1 },
		{ "cmocka", { "?", "t", "libcmocka.so.0" }, 0, 2 },     /* ?: of no module */
	};
	size_t i, n;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_frame frames[6] = { { 0 } };
		struct fl_backtrace part;

		for (n = 0; n < 6 && rows[i].modules[n]; n++)
			if (rows[i].modules[n][0] != '?')
				frames[n].module = (char *)(uintptr_t)rows[i].modules[n];
		part = fl_symbols_own_part(&(struct fl_backtrace){ frames, n }, rows[i].framework);
		if (part.count != rows[i].count ||
		    (part.count > 0 && part.frames != frames + rows[i].first))
			fail_msg("row %zu: %zu frames", i, part.count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(story),                /* the first: the others tell it */
		cmocka_unit_test(functions_lines_and_inlined_ones),
		cmocka_unit_test(the_same_from_the_cache),
		cmocka_unit_test(exact_or_one_before),
		cmocka_unit_test(unknown_addresses_stay),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(the_own_part_is_cut_out),
	};

	return cmocka_run_group_tests_name("symbolize", tests, NULL, NULL);
}
