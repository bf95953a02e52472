/* SPDX-License-Identifier: MIT */
/*
 * test_mask.c - a set of named bits in words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/mask.h"

#include <errno.h>

static const char *const names[] = { "random", "clock", "heap", "schedule" };
static const struct fl_mask_words words = {
	.noun = "perturbation", .names = names, .count = FL_COUNT(names), .preset = 1,
};

static void lists_are_read(void **state)
{
	static const struct { const char *text; uint32_t want; } rows[] = {
		{ "all", 15 }, { "none", 0 }, { "random", 1 }, { "clock", 2 },
		{ "heap,random", 5 }, { "clock,clock", 2 },
		{ "+clock", 3 }, { "+clock,+heap", 7 }, { "+clock,-random", 2 },
		{ "-random", 0 }, { "-heap", 1 }, { "+heap,-heap", 1 }, { "-heap,+heap", 5 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_error error = { "" };
		uint32_t mask = 99;

		if (fl_mask_parse(&words, rows[i].text, &mask, &error) < 0)
			fail_msg("'%s': %s", rows[i].text, error.text);
		assert_int_equal(mask, rows[i].want);
	}
}

static void what_is_wrong_is_named(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "clok", "knows no perturbation 'clok'; did you mean 'clock'?" },
		{ "+shcedule", "knows no perturbation 'shcedule'; did you mean 'schedule'?" },
		{ "zzz", "knows no perturbation 'zzz'; known: all, none, random, clock, heap, schedule" },
		{ "", "knows no perturbation ''; known: all, none, random, clock, heap, schedule" },
		{ "clock,", "knows no perturbation ''; known: all, none, random, clock, heap, schedule" },
		{ "all,clock", "knows no perturbation 'all'; known: all, none, random, clock, heap, schedule" },
		{ "+", "knows no perturbation ''; known: all, none, random, clock, heap, schedule" },
		{ "clock,+heap", "takes names that all have a sign or none has, not 'clock,+heap'" },
		{ "-clock,heap", "takes names that all have a sign or none has, not '-clock,heap'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_error error = { "" };
		uint32_t mask = 99;

		assert_int_equal(fl_mask_parse(&words, rows[i].text, &mask, &error), -EINVAL);
		assert_string_equal(error.text, rows[i].want);
		assert_int_equal(mask, 99);     /* untouched */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
