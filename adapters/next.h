/* SPDX-License-Identifier: MIT */
/*
 * next.h - the real functions behind the interposers of built-in adapters; whose code it is.
 *
 * Our interposers stand in every process that we are loaded into, also where the framework
 * is not, or another adapter is at work.  The names are not always the framework's alone:
 * then they belong to the caller's own library.
 */
#ifndef FL_ADAPTERS_NEXT_H
#define FL_ADAPTERS_NEXT_H

#include <stdbool.h>

/* The definition behind ours, in whatever library it is, also one that dlopen() brought; NULL: none. */
void *fl_adapter_next(const char *symbol);

/* What the library of `caller` would have called without us; else as above. */
void *fl_adapter_theirs(const char *symbol, const void *caller);

/* Is it in the program's own file, not in a library? */
bool fl_adapter_is_program(const void *address);

#endif
