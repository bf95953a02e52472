/* SPDX-License-Identifier: MIT */
/*
 * tap.c - TAP 14: a line a test, and what is known of a failure as YAML below it.
 *
 * An excused flaky test is a TODO: consumers show it and do not fail.  YAML strings are all
 * in double quotes, which every reader of TAP knows how to take apart.
 */
#include "formats.h"
#include "status.h"
#include "text.h"

/* A description: `#` begins a directive, so it is escaped, and so is the escape. */
static void print_escaped(FILE *out, const char *bytes)
{
	autofree char *text = fl_text_line(bytes);
	const char *c;

	for (c = text ? text : ""; *c; c++)
		fprintf(out, *c == '#' || *c == '\\' ? "\\%c" : "%c", *c);
}

static void print_yaml(FILE *out, const char *key, const char *bytes)
{
	autofree char *text = fl_text_escape(bytes);
	const char *c;

	if (!text)
		return;
	fprintf(out, "  %s: \"", key);
	for (c = text; *c; c++)
		if (*c == '\n')
			fputs("\\n", out);
		else if (*c == '\t')
			fputs("\\t", out);
		else
			fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
	fputs("\"\n", out);
}

static void print_place(FILE *out, const struct fl_observation *o)
{
	if (!o->file)
		return;
	fputs("  at:\n  ", out);
	print_yaml(out, "file", o->file);
	if (o->line > 0)
		fprintf(out, "    line: %d\n", o->line);
}

static void print_diagnostics(FILE *out, const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	autofree char *rate = fl_status_rate(test), *message = NULL, *trace = NULL;
	struct fl_way way;

	if (!fl_status_way(test, 0, &way))
		return;
	message = fl_status_message(&way);
	trace = fl_status_trace(&way);
	fputs("  ---\n", out);
	print_yaml(out, "verdict", fl_verdict_name(j->verdict));
	print_yaml(out, "outcome", fl_outcome_name(way.seen->outcome));
	print_yaml(out, "message", message);
	print_place(out, way.seen);
	if (j->has_rate)
		fprintf(out, "  rate: %.6g\n", j->rate);
	if (*rate)
		print_yaml(out, "seen", rate);
	if (way.seen->backtrace.count)
		print_yaml(out, "backtrace", trace);
	print_yaml(out, "replay", fl_status_replay(test));
	fputs("  ...\n", out);
}

static void print_directive(FILE *out, const struct fl_test *test, enum fl_status status)
{
	const struct fl_judgement *j = &test->judgement;
	const char *reason = test->has_host ? test->host.message : NULL;

	if (status == FL_STATUS_PASSED && j->verdict == FL_VERDICT_FLAKY) {
		fputs(" # TODO flaky", out);
		if (j->has_rate)
			fprintf(out, " p=%.3g", j->rate);
	} else if (status == FL_STATUS_NOT_RUN) {
		fputs(" # SKIP not run: the program ended before it", out);
	} else if (status == FL_STATUS_SKIPPED) {
		fputs(" # SKIP", out);
		fputs(reason && *reason ? " " : "", out);
		print_escaped(out, reason);
	}
}

static void print_test(FILE *out, const struct fl_test *test, size_t number)
{
	enum fl_status status = fl_status_of(test);
	autofree char *title = fl_status_title(test);
	bool is_todo = status == FL_STATUS_PASSED && test->judgement.verdict == FL_VERDICT_FLAKY;

	fprintf(out, "%sok %zu - ", status == FL_STATUS_FAILED || is_todo ? "not " : "", number);
	print_escaped(out, title);
	print_directive(out, test, status);
	fputc('\n', out);
	print_diagnostics(out, test);
}

int fl_write_tap(FILE *out, const struct fl_run *run)
{
	size_t i;

	fprintf(out, "TAP version 14\n1..%zu%s\n", run->test_count,
		run->test_count ? "" : " # SKIP no tests");
	for (i = 0; i < run->test_count; i++)
		print_test(out, run->tests[i], i + 1);
	return 0;
}
