/* SPDX-License-Identifier: MIT */
/*
 * trace.h - a backtrace in words.
 */
#ifndef FL_TRACE_H
#define FL_TRACE_H

#include "../engine/model.h"

#include <stdio.h>

/* `#0 function at file:line (inlined)`, or as much as is known; no newline. */
void fl_trace_frame(FILE *out, size_t number, const struct fl_frame *frame);

/* All frames, `newline` after each but the last. */
void fl_trace_print(FILE *out, const struct fl_backtrace *backtrace, const char *newline);

#endif
