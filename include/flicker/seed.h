/* SPDX-License-Identifier: MIT */
/*
 * seed.h - the seed of an attempt, and the streams drawn from it.
 *
 * An attempt's seed is a pure function of (run seed, test id, attempt number):
 * the same alone, in a subset, in another checkout and on another machine.
 * Both sides of the process border compute it, so a change here is a change of
 * the wire and of every token ever printed; tests/unit/test_seed.c holds vectors.
 *
 * mix: the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014).  hash: FNV-1a, 64 bits
 * (draft-eastlake-fnv).  All arithmetic is modulo 2^64.
 */
#ifndef FLICKER_SEED_H
#define FLICKER_SEED_H

#include <stddef.h>
#include <stdint.h>

#define FL_SEED_GAMMA 0x9e3779b97f4a7c15ULL

static inline uint64_t fl_seed_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static inline uint64_t fl_seed_hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3ULL;
	return h;
}

/* The seed of attempt number `attempt` (from 1) of the test `id`. */
static inline uint64_t fl_seed_attempt(uint64_t run_seed, const char *id, uint64_t attempt)
{
	uint64_t x = fl_seed_mix(run_seed + FL_SEED_GAMMA);

	x = fl_seed_mix((x ^ fl_seed_hash(id)) + FL_SEED_GAMMA);
	return fl_seed_mix((x ^ attempt) + FL_SEED_GAMMA);
}

/*
 * The n-th 64-bit word (from 0) of the stream `name` of an attempt.  Streams of
 * different names are independent, so what one source of chance draws never
 * shifts another's; counting words keeps threads apart without a lock.
 */
static inline uint64_t fl_seed_word(uint64_t attempt_seed, uint64_t name_hash, uint64_t n)
{
	uint64_t key = fl_seed_mix((attempt_seed ^ name_hash) + FL_SEED_GAMMA);

	return fl_seed_mix(key + (n + 1) * FL_SEED_GAMMA);
}

#endif
