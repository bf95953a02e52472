/* SPDX-License-Identifier: MIT */
/*
 * test_nearest.c - what a mistyped word probably meant.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

static const char *const names[] = { "run", "list", "report", "help", "attach", "--timeout",
				     "--time", "--test", "FLICKER_REPORT" };

static const struct { const char *word, *want; } rows[] = {
	{ "run", "run" },
	{ "rum", "run" },               /* changed */
	{ "rn", "run" },                /* lost */
	{ "lisst", "list" },            /* added */
	{ "hlep", "help" },             /* exchanged: one, not two */
	{ "rnu", "run" },
	{ "reprot", "report" },
	{ "--timout", "--timeout" },
	{ "--tmie", "--time" },
	{ "--tset", "--test" },
	{ "FLICKER_REPROT", "FLICKER_REPORT" },
	{ "nur", NULL },                /* two of three letters are not near */
	{ "unrelated", NULL },
	{ "", NULL },
};

TEST_P(nearest, near_names_are_found, rows)
{
	const char *found = fl_nearest(row->word, names, FL_COUNT(names));

	EXPECT_EQ((found == NULL), (row->want == NULL),
		  "'%s' gave '%s'", row->word, found ? found : "(nothing)");
	if (found)
		EXPECT_STREQ(found, row->want);
}

TEST(nearest, no_names_no_nearest)
{
	char word[400];

	EXPECT_EQ(fl_nearest("run", names, 0), NULL);
	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	EXPECT_EQ(fl_nearest(word, names, FL_COUNT(names)), NULL);
}

FLICKER_XUNIT_MAIN();
