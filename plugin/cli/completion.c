/* SPDX-License-Identifier: MIT */
/*
 * completion.c - the parts that the scripts of all shells are made of, and which script it is.
 *
 * Words come from the tables alone: a new option is completed without a line here.
 */
#include "completion.h"

#include "completion_shells.h"

#include "../report/formats.h"

void fl_completion_print(FILE *out, enum fl_shell shell)
{
	static void (*const print[])(FILE *out) = {
		[FL_SHELL_BASH] = fl_completion_bash,
		[FL_SHELL_ZSH] = fl_completion_zsh,
		[FL_SHELL_FISH] = fl_completion_fish,
	};

	print[shell](out);
}

bool fl_completion_has(const struct fl_command *command, const struct fl_option *option)
{
	return (option->commands & command->options) && option->help;
}

bool fl_completion_has_values(const struct fl_option *option)
{
	return option->kind == FL_OPTION_WORD || option->kind == FL_OPTION_LIMIT ||
	       option->kind == FL_OPTION_MASK || option->names == FL_NAMES_REPORT;
}

/* "a, b" as "a b". */
static void print_words(FILE *out, const char *words)
{
	for (; *words; words++)
		if (*words != ',')
			fputc(*words, out);
}

void fl_completion_values(FILE *out, const struct fl_option *option)
{
	size_t i;

	if (option->kind == FL_OPTION_WORD)
		print_words(out, option->words);
	else if (option->kind == FL_OPTION_LIMIT)
		fputs("none", out);
	else if (option->names == FL_NAMES_REPORT)
		fputs(&FL_FORMAT_NAMES[1], out);
	if (option->kind != FL_OPTION_MASK)
		return;
	fputs("all none", out);
	for (i = 0; i < option->mask->count; i++)
		fprintf(out, " %s +%s -%s", option->mask->names[i], option->mask->names[i],
			option->mask->names[i]);
}

void fl_completion_commands(FILE *out)
{
	const struct fl_command *const *command;
	const char *before = "";

	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal) {
			fprintf(out, "%s%s", before, (*command)->name);
			before = " ";
		}
}
