/* SPDX-License-Identifier: MIT */
/*
 * status.h - a test in the words of formats that know only passed, failed and skipped.
 *
 * One rule for all of them, so that no two reports of a run disagree:
 *     failed    it is failing, or flaky and nothing excuses it, or it failed in the program
 *               itself and whether it is flaky is not known
 *     passed    it was seen to pass; a flaky one that is excused, too
 *     skipped   it asked for it
 *     not run   neither the program nor an attempt got to it
 */
#ifndef FL_STATUS_H
#define FL_STATUS_H

#include "../base/base.h"
#include "../engine/model.h"

enum fl_status { FL_STATUS_PASSED, FL_STATUS_FAILED, FL_STATUS_SKIPPED, FL_STATUS_NOT_RUN };

enum fl_status fl_status_of(const struct fl_test *test);

/* A way in which a test fails. */
struct fl_way {
	const struct fl_observation *seen;
	const struct fl_failure *failure;       /* NULL: in the program itself only */
};

/* The n-th, from 0: first the host's where no attempt fails like that; false: no more. */
bool fl_status_way(const struct fl_test *test, size_t n, struct fl_way *ret_way);

/* Did the host fail, and no attempt in the same way? */
bool fl_status_is_only_in_host(const struct fl_test *test);

/* The command that makes it fail again alone, or NULL; the test's, and not yet harmless. */
const char *fl_status_replay(const struct fl_test *test);

/* Texts, harmless and the caller's; never NULL. */
char *fl_status_message(const struct fl_way *way);      /* the test's words, else what happened */
char *fl_status_trace(const struct fl_way *way);        /* frames by line; else the place; "" */
char *fl_status_rate(const struct fl_test *test);       /* how often it fails, with counts; "" */
char *fl_status_name(const struct fl_test *test);       /* with the index of a loop or parameter */
char *fl_status_suite(const struct fl_test *test);      /* the program before it in a united run */

/* The id, `program: id` in a united run, where ids may be equal; the caller's, and not yet harmless. */
char *fl_status_title(const struct fl_test *test);

/* Of a path, without folders; the argument's. */
const char *fl_status_base(const char *path);

/* Milliseconds since 1970 of a run's `started`; 0: it is no such time. */
int64_t fl_status_started_ms(const struct fl_run *run);

#endif
