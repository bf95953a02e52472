/* SPDX-License-Identifier: MIT */
/*
 * reported.h - the tests that earlier reports have found flaky.
 */
#ifndef FL_REPORTED_H
#define FL_REPORTED_H

#include "../base/base.h"

/*
 * The ids of all tests that are flaky in the reports `paths`, a line each; the caller's,
 * NULL where there is none.  What fl_json_read says of a report that cannot be read.
 */
int fl_reported_read(const char *paths, char **ret_ids, struct fl_error *error);

#endif
