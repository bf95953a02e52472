/* SPDX-License-Identifier: MIT */
/*
 * test_seed.c - vectors, computed by a program that shares no line with seed.h.
 *
 * They are a promise: tokens and reports of every release repeat only if these hold.
 * mix is checked against the published stream of SplitMix64 for seed 1234567, hash
 * against the vectors of draft-eastlake-fnv.
 */
#include <flicker/xunit.h>

#include <flicker/seed.h>

TEST(seed, mix_is_splitmix64)
{
	EXPECT_EQ(fl_seed_mix(0), 0);
	EXPECT_EQ(fl_seed_mix(1), 0x5692161d100b05e5);
	EXPECT_EQ(fl_seed_mix(UINT64_MAX), 0xb4d055fcf2cbbd7b);
	EXPECT_EQ(fl_seed_mix(1234567 + FL_SEED_GAMMA), 6457827717110365317U);
	EXPECT_EQ(fl_seed_mix(1234567 + 2 * FL_SEED_GAMMA), 3203168211198807973U);
}

static const struct { const char *text; uint64_t want; } hash_is_fnv1a_rows[] = {
	{ "", 0xcbf29ce484222325 },       { "a", 0xaf63dc4c8601ec8c },
	{ "foobar", 0x85944171f73967e8 }, { "random", 0xaab5ce126d477a82 },
	{ "\xff", 0xaf64724c8602eb6e },
};

TEST_P(seed, hash_is_fnv1a, hash_is_fnv1a_rows)
{
	EXPECT_EQ(fl_seed_hash(row->text), row->want);
}

static const struct { uint64_t run; const char *id; uint64_t attempt, want; }
attempts_have_their_seeds_rows[] = {
	{ 0, "", 0, 0xa6bbc8dcbe30928c },
	{ 1, "net.reconnects", 1, 0x7439a3e188abd5bc },
	{ 1, "net.reconnects", 2, 0x9c9d066e9edc8c2a },
	{ 2, "net.reconnects", 1, 0xeb8daf8e0ea38447 },
	{ 1, "net.reconnect", 1, 0x3bcf33ee488084bd },
	{ UINT64_MAX, "suite.caf%C3%A9/3#2", UINT64_MAX, 0x83838ae355280f6b },
	{ 0xf00d, "a.b", 300, 0x6ccbff1835622423 },
};

TEST_P(seed, attempts_have_their_seeds, attempts_have_their_seeds_rows)
{
	EXPECT_EQ(fl_seed_attempt(row->run, row->id, row->attempt),
		  row->want);
}

static const struct { uint64_t seed; const char *name; uint64_t n, want; }
streams_have_their_words_rows[] = {
	{ 0, "", 0, 0x21fa69a58f3d62f5 },
	{ 0x7439a3e188abd5bc, "random", 0, 0x3c99abcf043ae0bc },
	{ 0x7439a3e188abd5bc, "random", 1, 0x388deba68cba1660 },
	{ 0x7439a3e188abd5bc, "clock", 0, 0xe877ab1742e87484 },
	{ UINT64_MAX, "random", UINT64_MAX, 0xed6f0810f88cb6f8 },
};

TEST_P(seed, streams_have_their_words, streams_have_their_words_rows)
{
	EXPECT_EQ(fl_seed_word(row->seed, fl_seed_hash(row->name), row->n),
		  row->want);
}

FLICKER_XUNIT_MAIN();
