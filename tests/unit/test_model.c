/* SPDX-License-Identifier: MIT */
/*
 * test_model.c - words, sums, and ends without a leak (under ASan).
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/model.h"

#include <errno.h>

TEST(model, words_and_values_agree)
{
	int i;

#define CHECK(noun, COUNT) \
	for (i = 0; i < (COUNT); i++) \
		EXPECT_EQ(fl_##noun##_parse(fl_##noun##_name((enum fl_##noun)i)), i); \
	EXPECT_EQ(fl_##noun##_parse("nonsense"), -EINVAL); \
	EXPECT_EQ(fl_##noun##_parse(""), -EINVAL)
	CHECK(outcome, FL_OUTCOME_COUNT);
	CHECK(verdict, FL_VERDICT_COUNT);
	CHECK(note, FL_NOTE_COUNT);
	CHECK(why, FL_WHY_COUNT);
	CHECK(mode, FL_MODE_COUNT);
	CHECK(method, FL_METHOD_COUNT);
	CHECK(perturbation, FL_PERTURB_COUNT);
#undef CHECK
}

TEST(model, words_are_those_of_the_report)
{
	EXPECT_STREQ(fl_outcome_name(FL_OUTCOME_EARLY_EXIT), "early-exit");
	EXPECT_STREQ(fl_outcome_key(FL_OUTCOME_EARLY_EXIT), "early_exit");
	EXPECT_STREQ(fl_verdict_name(FL_VERDICT_NOT_SUSPECT), "not-suspect");
	EXPECT_STREQ(fl_verdict_key(FL_VERDICT_NOT_SUSPECT), "not_suspect");
	EXPECT_STREQ(fl_note_name(FL_NOTE_NOT_REPRODUCED), "not-reproduced");
	EXPECT_STREQ(fl_method_name(FL_METHOD_CLOPPER_PEARSON), "clopper-pearson");
	EXPECT_STREQ(fl_perturbation_name(FL_PERTURB_RANDOM), "random");
}

TEST(model, outcomes_count_as_they_should)
{
	static const struct { enum fl_outcome outcome; bool is_non_pass, is_in_total; } rows[] = {
		{ FL_OUTCOME_PASS, false, true },       { FL_OUTCOME_FAIL, true, true },
		{ FL_OUTCOME_ERROR, true, true },       { FL_OUTCOME_CRASH, true, true },
		{ FL_OUTCOME_TIMEOUT, true, true },     { FL_OUTCOME_SKIP, false, true },
		{ FL_OUTCOME_EARLY_EXIT, true, true },  { FL_OUTCOME_STOPPED, true, true },
		{ FL_OUTCOME_OOM, true, true },         { FL_OUTCOME_INFRA, false, false },
	};
	size_t i;

	EXPECT_EQ(FL_COUNT(rows), FL_OUTCOME_COUNT);
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_counts counts = { 0 };

		counts.by[rows[i].outcome] = 3;
		EXPECT_EQ(fl_outcome_is_non_pass(rows[i].outcome), rows[i].is_non_pass);
		ASSERT_EQ(fl_counts_non_pass(&counts), rows[i].is_non_pass ? 3 : 0);
		ASSERT_EQ(fl_counts_total(&counts), rows[i].is_in_total ? 3 : 0);
	}
}

/* A flaky test with two arms and everything that can be owned, owned. */
static struct fl_test *full_test(void)
{
	struct fl_test *test = fl_base_alloc(1, sizeof(*test));
	struct fl_failure *failure = fl_base_alloc(1, sizeof(*failure));
	struct fl_frame *frame = fl_base_alloc(1, sizeof(*frame));

	*frame = (struct fl_frame){ .module = fl_base_copy("m"), .build_id = fl_base_copy("b"),
				    .function = fl_base_copy("f"), .file = fl_base_copy("c") };
	failure->signature = fl_base_copy("s");
	failure->first.message = fl_base_copy("m");
	failure->first.file = fl_base_copy("f");
	failure->first.backtrace = (struct fl_backtrace){ frame, 1 };
	failure->output_tail = fl_base_copy("o");
	failure->token = fl_base_copy("t");
	failure->replay = fl_base_copy("r");
	*test = (struct fl_test){
		.id = fl_base_copy("s.n"), .suite = fl_base_copy("s"), .name = fl_base_copy("n"),
		.file = fl_base_copy("f"), .host.message = fl_base_copy("m"),
		.suspicion = { .reason = fl_base_copy("r"), .owner = fl_base_copy("o"),
			       .ticket = fl_base_copy("t"), .until = fl_base_copy("u") },
		.arms = { { .counts.by = { [FL_OUTCOME_PASS] = 5, [FL_OUTCOME_FAIL] = 2 } },
			  { .counts.by = { [FL_OUTCOME_PASS] = 1, [FL_OUTCOME_INFRA] = 4 } } },
		.arm_count = 2, .failures = failure, .failure_count = 1,
		.judgement.verdict = FL_VERDICT_FLAKY,
	};
	return test;
}

static struct fl_run full_run(void)
{
	struct fl_run run = { 0 };

	run.program.path = fl_base_copy("./p");
	run.program.args = fl_base_alloc(3, sizeof(char *));
	run.program.args[0] = fl_base_copy("-x");
	run.program.args[1] = fl_base_copy("y");
	run.program.build_id = fl_base_copy("b");
	run.program.framework = fl_base_copy("cmocka");
	run.program.framework_version = fl_base_copy("1.1.5");
	run.program.linkage = fl_base_copy("shared");
	run.os = fl_base_copy("linux");
	run.id = fl_base_copy("i");
	run.started = fl_base_copy("now");
	run.tests = fl_base_alloc(2, sizeof(*run.tests));
	run.tests[0] = full_test();
	run.tests[1] = fl_base_alloc(1, sizeof(**run.tests));
	run.test_count = 2;
	return run;
}

TEST(model, sums_are_over_arms_and_tests)
{
	struct fl_run run = full_run();
	struct fl_counts counts = fl_test_counts(run.tests[0]);
	struct fl_totals totals = fl_run_totals(&run);

	EXPECT_EQ(counts.by[FL_OUTCOME_PASS], 6);
	EXPECT_EQ(counts.by[FL_OUTCOME_FAIL], 2);
	EXPECT_EQ(counts.by[FL_OUTCOME_INFRA], 4);
	EXPECT_EQ(totals.tests, 2);
	EXPECT_EQ(totals.attempts, 8);
	EXPECT_EQ(totals.infra, 4);
	EXPECT_EQ(totals.by_verdict[FL_VERDICT_FLAKY], 1);
	EXPECT_EQ(totals.by_verdict[FL_VERDICT_UNKNOWN], 1);
	fl_run_clear(&run);
}

TEST(model, clearing_leaves_zero)
{
	static const struct fl_run nothing;
	struct fl_run run = full_run();

	fl_run_clear(&run);
	EXPECT_MEMEQ(&run, &nothing, sizeof(run));
	fl_run_clear(&run);
	fl_test_free(NULL);
}

FLICKER_XUNIT_MAIN();
