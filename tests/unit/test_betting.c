/* SPDX-License-Identifier: MIT */
/*
 * test_betting.c - the confidence sequence against numbers from elsewhere and its promise.
 *
 * The limits were computed with 40 digits by mpmath from the formula in betting.c.  The
 * promise is not sampled but added up over all courses of the attempts: no chance here.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/betting.h"
#include "../../plugin/engine/judge/stats.h"

#include <math.h>
#include <string.h>

enum { MILLION = 1000000, LONGEST = 120 };

static void near(double got, double want, const char *what, size_t row)
{
	if (!(fabs(got - want) <= 1e-9))
		FAIL("row %zu: %s is %.15g, not %.15g", row, what, got, want);
}

TEST(betting, intervals_are_exact)
{
	static const struct { uint64_t non_pass, total; double level, low, high; } rows[] = {
		{ 0, 300, 0.95, 0, 0.02117396649777851 },
		{ 1, 300, 0.95, 2.720068710545579e-6, 0.03073269059948237 },
		{ 13, 300, 0.95, 0.01391165292395201, 0.09690789981642913 },
		{ 13, 300, 0.90, 0.01505382357255159, 0.09306220919395513 },
		{ 299, 300, 0.95, 0.9692673094005176, 0.9999972799312895 },
		{ 300, 300, 0.95, 0.9788260335022215, 1 },
		{ 5, 10, 0.95, 0.1175629240795694, 0.8824370759204306 },
		{ 1, 20, 0.95, 0.0001612248101728798, 0.3307116621170882 },
		{ 3, 7, 0.50, 0.1283566071163242, 0.7733401511125288 },
		{ 10, 100, 0.99, 0.02350147487530576, 0.2486585765064494 },
		{ 20, 1000, 0.999, 0.005828420905018644, 0.0474940218244263 },
		{ 0, 1, 0.95, 0, 0.975 },       /* 1 - 0.05 / 2 */
		{ 1, 1, 0.95, 0.025, 1 },
		{ 0, 2, 0.95, 0, 0.8630693606237086 },  /* 1 - sqrt(0.05 * 3 / 8) */
		{ 0, 0, 0.95, 0, 1 },
		{ 9, 1, 0.95, 0.025, 1 },       /* taken for 1 of 1 */
		{ 0, MILLION, 0.95, 0, 1.047579774890837e-5 },
		{ 1, MILLION, 0.95, 1.410494382581231e-11, 1.379308537557412e-5 },
		{ 1000, MILLION, 0.95, 0.0008643970428716838, 0.001149078600692747 },
		{ 300000, MILLION, 0.95, 0.2979401158983883, 0.3020652863500856 },
		{ 500000, MILLION, 0.95, 0.4977495359863378, 0.5022504640136622 },
		{ 999000, MILLION, 0.95, 0.9988509213993073, 0.9991356029571283 },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_interval got = fl_betting_interval(rows[i].non_pass, rows[i].total,
							     rows[i].level);

		near(got.low, rows[i].low, "low", i);
		near(got.high, rows[i].high, "high", i);
		ASSERT_EQ(got.level, rows[i].level);
		EXPECT_EQ(got.method, FL_METHOD_BETTING);
	}
}

/* The low limit of one in a million is far below the 1e-9 above: it is right all the same. */
TEST(betting, small_limits_keep_their_digits)
{
	double low = fl_betting_interval(1, MILLION, 0.95).low;

	ASSERT_LT(fabs(low / 1.410494382581231e-11 - 1), 1e-6);
}

/*
 * What holds for every count: in order, around the rate, mirrored by passes.  And leave to
 * look at any time is never free: never narrower than the interval for a fixed count.
 */
TEST(betting, intervals_behave)
{
	uint64_t n, k;

	for (n = 1; n <= LONGEST; n += n < 40 ? 1 : 23) {
		for (k = 0; k <= n; k++) {
			struct fl_interval a = fl_betting_interval(k, n, 0.95);
			struct fl_interval b = fl_betting_interval(n - k, n, 0.95);
			struct fl_interval fixed = fl_stats_clopper_pearson(k, n, 0.95);
			double rate = (double)k / (double)n;

			ASSERT_TRUE(0 <= a.low && a.low <= rate && rate <= a.high && a.high <= 1);
			near(a.low, 1 - b.high, "mirrored low", n);
			if (a.low > fixed.low + 1e-12 || a.high < fixed.high - 1e-12)
				FAIL("%d of %d: [%g, %g] is narrower than [%g, %g]", (int)k,
				     (int)n, a.low, a.high, fixed.low, fixed.high);
		}
	}
}

typedef struct fl_interval interval_of(uint64_t non_pass, uint64_t total, double level);

static struct fl_interval all[LONGEST + 1][LONGEST + 1];        /* [attempts][non-passes] */

static void fill(interval_of *make)
{
	uint64_t n, k;

	for (n = 1; n <= LONGEST; n++)
		for (k = 0; k <= n; k++)
			all[n][k] = make(k, n, 0.95);
}

/*
 * The odds that the interval leaves out the true rate after any of the attempts: the
 * probability of each count, attempt by attempt, less what was outside once.
 */
static double ever_outside(double rate)
{
	double now[LONGEST + 2] = { 1 }, outside = 0;
	size_t n, k;

	for (n = 1; n <= LONGEST; n++) {
		for (k = n + 1; k-- > 0;)
			now[k] = now[k] * (1 - rate) + (k > 0 ? now[k - 1] * rate : 0);
		for (k = 0; k <= n; k++)
			if (rate < all[n][k].low || rate > all[n][k].high) {
				outside += now[k];
				now[k] = 0;
			}
	}
	return outside;
}

static const double rates[] = {
	0, 0.0005, 0.001, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.77, 0.95, 0.999, 1,
};

TEST_P(betting, holds_at_every_moment, rates)
{
	fill(fl_betting_interval);
	double odds = ever_outside(*row);

	if (odds > 0.05)
		FAIL("rate %g: outside with odds of %g", *row, odds);
}

/* An interval for a count fixed beforehand does not keep it: the promise is one. */
TEST(betting, fixed_counts_do_not)
{
	fill(fl_stats_clopper_pearson);
	ASSERT_GT(ever_outside(0.3), 0.2);
	ASSERT_GT(ever_outside(0.05), 0.1);
}

FLICKER_XUNIT_MAIN();
