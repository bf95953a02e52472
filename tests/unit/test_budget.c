/* SPDX-License-Identifier: MIT */
/*
 * test_budget.c - the time for attempts, and its parts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/attempts/budget.h"

static void total(void **state)
{
	static const struct { struct fl_budget_terms terms; uint64_t want; } rows[] = {
		{ { .plain_ms = 5 }, 10000 },
		{ { .plain_ms = 5000 }, 15000 },
		{ { .plain_ms = 1e7 }, 600000 },
		{ { .plain_ms = 5, .is_driven = true }, 10000 },
		{ { .plain_ms = 1e7, .is_driven = true }, 20000 },
		{ { .plain_ms = 1e7, .time_ms = 1500 }, 1500 },
		{ { .plain_ms = 5, .time_ms = 60000, .is_driven = true }, 60000 },
		{ { .plain_ms = 5, .has_no_time = true }, FL_BUDGET_UNLIMITED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		assert_int_equal(fl_budget_total_ms(&rows[i].terms), rows[i].want);
}

static void share(void **state)
{
	(void)state;
	assert_int_equal(fl_budget_share_ms(10000, 0), 10000);
	assert_int_equal(fl_budget_share_ms(10000, 4000), 6000);
	assert_int_equal(fl_budget_share_ms(10000, 9990), 500);         /* never less than a twentieth */
	assert_int_equal(fl_budget_share_ms(10000, 10000), 500);
	assert_int_equal(fl_budget_share_ms(10000, 20000), 125);
	assert_int_equal(fl_budget_share_ms(FL_BUDGET_UNLIMITED, 1e9), FL_BUDGET_UNLIMITED);
}

static void turn(void **state)
{
	(void)state;
	assert_int_equal(fl_budget_turn(64, 0, 1e9), 64);
	assert_int_equal(fl_budget_turn(64, 0.2, 1e9), 64);
	assert_int_equal(fl_budget_turn(64, 10, 1e9), 25);
	assert_int_equal(fl_budget_turn(3, 10, 1e9), 3);
	assert_int_equal(fl_budget_turn(64, 5000, 1e9), 1);
	assert_int_equal(fl_budget_turn(64, 10, 50), 5);                /* the time is nearly over, */
	assert_int_equal(fl_budget_turn(64, 10, 0), 1);                 /* is over */
}

static void driver(void **state)
{
	static const struct { const char *environment[5], *want; } rows[] = {
		{ { "PATH=/bin", NULL }, NULL },
		{ { "CTEST_INTERACTIVE_DEBUG_MODE=1", NULL }, "ctest" },
		{ { "DASHBOARD_TEST_FROM_CTEST=3.25", NULL }, "ctest" },
		{ { "MALLOC_PERTURB_=17", NULL }, "meson" },
		{ { "MESON_TEST_ITERATION=1", NULL }, "meson" },
		{ { "srcdir=.", "TEST_LOGS=a.log", "MAKELEVEL=2", NULL }, "automake" },
		{ { "srcdir=.", "MAKELEVEL=2", NULL }, NULL },
		{ { "XCTEST_INTERACTIVE_DEBUG_MODE=1", NULL }, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		const char *found = fl_budget_driver((char *const *)(uintptr_t)rows[i].environment);

		assert_true(!found == !rows[i].want);
		if (found)
			assert_string_equal(found, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(total),
		cmocka_unit_test(share),
		cmocka_unit_test(turn),
		cmocka_unit_test(driver),
	};

	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
