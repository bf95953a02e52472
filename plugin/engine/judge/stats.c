/* SPDX-License-Identifier: MIT */
/*
 * stats.c - the exact binomial interval, by the regularised incomplete beta function.
 *
 * The limits are quantiles of beta distributions (DLMF 8.17.5 ties I_x(a, b) to the
 * binomial tail).  I_x is its continued fraction (DLMF 8.17.22) evaluated by the
 * modified method of Lentz (Thompson and Barnett, J. Comput. Phys. 64, 1986), which
 * takes about sqrt(max(a, b)) steps; the quantile is found by bisection, which
 * cannot run away and needs no derivative.
 */
#include "stats.h"

#include <math.h>
#include <stdbool.h>

enum { FRACTION_STEPS = 100000, BISECTIONS = 60 };

struct beta {
	double a, b;
};

/* Lentz: a term that is zero is replaced by one that is nearly so. */
static double not_zero(double x)
{
	const double tiny = 1e-300;

	return fabs(x) < tiny ? tiny : x;
}

/* d(2m) and d(2m + 1) of DLMF 8.17.23. */
static double even_term(struct beta k, double x, double m)
{
	return m * (k.b - m) * x / ((k.a + 2 * m - 1) * (k.a + 2 * m));
}

static double odd_term(struct beta k, double x, double m)
{
	return -(k.a + m) * (k.a + k.b + m) * x / ((k.a + 2 * m) * (k.a + 2 * m + 1));
}

/* 1 / (1 + d1 / (1 + d2 / (1 + ...))); converges fast for x < (a + 1) / (a + b + 2). */
static double fraction(struct beta k, double x)
{
	double c = 1, d = 1 / not_zero(1 + odd_term(k, x, 0)), value = d;
	int m;

	for (m = 1; m < FRACTION_STEPS; m++) {
		double even = even_term(k, x, m), odd = odd_term(k, x, m), factor;

		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		value *= c * d;
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		factor = c * d;
		value *= factor;
		if (fabs(factor - 1) < 1e-15)
			break;
	}
	return value;
}

static double log_gamma(double x)
{
	int sign;                       /* lgamma(3) keeps it in a global */

	return lgamma_r(x, &sign);
}

/* I_x(a, b) for 0 < x < 1. */
static double incomplete_beta(struct beta k, double x)
{
	double scale = exp(log_gamma(k.a + k.b) - log_gamma(k.a) - log_gamma(k.b) +
			   k.a * log(x) + k.b * log1p(-x));
	struct beta mirror = { k.b, k.a };

	if (x < (k.a + 1) / (k.a + k.b + 2))
		return scale * fraction(k, x) / k.a;
	return 1 - scale * fraction(mirror, 1 - x) / k.b;
}

/* The x at which I_x(a, b) is `probability`. */
static double quantile(struct beta k, double probability)
{
	double low = 0, high = 1;
	int i;

	for (i = 0; i < BISECTIONS; i++) {
		double middle = low + (high - low) / 2;

		if (incomplete_beta(k, middle) < probability)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

struct fl_interval fl_stats_clopper_pearson(uint64_t non_pass, uint64_t total, double level)
{
	struct fl_interval interval = { 0, 1, level, FL_METHOD_CLOPPER_PEARSON };
	double k = (double)(non_pass < total ? non_pass : total), n = (double)total;
	double tail = (1 - level) / 2;

	if (k > 0)
		interval.low = quantile((struct beta){ k, n - k + 1 }, tail);
	if (k < n)
		interval.high = quantile((struct beta){ k + 1, n - k }, 1 - tail);
	return interval;
}

static double log_choose(double n, double k)
{
	return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1);
}

double fl_stats_fisher(struct fl_series one, struct fl_series other)
{
	uint64_t failed = one.non_pass + other.non_pass;
	uint64_t k = failed > other.total ? failed - other.total : 0;
	uint64_t last = failed < one.total ? failed : one.total;
	double n = (double)one.total, m = (double)other.total;
	double all = log_choose(n + m, (double)failed), sum = 0;
	double seen = log_choose(n, (double)one.non_pass) +
		      log_choose(m, (double)other.non_pass) - all;

	for (; k <= last; k++) {
		double this = log_choose(n, (double)k) + log_choose(m, (double)(failed - k)) - all;

		if (this <= seen + 1e-7)        /* equal ones are not told apart by rounding */
			sum += exp(this);
	}
	return sum < 1 ? sum : 1;
}

struct fl_miss fl_stats_miss(double rate, uint64_t attempts)
{
	struct fl_miss miss = { .rate = rate, .probability = 1 };

	if (attempts > 0)               /* else 0 times the logarithm of 0 */
		miss.probability = exp((double)attempts * log1p(-rate));
	return miss;
}
