/* SPDX-License-Identifier: MIT */
/*
 * face.h - GoogleTest's face of `flicker run`: what its flags mean for programs of others.
 *
 * Which framework it is, is known only once the program runs.  One that is built on
 * GoogleTest does all of this by itself, and one without a framework has a command line of
 * its own: to both the flags are arguments like others, and nothing happens here.
 * The agent's part of it is <flicker/face.h>.
 */
#ifndef FL_FACE_H
#define FL_FACE_H

#include "face_flags.h"

#include "../engine/model.h"

#include <time.h>

/* A zeroed one is no face at all.  fl_face_clear() frees it. */
struct fl_face {
	struct fl_face_flags flags;
	const char *program;            /* as it was called; the caller's */
	const char *format;             /* of the report: "xml", "json", or NULL: none */
	char *report;                   /* its path, or NULL */
	char *lines;                    /* FLICKER_FACE of the iteration at hand, or NULL */
	uint32_t seed;                  /* of its order, 1 to 99999 */
	bool is_met;                    /* the program runs, and is one that this is for */
	bool is_refused;                /* a file of the sharding or exit protocol cannot be written */
};

/*
 * The flags among `operands`, the program and its arguments.  Makes the folders of a report;
 * one that cannot be written is a fault of the flags.
 */
void fl_face_init(struct fl_face *face, char *const *operands);
void fl_face_clear(struct fl_face *face);

/*
 * What its reports are named by, without a folder: the program, and where the command line asks
 * for one test alone, as drivers do, often for several at a time, also that.  `face` may be NULL.  The caller's.
 */
char *fl_face_stem(const struct fl_face *face, const char *program);

/* Lines where flags mean nothing: "", they are only taken away; NULL: there are none. */
const char *fl_face_no_lines(char *const *operands);

/*
 * The program runs, and is one that this is for: says what there is to warn of, makes the file
 * that tells that sharding is understood and the one that is there as long as tests run.  Of
 * several calls the first counts.  Negative errno with a message.
 */
int fl_face_meet(struct fl_face *face, struct fl_error *error);

/* Its tests have come to their proper end. */
void fl_face_end(const struct fl_face *face);

/* Lines and seed of the iteration, from 0. */
void fl_face_iterate(struct fl_face *face, int32_t iteration);

/* Which it is, on standard output, where GoogleTest says so. */
void fl_face_tell_iteration(const struct fl_face *face, int32_t iteration);

/* Writes GoogleTest's report, if one is asked for and the program is one that this is for. */
int fl_face_report(const struct fl_face *face, const struct fl_run *run, struct fl_error *error);

/* The exit code of iterations, one of which ended with `code`: the graver one. */
int fl_face_worse(int code, int other);

/* What the flags are, on standard output. */
void fl_face_help(void);

/* The tests on standard output, as GoogleTest lists them; and into the report, if any. */
int fl_face_list(const struct fl_face *face, const struct fl_run *run, struct fl_error *error);

#endif
