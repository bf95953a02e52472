/* SPDX-License-Identifier: MIT */
/*
 * test_face.c - what GoogleTest 1.12 does with a filter, a disabled test and a seed.
 *
 * The orders are those of a GoogleTest program of twelve tests, printed as they ran.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flicker/face.h>

static void filters_are_googletests(void **state)
{
	static const struct { const char *filter, *name; bool want; } rows[] = {
		{ "*", "a.b", true },
		{ "", "a.b", false },                   /* nothing, not all */
		{ ":", "a.b", false },
		{ "::", "a.b", false },
		{ "-", "a.b", true },
		{ "*-", "a.b", true },
		{ "a.b", "a.b", true },
		{ "a.b", "a.bc", false },
		{ "a.?", "a.b", true },
		{ "a.?", "a.", false },
		{ "x:a.b", "a.b", true },
		{ "::a.b", "a.b", true },
		{ "a.b::", "a.b", true },
		{ "-a.b", "a.b", false },
		{ "-a.b", "a.c", true },
		{ "-*", "a.b", false },
		{ "a:b:-c", "b", true },
		{ "a:b:-c", "c", false },
		{ "a.*-a.c", "a.b", true },             /* in the middle of a word, too */
		{ "a.*-a.c", "a.c", false },
		{ "a.*-a.c:a.d", "a.d", false },
		{ "a.*-b:-a.c", "a.c", true },          /* a second one is text */
		{ "a.*-b-c", "a.b", true },
		{ "*-b-c", "b-c", false },
		{ "a.b%2Dc", "a.b%2Dc", true },
		{ "a.b-c", "a.b%2Dc", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (fl_face_matches(rows[i].filter, strlen(rows[i].filter), rows[i].name) != rows[i].want)
			fail_msg("row %zu: '%s' and '%s'", i, rows[i].filter, rows[i].name);
	assert_true(fl_face_matches("a.b\nshard=1", 3, "a.b"));         /* a line of several */
	assert_false(fl_face_matches("a.b\n-a.b", 3, "a.c"));
}

static void disabled_is_a_beginning(void **state)
{
	static const struct { const char *name; bool want; } rows[] = {
		{ "a.b", false },
		{ "DISABLED_a.b", true },
		{ "a.DISABLED_b", true },
		{ "a.DISABLED_", true },
		{ "a.DISABLED", false },
		{ "a.b_DISABLED_c", false },
		{ "a.b.DISABLED_c", true },
		{ "a.DISABLED_b.c/0", true },
		{ "a.b/DISABLED_c", true },
		{ "a./", false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (fl_face_is_disabled(rows[i].name) != rows[i].want)
			fail_msg("row %zu: '%s'", i, rows[i].name);
}

static void shuffles_are_googletests(void **state)
{
	enum { TESTS = 12 };
	static const struct { uint32_t seed, want[TESTS]; } rows[] = {
		{ 1, { 3, 8, 10, 11, 0, 7, 5, 2, 9, 4, 1, 6 } },
		{ 7, { 10, 9, 3, 5, 2, 7, 4, 11, 6, 8, 1, 0 } },
		{ 99999, { 2, 3, 9, 5, 6, 7, 1, 0, 8, 11, 10, 4 } },
	};
	uint32_t order[TESTS], k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t random = rows[i].seed;

		for (k = 0; k < TESTS; k++)
			order[k] = k;
		fl_face_shuffle(&random, order, TESTS);
		assert_memory_equal(order, rows[i].want, sizeof(order));
	}
}

static void names_show_no_minus(void **state)
{
	char text[32];

	(void)state;
	fl_face_show("a-b.c-", text, sizeof(text));
	assert_string_equal(text, "a%2Db.c%2D");
	fl_face_show("a-b.c-", text, 8);
	assert_string_equal(text, "a%2Db");
	fl_face_show("", text, sizeof(text));
	assert_string_equal(text, "");
}

static void values_are_found(void **state)
{
	static const char lines[] = "filter=a=b\nshards=2\nshard=\ncolor=1";
	size_t length = 0;

	(void)state;
	assert_memory_equal(fl_face_value(lines, FL_FACE_FILTER, &length), "a=b", 3);
	assert_int_equal(length, 3);
	assert_non_null(fl_face_value(lines, FL_FACE_SHARD, &length));
	assert_int_equal(length, 0);
	assert_memory_equal(fl_face_value(lines, FL_FACE_COLOR, &length), "1", 2);
	assert_null(fl_face_value(lines, FL_FACE_TIME, &length));
	assert_null(fl_face_value(NULL, FL_FACE_TIME, &length));
}

static void flags_are_told_by_their_prefix(void **state)
{
	(void)state;
	assert_true(fl_face_is_flag("--gtest_filter=a"));
	assert_true(fl_face_is_flag("--gtest_nonsense"));
	assert_true(fl_face_is_flag("-gtest_filter=a"));
	assert_false(fl_face_is_flag("/gtest_filter=a"));
	assert_false(fl_face_is_flag("gtest_filter"));
	assert_false(fl_face_is_flag("--gtest"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_are_googletests),
		cmocka_unit_test(disabled_is_a_beginning),
		cmocka_unit_test(shuffles_are_googletests),
		cmocka_unit_test(names_show_no_minus),
		cmocka_unit_test(values_are_found),
		cmocka_unit_test(flags_are_told_by_their_prefix),
	};

	return cmocka_run_group_tests_name("face", tests, NULL, NULL);
}
