/* SPDX-License-Identifier: MIT */
/*
 * watching.h - what `run` and `attach` share: a session's events on paper and screen.
 *
 * The reports are opened when the session has started, grow while it runs, and are
 * finished with it; the progress line, warnings, findings and the summary go to
 * standard error, since standard output belongs to the test program.
 */
#ifndef FL_WATCHING_H
#define FL_WATCHING_H

#include "face.h"
#include "options.h"
#include "progress.h"
#include "reports.h"

#include "../engine/session/session.h"

struct fl_watching {
	const struct fl_options *options;
	struct fl_face *face;           /* the caller's; NULL: nobody asks for it */
	bool is_followed;               /* another iteration comes: advice is for the last one */
	const char *program;            /* the file that is run, the caller's; NULL: not known yet */
	bool is_guest;                  /* attach: without a report the tests still go on */
	struct fl_reports reports;
	char *reported;                 /* ids that --suspect-from says are flaky, or NULL */
	struct fl_run earlier;          /* of --new-only */
	bool has_append_failed;         /* said once */
	struct fl_progress_line line;
	bool is_finished;
};

/* `options` stays the caller's and must outlive it. */
void fl_watching_init(struct fl_watching *watching, const struct fl_options *options,
		      bool is_guest);
void fl_watching_clear(struct fl_watching *watching);

/* Events whose context is `watching`. */
struct fl_events fl_watching_events(struct fl_watching *watching);

/*
 * What can be known to go wrong before the program runs: reports that cannot be read or
 * written.  `program` is NULL under attach, where that is known later.
 */
int fl_watching_prepare(struct fl_watching *watching, const char *program, struct fl_error *error);

/*
 * Writes the report and prints findings and summary.  The exit code is run->exit_code,
 * or FL_EXIT_INTERNAL where the report could not be written.
 */
int fl_watching_finish(struct fl_watching *watching, const struct fl_run *run);

/* Of the session, as the options say, after _prepare; argv and agent are left to the caller. */
struct fl_session_settings fl_watching_settings(const struct fl_watching *watching);

#endif
