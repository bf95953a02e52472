/* SPDX-License-Identifier: MIT */
/*
 * help.c - `flicker help`: a screen for flicker, a screen for each command.
 *
 * All of it comes from the command structs and the options table.
 */
#include "help.h"

enum { OPTION_COLUMN = 26, LINE_WIDTH = 79 };

void fl_help_overview(FILE *out)
{
	const struct fl_command *const *command;

	fputs("usage: flicker command [options] [--] program [argument ...]\n\n"
	      "flicker finds out which tests of a C test program are flaky: those that pass\n"
	      "and fail on the same code.\n\ncommands:\n", out);
	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal)
			fprintf(out, "  %-10s %s\n", (*command)->name, (*command)->summary);
	fputs("\n'flicker help command' tells more of each; the manual is flicker(1)\n", out);
}

/* Words of `text`, from the column that the cursor is in, wrapped there. */
static void print_wrapped(FILE *out, const char *text, int column, int at)
{
	while (*text) {
		int length = (int)strcspn(text, " ");

		if (at > column && at + 1 + length > LINE_WIDTH) {
			fprintf(out, "\n%*s", column, "");
			at = column;
		}
		at += fprintf(out, "%s%.*s", at > column ? " " : "", length, text);
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

static void print_option(FILE *out, const struct fl_option *option)
{
	autofree char *text = option->preset
		? fl_base_format("%s (default: %s)", option->help, option->preset)
		: fl_base_copy(option->help);
	int at = fprintf(out, "  --%s%s%s", option->name, option->metavar ? " " : "",
			 option->metavar ? option->metavar : "");

	if (at > OPTION_COLUMN - 2)
		fprintf(out, "\n%*s", OPTION_COLUMN, "");
	else
		fprintf(out, "%*s", OPTION_COLUMN - at, "");
	print_wrapped(out, text, OPTION_COLUMN, OPTION_COLUMN);
}

/* Is any option of the command a variable, too? */
static bool print_options(FILE *out, const struct fl_command *command)
{
	bool has_variable = false;
	size_t i;

	fputs("\noptions:\n", out);
	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if (!(option->commands & command->options) || !option->help)
			continue;
		print_option(out, option);
		has_variable |= !option->is_option_only;
	}
	return has_variable;
}

void fl_help_page(FILE *out, const struct fl_command *command)
{
	fprintf(out, "usage: %s\n\n%s", command->usage, command->text ? command->text : "");
	if (print_options(out, command))
		fputs("\nSettings are variables, too: '--some-name X' is FLICKER_SOME_NAME=X, a\n"
		      "flag is =1, what is repeatable is a line each.  An option goes before its\n"
		      "variable.\n", out);
	if (command->exits)
		fprintf(out, "\nexit status: %s\n", command->exits);
}

static int help(const struct fl_options *options, char **operands)
{
	const struct fl_command *command;

	(void)options;
	if (!operands[0]) {
		fl_help_overview(stdout);
		return FL_EXIT_CLEAN;
	}
	if (operands[1])
		return fl_command_misused(&fl_cmd_help, "names several commands");
	command = fl_command_find(operands[0]);
	if (!command)
		return fl_command_unknown(operands[0]);
	fl_help_page(stdout, command);
	return FL_EXIT_CLEAN;
}

const struct fl_command fl_cmd_help = {
	.name    = "help",
	.usage   = "flicker help [command]",
	.summary = "print this list, or the page of a command",
	.text    = "Prints what a command does and which options it has.\n",
	.exits   = "0 printed, 64 no such command",
	.options = FL_FOR_HELP,
	.run     = help,
};
