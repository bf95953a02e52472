/* SPDX-License-Identifier: MIT */
/*
 * test_stats.c - intervals against numbers from elsewhere.
 *
 * The limits were computed with 40 digits by mpmath: the incomplete beta function up
 * to 1000 attempts, sums of the binomial tail above; 0, 1 and n have closed forms.
 * 5/10 and 1/20 are in every table of exact binomial limits.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/stats.h"

#include <math.h>

enum { MILLION = 1000000 };

static void near(double got, double want, const char *what, size_t row)
{
	if (!(fabs(got - want) <= 1e-9))
		FAIL("row %zu: %s is %.15g, not %.15g", row, what, got, want);
}

TEST(stats, intervals_are_exact)
{
	static const struct { uint64_t non_pass, total; double level, low, high; } rows[] = {
		{ 0, 300, 0.95, 0, 0.012220974694294 },
		{ 1, 300, 0.95, 8.43891323178e-5, 0.018431252048068 },
		{ 13, 300, 0.95, 0.023271841004682, 0.072961464220282 },
		{ 13, 300, 0.90, 0.025819145713687, 0.06801337884963 },
		{ 299, 300, 0.95, 0.98156874795193, 0.99991561086768 },
		{ 300, 300, 0.95, 0.98777902530571, 1 },
		{ 5, 10, 0.95, 0.1870860284474, 0.8129139715526 },
		{ 1, 20, 0.95, 0.0012650894979498, 0.24873276277203 },
		{ 3, 7, 0.50, 0.25307397577398, 0.62115155935829 },
		{ 10, 100, 0.99, 0.038195653205082, 0.20195352078134 },
		{ 20, 1000, 0.999, 0.0084980712927883, 0.039027981225437 },
		{ 0, 1, 0.95, 0, 0.975 },
		{ 1, 1, 0.95, 0.025, 1 },
		{ 0, 0, 0.95, 0, 1 },
		{ 9, 7, 0.95, 0.5903836027749966, 1 }, /* taken for 7 of 7: 0.025^(1/7) */
		{ 0, MILLION, 0.95, 0, 3.6888726502065e-6 },
		{ 1, MILLION, 0.95, 2.5317807663794e-8, 5.5716306551722e-6 },
		{ 1000, MILLION, 0.95, 0.00093900120795007, 0.0010639181073152 },
		{ 300000, MILLION, 0.95, 0.29910191193358, 0.30089924664225 },
		{ 500000, MILLION, 0.95, 0.49901951919531, 0.50098048080469 },
		{ 999000, MILLION, 0.95, 0.99893608189268, 0.99906099879205 },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_interval got = fl_stats_clopper_pearson(rows[i].non_pass, rows[i].total,
								  rows[i].level);

		near(got.low, rows[i].low, "low", i);
		near(got.high, rows[i].high, "high", i);
		ASSERT_EQ(got.level, rows[i].level);
		EXPECT_EQ(got.method, FL_METHOD_CLOPPER_PEARSON);
	}
}

/* What holds for every count: in order, around the rate, mirrored by passes. */
TEST(stats, intervals_behave)
{
	uint64_t n, k;

	for (n = 1; n <= 40; n++) {
		for (k = 0; k <= n; k++) {
			struct fl_interval a = fl_stats_clopper_pearson(k, n, 0.95);
			struct fl_interval b = fl_stats_clopper_pearson(n - k, n, 0.95);
			double rate = (double)k / (double)n;

			ASSERT_TRUE(0 <= a.low && a.low <= rate && rate <= a.high && a.high <= 1);
			near(a.low, 1 - b.high, "mirrored low", n);
		}
	}
}

TEST(stats, misses_are_powers)
{
	static const struct { double rate; uint64_t attempts; double want; } rows[] = {
		{ 0.01, 300, 0.049040894071285854 }, { 0.02, 50, 0.3641696800871171 },
		{ 0.01, 0, 1 }, { 1, 5, 0 }, { 1, 0, 1 }, { 0, 7, 1 },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_miss miss = fl_stats_miss(rows[i].rate, rows[i].attempts);

		ASSERT_EQ(miss.rate, rows[i].rate);
		near(miss.probability, rows[i].want, "miss", i);
	}
}

/* Wanted: the binomials added up exactly, with whole numbers. */
static const struct { struct fl_series one, other; double want; } fisher_rows[] = {
	{ { 3, 4 }, { 1, 4 }, 0.4857143 },
	{ { 1, 12 }, { 9, 12 }, 0.002759456 },
	{ { 0, 10 }, { 0, 10 }, 1 },
	{ { 10, 10 }, { 0, 0 }, 1 },
	{ { 10, 10 }, { 0, 10 }, 1.082509e-05 },
	{ { 5, 100000 }, { 5, 100000 }, 1 },
};

TEST_P(stats, fisher, fisher_rows)
{
	EXPECT_NEAR((float)fl_stats_fisher(row->one, row->other),
		    (float)row->want, 1e-6);
}

FLICKER_XUNIT_MAIN();
