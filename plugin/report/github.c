/* SPDX-License-Identifier: MIT */
/*
 * github.c - what a workflow of GitHub Actions shows: annotations, and its step summary.
 *
 * Annotations are commands on standard output, `::error file=F,line=N,title=T::message`,
 * in which %, CR and LF, in properties : and , too, are written %XX.  The summary is
 * Markdown; text from tests stands there in references only, so that nothing of it is markup.
 */
#include "formats.h"
#include "status.h"
#include "summary_words.h"
#include "text.h"

#include <ctype.h>

/* ---- annotations ---- */

static void print_command(FILE *out, const char *bytes, const char *escaped)
{
	autofree char *text = fl_text_escape(bytes);
	const char *c;

	for (c = text ? text : ""; *c; c++)
		fprintf(out, strchr(escaped, *c) ? "%%%02X" : "%c", (unsigned char)*c);
}

static void print_data(FILE *out, const char *text)
{
	print_command(out, text, "%\r\n");
}

static void print_property(FILE *out, const char *key, const char *text)
{
	fputs(key, out);
	print_command(out, text, "%\r\n:,");
}

/* Where the failure is; else where the test is written. */
static void print_place(FILE *out, const struct fl_test *test, const struct fl_way *way)
{
	const char *file = way->seen->file ? way->seen->file : test->file;
	int line = way->seen->file ? way->seen->line : test->line;

	if (!file)
		return;
	print_property(out, "file=", file);
	if (line > 0)
		fprintf(out, ",line=%d", line);
	fputc(',', out);
}

static void print_annotation(FILE *out, const struct fl_test *test, const struct fl_way *way)
{
	autofree char *rate = fl_status_rate(test), *message = fl_status_message(way);
	autofree char *title = fl_status_title(test);
	const char *replay = fl_status_replay(test);

	fputs(fl_status_of(test) == FL_STATUS_FAILED ? "::error " : "::warning ", out);
	print_place(out, test, way);
	print_property(out, "title=", fl_verdict_name(test->judgement.verdict));
	print_property(out, " test ", title);
	fputs("::", out);
	print_data(out, rate);
	print_data(out, "\n");
	print_data(out, message);
	if (replay) {
		print_data(out, "\nreplay: ");
		print_data(out, replay);
	}
	fputc('\n', out);
}

int fl_write_github(FILE *out, const struct fl_run *run)
{
	struct fl_way way;
	size_t i;

	for (i = 0; i < run->test_count; i++)
		if (fl_summary_is_finding(run->tests[i]) && fl_status_way(run->tests[i], 0, &way))
			print_annotation(out, run->tests[i], &way);
	return 0;
}

/* ---- the step summary ---- */

/* As it is what means nothing to Markdown and HTML, and bytes of UTF-8; the rest by number. */
static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || (c & 0x80) || (c && strchr(" .,()%/+=-'", c));
}

static void print_cell(FILE *out, const char *bytes)
{
	autofree char *text = fl_text_line(bytes);
	const char *c;

	for (c = text ? text : ""; *c; c++)
		fprintf(out, is_plain(*c) ? "%c" : "&#%d;", (unsigned char)*c);
}

static void print_title(FILE *out, const struct fl_test *test)
{
	autofree char *title = fl_status_title(test);

	print_cell(out, title);
}

/* Within <pre>, where lines are kept: an empty one would end the block. */
static void print_block(FILE *out, const char *bytes)
{
	autofree char *text = fl_text_escape(bytes);
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		print_cell(out, *line ? line : " ");
		fputc('\n', out);
	}
}

static void print_row(FILE *out, const struct fl_test *test)
{
	autofree char *rate = fl_status_rate(test), *message = NULL;
	struct fl_way way;

	fprintf(out, "| %s%s | ", fl_verdict_name(test->judgement.verdict),
		test->judgement.excuse ? " (excused)" : "");
	print_title(out, test);
	fputs(" | ", out);
	print_cell(out, rate);
	fputs(" | ", out);
	if (fl_status_way(test, 0, &way)) {
		message = fl_status_message(&way);
		print_cell(out, message);
	}
	fputs(" |\n", out);
}

static void print_way(FILE *out, const struct fl_way *way)
{
	autofree char *message = fl_status_message(way), *trace = fl_status_trace(way);

	if (way->failure)
		fprintf(out, "%llu&#215; ", (unsigned long long)way->failure->count);
	fprintf(out, "%s:\n", fl_outcome_name(way->seen->outcome));
	print_block(out, message);
	if (*trace)
		print_block(out, trace);
	if (way->failure && way->failure->replay)
		print_block(out, way->failure->replay);
}

static void print_details(FILE *out, const struct fl_test *test)
{
	struct fl_way way;
	size_t i;

	fputs("\n<details><summary>", out);
	print_title(out, test);
	fputs("</summary>\n\n<pre>\n", out);
	for (i = 0; fl_status_way(test, i, &way); i++)
		print_way(out, &way);
	fputs("</pre>\n\n</details>\n", out);
}

int fl_append_github(FILE *out, const struct fl_run *run)
{
	struct fl_totals totals = fl_run_totals(run);
	bool is_any = false;
	size_t i;

	fputs("### flicker: ", out);
	print_cell(out, fl_status_base(run->program.path));
	fprintf(out, "\n\n%llu tests: %llu failing, %llu flaky; %llu attempts, seed 0x%llx\n",
		(unsigned long long)totals.tests,
		(unsigned long long)totals.by_verdict[FL_VERDICT_FAILING],
		(unsigned long long)totals.by_verdict[FL_VERDICT_FLAKY],
		(unsigned long long)totals.attempts, (unsigned long long)run->seed);
	for (i = 0; i < run->test_count; i++)
		if (fl_summary_is_finding(run->tests[i])) {
			fputs(is_any ? "" : "\n| verdict | test | how often | message |\n"
					    "|---|---|---|---|\n", out);
			print_row(out, run->tests[i]);
			is_any = true;
		}
	for (i = 0; i < run->test_count; i++)
		if (fl_summary_is_finding(run->tests[i]))
			print_details(out, run->tests[i]);
	fputc('\n', out);
	return 0;
}
