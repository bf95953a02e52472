/* SPDX-License-Identifier: MIT */
/*
 * test_cli_progress.c - the live line says what it can in the room it has.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/progress.h"

static struct fl_test test = { .id = (char *)"net.reconnects_after_a_pause" };

static const struct fl_progress usual = {
	.test = &test, .done = 100, .planned = 300, .non_pass = 4,
	.suspects_done = 1, .suspects = 3, .attempts_per_s = 50,
};

TEST(cli_progress, the_line_says_it_all)
{
	char line[FL_PROGRESS_WIDTH];

	fl_progress_format(line, 200, &usual);
	EXPECT_STREQ(line, "net.reconnects_after_a_pause  100/300, 4 failed, 50/s, "
			   "ETA 0:10  [2/3]");
}

TEST(cli_progress, a_line_never_exceeds_its_width)
{
	char line[FL_PROGRESS_WIDTH];
	size_t width;

	for (width = 0; width < 2 * FL_PROGRESS_WIDTH; width++) {
		fl_progress_format(line, width, &usual);
		ASSERT_LE(strlen(line), width);
	}
	fl_progress_format(line, 60, &usual);
	EXPECT_STREQ(line, "net.reconnects_aft  100/300, 4 failed, 50/s, ETA 0:10  [2/3]");
}

TEST(cli_progress, without_a_rate_there_is_no_eta)
{
	struct fl_progress progress = usual;
	char line[FL_PROGRESS_WIDTH];

	progress.attempts_per_s = 0;
	fl_progress_format(line, 200, &progress);
	EXPECT_EQ(strstr(line, "ETA"), NULL);
	progress.attempts_per_s = 1e-9;
	fl_progress_format(line, 200, &progress);
	EXPECT_EQ(strstr(line, "ETA"), NULL);
}

FLICKER_XUNIT_MAIN();
