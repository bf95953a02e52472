/* SPDX-License-Identifier: MIT */
/*
 * status.c - what the formats have in common: a test's status, its failures, its names.
 */
#define _GNU_SOURCE
#include "status.h"

#include "../engine/judge/verdict.h"
#include "summary_words.h"
#include "text.h"
#include "trace.h"

#include <time.h>

static bool has_failed_in_place(const struct fl_test *test)
{
	return test->has_host && fl_outcome_is_non_pass(test->host.outcome);
}

/* Of one that the program has not got to. */
static enum fl_status status_of_attempts(const struct fl_test *test)
{
	struct fl_counts counts = fl_test_counts(test);

	if (counts.by[FL_OUTCOME_PASS])
		return FL_STATUS_PASSED;
	if (fl_counts_non_pass(&counts))
		return FL_STATUS_FAILED;
	return counts.by[FL_OUTCOME_SKIP] ? FL_STATUS_SKIPPED : FL_STATUS_NOT_RUN;
}

enum fl_status fl_status_of(const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;

	if (j->verdict == FL_VERDICT_FAILING || (j->verdict == FL_VERDICT_FLAKY && !j->excuse))
		return FL_STATUS_FAILED;
	if (j->verdict == FL_VERDICT_FLAKY)
		return FL_STATUS_PASSED;
	if (has_failed_in_place(test))
		return FL_STATUS_FAILED;
	if (!test->has_host)
		return status_of_attempts(test);
	return test->host.outcome == FL_OUTCOME_SKIP ? FL_STATUS_SKIPPED : FL_STATUS_PASSED;
}

/* ---- the ways it fails ---- */

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What the host prints nobody reads: where it has no message, the place decides. */
static bool is_same_failure(const struct fl_observation *host, const struct fl_observation *o)
{
	return o->outcome == host->outcome && o->line == host->line &&
	       is_same_text(o->file, host->file) &&
	       ((!host->message && host->file) || is_same_text(o->message, host->message));
}

bool fl_status_is_only_in_host(const struct fl_test *test)
{
	size_t i;

	if (!has_failed_in_place(test))
		return false;
	for (i = 0; i < test->failure_count; i++)
		if (is_same_failure(&test->host, &test->failures[i].first))
			return false;
	return true;
}

bool fl_status_way(const struct fl_test *test, size_t n, struct fl_way *ret_way)
{
	size_t in_host = fl_status_is_only_in_host(test);

	if (n < in_host) {
		*ret_way = (struct fl_way){ .seen = &test->host };
		return true;
	}
	if (n - in_host >= test->failure_count)
		return false;
	*ret_way = (struct fl_way){ .seen = &test->failures[n - in_host].first,
				    .failure = &test->failures[n - in_host] };
	return true;
}

const char *fl_status_replay(const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (test->failures[i].replay && !test->failures[i].is_met_in_parallel)
			return test->failures[i].replay;
	return NULL;
}

char *fl_status_message(const struct fl_way *way)
{
	const struct fl_observation *o = way->seen;
	const char *text = o->message && *o->message ? o->message :
			   o->signal ? strsignal(o->signal) : NULL;

	return text ? fl_text_escape(text) : fl_base_copy(fl_outcome_name(o->outcome));
}

char *fl_status_trace(const struct fl_way *way)
{
	const struct fl_observation *o = way->seen;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!o->backtrace.count && !o->file)
		return fl_base_copy("");
	if (!o->backtrace.count && o->line <= 0)
		return fl_text_line(o->file);
	out = open_memstream(&text, &size);
	if (!out)
		return fl_base_copy("");
	if (!o->backtrace.count) {
		fl_text_print(out, o->file, " ");
		fprintf(out, ":%d", o->line);
	}
	fl_trace_print(out, &o->backtrace, "\n");
	fclose(out);
	return text;
}

char *fl_status_rate(const struct fl_test *test)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (test->suspicion.why == FL_WHY_NONE && !fl_summary_is_finding(test))
		return fl_base_copy("");
	out = open_memstream(&text, &size);
	if (!out)
		return fl_base_copy("");
	if (fl_summary_is_finding(test))
		fl_summary_rate(out, test);
	else
		fl_summary_clean(out, test);
	fclose(out);
	return text;
}

/* ---- names ---- */

const char *fl_status_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *fl_status_name(const struct fl_test *test)
{
	autofree char *name = fl_text_line(test->name);

	return test->index < 0 ? take(name) : fl_base_format("%s/%d", name, test->index);
}

char *fl_status_title(const struct fl_test *test)
{
	return test->program
		       ? fl_base_format("%s: %s", fl_status_base(test->program->path), test->id)
		       : fl_base_copy(test->id);
}

char *fl_status_suite(const struct fl_test *test)
{
	const char *program = test->program ? fl_status_base(test->program->path) : "";
	const char *suite = test->suite ? test->suite : "";
	const char *dot = *program && *suite ? "." : "";
	autofree char *name = fl_base_format("%s%s%s", program, dot, suite);

	return fl_text_line(name);
}

int64_t fl_status_started_ms(const struct fl_run *run)
{
	struct tm tm = { 0 };
	const char *rest = run->started ? strptime(run->started, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	double fraction = rest && *rest == '.' ? strtod(rest, NULL) : 0;

	return rest ? (int64_t)timegm(&tm) * 1000 + (int64_t)(fraction * 1000) : 0;
}
