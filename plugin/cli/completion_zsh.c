/* SPDX-License-Identifier: MIT */
/*
 * completion_zsh.c - the script for zsh: specifications of _arguments(1).
 *
 * `-A '-*'` and `-S`: options end at the first operand and at `--`, as they do for us.
 */
#include "completion_shells.h"

/* Inside '…', in a text in brackets. */
static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", out);
		else if (strchr("[]:\\", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* What completes the value, behind the option's text. */
static void print_action(FILE *out, const struct fl_option *option)
{
	if (option->names == FL_NAMES_INPUT || option->names == FL_NAMES_CONFIG) {
		fputs("_files", out);
	} else if (option->names == FL_NAMES_COMMAND) {
		fputs("_command_names -e", out);
	} else if (option->kind == FL_OPTION_MASK) {
		fputs("_sequence compadd - ", out);
		fl_completion_values(out, option);
	} else if (fl_completion_has_values(option)) {
		fputc('(', out);
		fl_completion_values(out, option);
		fputc(')', out);
	}
}

static void print_spelling(FILE *out, const struct fl_option *option, const char *name)
{
	fprintf(out, "\t\t\t'%s%s%s[", option->kind == FL_OPTION_LIST ? "*" : "", name,
		!option->metavar ? "" : name[1] == '-' ? "=" : "+");
	print_escaped(out, option->help);
	fputc(']', out);
	if (option->metavar) {
		fputc(':', out);
		print_escaped(out, option->metavar);
		fputc(':', out);
		print_action(out, option);
	}
	fputs("' \\\n", out);
}

static void print_option(FILE *out, const struct fl_option *option)
{
	autofree char *name = fl_base_format("--%s", option->name);
	autofree char *alias = option->alias ? fl_base_format("--%s", option->alias) : NULL;
	const char *letter;

	print_spelling(out, option, name);
	if (alias)
		print_spelling(out, option, alias);
	for (letter = option->letters; letter && *letter; letter++)
		print_spelling(out, option, (const char[]){ '-', *letter, '\0' });
}

/* What stands behind the options. */
static void print_operands(FILE *out, const struct fl_command *command)
{
	if (command->options == FL_FOR_HELP) {
		fputs("\t\t\t'1:command:(", out);
		fl_completion_commands(out);
		fputs(" settings)'\n", out);
	} else {
		fputs("\t\t\t'1:file:_files' '*:argument:_files'\n", out);
	}
}

static void print_command(FILE *out, const struct fl_command *command)
{
	size_t i;

	fprintf(out, "\t%s)\n\t\t_arguments -S -A '-*' \\\n", command->name);
	for (i = 0; i < fl_option_count; i++)
		if (fl_completion_has(command, &fl_option_table[i]))
			print_option(out, &fl_option_table[i]);
	print_operands(out, command);
	fputs("\t\t;;\n", out);
}

void fl_completion_zsh(FILE *out)
{
	const struct fl_command *const *command;

	fputs("#compdef flicker\n"
	      "# flicker: completions for zsh, made by 'flicker help --completion zsh'\n\n"
	      "_flicker()\n{\n\tlocal -a commands\n\tcommands=(\n", out);
	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal) {
			fprintf(out, "\t\t'%s:", (*command)->name);
			print_escaped(out, (*command)->summary);
			fputs("'\n", out);
		}
	fputs("\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n"
	      "\t\treturn\n\tfi\n\tshift words\n\t((CURRENT--))\n\tcase $words[1] in\n", out);
	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal)
			print_command(out, *command);
	fputs("\tesac\n}\n\n_flicker \"$@\"\n", out);
}
