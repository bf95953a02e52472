/* SPDX-License-Identifier: MIT */
/*
 * reports.h - the reports that a run writes: one for each `--report`, or the default.
 *
 * They are opened when the session has started, grow while it runs and are finished
 * with it, all of them alike.
 */
#ifndef FL_REPORTS_H
#define FL_REPORTS_H

#include "../report/formats.h"
#include "../report/json.h"

struct fl_reports_item {
	const struct fl_format *format;
	char *wanted;                   /* path; "-": standard output; NULL: the usual */
	char *path;                     /* really used, or NULL while there is none */
	struct fl_json_writer *writer;
	bool is_stream;                 /* open, and on standard output */
};

struct fl_reports {
	struct fl_reports_item *items;
	size_t count;
};

/* `lines`: FORMAT[=PATH], a line each; NULL: one by the program's name. */
void fl_reports_init(struct fl_reports *reports, const char *lines);
void fl_reports_clear(struct fl_reports *reports);      /* abandons what is not finished */

/*
 * Names those without a path after the program, or sends them to standard output if that is
 * their format's place.  -EINVAL where two are for the same file.
 */
int fl_reports_name(struct fl_reports *reports, const char *program, struct fl_error *error);

/*
 * -EINVAL where one of them would replace the file `spared`, by whatever path or link; `what` says
 * in words what that is.  The second is for one path, `other` for the option that names another.
 */
int fl_reports_spare(const struct fl_reports *reports, const char *what, const char *spared,
		     struct fl_error *error);
int fl_reports_spare_file(const char *path, const char *other, const char *what, const char *spared,
			  struct fl_error *error);

/* -EINVAL where one of them, named, is for the file `path`, which is written, too. */
int fl_reports_refuse_twin(const struct fl_reports *reports, const char *path,
			   struct fl_error *error);

/* Can they be written?  Makes folders that are missing; tried with a file that goes at once. */
int fl_reports_check(const struct fl_reports *reports, struct fl_error *error);

/* The same for one file of another kind; `other`: the option that names another. */
int fl_reports_check_file(const char *noun, const char *path, const char *other,
			  struct fl_error *error);

/* As fl_json_open, fl_json_append.  After an error some may be open. */
int fl_reports_open(struct fl_reports *reports, const struct fl_run *run, struct fl_error *error);
int fl_reports_append(struct fl_reports *reports, const struct fl_test *test,
		      struct fl_error *error);

/*
 * Finishes the n-th, which then has no writer; one that was never open is none.  What its
 * format appends to the file of a variable is appended, too.
 */
int fl_reports_finish(struct fl_reports *reports, size_t n, const struct fl_run *run,
		      struct fl_error *error);

/*
 * Of a run that is over: all of them at once, without a path to standard output.  -EINVAL, or
 * what fl_reports_check has, before anything is written; *ret_is_written says which it was.
 */
int fl_reports_render(struct fl_reports *reports, const struct fl_run *run, bool *ret_is_written,
		      struct fl_error *error);

/* All paths in use, ", " between, the caller's; NULL: none. */
char *fl_reports_paths(const struct fl_reports *reports);

#endif
