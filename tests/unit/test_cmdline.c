/* SPDX-License-Identifier: MIT */
/*
 * test_cmdline.c - which commands take a shell, and what is executed otherwise.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/cmdline.h"

static const struct { const char *line; bool want; } a_shell_is_called_where_it_is_needed_rows[] = {
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

TEST_P(cmdline, a_shell_is_called_where_it_is_needed, a_shell_is_called_where_it_is_needed_rows)
{
	EXPECT_EQ(fl_cmdline_needs_shell(row->line), row->want, "'%s': %d", row->line, !row->want);
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

static const struct { char *operands[4]; const char *token, *want; }
commands_become_words_rows[] = {
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

TEST_P(cmdline, commands_become_words, commands_become_words_rows)
{
	autofree char *words = words_of(row->operands, row->token);

	EXPECT_STREQ(words, row->want);
}

static const struct { const char *line, *want; } the_first_program_of_a_line_is_found_rows[] = {
	{ "a | b", "a" }, { "  ./a-b.c>d", "./a-b.c" }, { "a;b", "a" }, { "a", "a" },
	{ "exit 3", NULL }, { "a() { b; }; a", NULL }, { "a () { b; }; a", NULL },
	{ "A=b c", NULL }, { "$a b", NULL }, { "(a)", NULL }, { "'a' | b", NULL },
	{ "if a; then b; fi", NULL }, { "a\001count\001 | b", NULL }, { "! a", NULL },
	{ "", NULL },
};

TEST_P(cmdline, the_first_program_of_a_line_is_found, the_first_program_of_a_line_is_found_rows)
{
	autofree char *first = fl_cmdline_first_program(row->line);

	EXPECT_EQ(first != NULL, row->want != NULL);
	if (first)
		EXPECT_STREQ(first, row->want);
}

FLICKER_XUNIT_MAIN();
