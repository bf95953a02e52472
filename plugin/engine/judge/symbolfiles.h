/* SPDX-License-Identifier: MIT */
/*
 * symbolfiles.h - the folder of the symbol cache: made, written to, kept small.
 */
#ifndef FL_SYMBOLFILES_H
#define FL_SYMBOLFILES_H

#include <stddef.h>

/*
 * The folder, which is there (0700) and nobody else can write to; the caller's.  NULL
 * otherwise.  `setting` as for fl_symbolcache_open().
 */
char *fl_symbolfiles_directory(const char *setting);

/* Replaces the file `name` in it as a whole; of too many files, the oldest go.  0 or negative errno. */
int fl_symbolfiles_write(const char *directory, const char *name, const void *bytes, size_t size);

#endif
