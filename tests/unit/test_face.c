/* SPDX-License-Identifier: MIT */
/*
 * test_face.c - what GoogleTest 1.12 does with a filter, a disabled test and a seed.
 *
 * The orders are those of a GoogleTest program of twelve tests, printed as they ran.
 */
#include <flicker/xunit.h>

#include <flicker/face.h>

TEST(face, filters_are_googletests)
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

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		EXPECT_EQ(fl_face_matches(rows[i].filter, strlen(rows[i].filter), rows[i].name),
			  rows[i].want, "row %zu: '%s' and '%s'", i, rows[i].filter, rows[i].name);
	ASSERT_TRUE(fl_face_matches("a.b\nshard=1", 3, "a.b"));         /* a line of several */
	EXPECT_FALSE(fl_face_matches("a.b\n-a.b", 3, "a.c"));
}

static const struct { const char *name; bool want; } disabled_is_a_beginning_rows[] = {
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

TEST_P(face, disabled_is_a_beginning, disabled_is_a_beginning_rows)
{
	EXPECT_EQ(fl_face_is_disabled(row->name), row->want, "'%s'", row->name);
}

TEST(face, shuffles_are_googletests)
{
	enum { TESTS = 12 };
	static const struct { uint32_t seed, want[TESTS]; } rows[] = {
		{ 1, { 3, 8, 10, 11, 0, 7, 5, 2, 9, 4, 1, 6 } },
		{ 7, { 10, 9, 3, 5, 2, 7, 4, 11, 6, 8, 1, 0 } },
		{ 99999, { 2, 3, 9, 5, 6, 7, 1, 0, 8, 11, 10, 4 } },
	};
	uint32_t order[TESTS], k;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t random = rows[i].seed;

		for (k = 0; k < TESTS; k++)
			order[k] = k;
		fl_face_shuffle(&random, order, TESTS);
		EXPECT_MEMEQ(order, rows[i].want, sizeof(order));
	}
}

TEST(face, names_show_no_minus)
{
	char text[32];

	fl_face_show("a-b.c-", text, sizeof(text));
	EXPECT_STREQ(text, "a%2Db.c%2D");
	fl_face_show("a-b.c-", text, 8);
	EXPECT_STREQ(text, "a%2Db");
	fl_face_show("", text, sizeof(text));
	EXPECT_STREQ(text, "");
}

TEST(face, values_are_found)
{
	static const char lines[] = "filter=a=b\nshards=2\nshard=\ncolor=1";
	size_t length = 0;

	EXPECT_MEMEQ(fl_face_value(lines, FL_FACE_FILTER, &length), "a=b", 3);
	EXPECT_EQ(length, 3);
	ASSERT_NE(fl_face_value(lines, FL_FACE_SHARD, &length), NULL);
	EXPECT_EQ(length, 0);
	EXPECT_MEMEQ(fl_face_value(lines, FL_FACE_COLOR, &length), "1", 2);
	EXPECT_EQ(fl_face_value(lines, FL_FACE_TIME, &length), NULL);
	EXPECT_EQ(fl_face_value(NULL, FL_FACE_TIME, &length), NULL);
}

TEST(face, flags_are_told_by_their_prefix)
{
	ASSERT_TRUE(fl_face_is_flag("--gtest_filter=a"));
	ASSERT_TRUE(fl_face_is_flag("--gtest_nonsense"));
	ASSERT_TRUE(fl_face_is_flag("-gtest_filter=a"));
	EXPECT_FALSE(fl_face_is_flag("/gtest_filter=a"));
	EXPECT_FALSE(fl_face_is_flag("gtest_filter"));
	EXPECT_FALSE(fl_face_is_flag("--gtest"));
}

FLICKER_XUNIT_MAIN();
