/* SPDX-License-Identifier: MIT */
/*
 * flag.h - what the files of libflicker-plugin share.
 *
 * It is linked into programs that mostly run without flicker: without the flag it looks
 * through the arguments and does nothing else.
 *
 *   flag      the constructor: the flag, and the new start
 *   library   can PATH be preloaded, and is it there already?
 */
#ifndef FL_FLAG_H
#define FL_FLAG_H

#include <limits.h>
#include <stdbool.h>

/* A library to preload, as asked for and as found. */
struct fl_flag_library {
	const char *path;               /* what the flag says */
	char resolved[PATH_MAX];
	char refusal[128];              /* why it cannot be preloaded; "": it can */
};

/* Fills resolved and refusal. */
void fl_flag_library_check(struct fl_flag_library *library);

/* The file of a loaded library of that name, whatever its version; or NULL. */
const char *fl_flag_library_loaded(const char *name);

/* Is the executable one that no loader has started? */
bool fl_flag_library_is_static(void);

/* What -u asks for where the archive is linked: it brings the constructor along. */
extern const char flicker_plugin_linked;

#endif
