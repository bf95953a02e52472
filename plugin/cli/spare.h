/* SPDX-License-Identifier: MIT */
/*
 * spare.h - files that a run's reports must not replace: what it runs, and what it reads.
 *
 * Reports appear by rename(2), which asks nobody.  A file of --suspect-from is not among them:
 * the newest report taking the place of the one before is how that is used.
 */
#ifndef FL_SPARE_H
#define FL_SPARE_H

#include "face.h"
#include "options.h"
#include "reports.h"

struct fl_spare {
	const struct fl_options *options;
	const char *program;            /* the file that is run */
	const struct fl_reports *reports;       /* named */
	const struct fl_face *face;     /* whose report counts, too; or NULL */
};

/* -EINVAL with a message where one would be replaced, or two reports are for one file. */
int fl_spare_all(const struct fl_spare *spare, struct fl_error *error);

#endif
