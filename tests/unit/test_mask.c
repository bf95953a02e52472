/* SPDX-License-Identifier: MIT */
/*
 * test_mask.c - a set of named bits in words.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/mask.h"

#include <errno.h>

static const char *const names[] = { "random", "clock", "heap", "schedule" };
static const struct fl_mask_words words = {
	.noun = "perturbation", .names = names, .count = FL_COUNT(names), .preset = 1,
};

static const struct { const char *text; uint32_t want; } lists_are_read_rows[] = {
	{ "all", 15 }, { "none", 0 }, { "random", 1 }, { "clock", 2 },
	{ "heap,random", 5 }, { "clock,clock", 2 },
	{ "+clock", 3 }, { "+clock,+heap", 7 }, { "+clock,-random", 2 },
	{ "-random", 0 }, { "-heap", 1 }, { "+heap,-heap", 1 }, { "-heap,+heap", 5 },
};

TEST_P(mask, lists_are_read, lists_are_read_rows)
{
	struct fl_error error = { "" };
	uint32_t mask = 99;

	if (fl_mask_parse(&words, row->text, &mask, &error) < 0)
		FAIL("'%s': %s", row->text, error.text);
	EXPECT_EQ(mask, row->want);
}

static const struct { const char *text, *want; } what_is_wrong_is_named_rows[] = {
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

TEST_P(mask, what_is_wrong_is_named, what_is_wrong_is_named_rows)
{
	struct fl_error error = { "" };
	uint32_t mask = 99;

	ASSERT_EQ(fl_mask_parse(&words, row->text, &mask, &error), -EINVAL);
	EXPECT_STREQ(error.text, row->want);
	EXPECT_EQ(mask, 99);     /* untouched */
}

FLICKER_XUNIT_MAIN();
