/* SPDX-License-Identifier: MIT */
/*
 * completion_bash.c - the script for bash.
 *
 * It needs nothing of the bash-completion package.  An empty answer leaves the word to
 * readline, which completes files.  `=` and `:` cut words in bash: `--runs=5` comes as
 * three, and what is answered replaces the last.
 */
#include "completion_shells.h"

static const char head[] =
	"# flicker: completions for bash, made by 'flicker help --completion bash'\n"
	"\n"
	"# No file either: the value is a number or a name that only the program knows.\n"
	"_flicker_nothing()\n"
	"{\n"
	"\tcompopt +o default +o bashdefault 2>/dev/null\n"
	"\tCOMPREPLY=()\n"
	"}\n"
	"\n"
	"_flicker_words()\n"
	"{\n"
	"\tCOMPREPLY=($(compgen -W \"$1\" -- \"$2\"))\n"
	"}\n"
	"\n"
	"# The last of names with commas between.\n"
	"_flicker_list()\n"
	"{\n"
	"\tlocal before=\n"
	"\t[[ $2 == *,* ]] && before=${2%,*},\n"
	"\tcompopt -o nospace 2>/dev/null\n"
	"\tCOMPREPLY=($(compgen -P \"$before\" -W \"$1\" -- \"${2##*,}\"))\n"
	"}\n"
	"\n";

static const char body[] =
	"_flicker()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} option= command=${COMP_WORDS[1]} word= i\n"
	"\tCOMPREPLY=()\n"
	"\tif ((COMP_CWORD < 2)); then\n"
	"\t\t_flicker_words \"$_flicker_commands --help --version\" \"$cur\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t# The option whose value is due, or the first operand: behind it all is the program's.\n"
	"\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $word == = ]]; then\n"
	"\t\t\tcontinue\n"
	"\t\telif [[ -n $option ]]; then\n"
	"\t\t\t[[ ${COMP_WORDS[i + 1]} == = ]] && return\n"
	"\t\t\toption=\n"
	"\t\telif [[ $word == -- || $word != -* ]]; then\n"
	"\t\t\t[[ $command == help ]] && _flicker_nothing\n"
	"\t\t\treturn\n"
	"\t\telif [[ \" $(_flicker_options \"$command\" valued) \" == *\" $word \"* ]]; then\n"
	"\t\t\toption=$word\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t[[ $cur == = ]] && cur=\n"
	"\tif [[ -n $option ]]; then\n"
	"\t\t[[ $word == = && ${COMP_WORDS[COMP_CWORD - 2]} != --* ]] && return\n"
	"\t\t_flicker_value \"$option\" \"$cur\"\n"
	"\telif [[ $cur == -* ]]; then\n"
	"\t\t_flicker_words \"$(_flicker_options \"$command\" all)\" \"$cur\"\n"
	"\telif [[ $command == help ]]; then\n"
	"\t\t_flicker_words \"$_flicker_commands settings\" \"$cur\"\n"
	"\tfi\n"
	"}\n"
	"\n"
	"complete -o bashdefault -o default -F _flicker flicker\n";

/* Options of one command on one line of a case. */
static void print_options(FILE *out, const struct fl_command *command, bool is_valued)
{
	const char *before = "", *letter;
	size_t i;

	fprintf(out, "\t%s:%s) echo '", command->name, is_valued ? "valued" : "all");
	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if (!fl_completion_has(command, option) || (is_valued && !option->metavar))
			continue;
		fprintf(out, "%s--%s", before, option->name);
		before = " ";
		if (option->alias)
			fprintf(out, " --%s", option->alias);
		for (letter = option->letters; is_valued && letter && *letter; letter++)
			fprintf(out, " -%c", *letter);
	}
	fputs("' ;;\n", out);
}

static void print_all_options(FILE *out)
{
	const struct fl_command *const *command;

	fputs("# The options of a command: all of them, or those that take a value.\n"
	      "_flicker_options()\n{\n\tcase $1:$2 in\n", out);
	for (command = fl_commands; *command; command++)
		if (!(*command)->is_internal) {
			print_options(out, *command, false);
			print_options(out, *command, true);
		}
	fputs("\tesac\n}\n\n", out);
}

/* A value without words and files is left to the user. */
static void print_value(FILE *out, const struct fl_option *option)
{
	bool is_list = option->kind == FL_OPTION_MASK;

	if (option->names == FL_NAMES_INPUT || option->names == FL_NAMES_CONFIG)
		return;
	fprintf(out, "\t--%s) ", option->name);
	if (option->names == FL_NAMES_COMMAND) {
		fputs("COMPREPLY=($(compgen -c -- \"$2\")) ;;\n", out);
	} else if (fl_completion_has_values(option)) {
		fputs(is_list ? "_flicker_list '" : "_flicker_words '", out);
		fl_completion_values(out, option);
		fputs("' \"$2\" ;;\n", out);
	} else {
		fputs("_flicker_nothing ;;\n", out);
	}
}

static void print_values(FILE *out)
{
	size_t i;

	fputs("# The value of an option; files, where nothing is said here.\n"
	      "_flicker_value()\n{\n\tcase $1 in\n", out);
	for (i = 0; i < fl_option_count; i++)
		if (fl_option_table[i].metavar && fl_option_table[i].help)
			print_value(out, &fl_option_table[i]);
	fputs("\tesac\n}\n\n", out);
}

void fl_completion_bash(FILE *out)
{
	fputs(head, out);
	fputs("_flicker_commands='", out);
	fl_completion_commands(out);
	fputs("'\n\n", out);
	print_all_options(out);
	print_values(out);
	fputs(body, out);
}
