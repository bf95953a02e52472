/* SPDX-License-Identifier: MIT */
/*
 * test_text.c - bytes from tests made harmless, as tables.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/text.h"

#include <flicker/xunit.h>

TEST(text, escapes_text)
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

	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *once = fl_text_escape(rows[i].bytes);
		autofree char *twice = fl_text_escape(once);

		EXPECT_STREQ(once, rows[i].want);
		EXPECT_STREQ(twice, once);
	}
	EXPECT_EQ(fl_text_escape(NULL), NULL);
	EXPECT_EQ(fl_text_line(NULL), NULL);
}

TEST(text, finds_last_lines)
{
	EXPECT_STREQ(fl_text_last_lines("", 2), "");
	EXPECT_STREQ(fl_text_last_lines("a", 2), "a");
	EXPECT_STREQ(fl_text_last_lines("a\nb\nc", 2), "b\nc");
	EXPECT_STREQ(fl_text_last_lines("a\nb\nc\n\n", 2), "b\nc\n\n");
	EXPECT_STREQ(fl_text_last_lines("a\nb\n", 5), "a\nb\n");
}

FLICKER_XUNIT_MAIN();
