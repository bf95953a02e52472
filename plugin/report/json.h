/* SPDX-License-Identifier: MIT */
/*
 * json.h - the JSON report (docs/report.schema.json, docs/report.md), and what every
 * report has while its run is on.
 *
 * While a run is on, `PATH.part` grows by a line per finished test: its first line
 * is the JSON report's head, each further line one element of "tests", whatever format
 * is asked for.  At the end the whole report appears at PATH by rename(2) and the .part
 * goes.  A kill -9 thus costs at most the test in flight.
 *
 * The schema only ever grows.  Files hold what tests wrote: they are mode 0600.
 */
#ifndef FL_JSON_H
#define FL_JSON_H

#include "../base/base.h"
#include "../engine/model.h"
#include "formats.h"

struct fl_json_writer;

/* x.json becomes x.MARK.json, the caller's, so that it is still what its ending says. */
char *fl_json_mark_path(const char *path, const char *mark);

/*
 * Creates PATH.part and locks it for as long as the writer lives; an unlocked one
 * left by a dead process is overwritten.  Where a live process holds it, `.PID`
 * goes before the name's ending.  `run` needs program, host, id, seed, started and settings.
 * *ret_path, the caller's, says where the report will be.  Nothing is left behind
 * on failure.  A path that cannot be written is found here, before the run: a
 * missing directory, a directory or device of that name, no permission.
 */
int fl_json_open(const char *path, const struct fl_run *run, struct fl_json_writer **ret_writer,
		 char **ret_path, struct fl_error *error);

/*
 * Appends a finished test to the .part, by one write(2).  A write that fails is
 * undone; the writer stays usable, since fl_json_finish() writes every test anew.
 */
int fl_json_append(struct fl_json_writer *writer, const struct fl_test *test,
		   struct fl_error *error);

/*
 * Writes the whole report, in its format, and frees the writer, whatever happens; on failure
 * the .part stays.
 */
int fl_json_finish(struct fl_json_writer *writer, fl_format_writer *write,
		   const struct fl_run *run, struct fl_error *error);

/* Gives up and frees the writer; the .part stays if it holds a test.  NULL is fine. */
void fl_json_abandon(struct fl_json_writer *writer);

/*
 * Reads a JSON report, a .part or JSON lines, told apart by what they hold.  The last line of
 * a .part may be incomplete and is ignored then; ret_run->is_partial says that it was one.
 * -EINVAL with `PATH:LINE: what is wrong` for what is no report.
 * Not in a report, hence not in *ret_run: the number of an attempt, durations of
 * failures, the host's signal, crash=yes, and which arm an outcome was in beyond
 * pass and non-pass.
 */
int fl_json_read(const char *path, struct fl_run *ret_run, struct fl_error *error);

/*
 * One object to `out`: the path of the program, its framework and "tests", each with the
 * keys of a report's test that are known without running it (id to suspect), in its order.
 * Each test has a line of its own, which begins with {"id": small tools may go by lines.
 */
void fl_json_print_listing(FILE *out, const struct fl_run *run);

/* Does the file begin as reports do?  For folders that hold other files, too. */
bool fl_json_is_one(const char *path);

#endif
