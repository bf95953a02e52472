/* SPDX-License-Identifier: MIT */
/*
 * parts.h - private to parts*.c: the tests that a program tells of in its output.
 */
#ifndef FL_PARTS_H
#define FL_PARTS_H

#include "internal.h"

#include "../judge/tap.h"

/* Makes its lines tests of the program; is_host: they are of the program's own run. */
void fl_parts_add(struct fl_session *session, struct fl_case *program, const struct fl_tap *tap,
		  bool is_host);

/* What the lines make of how the program ended. */
void fl_parts_fold(const struct fl_tap *tap, struct fl_observation *observation);

#endif
