/* SPDX-License-Identifier: MIT */
/*
 * annotation.h - FLICKER_SUSPECT("id", "key=value; ...") as the program holds it.
 *
 * One string: `v1;test=ID;key=value; key=value`.  Keys: reason, owner, ticket,
 * until (YYYY-MM-DD), crash (yes or no).  White space around keys and values is
 * of no meaning; an unknown key is kept out and reported.
 */
#ifndef FL_ANNOTATION_H
#define FL_ANNOTATION_H

#include "../../../base/base.h"
#include "../../model.h"

struct fl_annotation {
	char *test;
	struct fl_suspicion suspicion;  /* why: annotated */
	bool has_crash;                 /* it says of a crash, yes or no */
};

/* -EINVAL with error where it cannot be used; 0, or 1 with error where a key is unknown. */
int fl_annotation_parse(const char *text, struct fl_annotation *ret_annotation,
			struct fl_error *error);
void fl_annotation_clear(struct fl_annotation *annotation);

/* The strings in a program's file, without running it.  The array and the strings are the caller's. */
int fl_annotations_read(const char *path, char ***ret_strings, size_t *ret_count,
			struct fl_error *error);

#endif
