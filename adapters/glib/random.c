/* SPDX-License-Identifier: MIT */
/*
 * random.c - g_test_rand_*() and g_random_*() in attempts: from the attempt's seed.
 *
 * GLib seeds g_test_rand_*() anew for each test from a text that is the same all through the
 * program, and in every fork of it.  In an attempt they draw from a generator of ours, of
 * GLib's own kind.  A seed that the user gave by --seed, or the program by
 * g_random_set_seed(), is their choice and stays.
 */
#include "glib.h"

FL_HOT static void *generator;                 /* a GRand; NULL: GLib's own is in force */
static bool is_seeded_on_purpose;

void fl_glib_seed_attempt(void)
{
	uint64_t seed;

	if (!is_seeded_on_purpose && REAL(g_random_set_seed) &&
	    fl_glib_flicker->seed("g_random", &seed))
		REAL(g_random_set_seed)((uint32_t)seed);
}

/* As GLib does: what a test draws does not depend on those before it. */
void fl_glib_seed_test(void)
{
	uint64_t seed;

	if (fl_glib_has_seed() || !fl_glib_flicker->seed("g_test_rand", &seed))
		return;
	if (generator)
		REAL(g_rand_set_seed)(generator, (uint32_t)seed);
	else if (REAL(g_rand_new_with_seed))
		generator = REAL(g_rand_new_with_seed)((uint32_t)seed);
}

int32_t g_test_rand_int(void)
{
	return generator ? (int32_t)REAL(g_rand_int)(generator) : REAL(g_test_rand_int)();
}

int32_t g_test_rand_int_range(int32_t begin, int32_t end)
{
	return generator ? REAL(g_rand_int_range)(generator, begin, end) :
			   REAL(g_test_rand_int_range)(begin, end);
}

double g_test_rand_double(void)
{
	return generator ? REAL(g_rand_double)(generator) : REAL(g_test_rand_double)();
}

double g_test_rand_double_range(double begin, double end)
{
	return generator ? REAL(g_rand_double_range)(generator, begin, end) :
			   REAL(g_test_rand_double_range)(begin, end);
}

void g_random_set_seed(uint32_t seed)
{
	is_seeded_on_purpose = true;
	REAL(g_random_set_seed)(seed);
}
