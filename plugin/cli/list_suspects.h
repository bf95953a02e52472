/* SPDX-License-Identifier: MIT */
/*
 * list_suspects.h - `flicker list --suspects`: what is known to be flaky, and until when.
 */
#ifndef FL_LIST_SUSPECTS_H
#define FL_LIST_SUSPECTS_H

#include "options.h"

/*
 * Prints a line for each annotation of the program's file `path` (NULL: none), then for each
 * entry of the files that were read: the id or pattern, then `key=value` behind tabs.  The exit
 * code.
 */
int fl_list_suspects(const struct fl_options *options, const char *path);

#endif
