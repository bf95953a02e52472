/* SPDX-License-Identifier: MIT */
/*
 * test_durations.c - quantiles within 1 % of the sorted truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/durations.h"

#include <flicker/seed.h>
#include <math.h>

enum { MANY = 20001 };

static void within(double got, double want, const char *what)
{
	if (!(fabs(got - want) <= want * 0.01 + 1e-12))
		fail_msg("%s is %.12g, not %.12g", what, got, want);
}

static void nothing_has_no_quantiles(void **state)
{
	static struct fl_durations none;
	struct fl_quantiles q = { 1, 2, 3, 4 };

	(void)state;
	assert_false(fl_durations_quantiles(&none, &q));
	assert_true(q.min == 1 && q.median == 2 && q.p95 == 3 && q.max == 4);
	assert_true(sizeof(none) <= 16384);
}

static void few_are_exact_at_the_ends(void **state)
{
	static const struct { double ms[5]; size_t count; struct fl_quantiles want; } rows[] = {
		{ { 0.2 }, 1, { 0.2, 0.2, 0.2, 0.2 } },
		{ { 3, 1 }, 2, { 1, 1, 3, 3 } },
		{ { 5, 1, 4, 2, 3 }, 5, { 1, 3, 5, 5 } },
		{ { 0, 0, 0 }, 3, { 0, 0, 0, 0 } },
		{ { -1, 2 }, 2, { 0, 0, 2, 2 } },
		{ { 7, NAN, INFINITY }, 3, { 7, 7, 7, 7 } },
		{ { 1e-9, 1e15 }, 2, { 1e-9, 1e-6, 1e9, 1e15 } },      /* beyond the buckets */
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_durations durations = { 0 };
		struct fl_quantiles q;

		for (j = 0; j < rows[i].count; j++)
			fl_durations_add(&durations, rows[i].ms[j]);
		assert_true(fl_durations_quantiles(&durations, &q));
		assert_true(q.min == rows[i].want.min && q.max == rows[i].want.max);
		if (rows[i].want.max < 1e9)
			within(q.median, rows[i].want.median, "median");
		if (rows[i].want.max < 1e9)
			within(q.p95, rows[i].want.p95, "p95");
		assert_true(q.min <= q.median && q.median <= q.p95 && q.p95 <= q.max);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nine decades, from 10 ns to 10 s, in no order. */
static void many_are_near(void **state)
{
	static struct fl_durations durations;
	static double sorted[MANY];
	struct fl_quantiles q;
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		double u = (double)(fl_seed_mix(i + 1) >> 11) / 9007199254740992.0;

		sorted[i] = pow(10, -5 + 9 * u);
		fl_durations_add(&durations, sorted[i]);
	}
	qsort(sorted, MANY, sizeof(sorted[0]), by_value);
	assert_true(fl_durations_quantiles(&durations, &q));
	assert_true(q.min == sorted[0] && q.max == sorted[MANY - 1]);
	within(q.median, sorted[10000], "median");
	within(q.p95, sorted[19000], "p95");
	assert_int_equal(durations.count, MANY);
}

/* Every value of the range alone in a crowd of larger and smaller ones. */
static void every_bucket_is_within_one_percent(void **state)
{
	double ms;

	(void)state;
	for (ms = 1.1e-6; ms < 9e8; ms *= 1.37) {
		struct fl_durations durations = { 0 };
		struct fl_quantiles q;

		fl_durations_add(&durations, 0);
		fl_durations_add(&durations, ms);
		fl_durations_add(&durations, 1e9);
		assert_true(fl_durations_quantiles(&durations, &q));
		within(q.median, ms, "median");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_no_quantiles),
		cmocka_unit_test(few_are_exact_at_the_ends),
		cmocka_unit_test(many_are_near),
		cmocka_unit_test(every_bucket_is_within_one_percent),
	};

	return cmocka_run_group_tests_name("durations", tests, NULL, NULL);
}
