/* SPDX-License-Identifier: MIT */
/*
 * symbolize.h - from raw program counters to frames.
 *
 * Attempts leave bare addresses; names are found here, after the fact, from the
 * saved text of /proc/PID/maps and the files it names.  The process may be gone.
 */
#ifndef FL_SYMBOLIZE_H
#define FL_SYMBOLIZE_H

#include "../model.h"
#include "symbolcache.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One address space.  Remembers what it looked up; not for several threads at a time. */
struct fl_symbols;

/* `maps_text` as /proc/PID/maps gives it; not kept.  -EINVAL: it is not that; -ENOMEM. */
int fl_symbols_open(const char *maps_text, struct fl_symbols **ret);

/* From now on asks `cache` first, which outlives it; NULL: none. */
void fl_symbols_use(struct fl_symbols *symbols, struct fl_symbolcache *cache);
void fl_symbols_free(struct fl_symbols *symbols);       /* NULL is fine */

/*
 * The frames of `pcs`, innermost first, cut to the test's own part (see below);
 * *ret is the caller's, never fails: an address of no module keeps its pc.  All
 * but an exact first one are return addresses.  `framework` ("cmocka") or NULL.
 */
void fl_symbols_backtrace(struct fl_symbols *symbols, const uint64_t *pcs, size_t count,
			  bool is_first_exact, const char *framework,
			  struct fl_backtrace *ret);

/*
 * A view into `all` that shows what lies between the failure and the test function,
 * both included: frames of flicker, the framework (modules libflicker*, lib<framework>*; see frameworks.h)
 * and the C library go from the top, and all from the next frame of flicker or the
 * framework on, which called the test.  Where nobody else is on top, the C library stays.
 */
struct fl_backtrace fl_symbols_own_part(const struct fl_backtrace *all, const char *framework);

#endif
