/* SPDX-License-Identifier: MIT */
/*
 * plugin.h - `--plugin=PATH` in the arguments of a test program.
 *
 * Two read it.  libflicker-plugin (plugin/flag), which a program is linked to or has
 * adopted, starts the program anew without the flag and with PATH in LD_PRELOAD.
 * libflicker.so takes the flag out of main's arguments where it is there already.
 *
 * A program that was started anew finds FLICKER_PLUGIN=ENTRY in its environment: ENTRY is
 * the whole LD_PRELOAD=... that holds from then on, or empty where that stays as it is.
 * Whoever of the two comes first settles it, before anybody could inherit it.
 */
#ifndef FLICKER_PLUGIN_H
#define FLICKER_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define FL_PLUGIN_VARIABLE "FLICKER_PLUGIN="
#define FL_PLUGIN_PRELOAD  "LD_PRELOAD="

struct fl_plugin_flag {
	int at;                         /* its index in argv */
	int words;                      /* 1: --plugin=PATH, 2: --plugin PATH */
	const char *path;
};

/* What stands behind `start`, or NULL: the text begins otherwise. */
static inline const char *fl_plugin_after(const char *text, const char *start)
{
	size_t length = strlen(start);

	return strncmp(text, start, length) == 0 ? text + length : NULL;
}

/* The last component of a path. */
static inline const char *fl_plugin_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A word of its own is the path only where it looks like a library: it may be an operand. */
static inline bool fl_plugin_is_library(const char *word)
{
	size_t length = word ? strlen(word) : 0;

	return length > 3 && strcmp(word + length - 3, ".so") == 0;
}

/* The first flag at argv[from] or behind it; `--` ends the search.  argv ends with NULL. */
static inline bool fl_plugin_find(char *const *argv, int from, struct fl_plugin_flag *ret_flag)
{
	int i;

	for (i = from; argv[i] && strcmp(argv[i], "--") != 0; i++) {
		const char *path = fl_plugin_after(argv[i], "--plugin");

		if (path && *path == '=') {
			*ret_flag = (struct fl_plugin_flag){ i, 1, path + 1 };
			return true;
		}
		if (path && !*path && fl_plugin_is_library(argv[i + 1])) {
			*ret_flag = (struct fl_plugin_flag){ i, 2, argv[i + 1] };
			return true;
		}
	}
	return false;
}

/* Takes it out, in place. */
static inline void fl_plugin_cut(char **argv, const struct fl_plugin_flag *flag)
{
	char **at = argv + flag->at;

	do
		at[0] = at[flag->words];
	while (*at++);
}

/* Takes FLICKER_PLUGIN=... out of the array; it, or NULL. */
static inline char *fl_plugin_take_variable(char **environment)
{
	char **at = environment, *entry;

	while (at && *at && !fl_plugin_after(*at, FL_PLUGIN_VARIABLE))
		at++;
	if (!at || !*at)
		return NULL;
	entry = *at;
	do
		at[0] = at[1];
	while (*at++);
	return entry;
}

/* Writes over the text of LD_PRELOAD; only ever by a part of it. */
static inline void fl_plugin_set_preload(char **environment, const char *entry)
{
	size_t length = strlen(entry);

	for (; *environment; environment++)
		if (fl_plugin_after(*environment, FL_PLUGIN_PRELOAD) &&
		    length <= strlen(*environment)) {
			memset(*environment, 0, strlen(*environment));
			memcpy(*environment, entry, length);
		}
}

/*
 * Has the process been started anew?  Its environment is then as it should be; the very
 * bytes are, for /proc/PID/environ shows them to whoever starts the program once more.
 */
static inline bool fl_plugin_settle(char **environment)
{
	char *entry = fl_plugin_take_variable(environment);
	const char *preload;

	if (!entry)
		return false;
	preload = entry + sizeof(FL_PLUGIN_VARIABLE) - 1;
	if (fl_plugin_after(preload, FL_PLUGIN_PRELOAD))
		fl_plugin_set_preload(environment, preload);
	memset(entry, 0, strlen(entry));
	return true;
}

#endif
