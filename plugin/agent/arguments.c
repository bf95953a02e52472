/* SPDX-License-Identifier: MIT */
/*
 * arguments.c - arguments that are not for main, and are taken out before it sees them.
 *
 * `--plugin=.../libflicker.so` where libflicker.so is there already: the flag asks for what is
 * so.  One that names another library is the program's own and stays.  And GoogleTest's,
 * where the command has told us that it has read them.
 */
#define _GNU_SOURCE
#include "face/face.h"

#include <flicker/plugin.h>

#include <string.h>
#include <unistd.h>

void fl_arguments_settle(void)
{
	fl_plugin_settle(environ);
}

static int take_flags(int argc, char **argv)
{
	int from, to;

	for (from = to = 1; from < argc; from++)
		if (!fl_face_is_flag(argv[from]))
			argv[to++] = argv[from];
	argv[to] = NULL;
	return to;
}

int fl_arguments_take(int argc, char **argv)
{
	const char *own = fl_plugin_name(fl_entry_library());
	struct fl_plugin_flag flag;
	int at = 1;

	if (!fl_agent.adapter || argc < 1)
		return argc;
	while (fl_plugin_find(argv, at, &flag)) {
		at = flag.at;
		if (strcmp(fl_plugin_name(flag.path), own) == 0) {
			fl_plugin_cut(argv, &flag);
			argc -= flag.words;
		} else {
			at += flag.words;
		}
	}
	return fl_face_takes_flags() ? take_flags(argc, argv) : argc;
}
