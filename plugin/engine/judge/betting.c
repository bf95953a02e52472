/* SPDX-License-Identifier: MIT */
/*
 * betting.c - the confidence sequence of a rate, from the capital of a mixture of bets.
 *
 * Betting that the rate is q against p multiplies the capital by q/p at a non-pass and by
 * (1-q)/(1-p) at a pass.  After k non-passes in n attempts the mixture over q is worth
 *
 *     B(k + 1/2, n - k + 1/2) / B(1/2, 1/2) / (p^k (1-p)^(n-k))
 *
 * Its logarithm is convex in p, at most 0 at k/n, and without bound towards 0 (if k > 0)
 * and 1 (if k < n): one limit lies on each side, and bisection cannot miss it.
 */
#include "betting.h"

#include <math.h>

enum { BISECTIONS = 100 };

struct bets {
	double non_passes, passes;
	double log_mixture;             /* what does not depend on p */
};

static double log_gamma(double x)
{
	int sign;                       /* lgamma(3) keeps it in a global */

	return lgamma_r(x, &sign);
}

static struct bets make_bets(double non_passes, double passes)
{
	struct bets bets = { non_passes, passes, 0 };

	bets.log_mixture = log_gamma(non_passes + 0.5) + log_gamma(passes + 0.5) -
			   log_gamma(non_passes + passes + 1) - log(M_PI);
	return bets;
}

/* 0 times the logarithm of 0 does not occur: the limit towards that side is not looked for. */
static double log_capital(const struct bets *bets, double p)
{
	return bets->log_mixture - bets->non_passes * log(p) - bets->passes * log1p(-p);
}

/* Between `inside`, where the bets have not won `log_won`, and `outside`, where they have. */
static double find_limit(const struct bets *bets, double inside, double outside, double log_won)
{
	int i;

	for (i = 0; i < BISECTIONS; i++) {
		double middle = inside + (outside - inside) / 2;

		if (middle == inside || middle == outside)
			break;
		if (log_capital(bets, middle) < log_won)
			inside = middle;
		else
			outside = middle;
	}
	return outside;
}

struct fl_interval fl_betting_interval(uint64_t non_pass, uint64_t total, double level)
{
	struct fl_interval interval = { 0, 1, level, FL_METHOD_BETTING };
	double k = (double)(non_pass < total ? non_pass : total), n = (double)total;
	struct bets bets = make_bets(k, n - k);
	double log_won = -log1p(-level);

	if (k > 0)
		interval.low = find_limit(&bets, k / n, 0, log_won);
	if (k < n)
		interval.high = find_limit(&bets, k / n, 1, log_won);
	return interval;
}
