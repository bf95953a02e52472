/* SPDX-License-Identifier: MIT */
/*
 * test_face_lines.c - what the agent is told of GoogleTest's flags, one iteration after the other.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/face.h"

#include <flicker/face.h>

#include <stdlib.h>

enum { MOST = 5 };

/* These would go before what is asked for here. */
static void read_face(struct fl_face *face, char *const *operands)
{
	unsetenv("GTEST_FILTER");
	unsetenv("GTEST_OUTPUT");
	unsetenv("XML_OUTPUT_FILE");
	fl_face_init(face, operands);
}

static const struct { const char *arguments[MOST], *want; } lines[] = {
	{ { "--gtest_filter=a.*-b" }, "filter=a.*-b\nlines=all\n" },
	{ { "--gtest_filter=a\nshard=1" }, "filter=a shard=1\nlines=all\n" },
	{ { "--gtest_also_run_disabled_tests", "--gtest_fail_fast", "--gtest_break_on_failure" },
	  "filter=*\ndisabled=1\nfail_fast=1\nbreak=1\nlines=all\n" },
	{ { "--gtest_brief=1", "--gtest_color=yes", "--gtest_print_time=0" },
	  "filter=*\nlines=brief\ncolor=1\ntime=0\n" },
	{ { "--gtest_color=TRUE" }, "filter=*\nlines=all\ncolor=1\n" },
	{ { "--gtest_color=maybe" }, "filter=*\nlines=all\n" },
	{ { "--gtest_shuffle", "--gtest_random_seed=1" }, "filter=*\nshuffle=1\nlines=all\n" },
	{ { "--gtest_shuffle", "--gtest_random_seed=99999" },
	  "filter=*\nshuffle=99999\nlines=all\n" },
	{ { "--gtest_shuffle", "--gtest_random_seed=100000" },
	  "filter=*\nshuffle=1\nlines=all\n" },
	/* as an unsigned number: 4294967295, less one, modulo 99999, and one */
	{ { "--gtest_shuffle", "--gtest_random_seed=-1" },
	  "filter=*\nshuffle=10245\nlines=all\n" },
};

TEST_P(face_lines, follow_from_flags, lines)
{
	char *operands[MOST + 2] = { (char *)(uintptr_t)"./program" };
	struct fl_face face;
	size_t i;

	for (i = 0; i < MOST; i++)
		operands[i + 1] = (char *)(uintptr_t)row->arguments[i];
	read_face(&face, operands);
	fl_face_iterate(&face, 0);
	EXPECT_STREQ(face.lines, row->want);
	fl_face_clear(&face);
}

TEST(face_lines, seeds_advance_and_wrap)
{
	char *operands[] = { (char *)(uintptr_t)"./program", (char *)(uintptr_t)"--gtest_shuffle",
			     (char *)(uintptr_t)"--gtest_random_seed=99998", NULL };
	static const uint32_t wants[] = { 99998, 99999, 1, 2 };
	struct fl_face face;
	int32_t i;

	read_face(&face, operands);
	for (i = 0; i < (int32_t)FL_COUNT(wants); i++) {
		fl_face_iterate(&face, i);
		EXPECT_EQ(face.seed, wants[i]);
	}
	fl_face_clear(&face);
}

static const struct { const char *flag, *want; } paths[] = {
	{ "--gtest_output=", NULL }, { "--gtest_output=text", NULL },
	{ "--gtest_output=XML:x", NULL },
	{ "--gtest_output=xml", "test_detail.xml" },
	{ "--gtest_output=json", "test_detail.json" },
	{ "--gtest_output=xml:x", "x" }, { "--gtest_output=xml:a:b", "a:b" },
	{ "--gtest_output=json:/proc/nowhere/x", "/proc/nowhere/x" },
	{ "--gtest_output=xml:/proc/nowhere/", "/proc/nowhere/program.xml" },
	{ "--gtest_output=json:", "program.json" },
};

TEST_P(face_lines, reports_have_googletests_paths, paths)
{
	char *operands[] = { (char *)(uintptr_t)"./dir/program", (char *)(uintptr_t)row->flag, NULL };
	struct fl_face face;

	read_face(&face, operands);
	EXPECT_STREQ(face.report, row->want, "%s", row->flag);
	fl_face_clear(&face);
}

static const struct { int code, other, want; } codes[] = {
	{ 0, 0, 0 }, { 0, 1, 1 }, { 1, 0, 1 }, { 2, 1, 1 }, { 2, 3, 2 }, { 3, 0, 3 },
	{ 1, 70, 70 }, { 77, 0, 77 }, { 77, 3, 3 }, { 134, 2, 2 }, { 9, 5, 9 },
};

TEST_P(face_lines, the_gravest_code_counts, codes)
{
	EXPECT_EQ(fl_face_worse(row->code, row->other), row->want);
}

static const struct { const char *filter, *name; bool want; } names[] = {
	{ "net", "net", true }, { ".net", "net", true }, { ".n*", "net", true },
	{ "-.net", "net", false }, { "*-net", "net", false }, { ".*", "a.net", false },
	{ ".net", "a.net", false }, { "x.net", "net", false },
};

TEST_P(face_lines, a_test_without_a_suite_has_two_names, names)
{
	EXPECT_EQ(fl_face_matches(row->filter, strlen(row->filter), row->name), row->want,
		  "'%s' and '%s'", row->filter, row->name);
}

FLICKER_XUNIT_MAIN();
