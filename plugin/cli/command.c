/* SPDX-License-Identifier: MIT */
/*
 * command.c - finding a command, and what is said of one that was misused.
 */
#include "command.h"
#include "message.h"

const struct fl_command *fl_command_find(const char *name)
{
	const struct fl_command *const *command;

	for (command = fl_commands; *command; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}

static const char *nearest(const char *name)
{
	const char *names[32];
	size_t count = 0, i;

	for (i = 0; fl_commands[i] && count < FL_COUNT(names); i++)
		if (!fl_commands[i]->is_internal)
			names[count++] = fl_commands[i]->name;
	return fl_nearest(name, names, count);
}

int fl_command_unknown(const char *name)
{
	const char *near = nearest(name);

	if (name[0] == '-')
		fl_message_say("unknown option '%s'; options follow a command, see 'flicker help'",
			       name);
	else if (strchr(name, '/'))
		fl_message_say("unknown command '%s'; did you mean 'flicker run %s'?", name, name);
	else if (near)
		fl_message_say("unknown command '%s'; did you mean '%s'?", name, near);
	else
		fl_message_say("unknown command '%s'; see 'flicker help'", name);
	return FL_EXIT_USAGE;
}

int fl_command_misused(const struct fl_command *command, const char *what)
{
	const char *second = strchr(command->usage, '\n');
	int length = (int)strcspn(command->usage, "\n");

	fl_message_say("'%s' %s; usage: %.*s%s%s", command->name, what, length, command->usage,
		       second ? ", or: " : "", second ? second + 1 : "");
	return FL_EXIT_USAGE;
}
