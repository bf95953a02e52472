/* SPDX-License-Identifier: MIT */
/*
 * test_pattern.c - the filter grammar of GoogleTest, over ids that may hold a `-`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flicker/pattern.h>

static void filters_select(void **state)
{
	static const struct { const char *filter, *id; bool want; } rows[] = {
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
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (fl_pattern_match(rows[i].filter, rows[i].id) != rows[i].want)
			fail_msg("'%s' on '%s'", rows[i].filter, rows[i].id);
}

static void stars_cost_no_exponent(void **state)
{
	char text[2001];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(fl_pattern_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static void lines_are_alternatives(void **state)
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

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (fl_pattern_match_lines(rows[i].lines, rows[i].id) != rows[i].want)
			fail_msg("pattern row %zu", i);
		if (fl_pattern_is_line(rows[i].lines, rows[i].id) != rows[i].want_exact)
			fail_msg("line row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_select),
		cmocka_unit_test(stars_cost_no_exponent),
		cmocka_unit_test(lines_are_alternatives),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
