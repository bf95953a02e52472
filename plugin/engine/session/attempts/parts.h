/* SPDX-License-Identifier: MIT */
/*
 * parts.h - private to parts*.c: the tests that a program tells of in its output.
 */
#ifndef FL_PARTS_H
#define FL_PARTS_H

#include "../internal.h"

#include "../../judge/tap.h"

/* Makes its lines tests of the program; is_host: they are of the program's own run. */
void fl_parts_add(struct fl_session *session, struct fl_case *program, const struct fl_tap *tap,
		  bool is_host);

/* What the lines make of how the program ended. */
void fl_parts_fold(const struct fl_tap *tap, struct fl_observation *observation);

/*
 * How much of what a run wrote is to be read: where the program did not come to its end, its
 * last line may be half of one, and half a name is another test.
 */
size_t fl_parts_whole_lines(const char *text, size_t size, enum fl_outcome outcome);

#endif
