/* SPDX-License-Identifier: MIT */
/*
 * test_verdict.c - the rules of judge/verdict.h, a row each.
 */
#include "verdict_rows.h"

/* ---- one mode: alone, and after the group's earlier tests ---- */

static const struct row {
	const char *story;
	enum fl_outcome host;
	struct counts alone, prefix;
	bool has_predecessors;
	uint64_t planned;
	struct want want;
} rows[] = {
	{ "all pass", PASS, { .pass = 300 }, { 0 }, true, 300, { FL_VERDICT_STABLE, 0, 0 } },
	{ "all pass, the host never got there", NONE, { .pass = 300 }, { 0 }, true, 300,
	  { FL_VERDICT_STABLE, 0, 0 } },
	{ "not all planned attempts", PASS, { .pass = 299 }, { 0 }, true, 300,
	  { FL_VERDICT_UNKNOWN, 0, 0 } },
	{ "an attempt could not be made", PASS, { .pass = 299, .infra = 1 }, { 0 }, true, 300,
	  { FL_VERDICT_UNKNOWN, 0, 0 } },
	{ "one of 300", PASS, { .pass = 299, .fail = 1 }, { 0 }, true, 300,
	  { FL_VERDICT_FLAKY, 0, 1.0 / 300 } },
	{ "one of two", FAIL, { .pass = 1, .fail = 1 }, { 0 }, true, 2,
	  { FL_VERDICT_FLAKY, 0, 0.5 } },
	{ "fails always", FAIL, { .fail = 20 }, { 0 }, true, 20, { FL_VERDICT_FAILING, 0, 1 } },
	{ "fails always, the host never got there", NONE, { .fail = 20 }, { 0 }, true, 20,
	  { FL_VERDICT_FAILING, 0, 1 } },
	{ "fails always, too few", FAIL, { .fail = 19 }, { 0 }, true, 19,
	  { FL_VERDICT_UNKNOWN, 0, 1 } },
	{ "hangs always", FL_OUTCOME_TIMEOUT, { .timeout = 3 }, { 0 }, true, 300,
	  { FL_VERDICT_FAILING, 0, 1 } },
	{ "hangs at times", PASS, { .pass = 9, .timeout = 3 }, { 0 }, true, 300,
	  { FL_VERDICT_FLAKY, 0, 0.25 } },
	{ "skipped", SKIP, { .skip = 300 }, { 0 }, true, 300, { FL_VERDICT_SKIPPED, 0, -1 } },
	{ "skips at times, never fails", PASS, { .pass = 200, .skip = 100 }, { 0 }, true, 300,
	  { FL_VERDICT_STABLE, 0, 0 } },
	{ "only the host failed, first of its group", FAIL, { .pass = 300 }, { 0 }, false, 300,
	  { FL_VERDICT_FLAKY, NOTE(NOT_REPRODUCED), 0 } },
	{ "only the host failed, and few passed", FAIL, { .pass = 19 }, { 0 }, false, 300,
	  { FL_VERDICT_UNKNOWN, 0, 0 } },
	{ "only the host failed, with predecessors too", FAIL, { .pass = 20 },
	  { .pass = 280 }, true,
	  300, { FL_VERDICT_FLAKY, NOTE(NOT_REPRODUCED), 0 } },
	{ "fails only after its predecessors", FAIL, { .pass = 20 }, { .fail = 280 }, true, 300,
	  { FL_VERDICT_FAILING, NOTE(ORDER_DEPENDENT), 1 } },
	{ "passes only after its predecessors", PASS, { .fail = 20 }, { .pass = 280 }, true, 300,
	  { FL_VERDICT_STABLE, NOTE(ORDER_DEPENDENT), 0 } },
	{ "flaky after its predecessors", FAIL, { .pass = 20 },
	  { .pass = 140, .fail = 140 }, true, 300,
	  { FL_VERDICT_FLAKY, 0, 140.0 / 280 } },
	{ "only its first run ever passes", PASS, { .fail = 20 }, { .fail = 280 }, true, 300,
	  { FL_VERDICT_UNKNOWN, NOTE(NOT_REPEATABLE), -1 } },
	{ "only its first run ever passes, alone in its group", PASS, { .fail = 300 },
	  { 0 }, false, 300,
	  { FL_VERDICT_UNKNOWN, NOTE(NOT_REPEATABLE), -1 } },
	{ "contradicted, the predecessors not yet asked", FAIL, { .pass = 20 }, { 0 }, true, 300,
	  { FL_VERDICT_UNKNOWN, 0, 0 } },
	{ "nothing could be made", PASS, { 0 }, { 0 }, true, 300, { FL_VERDICT_UNKNOWN, 0, -1 } },
};

TEST_P(verdict, one_mode, rows, story)
{
	struct fl_test test = test_with_host(row->host);
	struct fl_evidence evidence = {
		.test = &test, .planned = row->planned, .base = RANDOM,
		.has_predecessors = row->has_predecessors,
	};

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &row->alone);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .has_prefix = true },
		&row->prefix);
	check(row->story, &evidence, &row->want);
	EXPECT_FALSE(fl_verdict_modes_differ(&test));
}

/* ---- notes ---- */

enum { MET_ALONE = 1, MET_BESIDE = 2 };

static const struct {
	const char *story;
	enum fl_outcome host;
	struct counts counts;
	unsigned met;
	uint32_t notes;
	struct want want;
} noted[] = {
	{ "not made: too many failed", FAIL, { 0 }, 0, NOTE(MASS_FAILURE),
	  { FL_VERDICT_UNKNOWN, NOTE(MASS_FAILURE), -1 } },
	{ "met in parallel only", PASS, { .pass = 300 }, MET_BESIDE, NOTE(PARALLEL_ONLY),
	  { FL_VERDICT_UNKNOWN, NOTE(PARALLEL_ONLY), -1 } },
	{ "met in parallel only, and counted", PASS, { .pass = 290, .fail = 10 }, MET_BESIDE,
	  NOTE(PARALLEL_ONLY), { FL_VERDICT_UNKNOWN, NOTE(PARALLEL_ONLY), -1 } },
	{ "a collision", PASS, { .pass = 300 }, MET_BESIDE, NOTE(PARALLEL_UNSAFE),
	  { FL_VERDICT_UNKNOWN, NOTE(PARALLEL_UNSAFE), -1 } },
	{ "a collision, and another failure met alone", PASS, { .pass = 299, .fail = 1 },
	  MET_BESIDE | MET_ALONE, NOTE(PARALLEL_UNSAFE),
	  { FL_VERDICT_FLAKY, NOTE(PARALLEL_UNSAFE), 1.0 / 300 } },
	{ "a collision, and the host failed", FAIL,
	  { .pass = 300 }, MET_BESIDE, NOTE(PARALLEL_UNSAFE),
	  { FL_VERDICT_FLAKY, NOTE(PARALLEL_UNSAFE) | NOTE(NOT_REPRODUCED), -1 } },
	{ "met in parallel, not yet tried alone", PASS, { .pass = 300 }, MET_BESIDE, 0,
	  { FL_VERDICT_UNKNOWN, 0, 0 } },
	{ "leaks", PASS, { .pass = 300 }, 0, NOTE(LEAKS), { FL_VERDICT_STABLE, NOTE(LEAKS), 0 } },
	{ "expired", PASS, { .pass = 150, .fail = 150 }, MET_ALONE, NOTE(EXPIRED),
	  { FL_VERDICT_FLAKY, NOTE(EXPIRED), 0.5 } },
	{ "unseeded", FAIL, { .fail = 300 }, MET_ALONE, NOTE(UNSEEDED),
	  { FL_VERDICT_FAILING, NOTE(UNSEEDED), 1 } },
};

TEST_P(verdict, notes_from_elsewhere, noted, story)
{
	struct fl_failure failures[2] = { { .count = 1 } };
	struct fl_test test = test_with_host(row->host);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = RANDOM, .notes = row->notes,
	};

	test.failures = failures;
	if (row->met & MET_ALONE)
		failures[test.failure_count++].is_met_in_parallel = false;
	if (row->met & MET_BESIDE)
		failures[test.failure_count++].is_met_in_parallel = true;
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &row->counts);
	check(row->story, &evidence, &row->want);
}

TEST(verdict, not_suspect)
{
	struct fl_test test = { .has_host = true };
	struct fl_evidence evidence = { .test = &test, .planned = 300, .base = RANDOM };
	struct fl_judgement got;

	fl_verdict_judge(&evidence, &got);
	EXPECT_EQ(got.verdict, FL_VERDICT_NOT_SUSPECT);
	EXPECT_FALSE(got.has_rate || got.has_interval || got.has_miss);
	test.host.outcome = SKIP;
	fl_verdict_judge(&evidence, &got);
	EXPECT_EQ(got.verdict, FL_VERDICT_SKIPPED);
	test.host.outcome = FAIL;
	evidence.notes = NOTE(MASS_FAILURE);
	fl_verdict_judge(&evidence, &got);
	EXPECT_EQ(got.verdict, FL_VERDICT_UNKNOWN);
}

/* ---- numbers ---- */

/* What may have been missed is only said where nothing was seen, anywhere. */
TEST(verdict, miss)
{
	static const struct counts pass = { .pass = 300 }, fail = { .fail = 1 };
	struct fl_test test = test_with_host(PASS);
	struct fl_evidence evidence = { .test = &test, .planned = 300, .base = RANDOM };
	struct fl_failure failure = { .count = 1, .is_met_in_parallel = true };
	struct fl_judgement got;

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &pass);
	fl_verdict_judge(&evidence, &got);
	ASSERT_TRUE(got.has_miss && got.miss.probability > 0.049 && got.miss.probability < 0.0491);
	test.host.outcome = FAIL;
	fl_verdict_judge(&evidence, &got);
	EXPECT_FALSE(got.has_miss);
	test.host.outcome = PASS;
	test.failures = &failure;
	test.failure_count = 1;
	fl_verdict_judge(&evidence, &got);
	EXPECT_FALSE(got.has_miss);
	test.failure_count = 0;
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM | OTHER }, &fail);
	fl_verdict_judge(&evidence, &got);
	EXPECT_FALSE(got.has_miss);
}

/* The method follows the rule of stopping, not whether it stopped anything. */
TEST(verdict, methods)
{
	static const enum fl_method want[FL_UNTIL_COUNT] = {
		[FL_UNTIL_RUNS] = FL_METHOD_CLOPPER_PEARSON,
		[FL_UNTIL_CONFIDENT] = FL_METHOD_BETTING,
		[FL_UNTIL_FAIL] = FL_METHOD_BETTING,
	};
	static const struct counts counts = { .pass = 287, .fail = 13 };
	struct fl_test test = test_with_host(PASS);
	struct fl_evidence evidence = { .test = &test, .planned = 300, .base = RANDOM };
	struct fl_judgement got;
	int until;

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &counts);
	for (until = 0; until < FL_UNTIL_COUNT; until++) {
		evidence.until = (enum fl_until)until;
		fl_verdict_judge(&evidence, &got);
		ASSERT_TRUE(got.has_interval);
		EXPECT_EQ(got.interval.method, want[until]);
	}
}

#define R { .perturbations = RANDOM }
#define E { .perturbations = RANDOM, .mode = FL_MODE_EXEC }
#define O { .perturbations = RANDOM | OTHER }

/* The interval of 12 of 20 is 0.603 wide, that of 13 of 20 0.589, by mpmath. */
static const struct {
	const char *story;
	enum fl_outcome host;
	struct fl_arm first, second;
	struct counts counts, further;
	bool is_settled[FL_UNTIL_COUNT];        /* confident, runs, fail */
} settled[] = {
	{ "nothing made", PASS, R, R, { 0 }, { 0 }, { false, false, false } },
	{ "no failure", PASS, R, R, { .pass = 299 }, { 0 }, { false, false, false } },
	{ "fails always", FAIL, R, R, { .fail = 20 }, { 0 }, { false, false, true } },
	{ "fails always so far", FAIL, R, R, { .fail = 19 }, { 0 }, { false, false, false } },
	{ "the first fails", PASS, R, R, { .fail = 1 }, { 0 }, { false, false, false } },
	{ "then one passes", PASS, R, R, { .pass = 1, .fail = 1 }, { 0 }, { false, false, true } },
	{ "only the host failed", FAIL, R, R, { .pass = 299 }, { 0 }, { false, false, false } },
	{ "lost ones", PASS, R, R, { .pass = 9, .infra = 9 }, { 0 }, { false, false, false } },
	{ "skips", PASS, R, R, { .skip = 20 }, { 0 }, { false, false, false } },
	{ "flaky, but how much?", PASS, R, R, { .pass = 19, .fail = 1 }, { 0 },
	  { false, false, true } },
	{ "10 of 20", PASS, R, R, { .pass = 10, .fail = 10 }, { 0 }, { false, false, true } },
	{ "12 of 20", PASS, R, R, { .pass = 8, .fail = 12 }, { 0 }, { false, false, true } },
	{ "13 of 20", PASS, R, R, { .pass = 7, .fail = 13 }, { 0 }, { true, false, true } },
	{ "30 % of 200", PASS, R, R, { .pass = 140, .fail = 60 }, { 0 }, { true, false, true } },
	{ "4 % of 300", PASS, R, R, { .pass = 288, .fail = 12 }, { 0 }, { false, false, true } },
	{ "4 % of 3000", PASS, R, R, { .pass = 2880, .fail = 120 }, { 0 }, { true, false, true } },
	{ "both modes", PASS, R, E, { .pass = 130, .fail = 55 }, { .pass = 10, .fail = 5 },
	  { true, false, true } },
	{ "split by mode", PASS, R, E, { .pass = 200 }, { .fail = 100 }, { false, false, false } },
	{ "elsewhere: there is no rate to be sure of", PASS, R, O, { .pass = 200 },
	  { .pass = 50, .fail = 50 }, { false, false, true } },
	{ "elsewhere always", PASS, R, O, { .pass = 200 }, { .fail = 50 }, { false, false, true } },
};

TEST_P(verdict, settles, settled, story)
{
	struct fl_test test = test_with_host(row->host);
	struct fl_evidence evidence = { .test = &test, .planned = 300, .base = RANDOM };
	int until;

	add_arm(&test, row->first, &row->counts);
	add_arm(&test, row->second, &row->further);
	for (until = 0; until < FL_UNTIL_COUNT; until++) {
		evidence.until = (enum fl_until)until;
		if (fl_verdict_is_settled(&evidence) != row->is_settled[until])
			GTEST_FAIL("%s: until %s: %s", row->story,
				   fl_until_name(evidence.until),
				   row->is_settled[until] ? "goes on" : "ends");
	}
}

FLICKER_XUNIT_MAIN();
