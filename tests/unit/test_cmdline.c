/* SPDX-License-Identifier: MIT */
/*
 * test_cmdline.c - which commands take a shell, and what is executed otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/cmdline.h"

static void a_shell_is_called_where_it_is_needed(void **state)
{
	static const struct { const char *line; bool want; } rows[] = {
		{ "/bin/true", false }, { "true", false }, { "false", false },
		{ "prog --a=b c:d e,f g@h i%j k^l m+n", false },
		{ "prog ./x/y-z_1.2", false }, { "  prog\targ  ", false },
		{ "prog 'a | b; $c `d` > e * ? [f] {g} ~ # & (h)\ni'", false },
		{ "prog \"a | b; > e * ? [f] ~ # & (h) 'i' \\\" \\\\ \"", false },
		{ "prog a\\ b \\$c \\| \\\"", false },
		{ "prog a#b a~b a!b a=~b", false },
		{ "prog ''", false },
		{ "prog 'does not close | x", false },  /* the words say so */
		{ "prog \"does not close | x", false },
		{ "prog \\", false },
		{ "a | b", true }, { "a & b", true }, { "a && b", true }, { "a; b", true },
		{ "a < b", true }, { "a >b", true }, { "(a)", true }, { "a $b", true },
		{ "a `b`", true }, { "a *", true }, { "a b?", true }, { "a [bc]", true },
		{ "a ~/b", true }, { "a #b", true }, { "! a", true }, { "a {b,c}", true },
		{ "a\nb", true }, { "a \\\nb", true },
		{ "a \"$b\"", true }, { "a \"`b`\"", true }, { "a \"\\$b\"", true },
		{ "A=b c", true }, { "A=b", true }, { "'a' | b", true },
		{ "exit 3", true }, { "cd /", true }, { "echo x", true }, { "if", true },
		{ ": x", true }, { ". ./x", true }, { "test 1 -lt 2", true }, { "'exit' 3", true },
		{ "exiting 3", false }, { "prog exit", false }, { "./exit", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		if (fl_cmdline_needs_shell(rows[i].line) != rows[i].want)
			fail_msg("'%s': %d", rows[i].line, !rows[i].want);
}

/* The words with | between; tokens shown as N and P. */
static char *words_of(char *const *operands, const char *token)
{
	struct fl_cmdline cmdline = { 0 };
	struct fl_error error = { "" };
	char *text = fl_base_copy(""), *before;
	size_t i;

	if (fl_cmdline_parse(operands, token, &cmdline, &error) < 0) {
		free(text);
		return fl_base_format("! %s", error.text);
	}
	for (i = 0; cmdline.words[i]; i++) {
		char *word = cmdline.words[i];

		before = text;
		if (strcmp(word, cmdline.count_token) == 0)
			word = "N";
		else if (strcmp(word, cmdline.port_token) == 0)
			word = "P";
		text = fl_base_format("%s%s%s", before, i ? "|" : "", word);
		free(before);
	}
	fl_cmdline_clear(&cmdline);
	return text;
}

static void commands_become_words(void **state)
{
	static const struct { char *operands[4]; const char *token, *want; } rows[] = {
		{ { "a 'b c' \"d\\\"e\" f\\ g" }, "#count#", "a|b c|d\"e|f g" },
		{ { "a #count# #port#" }, "#count#", "a|N|P" },
		{ { "a $N" }, "$N", "a|N" },                    /* a token may look like anything */
		{ { "a X Y" }, "X Y", "a|N" },
		{ { "a", "b c", "$d | e" }, "#count#", "a|b c|$d | e" },
		{ { "a", "#count#", "#port#" }, "#count#", "a|N|P" },
		{ { "a | b" }, "#count#", "/bin/sh|-c|a | b" },
		{ { "echo #x" }, "#count#", "/bin/sh|-c|echo #x" },
		{ { "a 'b" }, "#count#", "! got a command whose quotes do not close" },
		{ { "" }, "#count#", "! names no command, but blanks" },
		{ { " \t" }, "#count#", "! names no command, but blanks" },
		{ { NULL }, "#count#", "! names no command" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *words = words_of(rows[i].operands, rows[i].token);

		assert_string_equal(words, rows[i].want);
	}
}

static void the_first_program_of_a_line_is_found(void **state)
{
	static const struct { const char *line, *want; } rows[] = {
		{ "a | b", "a" }, { "  ./a-b.c>d", "./a-b.c" }, { "a;b", "a" }, { "a", "a" },
		{ "exit 3", NULL }, { "a() { b; }; a", NULL }, { "a () { b; }; a", NULL },
		{ "A=b c", NULL }, { "$a b", NULL }, { "(a)", NULL }, { "'a' | b", NULL },
		{ "if a; then b; fi", NULL }, { "a\001count\001 | b", NULL }, { "! a", NULL },
		{ "", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *first = fl_cmdline_first_program(rows[i].line);

		assert_int_equal(first != NULL, rows[i].want != NULL);
		if (first)
			assert_string_equal(first, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shell_is_called_where_it_is_needed),
		cmocka_unit_test(commands_become_words),
		cmocka_unit_test(the_first_program_of_a_line_is_found),
	};

	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
