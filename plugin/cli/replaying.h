/* SPDX-License-Identifier: MIT */
/*
 * replaying.h - private to replay*.c: a replay on its way, and its capsule.
 */
#ifndef FL_REPLAYING_H
#define FL_REPLAYING_H

#include "recipe.h"
#include "watching.h"

struct fl_replaying {
	struct fl_watching watching;    /* first: its address is the context of the events */
	int (*on_started)(void *context, const struct fl_run *run, struct fl_error *error);
	const struct fl_options *options;
	const char *operand;            /* token, report or capsule, as it was given */
	struct fl_recipe recipe;
	char *program;                  /* the file that is run */
	const char *obstacle;           /* why nothing can be preloaded into it, or NULL */
	char *library;
	const char *wrapper;            /* the one that was given, or the file's, or NULL */
	char *adapters;                 /* of third parties, a path each line, or NULL */
	char *capsule_path;             /* where it is written, if not as it was named */
	bool use_colour;
	bool is_other;                  /* not the binary of the token */
	struct fl_run run;
};

/*
 * Environment and working directory as the capsule has them.  What it leaves out, and our
 * own settings, stay as they are here; so does the directory where the program was named.
 * Reports go to where they would have gone.  Negative errno where these make no sense.
 */
int fl_replaying_enter_capsule(struct fl_replaying *replaying, struct fl_error *error);

/* Writes what was asked for with --capsule, and says what it holds; negative after a message. */
int fl_replaying_write_capsule(struct fl_replaying *replaying);

void fl_replaying_clear(struct fl_replaying *replaying);

#endif
