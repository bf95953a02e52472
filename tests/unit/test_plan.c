/* SPDX-License-Identifier: MIT */
/*
 * test_plan.c - which attempts come next: numbers without gap, the switch to predecessors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/plan.h"

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

		assert_int_equal(step.first, next);
		assert_true(step.count > 0);
		if (outcome == FL_OUTCOME_TIMEOUT)
			step.count = 1;         /* as the template does */
		next += step.count;
		plan->made += step.count;
		prefixed += step.has_prefix ? step.count : 0;
		test->arms[step.has_prefix].counts.by[outcome] += step.count;
	}
	return prefixed;
}

static void all_planned(void **state)
{
	static const uint64_t runs[] = { 0, 1, 19, 20, 21, 64, 300, 1000 };
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(runs); i++) {
		struct fl_plan plan = { .runs = runs[i], .has_predecessors = true };
		struct fl_test test = { .has_host = true };

		assert_int_equal(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_PASS), 0);
		assert_int_equal(plan.made, runs[i]);
	}
}

static void contradicted_host(void **state)
{
	struct fl_plan plan = { .runs = 300, .has_predecessors = true };
	struct fl_test test = { .has_host = true, .host.outcome = FL_OUTCOME_FAIL };

	(void)state;
	assert_int_equal(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_FAIL), 280);
	plan = (struct fl_plan){ .runs = 300 };
	test = (struct fl_test){ .has_host = true, .host.outcome = FL_OUTCOME_FAIL };
	assert_int_equal(carry_out(&plan, &test, FL_OUTCOME_PASS, FL_OUTCOME_FAIL), 0);
}

static void hangs(void **state)
{
	struct fl_plan plan = { .runs = 300, .has_predecessors = false };
	struct fl_test test = { .has_host = true, .host.outcome = FL_OUTCOME_TIMEOUT };

	(void)state;
	carry_out(&plan, &test, FL_OUTCOME_TIMEOUT, FL_OUTCOME_TIMEOUT);
	assert_int_equal(plan.made, 3);
}

/* Every third attempt is lost: 300 others are made all the same. */
static void lost_ones(void **state)
{
	struct fl_plan plan = { .runs = 300 };
	struct fl_test test = { .has_host = true, .arm_count = 1 };
	struct fl_counts *counts = &test.arms[0].counts;
	struct fl_plan_step step;

	(void)state;
	while (fl_plan_next(&plan, &test, &step)) {
		plan.made += step.count;
		counts->by[FL_OUTCOME_INFRA] = plan.made / 3;
		counts->by[FL_OUTCOME_PASS] = plan.made - plan.made / 3;
	}
	assert_int_equal(counts->by[FL_OUTCOME_PASS], 300);
}

static void hopeless(void **state)
{
	struct fl_plan plan = { .runs = 1000000 };
	struct fl_test test = { .has_host = true };

	(void)state;
	carry_out(&plan, &test, FL_OUTCOME_INFRA, FL_OUTCOME_INFRA);
	assert_int_equal(plan.made, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_planned),
		cmocka_unit_test(contradicted_host),
		cmocka_unit_test(hangs),
		cmocka_unit_test(lost_ones),
		cmocka_unit_test(hopeless),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
