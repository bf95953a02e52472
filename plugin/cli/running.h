/* SPDX-License-Identifier: MIT */
/*
 * running.h - private to run.c and face_run.c: a program, and what is asked of it.
 */
#ifndef FL_RUNNING_H
#define FL_RUNNING_H

#include "face.h"
#include "options.h"

/* All is looked at before anything is started. */
struct fl_running {
	const struct fl_options *options;
	char **operands;                /* the program and its arguments */
	char *path, *library, *adapters;
	const char *obstacle;           /* why the agent cannot be in it, or NULL */
	struct fl_face face;
	uint64_t seed;
	bool is_last;                   /* out: nothing comes after: interrupted, impossible, dead */
	bool is_proper;                 /* out: its tests came to their end */
	bool is_renamed;                /* reports of a run with findings get a name of their own: */
	int32_t iteration;              /* of this, from 0 */
};

/* Runs it once, with attempts, reports and summary; the exit code. */
int fl_running_once(struct fl_running *running);

/* As GoogleTest's flags have it: listed, so many times; the exit code. */
int fl_face_run(struct fl_running *running);

#endif
