/* SPDX-License-Identifier: MIT */
/*
 * test_summary_words.c - the sentences of the summary: rates, figures, notes.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <signal.h>

#include <flicker/xunit.h>

static char *rate_of(const struct fl_test *test)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_rate(out, test);
	fclose(out);
	return text;
}

TEST(summary_words, says_how_often)
{
	static const enum fl_outcome P = FL_OUTCOME_PASS, F = FL_OUTCOME_FAIL, S = FL_OUTCOME_SKIP;
	const struct {
		enum fl_outcome host;
		unsigned pass, fail, skip;
		double low, high;
		const char *want;
	} rows[] = {
		{ P, 287, 13, 5, 0.02327, 0.07293,
		  "fails 4.3 % of 300 attempts (13) after the tests before it, 95 % sure between 2.3 %"
		  " and 7.3 %; alone it fails 99 of 99; 5 more were skipped" },
		{ F, 300, 0, 0, 0, 0.0122, "failed in the program itself, then none of 300 attempts"
		  " failed after the tests before it, 95 % sure below 1.2 %; alone it fails 99 of 99" },
		{ P, 0, 20, 0, 0.8315, 1,
		  "passed in the program itself, then failed all 20 attempts after the tests before it,"
		  " 95 % sure above 83.2 %; alone it fails 99 of 99" },
		{ F, 0, 20, 0, 0.8315, 1, "failed all 20 attempts after the tests before it,"
		  " 95 % sure above 83.2 %; alone it fails 99 of 99" },
		{ P, 1999, 1, 0, 7.6e-07, 0.0052,
		  "fails 0.05 % of 2000 attempts (1) after the tests before it, 95 % sure between"
		  " <0.0001 % and 0.52 %; alone it fails 99 of 99" },
		{ P, 1, 1999, 0, 0.9948, 0.99999924,
		  "fails 99.95 % of 2000 attempts (1999) after the tests before it, 95 % sure between"
		  " 99.5 % and >99.99 %; alone it fails 99 of 99" },
		{ S, 0, 1, 0, 0, 1, "failed 1 attempt after the tests before it; alone it fails 99 of 99" },
		{ F, 1, 0, 0, 0, 0.975, "failed in the program itself, then the only attempt did not fail"
		  " after the tests before it, 95 % sure below 97.5 %; alone it fails 99 of 99" },
		{ F, 0, 0, 0, 0, 1, "failed in the program itself; no attempt was made" },
		{ F, 0, 0, 9, 0, 1, "failed in the program itself; every attempt was skipped" },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		bool has_attempts = rows[i].pass + rows[i].fail + rows[i].skip > 0;
		struct fl_test test = { .has_host = true, .arm_count = has_attempts ? 2 : 0 };
		autofree char *text = NULL;

		test.host.outcome = rows[i].host;
		test.judgement.has_interval = true;
		test.judgement.interval = (struct fl_interval){
			.low = rows[i].low, .high = rows[i].high, .level = 0.95,
		};
		test.arms[0].perturbations = test.arms[1].perturbations = FL_PERTURB_BIT(RANDOM);
		test.arms[0].counts.by[FL_OUTCOME_PASS] = rows[i].pass;
		test.arms[0].counts.by[FL_OUTCOME_FAIL] = rows[i].fail;
		/* the other arm is not what the rate is about */
		test.judgement.notes = 1U << FL_NOTE_ORDER_DEPENDENT;
		test.arms[0].has_prefix = true;
		test.arms[0].counts.by[FL_OUTCOME_SKIP] = rows[i].skip;
		test.arms[1].counts.by[FL_OUTCOME_CRASH] = 99;
		text = rate_of(&test);
		EXPECT_STREQ(text, rows[i].want);
	}
}

static void set_arm(struct fl_arm *arm, enum fl_mode mode, unsigned pass, unsigned fail)
{
	*arm = (struct fl_arm){ .perturbations = FL_PERTURB_BIT(RANDOM), .mode = mode };
	arm->counts.by[FL_OUTCOME_PASS] = pass;
	arm->counts.by[FL_OUTCOME_FAIL] = fail;
}

/* One share of two modes; an interval where it is of one rate; no rate, but where it fails. */
TEST(summary_words, says_how_often_by_mode)
{
	struct fl_test test = { .has_host = true, .arm_count = 2 };
	autofree char *split = NULL, *both = NULL, *under = NULL;

	set_arm(&test.arms[0], FL_MODE_FORK, 289, 0);
	set_arm(&test.arms[1], FL_MODE_EXEC, 0, 11);
	split = rate_of(&test);
	EXPECT_STREQ(split, "fails 3.7 % of 300 attempts (11);"
			    " as a fork 0 of 289, as a fresh process 11 of 11");
	set_arm(&test.arms[1], FL_MODE_EXEC, 10, 1);
	test.judgement.has_interval = true;
	test.judgement.interval = (struct fl_interval){ .low = 2.7e-6, .high = 0.0307, .level = 0.95 };
	both = rate_of(&test);
	EXPECT_STREQ(both, "fails 0.33 % of 300 attempts (1),"
			   " 95 % sure between 0.00027 % and 3.1 %");
	set_arm(&test.arms[1], FL_MODE_EXEC, 11, 0);
	test.judgement = (struct fl_judgement){ .seen_under = FL_PERTURB_BIT(RANDOM) };
	under = rate_of(&test);
	EXPECT_STREQ(under, "fails only under random; without, none of 300 attempts failed");
}

/* Of one that never failed: what was skipped shows nothing. */
static const struct { unsigned pass, skip; const char *want; } says_what_was_skipped_rows[] = {
	{ 15, 5, "none of 20 attempts failed, 5 were skipped" }, { 20, 0, "none of 20 attempts failed" },
	{ 3, 1, "none of 4 attempts failed, 1 was skipped" }, { 1, 0, "the only attempt did not fail" },
	{ 0, 1, "the only attempt was skipped" },
};

TEST_P(summary_words, says_what_was_skipped, says_what_was_skipped_rows)
{
	struct fl_test test = { .arm_count = 1 };
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	set_arm(&test.arms[0], FL_MODE_FORK, row->pass, 0);
	test.arms[0].counts.by[FL_OUTCOME_SKIP] = row->skip;
	fl_summary_clean(out, &test);
	fclose(out);
	EXPECT_STREQ(text, row->want);
}

static const struct { double share; const char *want; } formats_percent_rows[] = {
	{ 0, "0 %" }, { 1, "100 %" }, { 0.5, "50 %" }, { 0.04333, "4.3 %" },
	{ 0.00433, "0.43 %" }, { 0.0000123, "0.0012 %" }, { 2e-9, "<0.0001 %" },
	{ 0.9995, "99.95 %" }, { 0.99995, ">99.99 %" }, { 0.99, "99 %" },
	{ 0.00999, "1 %" }, { 0.1, "10 %" }, { 0.999, "99.9 %" }, { 7.6e-07, "<0.0001 %" },
};

TEST_P(summary_words, formats_percent, formats_percent_rows)
{
	char number[FL_SUMMARY_NUMBER];

	strcpy(number, "what stood there before");
	EXPECT_EQ(fl_summary_percent(number, row->share), number);
	EXPECT_STREQ(number, row->want);
}

static const struct { double ms; const char *want; } formats_duration_rows[] = {
	{ 0, "0.0 ms" }, { 1.26, "1.3 ms" }, { 310.5, "310 ms" }, { 3120, "3.1 s" },
	{ 125000, "2 min 5 s" },
};

TEST_P(summary_words, formats_duration, formats_duration_rows)
{
	char number[FL_SUMMARY_NUMBER];

	EXPECT_STREQ(fl_summary_duration(number, row->ms), row->want);
}

TEST(summary_words, every_note_has_words)
{
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		ASSERT_NE(fl_summary_note((enum fl_note)i), NULL);
}

FLICKER_XUNIT_MAIN();
