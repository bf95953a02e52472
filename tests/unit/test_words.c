/* SPDX-License-Identifier: MIT */
/*
 * test_words.c - a command line in words: quotes honoured, nothing expanded.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

#include <errno.h>

static const struct { const char *text, *want[6]; } words_are_those_of_a_shell_rows[] = {
	{ "", { NULL } },
	{ " \t\n ", { NULL } },
	{ "valgrind", { "valgrind" } },
	{ "  valgrind  -q\t--leak-check=full\n", { "valgrind", "-q", "--leak-check=full" } },
	{ "sh -c 'a b'", { "sh", "-c", "a b" } },
	{ "sh -c \"a b\"", { "sh", "-c", "a b" } },
	{ "a'b c'd\"e f\"g", { "ab cde fg" } },
	{ "'' \"\" x", { "", "", "x" } },
	{ "'a\\b' \"a\\b\" \"a\\\"b\" \"a\\\\b\"", { "a\\b", "a\\b", "a\"b", "a\\b" } },
	{ "a\\ b \\' \\\\", { "a b", "'", "\\" } },
	{ "'\"' \"'\"", { "\"", "'" } },
	{ "$HOME `x` *.c ~ a;b|c #d", { "$HOME", "`x`", "*.c", "~", "a;b|c", "#d" } },
};

TEST_P(words, words_are_those_of_a_shell, words_are_those_of_a_shell_rows)
{
	size_t k;
	size_t count = 99;
	char **words;

	ASSERT_EQ(fl_base_split_words(row->text, &words, &count), 0);
	for (k = 0; k < FL_COUNT(row->want) && row->want[k]; k++) {
		ASSERT_NE(words[k], NULL);
		EXPECT_STREQ(words[k], row->want[k]);
	}
	EXPECT_EQ(count, k);
	EXPECT_EQ(words[k], NULL);
	fl_base_free_words(words);
}

static const char *const what_does_not_close_is_refused_rows[] = { "'", "\"", "a 'b", "a \"b", "a\\", "\"a\\\"", "'a\\''b" };

TEST_P(words, what_does_not_close_is_refused, what_does_not_close_is_refused_rows)
{
	char **words = (char **)(uintptr_t)1;
	size_t count = 99;

	ASSERT_EQ(fl_base_split_words(*row, &words, &count), -EINVAL);
	ASSERT_EQ(words, (char **)(uintptr_t)1);    /* untouched */
	EXPECT_EQ(count, 99);
}

TEST(words, a_count_need_not_be_asked_for)
{
	char **words;

	ASSERT_EQ(fl_base_split_words("a b", &words, NULL), 0);
	EXPECT_STREQ(words[1], "b");
	fl_base_free_words(words);
	fl_base_free_words(NULL);
}

FLICKER_XUNIT_MAIN();
