/* SPDX-License-Identifier: MIT */
/*
 * summary_replay.c - what came of a replay: again or not, how often, and is it the same failure?
 */
#include "summary_words.h"

#include "../base/base.h"
#include "../engine/judge/stats.h"
#include "text.h"

enum { MANY_TIMES = 100 };

static void print_name(FILE *out, const struct fl_test *test, bool is_reproduced,
		       const struct fl_summary_style *style)
{
	if (style->use_colour)
		fputs(is_reproduced ? "\033[1;31m" : "\033[32m", out);
	fl_summary_title(out, test);
	fputs(style->use_colour ? "\033[0m: " : ": ", out);
}

/* "91.5 to 99.4 %" */
static void print_bounds(FILE *out, const struct fl_interval *interval)
{
	char low[FL_SUMMARY_NUMBER], high[FL_SUMMARY_NUMBER];
	const char *from = fl_summary_percent(low, interval->low);

	fprintf(out, "%.*s to %s", (int)(strlen(from) - strlen(" %")), from,
		fl_summary_percent(high, interval->high));
}

/* "reproduced 97 of 100 times (97 %, 95 % sure: 91.5 to 99.4 %)" */
static void print_rate(FILE *out, uint64_t non_pass, uint64_t total)
{
	struct fl_interval interval = fl_stats_clopper_pearson(non_pass, total, FL_STATS_LEVEL);
	char share[FL_SUMMARY_NUMBER], level[FL_SUMMARY_NUMBER], high[FL_SUMMARY_NUMBER];

	if (!non_pass) {
		fprintf(out, "not reproduced in %llu attempts (%s sure: below %s)",
			(unsigned long long)total, fl_summary_percent(level, FL_STATS_LEVEL),
			fl_summary_percent(high, interval.high));
		return;
	}
	fprintf(out, "reproduced %llu of %llu times (%s, %s sure: ", (unsigned long long)non_pass,
		(unsigned long long)total,
		fl_summary_percent(share, (double)non_pass / (double)total),
		fl_summary_percent(level, FL_STATS_LEVEL));
	print_bounds(out, &interval);
	fputc(')', out);
}

static void print_how_often(FILE *out, const struct fl_counts *counts)
{
	uint64_t non_pass = fl_counts_non_pass(counts), total = fl_counts_total(counts);

	if (total > 1)
		print_rate(out, non_pass, total);
	else if (non_pass)
		fputs("reproduced", out);
	else if (total)
		fprintf(out, "not reproduced: it %s",
			counts->by[FL_OUTCOME_SKIP] ? "was skipped" : "passed");
	else
		fputs("the attempt could not be made", out);
	if (counts->by[FL_OUTCOME_SKIP] && total > 1)
		fprintf(out, "; %llu of them skipped", (unsigned long long)counts->by[FL_OUTCOME_SKIP]);
	if (counts->by[FL_OUTCOME_INFRA] && total)
		fprintf(out, "; %llu more failed for no fault of the test",
			(unsigned long long)counts->by[FL_OUTCOME_INFRA]);
	fputc('\n', out);
}

/* Among the ways it failed now, is there the one that was known? */
static void print_comparison(FILE *out, const struct fl_test *test, const char *signature)
{
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (strcmp(test->failures[i].signature, signature) == 0)
			break;
	if (i == test->failure_count)
		fputs("  this is another failure than the one on record: signature ", out);
	else
		fputs("  this is the failure on record: signature ", out);
	fl_text_print(out, test->failures[i < test->failure_count ? i : 0].signature, " ");
	if (i == test->failure_count) {
		fputs(", not ", out);
		fl_text_print(out, signature, " ");
	}
	fputc('\n', out);
}

/* A few tries are little where chance is the machine's. */
static void print_advice(FILE *out, const struct fl_counts *counts)
{
	uint64_t total = fl_counts_total(counts);

	if (!total || total >= MANY_TIMES || fl_counts_non_pass(counts))
		return;
	fprintf(out, "  what no seed decides (clock, addresses, scheduling) may need more tries:"
		     " --times %d\n", MANY_TIMES);
}

void fl_summary_replay(FILE *out, const struct fl_test *test, const char *signature,
		       const struct fl_summary_style *style)
{
	struct fl_counts counts = fl_test_counts(test);

	print_name(out, test, fl_counts_non_pass(&counts) != 0, style);
	print_how_often(out, &counts);
	print_advice(out, &counts);
	fl_summary_failures(out, test, style);
	if (signature && test->failure_count)
		print_comparison(out, test, signature);
}
