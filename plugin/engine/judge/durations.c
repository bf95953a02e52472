/* SPDX-License-Identifier: MIT */
/*
 * durations.c - a histogram whose buckets grow by a constant factor.
 *
 * Bucket i holds (SMALLEST * G^(i-1), SMALLEST * G^i] with G = (1 + e) / (1 - e), and
 * answers 2 * SMALLEST * G^i / (G + 1), which is at most the share e away from all of
 * it (Masson, Rim, Lee: DDSketch, PVLDB 12, 2019).  Quantiles are nearest-rank.
 */
#include "durations.h"

#include <math.h>

#define RELATIVE_ERROR 0.01
#define GROWTH         ((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR))
#define SMALLEST_MS    1e-6

static size_t bucket_of(double ms)
{
	double i = ms > SMALLEST_MS ? ceil(log(ms / SMALLEST_MS) / log(GROWTH)) : 0;

	return i < FL_DURATIONS_BUCKETS ? (size_t)i : FL_DURATIONS_BUCKETS - 1;
}

static double bucket_ms(size_t i)
{
	return 2 * SMALLEST_MS * pow(GROWTH, (double)i) / (GROWTH + 1);
}

void fl_durations_add(struct fl_durations *durations, double ms)
{
	uint32_t *bucket;

	if (!isfinite(ms))
		return;
	ms = ms > 0 ? ms : 0;
	if (durations->count == 0 || ms < durations->min_ms)
		durations->min_ms = ms;
	if (durations->count == 0 || ms > durations->max_ms)
		durations->max_ms = ms;
	durations->count++;
	bucket = &durations->buckets[bucket_of(ms)];
	*bucket += *bucket < UINT32_MAX;
}

static double quantile(const struct fl_durations *durations, double share)
{
	double rank = ceil(share * (double)durations->count), ms;
	uint64_t seen = 0;
	size_t i;

	for (i = 0; i < FL_DURATIONS_BUCKETS - 1; i++) {
		seen += durations->buckets[i];
		if ((double)seen >= rank)
			break;
	}
	ms = i > 0 ? bucket_ms(i) : 0;  /* the first one holds what is as good as nothing */
	return fmin(fmax(ms, durations->min_ms), durations->max_ms);
}

bool fl_durations_quantiles(const struct fl_durations *durations, struct fl_quantiles *ret)
{
	if (durations->count == 0)
		return false;
	*ret = (struct fl_quantiles){
		.min = durations->min_ms,
		.median = quantile(durations, 0.5),
		.p95 = quantile(durations, 0.95),
		.max = durations->max_ms,
	};
	return true;
}
