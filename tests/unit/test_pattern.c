/* SPDX-License-Identifier: MIT */
/*
 * test_pattern.c - the filter grammar of GoogleTest, over ids that may hold a `-`.
 */
#include <flicker/xunit.h>

#include <flicker/pattern.h>

static const struct { const char *filter, *id; bool want; } filters_select_rows[] = {
	{ "", "a.b", true },
	{ "*", "a.b", true },
	{ "*", "", true },
	{ "?", "", false },
	{ "a.b", "a.b", true },
	{ "a.b", "a.bc", false },
	{ "a.b", "a.B", false },
	{ "a.?", "a.b", true },
	{ "a.?", "a.", false },
	{ "a.?", "a.bc", false },
	{ "a*b*c", "a-x-b-b-c", true },
	{ "a*b*c", "abcabd", false },
	{ "**b", "aab", true },
	{ "*a*", "bbb", false },
	{ "x:a.b", "a.b", true },
	{ "x:", "y", false },
	{ ":a", "a", true },
	{ "-a.b", "a.b", false },
	{ "-a.b", "a.c", true },
	{ "-*", "a", false },
	{ "-", "a.b", true },
	{ "a.*:-a.c", "a.b", true },
	{ "a.*:-a.c", "a.c", false },
	{ "a.*:-a.c:a.d", "a.d", false },
	{ "a.*:-a.c:-a.d", "a.d", true },       /* only the first `-` negates */
	{ "a.*:-a.c", "b.b", false },
	{ "a-b", "a-b", true },                 /* a `-` within a word is a letter */
	{ "a-b", "a", false },
	{ "a.*-a.c", "a.c", false },
	{ "a.*-a.c", "a.x-a.c", true },
};

TEST_P(pattern, filters_select, filters_select_rows)
{
	EXPECT_EQ(fl_pattern_match(row->filter, row->id), row->want,
		  "'%s' on '%s'", row->filter, row->id);
}

TEST(pattern, stars_cost_no_exponent)
{
	char text[2001];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	EXPECT_FALSE(fl_pattern_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(pattern, lines_are_alternatives)
{
	static const struct { const char *lines, *id; bool want, want_exact; } rows[] = {
		{ "", "a", false, false },
		{ "\n\n", "a", false, false },
		{ "a", "a", true, true },
		{ "b\na", "a", true, true },
		{ "a\n", "a", true, true },
		{ "b\n\na\nc", "a", true, true },
		{ "b*\na*", "ab", true, false },
		{ "ab\nc", "a", false, false },
		{ "-a\nc", "b", true, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		EXPECT_EQ(fl_pattern_match_lines(rows[i].lines, rows[i].id), rows[i].want,
			  "pattern row %zu", i);
		EXPECT_EQ(fl_pattern_is_line(rows[i].lines, rows[i].id), rows[i].want_exact,
			  "line row %zu", i);
	}
}

FLICKER_XUNIT_MAIN();
