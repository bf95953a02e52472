/* SPDX-License-Identifier: MIT */
/*
 * durations.h - quantiles of any number of durations in memory that does not grow.
 *
 * A histogram with logarithmic buckets, 6.8 KiB.  Zeroed memory is an empty one,
 * there is nothing to free.  Minimum and maximum are exact, median and 95th
 * percentile are off by at most 1 %.
 */
#ifndef FL_DURATIONS_H
#define FL_DURATIONS_H

#include "../model.h"

#include <stdbool.h>
#include <stdint.h>

/* From a nanosecond to eleven days; what lies outside counts in the outermost buckets. */
enum { FL_DURATIONS_BUCKETS = 1728 };

struct fl_durations {
	uint64_t count;
	double min_ms, max_ms;
	uint32_t buckets[FL_DURATIONS_BUCKETS];
};

/* Negative ones count as 0; what is no number is not counted. */
void fl_durations_add(struct fl_durations *durations, double ms);

/* False: there are none. */
bool fl_durations_quantiles(const struct fl_durations *durations, struct fl_quantiles *ret);

#endif
