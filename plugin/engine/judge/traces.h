/* SPDX-License-Identifier: MIT */
/*
 * traces.h - what the traces of an attempt say: lines "left WHAT", "used WHAT", "collided WHAT".
 *
 * Pure.  The lines come from memory that a test may have written over: none is trusted to
 * be well-formed, and their number is bounded.
 */
#ifndef FL_TRACES_H
#define FL_TRACES_H

#include "../model.h"

#include <flicker/wire.h>

enum { FL_TRACES_MOST = 32 };

/*
 * Adds to test->leaks what a passing attempt left behind, each thing once: WHAT of its
 * lines, the bare kind where a bit of `left` has no line, and stragglers as a child.
 */
void fl_traces_add_leaks(struct fl_test *test, const struct fl_facts *facts);

/*
 * What two attempts of one test would collide over: WHAT of all lines "collided" of `a`,
 * `b` and `failed` (the traces of an attempt that failed after a collision), then of the
 * lines "used" that a and b have in common.  Each may be NULL.  Returns how many; the
 * texts and their array are the caller's (NULL for none).
 */
size_t fl_traces_shared(const char *a, const char *b, const char *failed, char ***ret_names);

#endif
