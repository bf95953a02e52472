/* SPDX-License-Identifier: MIT */
/*
 * capsule.h - one file with all that one attempt needs elsewhere but the binary itself.
 *
 * JSON, at most FL_CAPSULE_LIMIT bytes: the token, the program with its arguments,
 * environment and working directory, and what was seen.  docs/report.md describes it.
 * A capsule is made to be given away: variables whose names look like secrets are left
 * out, and it is mode 0600 until its owner says otherwise.
 */
#ifndef FL_CAPSULE_H
#define FL_CAPSULE_H

#include "../base/base.h"
#include "../engine/model.h"

enum { FL_CAPSULE_LIMIT = 64 << 10 };

/* Names of variables, a NULL-terminated array. */
struct fl_capsule_names {
	char **names;
	size_t count, capacity;
};

/* A failure as somebody saw it. */
struct fl_expectation {
	bool is_known;
	enum fl_outcome outcome;
	char *message, *signature;      /* each or NULL */
};

struct fl_capsule {
	char *token;
	char *path;                     /* of the program, absolute */
	char **args;                    /* NULL-terminated, without the program */
	char *build_id;                 /* or NULL */
	struct fl_capsule_names environment;    /* NAME=value each */
	struct fl_capsule_names secrets;        /* left out, by name */
	struct fl_capsule_names left_out;       /* not text, or no room */
	char *wrapper;                  /* a command line put before it, or NULL */
	char *adapters;                 /* of third parties, a path each line, or NULL */
	char *directory;
	char *os;
	uint64_t times, non_pass;       /* of the replay that wrote it */
	struct fl_expectation expected;
};

/*
 * Takes what belongs into a capsule from `environment`: not flicker's own variables, not
 * secrets (TOKEN, SECRET, PASSWORD, PASSWD, CREDENTIAL or KEY in the name, in any case),
 * not what is no UTF-8; the last two are remembered by name.
 */
void fl_capsule_take_environment(struct fl_capsule *capsule, char *const *environment);

/*
 * Writes it.  Where it would be too large, the largest variables move to left_out, one
 * after the other, until it is not.  -EFBIG where all of them were not enough; -EILSEQ
 * where an argument is no UTF-8.
 */
int fl_capsule_write(const char *path, struct fl_capsule *capsule, struct fl_error *error);

/* Reads one.  -ENOMSG: the file is something else; -EINVAL: a capsule with a fault, which is told. */
int fl_capsule_read(const char *path, struct fl_capsule *ret_capsule, struct fl_error *error);

void fl_expectation_clear(struct fl_expectation *expectation);
void fl_capsule_clear(struct fl_capsule *capsule);

#endif
