/* SPDX-License-Identifier: MIT */
/*
 * calls.h - what the interposed calls say of the names that they take.
 *
 * calls.c has files, calls_shared.c ports and shared memory, calls_names.c the names.
 */
#ifndef FL_CALLS_H
#define FL_CALLS_H

#include "look.h"

/* A path as it was given, and open(2)'s flags. */
struct fl_call {
	int folder;                     /* AT_FDCWD, or a descriptor */
	const char *path;
	int flags;
};

/* All keep errno. */
bool fl_calls_is_missing(int folder, const char *path);
void fl_calls_used(int folder, const char *path);
void fl_calls_created(int folder, const char *path, bool is_new);
void fl_calls_collided(int folder, const char *path);
void fl_calls_locked(int fd, bool is_refused);  /* a file, by its descriptor */

#endif
