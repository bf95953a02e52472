/* SPDX-License-Identifier: MIT */
/*
 * summary.h - what a person reads at the end of a run.
 *
 * One block per finding, its last line the command that shows the failure again;
 * one line per stable suspect; the closing lines.  Readable without colour: colour
 * only repeats what the words say.  Text from tests is made harmless (text.h).
 */
#ifndef FL_SUMMARY_H
#define FL_SUMMARY_H

#include "../engine/model.h"

#include <stdbool.h>
#include <stdio.h>

struct fl_summary_style {
	bool use_colour;
	bool is_quiet;                  /* only findings and the closing lines */
	bool hides_replay;              /* leave out the commands: one of them was just given */
	bool has_no_advice;             /* on what to ask of the next run: the next one is on its way */
	const char *report_path;        /* NULL: there is no report to name */
	const char *until;              /* YYYY-MM-DD for entries that are proposed; NULL: none are */
	const char *quarantine;         /* the file that they belong to, or NULL */
	bool is_preload;                /* there is no command line to name one: a variable does */
};

/* Flaky, failing, or unknown although something failed? */
bool fl_summary_is_finding(const struct fl_test *test);

/* The block of one finding and an empty line. */
void fl_summary_finding(FILE *out, const struct fl_test *test,
			const struct fl_summary_style *style);

/*
 * What came of a replay: how often the test failed again, each way in which it did and,
 * where `signature` is known (else NULL), whether that is the failure it was asked for.
 */
void fl_summary_replay(FILE *out, const struct fl_test *test, const char *signature,
		       const struct fl_summary_style *style);

/* Everything: findings (failing, flaky, unknown), stable suspects, closing lines. */
void fl_summary_print(FILE *out, const struct fl_run *run, const struct fl_summary_style *style);

#endif
