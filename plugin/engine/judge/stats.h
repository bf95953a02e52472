/* SPDX-License-Identifier: MIT */
/*
 * stats.h - how sure a rate is, and what may have been missed.
 *
 * Pure: counts in, numbers out.
 */
#ifndef FL_STATS_H
#define FL_STATS_H

#include "../model.h"

#include <stdint.h>

#define FL_STATS_LEVEL     0.95         /* of the intervals in reports */
#define FL_STATS_MISS_RATE 0.01         /* a test this flaky: would it have been seen? */

/*
 * The two-sided exact interval of Clopper and Pearson (The Use of Confidence or
 * Fiducial Limits Illustrated in the Case of the Binomial, Biometrika 26, 1934)
 * for `non_pass` of `total` attempts at `level`, e.g. 0.95.  Right within 1e-9 up
 * to 10^6 attempts.  No attempts: [0, 1].  More non-passes than attempts count as all.
 */
struct fl_interval fl_stats_clopper_pearson(uint64_t non_pass, uint64_t total, double level);

/*
 * Fisher's exact test, two-sided (The Logic of Inductive Inference, J. Roy. Stat. Soc. 98,
 * 1935): how probable are tables as unlikely as this one, or more so, if two series of
 * attempts fail at one rate?
 */
struct fl_series {
	uint64_t non_pass, total;
};
double fl_stats_fisher(struct fl_series one, struct fl_series other);

/* How probable it is that a test which fails with `rate` passed `attempts` times in a row. */
struct fl_miss fl_stats_miss(double rate, uint64_t attempts);

#endif
