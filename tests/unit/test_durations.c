/* SPDX-License-Identifier: MIT */
/*
 * test_durations.c - quantiles within 1 % of the sorted truth.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/durations.h"

#include <flicker/seed.h>
#include <math.h>

enum { MANY = 20001 };

static void within(double got, double want, const char *what)
{
	if (!(fabs(got - want) <= want * 0.01 + 1e-12))
		FAIL("%s is %.12g, not %.12g", what, got, want);
}

TEST(durations, nothing_has_no_quantiles)
{
	static struct fl_durations none;
	struct fl_quantiles q = { 1, 2, 3, 4 };

	EXPECT_FALSE(fl_durations_quantiles(&none, &q));
	ASSERT_TRUE(q.min == 1 && q.median == 2 && q.p95 == 3 && q.max == 4);
	ASSERT_LE(sizeof(none), 16384);
}

static const struct { double ms[5]; size_t count; struct fl_quantiles want; } rows[] = {
	{ { 0.2 }, 1, { 0.2, 0.2, 0.2, 0.2 } },
	{ { 3, 1 }, 2, { 1, 1, 3, 3 } },
	{ { 5, 1, 4, 2, 3 }, 5, { 1, 3, 5, 5 } },
	{ { 0, 0, 0 }, 3, { 0, 0, 0, 0 } },
	{ { -1, 2 }, 2, { 0, 0, 2, 2 } },
	{ { 7, NAN, INFINITY }, 3, { 7, 7, 7, 7 } },
	{ { 1e-9, 1e15 }, 2, { 1e-9, 1e-6, 1e9, 1e15 } },      /* beyond the buckets */
};

TEST_P(durations, few_are_exact_at_the_ends, rows)
{
	size_t j;
	struct fl_durations durations = { 0 };
	struct fl_quantiles q;

	for (j = 0; j < row->count; j++)
		fl_durations_add(&durations, row->ms[j]);
	ASSERT_TRUE(fl_durations_quantiles(&durations, &q));
	ASSERT_TRUE(q.min == row->want.min && q.max == row->want.max);
	if (row->want.max < 1e9)
		within(q.median, row->want.median, "median");
	if (row->want.max < 1e9)
		within(q.p95, row->want.p95, "p95");
	ASSERT_TRUE(q.min <= q.median && q.median <= q.p95 && q.p95 <= q.max);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nine decades, from 10 ns to 10 s, in no order. */
TEST(durations, many_are_near)
{
	static struct fl_durations durations;
	static double sorted[MANY];
	struct fl_quantiles q;
	size_t i;

	for (i = 0; i < MANY; i++) {
		double u = (double)(fl_seed_mix(i + 1) >> 11) / 9007199254740992.0;

		sorted[i] = pow(10, -5 + 9 * u);
		fl_durations_add(&durations, sorted[i]);
	}
	qsort(sorted, MANY, sizeof(sorted[0]), by_value);
	ASSERT_TRUE(fl_durations_quantiles(&durations, &q));
	ASSERT_TRUE(q.min == sorted[0] && q.max == sorted[MANY - 1]);
	within(q.median, sorted[10000], "median");
	within(q.p95, sorted[19000], "p95");
	EXPECT_EQ(durations.count, MANY);
}

/* Every value of the range alone in a crowd of larger and smaller ones. */
TEST(durations, every_bucket_is_within_one_percent)
{
	double ms;

	for (ms = 1.1e-6; ms < 9e8; ms *= 1.37) {
		struct fl_durations durations = { 0 };
		struct fl_quantiles q;

		fl_durations_add(&durations, 0);
		fl_durations_add(&durations, ms);
		fl_durations_add(&durations, 1e9);
		ASSERT_TRUE(fl_durations_quantiles(&durations, &q));
		within(q.median, ms, "median");
	}
}

FLICKER_XUNIT_MAIN();
