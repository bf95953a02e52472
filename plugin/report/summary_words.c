/* SPDX-License-Identifier: MIT */
/*
 * summary_words.c - numbers and sentences of the summary.
 *
 * Counts always stand beside a rate: a reader must be able to see how much was seen.
 */
#include "summary_words.h"

#include "../base/base.h"
#include "../engine/judge/verdict.h"
#include "text.h"

#include <ctype.h>

enum { SHOWN_NAMES = 8 };

const char *fl_summary_percent(char number[FL_SUMMARY_NUMBER], double share)
{
	double percent = share * 100;
	size_t length;

	if (percent > 0 && percent < 0.0001)
		snprintf(number, FL_SUMMARY_NUMBER, "<0.0001");
	else if (percent > 99.99 && percent < 100)
		snprintf(number, FL_SUMMARY_NUMBER, ">99.99");
	else if (percent > 0 && percent < 1)
		snprintf(number, FL_SUMMARY_NUMBER, "%.2g", percent);
	else
		snprintf(number, FL_SUMMARY_NUMBER, "%.*f", percent > 99.9 ? 2 : 1, percent);
	length = strlen(number);
	while (strchr(number, '.') && strchr("0.", number[length - 1]))
		number[--length] = '\0';
	snprintf(number + length, FL_SUMMARY_NUMBER - length, " %%");
	return number;
}

const char *fl_summary_duration(char number[FL_SUMMARY_NUMBER], double duration_ms)
{
	unsigned long seconds = (unsigned long)(duration_ms / 1000);

	if (duration_ms < 1000)
		snprintf(number, FL_SUMMARY_NUMBER, "%.*f ms", duration_ms < 10, duration_ms);
	else if (seconds < 100)
		snprintf(number, FL_SUMMARY_NUMBER, "%.1f s", duration_ms / 1000);
	else
		snprintf(number, FL_SUMMARY_NUMBER, "%lu min %lu s", seconds / 60, seconds % 60);
	return number;
}

const char *fl_summary_attempts(char number[FL_SUMMARY_NUMBER], uint64_t count)
{
	snprintf(number, FL_SUMMARY_NUMBER, "%llu attempt%s", (unsigned long long)count,
		 count == 1 ? "" : "s");
	return number;
}

/* ", 95 % sure between 2.3 % and 7.3 %"; nothing where nothing was learnt */
static void print_interval(FILE *out, const struct fl_judgement *j)
{
	char level[FL_SUMMARY_NUMBER], low[FL_SUMMARY_NUMBER], high[FL_SUMMARY_NUMBER];
	bool has_low = j->interval.low > 0, has_high = j->interval.high < 1;

	if (!j->has_interval || (!has_low && !has_high))
		return;
	fl_summary_percent(level, j->interval.level);
	fl_summary_percent(low, j->interval.low);
	fl_summary_percent(high, j->interval.high);
	if (has_low && has_high)
		fprintf(out, ", %s sure between %s and %s", level, low, high);
	else
		fprintf(out, ", %s sure %s %s", level, has_low ? "above" : "below",
			has_low ? low : high);
}

/* "fails only under clock; none of 200 other attempts failed" */
static void print_seen_under(FILE *out, uint32_t perturbations, uint64_t total)
{
	const char *before = "fails only under ";
	char attempts[FL_SUMMARY_NUMBER];
	int i;

	for (i = 0; i < FL_PERTURB_COUNT; i++)
		if (perturbations & (UINT32_C(1) << i)) {
			fprintf(out, "%s%s", before, fl_perturbation_name(i));
			before = ", ";
		}
	if (total)
		fprintf(out, "; without, none of %s failed", fl_summary_attempts(attempts, total));
}

/* "fails 4.3 % of 300 attempts (13)", or in words where it is all or none */
static void print_share(FILE *out, const struct fl_test *test, uint64_t non_pass, uint64_t total)
{
	bool has_failed = test->has_host && fl_outcome_is_non_pass(test->host.outcome);
	bool has_passed = test->has_host && test->host.outcome == FL_OUTCOME_PASS;
	char attempts[FL_SUMMARY_NUMBER], share[FL_SUMMARY_NUMBER];

	fl_summary_attempts(attempts, total);
	if (non_pass == 0 && total == 1)
		fprintf(out, "%sthe only attempt did not fail",
			has_failed ? "failed in the program itself, then " : "");
	else if (non_pass == 0)
		fprintf(out, "%snone of %s failed",
			has_failed ? "failed in the program itself, then " : "", attempts);
	else if (non_pass == total)
		fprintf(out, "%sfailed %s%s",
			has_passed ? "passed in the program itself, then " : "",
			total > 1 ? "all " : "", attempts);
	else
		fprintf(out, "fails %s of %s (%llu)",
			fl_summary_percent(share, (double)non_pass / (double)total), attempts,
			(unsigned long long)non_pass);
}

static bool has_prefix(const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (test->arms[i].has_prefix)
			return true;
	return false;
}

/* "; alone it fails 20 of 20": where the rate is that of attempts with predecessors. */
static void print_alone(FILE *out, const struct fl_test *test)
{
	uint64_t total = 0, non_pass = 0;
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (!test->arms[i].has_prefix) {
			total += fl_counts_total(&test->arms[i].counts);
			non_pass += fl_counts_non_pass(&test->arms[i].counts);
		}
	if (has_prefix(test))
		fprintf(out, "; alone it fails %llu of %llu", (unsigned long long)non_pass,
			(unsigned long long)total);
}

/* "; as a fork 0 of 289, as a fresh process 11 of 11": there are two rates, and no interval. */
static void print_modes(FILE *out, const struct fl_test *test)
{
	struct fl_counts fork = fl_verdict_rated_in(test, FL_MODE_FORK);
	struct fl_counts exec = fl_verdict_rated_in(test, FL_MODE_EXEC);

	if (fl_verdict_modes_differ(test))
		fprintf(out, "; as a fork %llu of %llu, as a fresh process %llu of %llu",
			(unsigned long long)fl_counts_non_pass(&fork),
			(unsigned long long)fl_counts_total(&fork),
			(unsigned long long)fl_counts_non_pass(&exec),
			(unsigned long long)fl_counts_total(&exec));
}

/* What is neither a pass nor a failure. */
static void print_skipped(FILE *out, const struct fl_counts *counts, const char *before, const char *word)
{
	unsigned long long skipped = counts->by[FL_OUTCOME_SKIP];

	if (skipped)
		fprintf(out, "%s%llu%s %s skipped", before, skipped, word, skipped == 1 ? "was" : "were");
}

void fl_summary_rate(FILE *out, const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	struct fl_counts counts = fl_verdict_rated(test);
	uint64_t non_pass = fl_counts_non_pass(&counts);
	uint64_t total = counts.by[FL_OUTCOME_PASS] + non_pass;         /* a skip is neither */

	if (j->seen_under) {
		print_seen_under(out, j->seen_under, total);
	} else if (total == 0) {
		fprintf(out, "failed in the program itself; %s",
			counts.by[FL_OUTCOME_SKIP] ? "every attempt was skipped"
						   : "no attempt was made");
	} else {
		print_share(out, test, non_pass, total);
		if (has_prefix(test))
			fputs(" after the tests before it", out);
		print_interval(out, j);
		print_modes(out, test);
		print_alone(out, test);
		print_skipped(out, &counts, "; ", " more");
	}
}

/* "  [leaks, expired]" */
static void print_note_names(FILE *out, uint32_t notes)
{
	const char *before = "  [";
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (notes & (1U << i)) {
			fprintf(out, "%s%s", before, fl_note_name(i));
			before = ", ";
		}
	if (notes)
		fputc(']', out);
}

void fl_summary_clean(FILE *out, const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	struct fl_counts counts = fl_verdict_rated(test);
	char attempts[FL_SUMMARY_NUMBER], rate[FL_SUMMARY_NUMBER], odds[FL_SUMMARY_NUMBER];
	uint64_t total = fl_counts_total(&counts);

	if (total > 1)
		fprintf(out, "none of %s failed", fl_summary_attempts(attempts, total));
	else if (counts.by[FL_OUTCOME_SKIP])
		fputs("the only attempt was skipped", out);
	else if (total)
		fputs("the only attempt did not fail", out);
	else
		fputs("no attempt was made", out);
	if (has_prefix(test))
		fputs(" after the tests before it", out);
	print_alone(out, test);
	if (total > 1)
		print_skipped(out, &counts, ", ", "");
	if (j->has_miss)
		fprintf(out, " (a rate of %s would be missed %s of the time)",
			fl_summary_percent(rate, j->miss.rate),
			fl_summary_percent(odds, j->miss.probability));
	print_note_names(out, j->notes);
}

static void print_names(FILE *out, const char *verb, char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count && i < SHOWN_NAMES; i++) {
		fprintf(out, "    %s ", verb);
		fl_text_print(out, names[i], " ");
		fputc('\n', out);
	}
	if (count > SHOWN_NAMES)
		fprintf(out, "    ... %zu more in the report\n", count - SHOWN_NAMES);
}

void fl_summary_leaks(FILE *out, const struct fl_test *test)
{
	print_names(out, "wants", test->collisions, test->collision_count);
	print_names(out, "leaves", test->leaks, test->leak_count);
}

void fl_summary_annotation(FILE *out, const struct fl_suspicion *s)
{
	const struct { const char *name, *text; } keys[] = {
		{ "owner", s->owner }, { "ticket", s->ticket }, { "until", s->until },
		{ "at", s->origin },
	};
	const char *before = " (";
	size_t i;

	for (i = 0; i < FL_COUNT(keys); i++)
		if (keys[i].text) {
			fprintf(out, "%s%s ", before, keys[i].name);
			fl_text_print(out, keys[i].text, " ");
			before = ", ";
		}
	if (before[0] == ',')
		fputc(')', out);
}

void fl_summary_suspicion(FILE *out, const struct fl_suspicion *s)
{
	static const char *const why[] = {
		[FL_WHY_NONE] = "no longer known why",
		[FL_WHY_ANNOTATED] = "annotated",
		[FL_WHY_NAMED] = "named by --suspect or --test",
		[FL_WHY_ALL] = "every test is (--all)",
		[FL_WHY_FAILED] = "it failed in the program itself",
		[FL_WHY_REPORTED] = "flaky in the report of --suspect-from",
	};

	fputs(s->origin ? "listed" : why[s->why], out);
	if (s->reason) {
		fputs(": ", out);
		fl_text_print(out, s->reason, " ");
	}
	fl_summary_annotation(out, s);
}

const char *fl_summary_note(enum fl_note note)
{
	static const char *const notes[FL_NOTE_COUNT] = {
		[FL_NOTE_PARALLEL_ONLY] = "it failed beside other attempts, never alone",
		[FL_NOTE_PARALLEL_UNSAFE] = "attempts collide when made at the same time",
		[FL_NOTE_NOT_REPEATABLE] = ("it passed in the program itself and in no attempt: state left outside of"
					    " the process, or what all attempts share (addresses, the moment)"),
		[FL_NOTE_MASS_FAILURE] = "too many tests failed at once to attempt each again",
		[FL_NOTE_NOT_REPRODUCED] = "it failed in the program itself and in no attempt",
		[FL_NOTE_LEAKS] = "it leaves behind what it made or changed",
		[FL_NOTE_EXPIRED] = "its date is past: the annotation or entry excuses nothing",
		[FL_NOTE_ORDER_DEPENDENT] = "its outcome depends on the tests before it",
		[FL_NOTE_UNSEEDED] = ("the program never seeds its generator: its plain runs all draw"
				      " the same numbers, and under them it does not flicker"),
	};

	return notes[note];
}

void fl_summary_verdict(FILE *out, enum fl_verdict verdict, const struct fl_summary_style *style)
{
	static const char *const colours[FL_VERDICT_COUNT] = {
		[FL_VERDICT_FAILING] = "\033[1;31m", [FL_VERDICT_FLAKY] = "\033[1;33m",
		[FL_VERDICT_STABLE] = "\033[32m", [FL_VERDICT_UNKNOWN] = "\033[1;35m",
	};
	bool use_colour = style->use_colour && colours[verdict];
	bool is_loud = verdict == FL_VERDICT_FAILING || verdict == FL_VERDICT_FLAKY;
	const char *name = fl_verdict_name(verdict);
	size_t i;

	if (use_colour)
		fputs(colours[verdict], out);
	for (i = 0; name[i]; i++)
		fputc(is_loud ? toupper((unsigned char)name[i]) : name[i], out);
	if (use_colour)
		fputs("\033[0m", out);
	fprintf(out, "%*s", (int)(strlen("failing  ") - i), "");
}
