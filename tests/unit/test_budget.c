/* SPDX-License-Identifier: MIT */
/*
 * test_budget.c - the time for attempts, and its parts.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/attempts/budget.h"

static const struct { struct fl_budget_terms terms; uint64_t want; } total_rows[] = {
	{ { .plain_ms = 5 }, 10000 },
	{ { .plain_ms = 5000 }, 15000 },
	{ { .plain_ms = 1e7 }, 600000 },
	{ { .plain_ms = 5, .is_driven = true }, 10000 },
	{ { .plain_ms = 1e7, .is_driven = true }, 20000 },
	{ { .plain_ms = 1e7, .time_ms = 1500 }, 1500 },
	{ { .plain_ms = 5, .time_ms = 60000, .is_driven = true }, 60000 },
	{ { .plain_ms = 5, .has_no_time = true }, FL_BUDGET_UNLIMITED },
};

TEST_P(budget, total, total_rows)
{
	ASSERT_EQ(fl_budget_total_ms(&row->terms), row->want);
}

TEST(budget, share)
{
	EXPECT_EQ(fl_budget_share_ms(10000, 0), 10000);
	EXPECT_EQ(fl_budget_share_ms(10000, 4000), 6000);
	EXPECT_EQ(fl_budget_share_ms(10000, 9990), 500);         /* never less than a twentieth */
	EXPECT_EQ(fl_budget_share_ms(10000, 10000), 500);
	EXPECT_EQ(fl_budget_share_ms(10000, 20000), 125);
	EXPECT_EQ(fl_budget_share_ms(FL_BUDGET_UNLIMITED, 1e9), FL_BUDGET_UNLIMITED);
}

TEST(budget, turn)
{
	EXPECT_EQ(fl_budget_turn(64, 0, 1e9), 64);
	EXPECT_EQ(fl_budget_turn(64, 0.2, 1e9), 64);
	EXPECT_EQ(fl_budget_turn(64, 10, 1e9), 25);
	EXPECT_EQ(fl_budget_turn(3, 10, 1e9), 3);
	EXPECT_EQ(fl_budget_turn(64, 5000, 1e9), 1);
	EXPECT_EQ(fl_budget_turn(64, 10, 50), 5);                /* the time is nearly over, */
	EXPECT_EQ(fl_budget_turn(64, 10, 0), 1);                 /* is over */
}

static const struct { const char *environment[5], *want; } driver_rows[] = {
	{ { "PATH=/bin", NULL }, NULL },
	{ { "CTEST_INTERACTIVE_DEBUG_MODE=1", NULL }, "ctest" },
	{ { "DASHBOARD_TEST_FROM_CTEST=3.25", NULL }, "ctest" },
	{ { "MALLOC_PERTURB_=17", NULL }, "meson" },
	{ { "MESON_TEST_ITERATION=1", NULL }, "meson" },
	{ { "srcdir=.", "TEST_LOGS=a.log", "MAKELEVEL=2", NULL }, "automake" },
	{ { "srcdir=.", "MAKELEVEL=2", NULL }, NULL },
	{ { "XCTEST_INTERACTIVE_DEBUG_MODE=1", NULL }, NULL },
};

TEST_P(budget, driver, driver_rows)
{
	const char *found = fl_budget_driver((char *const *)(uintptr_t)row->environment);

	ASSERT_EQ(!found, !row->want);
	if (found)
		EXPECT_STREQ(found, row->want);
}

FLICKER_XUNIT_MAIN();
