/* SPDX-License-Identifier: MIT */
/*
 * formats.h - what a report can be: the one list of formats.
 *
 * A row is `--report NAME`.  Help, completions, `flicker run` and `flicker report` follow
 * the list.  To add a format: a row here, and a file that defines its fl_write_<id>.
 *
 * A format only writes: text in, from tests and therefore hostile, out harmless (text.h,
 * and the format's own escapes on top).  Which file it goes to, and when, is the caller's.
 */
#ifndef FL_FORMATS_H
#define FL_FORMATS_H

#include "../base/base.h"
#include "../engine/model.h"

/*
 * X(id, "name", suffix, "one line", variable, append)
 * suffix: what follows the program's name where no path is given; NULL: standard output.
 * variable: names a file that `append` adds to as well; NULL: there is none.
 */
#define FL_FORMAT_LIST(X) \
	X(json, "json", ".flicker.json", \
	  "all that is known; the other formats are made of it", NULL, NULL) \
	X(jsonl, "jsonl", ".flicker.jsonl", \
	  "the same as JSON lines: head, tests, totals", NULL, NULL) \
	X(html, "html", ".flicker.html", "a page to look at, findings first", NULL, NULL) \
	X(junit, "junit", ".junit.xml", \
	  "JUnit XML with Surefire's elements of reruns", NULL, NULL) \
	X(gtest_xml, "gtest-xml", ".gtest.xml", \
	  "GoogleTest's XML, of the program's own run", NULL, NULL) \
	X(gtest_json, "gtest-json", ".gtest.json", \
	  "GoogleTest's JSON, of the program's own run", NULL, NULL) \
	X(tap, "tap", ".tap", "TAP 14", NULL, NULL) \
	X(ctrf, "ctrf", ".ctrf.json", "Common Test Report Format", NULL, NULL) \
	X(github, "github", NULL, "annotations of a GitHub workflow, and its step summary", \
	  "GITHUB_STEP_SUMMARY", fl_append_github) \
	X(ctest, "ctest", NULL, "measurements that ctest takes out of a test's output", NULL, NULL)

/* 0, or a negative errno; an error of `out` is the caller's to find (fl_format_write). */
typedef int fl_format_writer(FILE *out, const struct fl_run *run);

#define FL_X(id, ...) fl_format_writer fl_write_##id;
FL_FORMAT_LIST(FL_X)
#undef FL_X
fl_format_writer fl_append_github;

/* The names, a space before each: a literal. */
#define FL_FORMAT_NAME(id, name, ...) " " name
#define FL_FORMAT_NAMES FL_FORMAT_LIST(FL_FORMAT_NAME)

struct fl_format {
	const char *name, *suffix, *summary;
	fl_format_writer *write;
	const char *variable;
	fl_format_writer *append;
};

extern const struct fl_format fl_formats[];
extern const size_t fl_format_count;

/* The row whose name stands in `text` up to '=' or its end; NULL: none. */
const struct fl_format *fl_format_find(const char *text);

/* Writes and flushes; negative errno where `out` took not all of it. */
int fl_format_write(fl_format_writer *write, FILE *out, const struct fl_run *run);

/* The whole file under a name of its own, mode 0600, then by rename(2) at `path`. */
int fl_format_replace(fl_format_writer *write, const char *path, const struct fl_run *run);

#endif
