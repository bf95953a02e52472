/* SPDX-License-Identifier: MIT */
/*
 * gtest_list.h - the tests of a program as GoogleTest lists them: `--gtest_list_tests`.
 *
 * The forms are those of ListTestsMatchingFilter, PrintXmlTestsList and PrintJsonTestList
 * (gtest.cc 1.12).  Tests stand under their suite, suites in the order of their first test.
 * A name is what stands behind the last dot of an id; ids as <flicker/face.h> shows them.
 */
#ifndef FL_GTEST_LIST_H
#define FL_GTEST_LIST_H

#include "../engine/model.h"

#include <stdio.h>

/* An id as it is shown, and its suite and name; all the caller's. */
char *fl_gtest_list_show(const char *id);
void fl_gtest_list_split(const char *shown, char **ret_suite, char **ret_name);

/* Errors of `out` are the caller's to find. */
typedef void fl_gtest_list_writer(FILE *out, const struct fl_run *run, const char *filter);

/*
 * Those that `filter` selects; disabled ones are among them.  The files also name suites of
 * which it selects none, and count all tests.
 */
fl_gtest_list_writer fl_gtest_list_text, fl_gtest_list_xml, fl_gtest_list_json;

#endif
