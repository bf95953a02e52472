/* SPDX-License-Identifier: MIT */
/*
 * summary_excuses.c - which flaky tests do not count for the exit code, which do all the
 * same, and why.
 *
 * A failure that is passed over in silence is one that nobody mends: each has its line.
 */
#include "summary_words.h"

#include "../base/base.h"
#include "text.h"

static bool has_failed_in_place(const struct fl_test *test)
{
	return test->has_host && fl_outcome_is_non_pass(test->host.outcome);
}

static const char *why_gates(const struct fl_test *test)
{
	uint32_t notes = test->judgement.notes;

	if (notes & (1U << FL_NOTE_EXPIRED))
		return test->suspicion.origin ? "its entry's date is past" :
						"its annotation's date is past";
	if ((notes & (1U << FL_NOTE_UNSEEDED)) && has_failed_in_place(test))
		return "without flicker's seeds it fails every time";
	return test->suspicion.origin ?
		"it crashed or a sanitizer complained, which crash = yes in its entry would excuse" :
		"it crashed or a sanitizer complained,"
		" which crash=yes in its annotation would excuse";
}

/*
 * Under a policy that excuses, and in quarantine: what is too bad, or too little known, to be
 * excused; or NULL.
 */
static const char *why_not(const struct fl_run *run, const struct fl_test *test)
{
	const struct fl_judgement *judgement = &test->judgement;

	if (run->settings.policy == FL_POLICY_FAIL && !test->suspicion.is_quarantined)
		return NULL;
	if (judgement->verdict == FL_VERDICT_UNKNOWN && has_failed_in_place(test))
		return "it failed, and whether it is flaky is not known";
	if (judgement->verdict == FL_VERDICT_FAILING)
		return test->host.is_quarantined ?
			"it is failing, though the program shows a skip" : NULL;
	return judgement->verdict == FL_VERDICT_FLAKY && judgement->gates ? why_gates(test) : NULL;
}

static void print_excused(FILE *out, const struct fl_run *run, const struct fl_test *test)
{
	static const char *const by[FL_EXCUSE_COUNT] = {
		[FL_EXCUSE_KNOWN] = "by --new-only: it was flaky before",
		[FL_EXCUSE_STRESS] = "by --gate natural: it failed under stress only",
		[FL_EXCUSE_QUARANTINE] = "by its entry in a quarantine file",
	};
	enum fl_excuse excuse = test->judgement.excuse;

	fputs("excused: ", out);
	fl_summary_title(out, test);
	if (excuse == FL_EXCUSE_POLICY)
		fprintf(out, ", by --policy %s", fl_policy_name(run->settings.policy));
	else
		fprintf(out, ", %s", by[excuse]);
	fl_summary_annotation(out, &test->suspicion);
	fputc('\n', out);
}

static bool print_line(FILE *out, const struct fl_run *run, const struct fl_test *test)
{
	const char *why = why_not(run, test);

	if (test->judgement.excuse) {
		print_excused(out, run, test);
	} else if (why) {
		fputs("not excused: ", out);
		fl_summary_title(out, test);
		fprintf(out, ": %s", why);
		fl_summary_annotation(out, &test->suspicion);
		fputc('\n', out);
	}
	return test->judgement.excuse || why;
}

void fl_summary_excuses(FILE *out, const struct fl_run *run)
{
	bool is_any = false;
	size_t i;

	for (i = 0; i < run->test_count; i++)
		is_any |= print_line(out, run, run->tests[i]);
	if (!is_any)
		return;
	if (!run->is_partial && run->exit_code == 0 && run->program.exit_code > 0)
		fprintf(out, "exit code 0: that of the program, %d, is excused with them\n",
			run->program.exit_code);
	fputc('\n', out);
}
