/* SPDX-License-Identifier: MIT */
/*
 * help_settings.c - `flicker help settings`: where settings come from, and all of them.
 */
#include "help.h"

static const char text[] =
	"A setting is an option, a variable and a key of a configuration file.  The\n"
	"first that is given counts: the option, the variable, the key, the default.\n"
	"\n"
	"  option    --some-name X        what is repeatable is given several times\n"
	"  variable  FLICKER_SOME_NAME=X  what is repeatable is a line each; a flag is 1\n"
	"                                 or 0; an empty variable counts as unset\n"
	"  key       some-name = X        in section [run]; what is repeatable stands\n"
	"                                 several times, or goes on in indented lines\n"
	"\n"
	"The configuration file is the first .flicker.ini from the working directory up\n"
	"to the root of the repository, else $XDG_CONFIG_HOME/flicker/config.ini (or in\n"
	"~/.config).  '--config FILE' names another, '--config none' none.  A section\n"
	"\n"
	"  [suspect \"PATTERN\"]\n"
	"  reason = ...\n"
	"\n"
	"makes the tests that match suspect, as FLICKER_SUSPECT does in the source; its\n"
	"keys are reason, owner, ticket, until (YYYY-MM-DD) and crash (yes or no).  A\n"
	"library that was loaded by LD_PRELOAD alone sees variables only: the file\n"
	"counts once the command runs.\n"
	"\n"
	"variables, by option:\n";

static const struct { const char *name, *help; } others[] = {
	{ "FLICKER_COMMAND", "under plain LD_PRELOAD: the path of the command" },
	{ "FLICKER_DEBUG", "modules that tell what they do, commas between, or all" },
	{ "FLICKER_ATTEMPT", "set in a test that is attempted: the number of the attempt" },
	{ "FLICKER_ATTEMPT_SEED", "set in a test that is attempted: the seed of the attempt" },
	{ "FLICKER_PLUGIN", "between the two starts that a program's own --plugin=PATH takes" },
};

void fl_help_settings(FILE *out)
{
	size_t i;

	fputs(text, out);
	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];
		autofree char *variable = fl_option_variable(option);

		if (option->is_option_only || !option->help)
			continue;
		fl_help_item(out, variable, option->metavar);
		fl_help_option_text(out, option);
	}
	fputs("\nother variables:\n", out);
	for (i = 0; i < FL_COUNT(others); i++) {
		fl_help_item(out, others[i].name, NULL);
		fl_help_wrapped(out, others[i].help);
	}
}
