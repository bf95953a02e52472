/* SPDX-License-Identifier: MIT */
/*
 * help.c - `flicker help`: a screen for flicker, a screen for each command.
 *
 * All of it comes from the command structs and the options table.
 */
#include "help.h"

#include "completion.h"

#include "../report/formats.h"

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
	fputs("\n'flicker help command' tells more of each, 'flicker help settings' of options,\n"
	      "variables and .flicker.ini; the manual is flicker(1)\n", out);
}

/* Words of `text`, from the column of texts, wrapped there. */
void fl_help_wrapped(FILE *out, const char *text)
{
	int at = OPTION_COLUMN;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (at > OPTION_COLUMN && at + 1 + length > LINE_WIDTH) {
			fprintf(out, "\n%*s", OPTION_COLUMN, "");
			at = OPTION_COLUMN;
		}
		at += fprintf(out, "%s%.*s", at > OPTION_COLUMN ? " " : "", length, text);
		text += length + (text[length] == ' ');
	}
	fputc('\n', out);
}

void fl_help_item(FILE *out, const char *name, const char *metavar)
{
	int at = fprintf(out, "  %s%s%s", name, metavar ? " " : "", metavar ? metavar : "");

	if (at > OPTION_COLUMN - 2)
		fprintf(out, "\n%*s", OPTION_COLUMN, "");
	else
		fprintf(out, "%*s", OPTION_COLUMN - at, "");
}

/* "; also -n, -m, --max-runs", or nothing.  -h goes without saying. */
static char *other_names(const struct fl_option *option)
{
	char *text = fl_base_copy(""), *before;
	const char *letter;

	for (letter = option->letters; letter && *letter && *letter != 'h'; letter++) {
		before = text;
		text = fl_base_format("%s%s -%c", before, *before ? "," : "; also", *letter);
		free(before);
	}
	if (option->alias) {
		before = text;
		text = fl_base_format("%s%s --%s", before, *before ? "," : "; also", option->alias);
		free(before);
	}
	return text;
}

void fl_help_option_text(FILE *out, const struct fl_option *option)
{
	autofree char *others = other_names(option);
	autofree char *text = option->preset
		? fl_base_format("%s (default: %s)%s", option->help, option->preset, others)
		: fl_base_format("%s%s", option->help, others);

	fl_help_wrapped(out, text);
}

static void print_option(FILE *out, const struct fl_option *option)
{
	autofree char *name = fl_base_format("--%s", option->name);

	fl_help_item(out, name, option->metavar);
	fl_help_option_text(out, option);
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

/* A line for each form. */
static void print_usage(FILE *out, const char *usage)
{
	const char *before = "usage:";

	for (; *usage; usage += strspn(usage, "\n")) {
		int length = (int)strcspn(usage, "\n");

		fprintf(out, "%s %.*s\n", before, length, usage);
		before = "      ";
		usage += length;
	}
	fputc('\n', out);
}

/* On the page of the command that is about them. */
static void print_formats(FILE *out)
{
	size_t i;

	fputs("\nformats, and what a run calls the file behind the program's name:\n", out);
	for (i = 0; i < fl_format_count; i++) {
		const struct fl_format *format = &fl_formats[i];
		autofree char *text = fl_base_format("%s (%s)", format->summary,
			format->suffix ? format->suffix : "standard output");

		fl_help_item(out, format->name, NULL);
		fl_help_wrapped(out, text);
	}
}

void fl_help_page(FILE *out, const struct fl_command *command)
{
	print_usage(out, command->usage);
	fputs(command->text ? command->text : "", out);
	if (command->options == FL_FOR_REPORT)
		print_formats(out);
	if (print_options(out, command))
		fputs("\nSettings are variables, too, and keys of .flicker.ini: '--some-name X' is\n"
		      "FLICKER_SOME_NAME=X and 'some-name = X'; see 'flicker help settings'.\n", out);
	if (command->exits)
		fprintf(out, "\nexit status: %s\n", command->exits);
}

static int help(const struct fl_options *options, char **operands)
{
	const struct fl_command *command;

	if (options->completion && !operands[0]) {
		fl_completion_print(stdout, (enum fl_shell)options->completion);
		return FL_EXIT_CLEAN;
	}
	if (options->completion)
		return fl_command_misused(&fl_cmd_help, "takes no command with '--completion'");
	if (!operands[0]) {
		fl_help_overview(stdout);
		return FL_EXIT_CLEAN;
	}
	if (operands[1])
		return fl_command_misused(&fl_cmd_help, "names several commands");
	if (strcmp(operands[0], "settings") == 0) {
		fl_help_settings(stdout);
		return FL_EXIT_CLEAN;
	}
	command = fl_command_find(operands[0]);
	if (!command)
		return fl_command_unknown(operands[0]);
	fl_help_page(stdout, command);
	return FL_EXIT_CLEAN;
}

const struct fl_command fl_cmd_help = {
	.name    = "help",
	.usage   = "flicker help [options] [command | settings]",
	.summary = "print this list, or the page of a command",
	.text    = "Prints what a command does and which options it has, or where settings come\n"
		   "from and all of their variables.\n",
	.exits   = "0 printed, 64 no such command",
	.options = FL_FOR_HELP,
	.run     = help,
};
