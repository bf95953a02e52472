/* SPDX-License-Identifier: MIT */
/*
 * test_plan.c - which attempts come next: numbers without gap, forks and fresh processes,
 * the switch to predecessors.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/attempts/plan.h"

/* Carries the plan out with every attempt of the one outcome; returns attempts made with predecessors. */
static uint64_t carry_out(struct fl_plan *plan, struct fl_test *test, enum fl_outcome alone,
			  enum fl_outcome with_prefix)
{
	struct fl_plan_step step;
	uint64_t next = 1, prefixed = 0;

	test->arm_count = 2;
	test->arms[1].has_prefix = true;
	while (fl_plan_next(plan, test, &step)) {
		enum fl_outcome outcome = step.has_prefix ? with_prefix : alone;

		EXPECT_EQ(step.first, next);
		ASSERT_GT(step.count, 0);
		if (outcome == FL_OUTCOME_TIMEOUT)
			step.count = 1;         /* as the template does */
		next += step.count;
		plan->made += step.count;
		prefixed += step.has_prefix ? step.count : 0;
		test->arms[step.has_prefix].counts.by[outcome] += step.count;
	}
	return prefixed;
}

TEST(plan, all_planned)
{
	static const uint64_t runs[] = { 0, 1, 19, 20, 21, 64, 300, 1000 };
	size_t i;

	for (i = 0; i < FL_COUNT(runs); i++) {
		struct fl_plan plan = { .can_fork = true, .runs = runs[i], .has_predecessors = true };
		struct fl_test test = { .has_host = true };

		ASSERT_EQ(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_PASS), 0);
		EXPECT_EQ(plan.made, runs[i]);
	}
}

TEST(plan, contradicted_host)
{
	struct fl_plan plan = { .can_fork = true, .runs = 300, .has_predecessors = true };
	struct fl_test test = { .has_host = true, .host.outcome = FL_OUTCOME_FAIL };

	ASSERT_EQ(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_FAIL), 280);
	plan = (struct fl_plan){ .can_fork = true, .runs = 300 };
	test = (struct fl_test){ .has_host = true, .host.outcome = FL_OUTCOME_FAIL };
	ASSERT_EQ(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_FAIL), 0);
}

TEST(plan, hangs)
{
	struct fl_plan plan = { .can_fork = true, .runs = 300, .has_predecessors = false };
	struct fl_test test = { .has_host = true, .host.outcome = FL_OUTCOME_TIMEOUT };

	carry_out(&plan, &test, FL_OUTCOME_TIMEOUT, FL_OUTCOME_TIMEOUT);
	EXPECT_EQ(plan.made, 3);
}

/* Every third attempt is lost: 300 others are made all the same. */
TEST(plan, lost_ones)
{
	struct fl_plan plan = { .can_fork = true, .runs = 300 };
	struct fl_test test = { .has_host = true, .arm_count = 1 };
	struct fl_counts *counts = &test.arms[0].counts;
	struct fl_plan_step step;

	while (fl_plan_next(&plan, &test, &step)) {
		plan.made += step.count;
		counts->by[FL_OUTCOME_INFRA] = plan.made / 3;
		counts->by[FL_OUTCOME_PASS] = plan.made - plan.made / 3;
	}
	EXPECT_EQ(counts->by[FL_OUTCOME_PASS], 300);
}

TEST(plan, hopeless)
{
	struct fl_plan plan = { .can_fork = true, .runs = 1000000 };
	struct fl_test test = { .has_host = true };

	carry_out(&plan, &test, FL_OUTCOME_INFRA, FL_OUTCOME_INFRA);
	EXPECT_EQ(plan.made, 20);
}

/* Numbers are used up, and nothing is ever in a slot. */
TEST(plan, all_lost)
{
	struct fl_plan plan = { .can_fork = true, .runs = 300 };
	struct fl_test test = { .has_host = true };
	struct fl_plan_step step;

	while (plan.made < 1000 && fl_plan_next(&plan, &test, &step))
		plan.lost = plan.made += step.count;
	EXPECT_EQ(plan.made, 20);
}

/* How each of `runs` attempts is made: 'f' or 'e'; the caller's. */
static char *modes_of(struct fl_plan plan)
{
	char *modes = fl_base_alloc(plan.runs + 1, 1);
	struct fl_test test = { .has_host = true, .arm_count = 1 };
	struct fl_plan_step step;
	uint32_t i;

	while (fl_plan_next(&plan, &test, &step)) {
		ASSERT_TRUE(step.mode == FL_MODE_FORK || step.count == 1);
		for (i = 0; i < step.count; i++)
			modes[step.first - 1 + i] = step.mode == FL_MODE_EXEC ? 'e' : 'f';
		plan.made += step.count;
		test.arms[0].counts.by[FL_OUTCOME_PASS] += step.count;
	}
	return modes;
}

static const struct {
	enum fl_mode mode;
	bool can_fork, can_exec;
	const char *want;
} rows[] = {
	{ FL_MODE_FORK, true, true, "ffffffffffffffffffffffffffffffffff" },
	{ FL_MODE_EXEC, true, true, "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" },
	{ FL_MODE_MIX, true, true, "fffffffefffffffefffffffefffffffeff" },
	{ FL_MODE_MIX, true, false, "ffffffffffffffffffffffffffffffffff" },
	{ FL_MODE_MIX, false, true, "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" },
	{ FL_MODE_EXEC, true, false, "ffffffffffffffffffffffffffffffffff" },
	{ FL_MODE_MIX, false, false, "" },
	{ FL_MODE_FORK, false, false, "" },
};

TEST_P(plan, fork_and_exec, rows)
{
	autofree char *modes = modes_of((struct fl_plan){
		.runs = 34, .mode = row->mode, .can_fork = row->can_fork,
		.can_exec = row->can_exec });

	EXPECT_STREQ(modes, row->want);
}

/* After 24 every 32nd number, and nothing else, is a fresh process. */
TEST(plan, exec_now_and_then)
{
	autofree char *modes = modes_of((struct fl_plan){
		.runs = 300, .mode = FL_MODE_MIX, .can_fork = true, .can_exec = true });
	size_t i;

	for (i = 24; i < 300; i++)
		EXPECT_EQ(modes[i], (i + 1) % 32 == 0 ? 'e' : 'f');
}

TEST(plan, over)
{
	struct fl_plan plan = { .can_fork = true, .runs = 300, .is_over = true };
	struct fl_test test = { .has_host = true };
	struct fl_plan_step step;

	EXPECT_FALSE(fl_plan_next(&plan, &test, &step));
}

FLICKER_XUNIT_MAIN();
