/* SPDX-License-Identifier: MIT */
/*
 * classify.h - from the raw facts of one execution to its outcome.  Pure.
 *
 * Facts come out of memory that a test may have written over: copy them first
 * (fl_classify_copy clamps every length and ends every text).
 */
#ifndef FL_CLASSIFY_H
#define FL_CLASSIFY_H

#include "../model.h"

#include <flicker/wire.h>

/* A copy that can be trusted to be well-formed; `kept` bytes of `from` are there. */
void fl_classify_copy(const void *from, size_t kept, struct fl_facts *ret_facts);

enum fl_outcome fl_classify_outcome(const struct fl_facts *facts);

/* The observation without its backtrace; text is the caller's to clear. */
void fl_classify(const struct fl_facts *facts, struct fl_observation *ret_observation);

#endif
