/* SPDX-License-Identifier: MIT */
/*
 * summary_mass.c - what failed with many others and was not attempted: a line for each.
 *
 * Where a server is down a block for each test would bury the findings.
 */
#include "summary_words.h"

#include "text.h"

enum { SHOWN_TESTS = 8 };

bool fl_summary_is_mass(const struct fl_test *test)
{
	struct fl_counts counts = fl_test_counts(test);

	return test->judgement.notes & (1U << FL_NOTE_MASS_FAILURE) && !fl_counts_total(&counts);
}

static size_t count_mass(const struct fl_run *run)
{
	size_t i, count = 0;

	for (i = 0; i < run->test_count; i++)
		count += fl_summary_is_mass(run->tests[i]);
	return count;
}

/* "    net.down: no answer at net.c:7" */
static void print_one(FILE *out, const struct fl_test *test)
{
	fputs("    ", out);
	fl_summary_title(out, test);
	if (test->host.message) {
		fputs(": ", out);
		fl_text_print(out, test->host.message, " ");
	}
	fl_summary_location(out, &test->host);
	fputc('\n', out);
}

void fl_summary_mass(FILE *out, const struct fl_run *run, const struct fl_summary_style *style)
{
	size_t i, shown = 0, count = count_mass(run);

	if (!count)
		return;
	fl_summary_verdict(out, FL_VERDICT_UNKNOWN, style);
	fprintf(out, "%zu more failed in the program itself\n  %s: %s; --all attempts them\n", count,
		fl_note_name(FL_NOTE_MASS_FAILURE), fl_summary_note(FL_NOTE_MASS_FAILURE));
	for (i = 0; i < run->test_count && shown < SHOWN_TESTS; i++)
		if (fl_summary_is_mass(run->tests[i])) {
			print_one(out, run->tests[i]);
			shown++;
		}
	if (count > shown)
		fprintf(out, "    ... %zu more in the report\n", count - shown);
	fputc('\n', out);
}
