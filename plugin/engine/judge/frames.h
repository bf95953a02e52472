/* SPDX-License-Identifier: MIT */
/*
 * frames.h - one address: the function it lies in and those inlined around it.
 */
#ifndef FL_FRAMES_H
#define FL_FRAMES_H

#include "../model.h"
#include "symbolcache.h"

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The frames at `pc`, innermost first, at least one; *ret is the caller's.  A return
 * address (not exact) is looked up one byte before, where the call is.  What `cache`
 * (or NULL) does not know is looked up in the module, and then it knows it.
 */
void fl_frames_find(Dwfl *dwfl, struct fl_symbolcache *cache, uint64_t pc, bool is_exact,
		    struct fl_backtrace *ret);

#endif
