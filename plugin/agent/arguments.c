/* SPDX-License-Identifier: MIT */
/*
 * arguments.c - `--plugin=.../libflicker.so` where libflicker.so is there already.
 *
 * The flag asks for what is so: it is taken out before main sees it.  One that names
 * another library is the program's own and stays.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <flicker/plugin.h>

#include <string.h>
#include <unistd.h>

void fl_arguments_settle(void)
{
	fl_plugin_settle(environ);
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
	return argc;
}
