/* SPDX-License-Identifier: MIT */
/*
 * test_symbolize.c - this program finds its own functions in its own maps.
 */
#include "tale.h"

#include <errno.h>

TEST(symbolize, functions_lines_and_inlined_ones)
{
	autofree char *maps = own_maps(), *path = own_path();
	struct fl_backtrace backtrace = backtrace_of(maps);

	is_whole_tale(&backtrace);
	EXPECT_STREQ(backtrace.frames[0].module, base_of(path));
	EXPECT_EQ(backtrace.frames[0].offset, seen.pcs[0] - own_load_address());
	fl_backtrace_clear(&backtrace);
}

TEST(symbolize, the_same_from_the_cache)
{
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	uint64_t pc;
	int i;

	ASSERT_EQ(fl_symbols_open(maps, &symbols), 0);
	for (i = 0; i < 3; i++) {
		fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
		is_whole_tale(&backtrace);
		fl_backtrace_clear(&backtrace);
	}
	for (pc = 1; pc < 6000; pc++) {         /* more than it keeps */
		fl_symbols_backtrace(symbols, &pc, 1, true, NULL, &backtrace);
		EXPECT_EQ(backtrace.frames[0].pc, pc);
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
	EXPECT_EQ(backtrace.count, 1);
	is_it = backtrace.frames[0].function && strcmp(backtrace.frames[0].function, name) == 0;
	fl_backtrace_clear(&backtrace);
	return is_it;
}

/* The first byte of a function belongs to it; as a return address it belongs to what is before. */
TEST(symbolize, exact_or_one_before)
{
	const uint64_t twice[] = { (uintptr_t)outer, (uintptr_t)outer };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;

	ASSERT_EQ(fl_symbols_open(maps, &symbols), 0);
	ASSERT_TRUE(is_named(symbols, (uintptr_t)outer, true, "outer"));
	EXPECT_FALSE(is_named(symbols, (uintptr_t)outer, false, "outer"));
	ASSERT_TRUE(is_named(symbols, (uintptr_t)outer + 1, false, "outer"));
	fl_symbols_backtrace(symbols, twice, 2, true, NULL, &backtrace);
	EXPECT_STREQ(backtrace.frames[0].function, "outer");
	ASSERT_TRUE(!backtrace.frames[1].function ||
		    strcmp(backtrace.frames[1].function, "outer") != 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

TEST(symbolize, unknown_addresses_stay)
{
	static const uint64_t pcs[] = { 0, 0x10, UINT64_MAX };
	autofree char *maps = own_maps();
	struct fl_backtrace backtrace;
	struct fl_symbols *symbols;
	size_t i;

	ASSERT_EQ(fl_symbols_open(maps, &symbols), 0);
	fl_symbols_backtrace(symbols, pcs, 3, true, "cmocka", &backtrace);
	EXPECT_EQ(backtrace.count, 3);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(backtrace.frames[i].pc, pcs[i]);
		EXPECT_EQ(backtrace.frames[i].module, NULL);
		EXPECT_EQ(backtrace.frames[i].function, NULL);
	}
	fl_backtrace_clear(&backtrace);
	fl_symbols_backtrace(symbols, pcs, 0, true, "cmocka", &backtrace);
	EXPECT_EQ(backtrace.count, 0);
	fl_backtrace_clear(&backtrace);
	fl_symbols_free(symbols);
}

TEST(symbolize, other_text_is_refused)
{
	struct fl_symbols *symbols = NULL;

	ASSERT_EQ(fl_symbols_open("", &symbols), -EINVAL);
	ASSERT_EQ(fl_symbols_open("no maps at all\n", &symbols), -EINVAL);
	EXPECT_EQ(symbols, NULL);
	fl_symbols_free(symbols);
}

/* Modules of a stack, innermost first; what is left of it. */
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

TEST_P(symbolize, the_own_part_is_cut_out, rows)
{
	size_t n;
	struct fl_frame frames[6] = { { 0 } };
	struct fl_backtrace part;

	for (n = 0; n < 6 && row->modules[n]; n++)
		if (row->modules[n][0] != '?')
			frames[n].module = (char *)(uintptr_t)row->modules[n];
	part = fl_symbols_own_part(&(struct fl_backtrace){ frames, n }, row->framework);
	if (part.count != row->count ||
	    (part.count > 0 && part.frames != frames + row->first))
		FAIL("%zu frames", part.count);
}

int main(void)
{
	const struct CMUnitTest tale[] = { cmocka_unit_test(story) };

	return cmocka_run_group_tests(tale, NULL, NULL) || RUN_ALL_TESTS();
}
