/* SPDX-License-Identifier: MIT */
/*
 * test_text.c - bytes from tests made harmless, as tables.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/text.h"

#include <setjmp.h>

#include <cmocka.h>

static void escapes_text(void **state)
{
	static const struct { const char *bytes, *want; } rows[] = {
		{ "", "" },
		{ "plain \\ \"quoted\"\n\ttabbed", "plain \\ \"quoted\"\n\ttabbed" },
		{ "\x01\x1b[0m\r\x7f", "\\x01\\x1b[0m\\x0d\\x7f" },
		{ "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		  "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\xc3", "\\xc3" }, { "\xc3(", "\\xc3(" }, { "\x80\xbf", "\\x80\\xbf" },
		{ "\xe2\x82", "\\xe2\\x82" }, { "\xf0\x9f\x98", "\\xf0\\x9f\\x98" },
		{ "\xc0\xaf", "\\xc0\\xaf" }, { "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xf8\x88\x80\x80\x80\xfe\xff", "\\xf8\\x88\\x80\\x80\\x80\\xfe\\xff" },
		{ "\xc2\x85\xc2\x9b", "\\u{85}\\u{9b}" }, { "\xc2\xa0", "\xc2\xa0" },
		{ "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae", "\\u{2028}\\u{2029}\\u{202e}" },
		{ "\xe2\x81\xa6\xe2\x81\xa9", "\\u{2066}\\u{2069}" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *once = fl_text_escape(rows[i].bytes);
		autofree char *twice = fl_text_escape(once);

		assert_string_equal(once, rows[i].want);
		assert_string_equal(twice, once);
	}
	assert_null(fl_text_escape(NULL));
	assert_null(fl_text_line(NULL));
}

static void finds_last_lines(void **state)
{
	(void)state;
	assert_string_equal(fl_text_last_lines("", 2), "");
	assert_string_equal(fl_text_last_lines("a", 2), "a");
	assert_string_equal(fl_text_last_lines("a\nb\nc", 2), "b\nc");
	assert_string_equal(fl_text_last_lines("a\nb\nc\n\n", 2), "b\nc\n\n");
	assert_string_equal(fl_text_last_lines("a\nb\n", 5), "a\nb\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_text),
		cmocka_unit_test(finds_last_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
