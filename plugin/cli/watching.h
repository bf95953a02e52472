/* SPDX-License-Identifier: MIT */
/*
 * watching.h - what `run` and `attach` share: a session's events on paper and screen.
 *
 * The report is opened when the session has started, grows while it runs, and is
 * finished with it; the progress line, warnings, findings and the summary go to
 * standard error, since standard output belongs to the test program.
 */
#ifndef FL_WATCHING_H
#define FL_WATCHING_H

#include "options.h"
#include "progress.h"

#include "../engine/session/session.h"
#include "../report/json.h"

struct fl_watching {
	const struct fl_options *options;
	bool is_guest;                  /* attach: without a report the tests still go on */
	char *wanted_path;              /* of the report; NULL: by the program's name */
	char *report_path;              /* really used, or NULL while there is none */
	struct fl_run earlier;          /* of --new-only */
	struct fl_json_writer *writer;
	bool has_append_failed;         /* said once */
	struct fl_progress_line line;
	bool is_finished;
};

/* Where the report goes by default: `<name without directories>.flicker.json`; the caller's. */
char *fl_watching_report_path(const char *program);

/* `options` stays the caller's and must outlive it. */
void fl_watching_init(struct fl_watching *watching, const struct fl_options *options,
		      bool is_guest);
void fl_watching_clear(struct fl_watching *watching);

/* Events whose context is `watching`. */
struct fl_events fl_watching_events(struct fl_watching *watching);

/* The report of --new-only, if there is one to read; it lives as long as `watching`. */
int fl_watching_read_earlier(struct fl_watching *watching, const struct fl_run **ret_earlier,
			     struct fl_error *error);

/* Can a report be written at `path`?  Tried with a file that goes at once. */
int fl_watching_check_path(const char *path, struct fl_error *error);

/*
 * Writes the report and prints findings and summary.  The exit code is run->exit_code,
 * or FL_EXIT_INTERNAL where the report could not be written.
 */
int fl_watching_finish(struct fl_watching *watching, const struct fl_run *run);

/* Settings of the session as the options say; argv and agent are left to the caller. */
struct fl_session_settings fl_watching_settings(const struct fl_options *options);

#endif
