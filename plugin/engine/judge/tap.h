/* SPDX-License-Identifier: MIT */
/*
 * tap.h - what a program's output says of its tests, where it speaks TAP 13 or 14.  Pure.
 *
 * It does where there is a version line or a plan.  Of subtests the line of the whole counts.
 */
#ifndef FL_TAP_H
#define FL_TAP_H

#include <stdbool.h>
#include <stddef.h>

enum fl_tap_directive { FL_TAP_PLAIN, FL_TAP_SKIP, FL_TAP_TODO };

struct fl_tap_test {
	char *name;                     /* the description; where there is none, the number */
	unsigned times;                 /* it is the k-th of that name, from 1 */
	bool is_ok;
	enum fl_tap_directive directive;
	char *message;                  /* of its diagnostics, or NULL */
};

struct fl_tap {
	bool is_tap;
	bool has_plan;
	unsigned long planned;
	bool is_skipped;                /* 1..0: all of it, `reason` says why */
	char *reason;                   /* or NULL */
	char *bail;                     /* behind "Bail out!", "" where nothing is; NULL: it did not */
	struct fl_tap_test *tests;
	size_t count, capacity;
};

/* Text that is not whole, or no TAP, is no error: what there is, is there; also a last line without an end. */
void fl_tap_parse(const char *text, size_t size, struct fl_tap *ret_tap);
void fl_tap_clear(struct fl_tap *tap);

/* A test failed: not ok, and nobody expected that. */
bool fl_tap_has_failed(const struct fl_tap_test *test);
bool fl_tap_has_failures(const struct fl_tap *tap);

#endif
