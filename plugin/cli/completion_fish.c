/* SPDX-License-Identifier: MIT */
/*
 * completion_fish.c - the script for fish: a line for each option of each command.
 */
#include "completion_shells.h"

static void print_quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

/* -r: a value is due; -f: no file; -x: both; -F: a file after all. */
static void print_value(FILE *out, const struct fl_option *option)
{
	if (option->names == FL_NAMES_INPUT || option->names == FL_NAMES_CONFIG)
		fputs(" -r -F", out);
	else if (option->names == FL_NAMES_COMMAND)
		fputs(" -x -a '(__fish_complete_command)'", out);
	else
		fputs(" -x", out);
	if (!fl_completion_has_values(option))
		return;
	fputs(" -a '", out);
	fl_completion_values(out, option);
	fputc('\'', out);
}

static void print_option(FILE *out, const struct fl_command *command,
			 const struct fl_option *option)
{
	const char *letter;

	fprintf(out, "complete -c flicker -n '__fish_seen_subcommand_from %s' -l %s", command->name,
		option->name);
	if (option->alias)
		fprintf(out, " -l %s", option->alias);
	for (letter = option->letters; letter && *letter; letter++)
		fprintf(out, " -s %c", *letter);
	if (option->metavar)
		print_value(out, option);
	fputs(" -d ", out);
	print_quoted(out, option->help);
	fputc('\n', out);
}

static void print_command(FILE *out, const struct fl_command *command)
{
	size_t i;

	fprintf(out, "\ncomplete -c flicker -n __fish_use_subcommand -f -a %s -d ", command->name);
	print_quoted(out, command->summary);
	fputc('\n', out);
	for (i = 0; i < fl_option_count; i++)
		if (fl_completion_has(command, &fl_option_table[i]))
			print_option(out, command, &fl_option_table[i]);
	if (command->options != FL_FOR_HELP)
		return;
	fprintf(out, "complete -c flicker -n '__fish_seen_subcommand_from %s' -f -a '",
		command->name);
	fl_completion_commands(out);
	fputs(" settings'\n", out);
}

void fl_completion_fish(FILE *out)
{
	const struct fl_command *const *command;

	fputs("# flicker: completions for fish, made by 'flicker help --completion fish'\n", out);
	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal)
			print_command(out, *command);
}
