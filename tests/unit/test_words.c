/* SPDX-License-Identifier: MIT */
/*
 * test_words.c - a command line in words: quotes honoured, nothing expanded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"

#include <errno.h>

static void words_are_those_of_a_shell(void **state)
{
	static const struct { const char *text, *want[6]; } rows[] = {
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
	size_t i, k;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		size_t count = 99;
		char **words;

		assert_int_equal(fl_base_split_words(rows[i].text, &words, &count), 0);
		for (k = 0; k < FL_COUNT(rows[i].want) && rows[i].want[k]; k++) {
			assert_non_null(words[k]);
			assert_string_equal(words[k], rows[i].want[k]);
		}
		assert_int_equal(count, k);
		assert_null(words[k]);
		fl_base_free_words(words);
	}
}

static void what_does_not_close_is_refused(void **state)
{
	static const char *const rows[] = { "'", "\"", "a 'b", "a \"b", "a\\", "\"a\\\"", "'a\\''b" };
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		char **words = (char **)(uintptr_t)1;
		size_t count = 99;

		assert_int_equal(fl_base_split_words(rows[i], &words, &count), -EINVAL);
		assert_true(words == (char **)(uintptr_t)1);    /* untouched */
		assert_int_equal(count, 99);
	}
}

static void a_count_need_not_be_asked_for(void **state)
{
	char **words;

	(void)state;
	assert_int_equal(fl_base_split_words("a b", &words, NULL), 0);
	assert_string_equal(words[1], "b");
	fl_base_free_words(words);
	fl_base_free_words(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_those_of_a_shell),
		cmocka_unit_test(what_does_not_close_is_refused),
		cmocka_unit_test(a_count_need_not_be_asked_for),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
