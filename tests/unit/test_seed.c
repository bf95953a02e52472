/* SPDX-License-Identifier: MIT */
/*
 * test_seed.c - vectors, computed by a program that shares no line with seed.h.
 *
 * They are a promise: tokens and reports of every release repeat only if these hold.
 * mix is checked against the published stream of SplitMix64 for seed 1234567, hash
 * against the vectors of draft-eastlake-fnv.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flicker/seed.h>

static void mix_is_splitmix64(void **state)
{
	(void)state;
	assert_int_equal(fl_seed_mix(0), 0);
	assert_int_equal(fl_seed_mix(1), 0x5692161d100b05e5);
	assert_int_equal(fl_seed_mix(UINT64_MAX), 0xb4d055fcf2cbbd7b);
	assert_int_equal(fl_seed_mix(1234567 + FL_SEED_GAMMA), 6457827717110365317U);
	assert_int_equal(fl_seed_mix(1234567 + 2 * FL_SEED_GAMMA), 3203168211198807973U);
}

static void hash_is_fnv1a(void **state)
{
	static const struct { const char *text; uint64_t want; } rows[] = {
		{ "", 0xcbf29ce484222325 },       { "a", 0xaf63dc4c8601ec8c },
		{ "foobar", 0x85944171f73967e8 }, { "random", 0xaab5ce126d477a82 },
		{ "\xff", 0xaf64724c8602eb6e },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fl_seed_hash(rows[i].text), rows[i].want);
}

static void attempts_have_their_seeds(void **state)
{
	static const struct { uint64_t run; const char *id; uint64_t attempt, want; } rows[] = {
		{ 0, "", 0, 0xa6bbc8dcbe30928c },
		{ 1, "net.reconnects", 1, 0x7439a3e188abd5bc },
		{ 1, "net.reconnects", 2, 0x9c9d066e9edc8c2a },
		{ 2, "net.reconnects", 1, 0xeb8daf8e0ea38447 },
		{ 1, "net.reconnect", 1, 0x3bcf33ee488084bd },
		{ UINT64_MAX, "suite.caf%C3%A9/3#2", UINT64_MAX, 0x83838ae355280f6b },
		{ 0xf00d, "a.b", 300, 0x6ccbff1835622423 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fl_seed_attempt(rows[i].run, rows[i].id, rows[i].attempt),
				 rows[i].want);
}

static void streams_have_their_words(void **state)
{
	static const struct { uint64_t seed; const char *name; uint64_t n, want; } rows[] = {
		{ 0, "", 0, 0x21fa69a58f3d62f5 },
		{ 0x7439a3e188abd5bc, "random", 0, 0x3c99abcf043ae0bc },
		{ 0x7439a3e188abd5bc, "random", 1, 0x388deba68cba1660 },
		{ 0x7439a3e188abd5bc, "clock", 0, 0xe877ab1742e87484 },
		{ UINT64_MAX, "random", UINT64_MAX, 0xed6f0810f88cb6f8 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fl_seed_word(rows[i].seed, fl_seed_hash(rows[i].name), rows[i].n),
				 rows[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mix_is_splitmix64),
		cmocka_unit_test(hash_is_fnv1a),
		cmocka_unit_test(attempts_have_their_seeds),
		cmocka_unit_test(streams_have_their_words),
	};

	return cmocka_run_group_tests_name("seed", tests, NULL, NULL);
}
