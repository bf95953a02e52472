/* SPDX-License-Identifier: MIT */
/*
 * symbolcache.h - names and lines of code that were once found in DWARF.
 *
 * One file for each build id.  It holds names of functions and files and line
 * numbers, nothing else; whatever is wrong with it, it is as if it were not there.
 */
#ifndef FL_SYMBOLCACHE_H
#define FL_SYMBOLCACHE_H

#include "../model.h"

#include <stddef.h>
#include <stdint.h>

struct fl_symbolcache;

/*
 * `setting` is a directory, "none", or NULL for $XDG_CACHE_HOME/flicker; files are in
 * symbols/ there.  NULL where there is to be no cache, or there can be none.
 */
struct fl_symbolcache *fl_symbolcache_open(const char *setting);

/* Writes what is new.  NULL is fine. */
void fl_symbolcache_free(struct fl_symbolcache *cache);

/*
 * The frames at `address` (from the start of the module) of a build, or NULL.  They
 * have function, file, line and is_inlined; the cache's own, until something is added.
 */
const struct fl_backtrace *fl_symbolcache_find(struct fl_symbolcache *cache, const char *build_id,
					       uint64_t address);

/* Remembers them, if they can be.  Copies. */
void fl_symbolcache_add(struct fl_symbolcache *cache, const char *build_id, uint64_t address,
			const struct fl_backtrace *frames);

#endif
