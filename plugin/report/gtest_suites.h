/* SPDX-License-Identifier: MIT */
/*
 * gtest_suites.h - private to report/gtest_*.c: the program's own run, as GoogleTest sees one.
 *
 * What attempts have found has no place there: who wants that reads another format.  Source
 * of form and words: what programs of GoogleTest 1.12 write (tests/e2e compares the two).
 */
#ifndef FL_GTEST_SUITES_H
#define FL_GTEST_SUITES_H

#include "../base/base.h"
#include "../engine/model.h"

struct fl_gtest_case {
	const struct fl_test *test;
	char *name;
	int64_t start_ms;               /* since 1970; 0: it was not run */
	int64_t time_ms;
};

struct fl_gtest_counts {
	size_t tests, failures, disabled, skipped;
	int64_t start_ms, time_ms;
};

struct fl_gtest_suite {
	char *name;
	struct fl_gtest_case *cases;
	size_t count, capacity;
	struct fl_gtest_counts counts;
};

struct fl_gtest_run {
	struct fl_gtest_suite *suites;  /* in the order in which their first tests ran */
	size_t count, capacity;
	struct fl_gtest_counts counts;
};

void fl_gtest_gather(const struct fl_run *run, struct fl_gtest_run *ret_gtest);
void fl_gtest_clear(struct fl_gtest_run *gtest);

enum fl_gtest_result { FL_GTEST_COMPLETED, FL_GTEST_FAILED, FL_GTEST_SKIPPED, FL_GTEST_SUPPRESSED };

enum fl_gtest_result fl_gtest_result(const struct fl_test *test);

/* `file:line\nmessage` of what the host saw, the caller's. */
char *fl_gtest_message(const struct fl_test *test);

/* The local time, as GoogleTest has it: with milliseconds and no zone, or whole seconds and a Z. */
enum { FL_GTEST_TIME = 40 };
const char *fl_gtest_time_xml(char text[FL_GTEST_TIME], int64_t time_ms);
const char *fl_gtest_time_json(char text[FL_GTEST_TIME], int64_t time_ms);

#endif
