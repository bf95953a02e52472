/* SPDX-License-Identifier: MIT */
/*
 * test_face_lines.c - what the agent is told of GoogleTest's flags, one iteration after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/face.h"

#include <flicker/face.h>

#include <stdlib.h>

enum { MOST = 5 };

static void lines_follow_from_flags(void **state)
{
	static const struct { const char *arguments[MOST], *want; } rows[] = {
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
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		char *operands[MOST + 2] = { (char *)(uintptr_t)"./program" };
		struct fl_face face;
		size_t k;

		for (k = 0; k < MOST; k++)
			operands[k + 1] = (char *)(uintptr_t)rows[i].arguments[k];
		fl_face_init(&face, operands);
		fl_face_iterate(&face, 0);
		assert_string_equal(face.lines, rows[i].want);
		fl_face_clear(&face);
	}
}

static void seeds_advance_and_wrap(void **state)
{
	char *operands[] = { (char *)(uintptr_t)"./program", (char *)(uintptr_t)"--gtest_shuffle",
			     (char *)(uintptr_t)"--gtest_random_seed=99998", NULL };
	static const uint32_t wants[] = { 99998, 99999, 1, 2 };
	struct fl_face face;
	int32_t i;

	(void)state;
	fl_face_init(&face, operands);
	for (i = 0; i < (int32_t)FL_COUNT(wants); i++) {
		fl_face_iterate(&face, i);
		assert_int_equal(face.seed, wants[i]);
	}
	fl_face_clear(&face);
}

static void reports_have_googletests_paths(void **state)
{
	static const struct { const char *flag, *want; } rows[] = {
		{ "--gtest_output=", NULL }, { "--gtest_output=text", NULL },
		{ "--gtest_output=XML:x", NULL },
		{ "--gtest_output=xml", "test_detail.xml" },
		{ "--gtest_output=json", "test_detail.json" },
		{ "--gtest_output=xml:x", "x" }, { "--gtest_output=xml:a:b", "a:b" },
		{ "--gtest_output=json:/proc/nowhere/x", "/proc/nowhere/x" },
		{ "--gtest_output=xml:/proc/nowhere/", "/proc/nowhere/program.xml" },
		{ "--gtest_output=json:", "program.json" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		char *operands[] = { (char *)(uintptr_t)"./dir/program",
				     (char *)(uintptr_t)rows[i].flag, NULL };
		struct fl_face face;

		fl_face_init(&face, operands);
		if (!face.report != !rows[i].want ||
		    (face.report && strcmp(face.report, rows[i].want) != 0))
			fail_msg("%s: '%s'", rows[i].flag, face.report ? face.report : "none");
		fl_face_clear(&face);
	}
}

static void the_gravest_code_counts(void **state)
{
	static const struct { int code, other, want; } rows[] = {
		{ 0, 0, 0 }, { 0, 1, 1 }, { 1, 0, 1 }, { 2, 1, 1 }, { 2, 3, 2 }, { 3, 0, 3 },
		{ 1, 70, 70 }, { 77, 0, 77 }, { 77, 3, 3 }, { 134, 2, 2 }, { 9, 5, 9 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		assert_int_equal(fl_face_worse(rows[i].code, rows[i].other), rows[i].want);
}

static void a_test_without_a_suite_has_two_names(void **state)
{
	static const struct { const char *filter, *name; bool want; } rows[] = {
		{ "net", "net", true }, { ".net", "net", true }, { ".n*", "net", true },
		{ "-.net", "net", false }, { "*-net", "net", false }, { ".*", "a.net", false },
		{ ".net", "a.net", false }, { "x.net", "net", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		if (fl_face_matches(rows[i].filter, strlen(rows[i].filter), rows[i].name) !=
		    rows[i].want)
			fail_msg("'%s' and '%s'", rows[i].filter, rows[i].name);
}

static int forget_variables(void **state)
{
	(void)state;
	return unsetenv("GTEST_FILTER") | unsetenv("GTEST_OUTPUT") | unsetenv("XML_OUTPUT_FILE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_follow_from_flags),
		cmocka_unit_test(seeds_advance_and_wrap),
		cmocka_unit_test(reports_have_googletests_paths),
		cmocka_unit_test(the_gravest_code_counts),
		cmocka_unit_test(a_test_without_a_suite_has_two_names),
	};

	return cmocka_run_group_tests(tests, forget_variables, NULL);
}
