/* SPDX-License-Identifier: MIT */
/*
 * summary.c - the summary of a run, from the worst to the best, then the sums.
 */
#include "summary_words.h"

#include "../base/base.h"
#include "status.h"
#include "text.h"

#include <math.h>

enum { WIDEST_TITLE = 40, MANY_CLEAN = 25 };

static void print_findings(FILE *out, const struct fl_run *run, enum fl_verdict verdict,
			   const struct fl_summary_style *style)
{
	size_t i;

	for (i = 0; i < run->test_count; i++)
		if (run->tests[i]->judgement.verdict == verdict &&
		    fl_summary_is_finding(run->tests[i]) && !fl_summary_is_mass(run->tests[i]))
			fl_summary_finding(out, run->tests[i], style);
}

/* A suspect that never failed: stable, or unknown for want of attempts. */
static bool is_clean(const struct fl_test *test)
{
	return test->judgement.verdict == FL_VERDICT_STABLE ||
	       (test->judgement.verdict == FL_VERDICT_UNKNOWN && !fl_summary_is_finding(test));
}

/* Of many stable ones the sums tell enough, but for those with something to say. */
static bool has_line(const struct fl_test *test, bool are_many)
{
	return is_clean(test) && (!are_many || test->judgement.notes ||
				  test->judgement.verdict != FL_VERDICT_STABLE);
}

static bool are_many_clean(const struct fl_run *run)
{
	size_t i, count = 0;

	for (i = 0; i < run->test_count; i++)
		count += is_clean(run->tests[i]);
	return count > MANY_CLEAN;
}

static int find_title_width(const struct fl_run *run)
{
	size_t i, width = 0;

	for (i = 0; i < run->test_count; i++) {
		autofree char *title = fl_status_title(run->tests[i]);
		size_t length = strlen(title);

		if (is_clean(run->tests[i]) && length > width && length <= WIDEST_TITLE)
			width = length;
	}
	return (int)width;
}

static void print_padded(FILE *out, const struct fl_test *test, int width)
{
	autofree char *title = fl_status_title(test), *harmless = fl_text_line(title);

	fprintf(out, "%-*s  ", width, harmless);
}

static void print_clean(FILE *out, const struct fl_run *run, const struct fl_summary_style *style)
{
	int width = find_title_width(run);
	bool is_any = false, are_many = are_many_clean(run);
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_test *test = run->tests[i];

		if (!has_line(test, are_many))
			continue;
		is_any = true;
		fl_summary_verdict(out, test->judgement.verdict, style);
		print_padded(out, test, width);
		fl_summary_clean(out, test);
		fputc('\n', out);
		fl_summary_leaks(out, test);
	}
	if (is_any)
		fputc('\n', out);
}

/* "3 tests: 1 failing, 1 flaky, 1 stable" */
static void print_totals(FILE *out, const struct fl_totals *totals)
{
	static const struct { enum fl_verdict verdict; const char *word; } order[] = {
		{ FL_VERDICT_FAILING, "failing" }, { FL_VERDICT_FLAKY, "flaky" },
		{ FL_VERDICT_UNKNOWN, "unknown" }, { FL_VERDICT_STABLE, "stable" },
		{ FL_VERDICT_SKIPPED, "skipped" }, { FL_VERDICT_NOT_SUSPECT, "not suspect" },
	};
	const char *before = ": ";
	size_t i;

	fprintf(out, "%llu test%s", (unsigned long long)totals->tests,
		totals->tests == 1 ? "" : "s");
	for (i = 0; i < FL_COUNT(order); i++)
		if (totals->by_verdict[order[i].verdict]) {
			fprintf(out, "%s%llu %s", before,
				(unsigned long long)totals->by_verdict[order[i].verdict],
				order[i].word);
			before = ", ";
		}
}

/* "; 601 attempts (1939/s) in 310 ms, seed 0x2a" */
static void print_effort(FILE *out, const struct fl_run *run, uint64_t count)
{
	char attempts[FL_SUMMARY_NUMBER], duration[FL_SUMMARY_NUMBER];
	double per_s = run->attempts_ms > 0 ? (double)count * 1000 / run->attempts_ms : 0;

	fprintf(out, "; %s", fl_summary_attempts(attempts, count));
	if (per_s > 0)
		fprintf(out, " (%.*f/s)", per_s < 100, per_s);
	if (run->duration_ms > 0)
		fprintf(out, " in %s", fl_summary_duration(duration, run->duration_ms));
	fprintf(out, ", seed 0x%llx\n", (unsigned long long)run->seed);
}

static void print_why_missing(FILE *out, const struct fl_run *run)
{
	char enough[64] = "";

	if (run->is_interrupted) {
		fputs("the run was interrupted\n", out);
	} else if (!run->settings.has_time) {
		fputs("a warning says why; make fewer --runs\n", out);
	} else {
		if (run->enough_time_s > 0)
			snprintf(enough, sizeof(enough), " (%.0f should do)", ceil(run->enough_time_s));
		fprintf(out, "give them more --time%s, or --time none, or make fewer"
			     " --runs; a warning says so where it is not for want of time\n", enough);
	}
}

/* The one exit code that does not speak of a test; a report read again knows it by that only. */
static void print_missing(FILE *out, const struct fl_run *run)
{
	enum { ATTEMPTS_MISSING = 3 };
	bool is_code = !run->is_partial && run->exit_code == ATTEMPTS_MISSING;

	if (!run->has_attempts_missing && (!is_code || run->program.exit_code == ATTEMPTS_MISSING))
		return;
	fprintf(out, "%sattempts are missing: ", is_code ? "exit code 3: " : "");
	print_why_missing(out, run);
}

/* Judged, and yet by less than was meant. */
static void print_cut(FILE *out, const struct fl_run *run)
{
	char duration[FL_SUMMARY_NUMBER];

	if (run->cut_count && !run->has_attempts_missing && !run->is_interrupted)
		fprintf(out, "the time for attempts, %s, was over before %zu test%s had all of them:"
			     " --time none makes them\n",
			fl_summary_duration(duration, run->settings.time_s * 1000), run->cut_count,
			run->cut_count == 1 ? "" : "s");
}

/* Lines of one program's output: each attempt of it is one of every line. */
static bool speaks_tap(const struct fl_run *run)
{
	return run->program.framework && strcmp(run->program.framework, "process") == 0 &&
	       run->test_count > 1;
}

static uint64_t attempts_of_one(const struct fl_run *run)
{
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		struct fl_counts counts = fl_test_counts(run->tests[i]);

		if (fl_counts_total(&counts) > most)
			most = fl_counts_total(&counts);
	}
	return most;
}

static void print_closing(FILE *out, const struct fl_run *run,
			  const struct fl_summary_style *style)
{
	struct fl_totals totals = fl_run_totals(run);

	if (run->is_partial)
		fputs("cut off: the run has not ended; this is what was seen until then\n", out);
	if (totals.infra)
		fprintf(out, "%llu more attempts failed for no fault of a test%s: not counted\n",
			(unsigned long long)totals.infra, speaks_tap(run) ? ", or ended before its line" : "");
	print_totals(out, &totals);
	print_effort(out, run, speaks_tap(run) ? attempts_of_one(run) : totals.attempts);
	print_missing(out, run);
	print_cut(out, run);
	if (!style->is_quiet && !style->has_no_advice && totals.tests && !totals.attempts &&
	    totals.by_verdict[FL_VERDICT_NOT_SUSPECT] == totals.tests)
		fputs("nothing was suspect: mark tests with FLICKER_SUSPECT,"
		      " name them with --suspect, or take --all\n", out);
	if (style->report_path) {
		fputs("report: ", out);
		fl_text_print(out, style->report_path, " ");
		fputc('\n', out);
	}
}

void fl_summary_print(FILE *out, const struct fl_run *run, const struct fl_summary_style *style)
{
	print_findings(out, run, FL_VERDICT_FAILING, style);
	print_findings(out, run, FL_VERDICT_FLAKY, style);
	print_findings(out, run, FL_VERDICT_UNKNOWN, style);
	fl_summary_mass(out, run, style);
	if (!style->is_quiet)
		print_clean(out, run, style);
	fl_summary_excuses(out, run);
	if (!style->is_quiet)
		fl_summary_entries(out, run, style);
	print_closing(out, run, style);
}
