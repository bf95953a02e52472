/* SPDX-License-Identifier: MIT */
/*
 * clock.c - the one clock: monotonic, so that nobody's date(1) bends a deadline.
 */
#include "base.h"

#include <time.h>

uint64_t fl_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}
