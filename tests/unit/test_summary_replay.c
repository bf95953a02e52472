/* SPDX-License-Identifier: MIT */
/*
 * test_summary_replay.c - what a replay says of itself.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <signal.h>

#include <flicker/xunit.h>

static const struct fl_summary_style plain = { .report_path = "net.flicker.json" };

#define ADVICE "  what no seed decides (clock, addresses, scheduling) may need more tries: --times 100\n"

/* How often, in the words and figures of the first line; and what to try where it never was. */
static const struct { uint64_t pass, fail, skip, infra; const char *want; }
replays_tell_how_often_rows[] = {
	{ 0, 1, 0, 0, "t: reproduced\n" },
	{ 1, 0, 0, 0, "t: not reproduced: it passed\n" ADVICE },
	{ 0, 0, 1, 0, "t: not reproduced: it was skipped\n" ADVICE },
	{ 3, 97, 0, 0, "t: reproduced 97 of 100 times (97 %, 95 % sure: 91.5 to 99.4 %)\n" },
	{ 2, 3, 5, 0, "t: reproduced 3 of 10 times (30 %, 95 % sure: 6.7 to 65.2 %); 5 of them skipped\n" },
	{ 0, 20, 0, 0, "t: reproduced 20 of 20 times (100 %, 95 % sure: 83.2 to 100 %)\n" },
	{ 20, 0, 0, 0, "t: not reproduced in 20 attempts (95 % sure: below 16.8 %)\n"
	  ADVICE },
	{ 100, 0, 0, 0, "t: not reproduced in 100 attempts (95 % sure: below 3.6 %)\n" },
	{ 0, 0, 0, 1, "t: the attempt could not be made\n" },
	{ 0, 1, 0, 2, "t: reproduced; 2 more failed for no fault of the test\n" },
};

TEST_P(summary_replay, replays_tell_how_often, replays_tell_how_often_rows)
{
	struct fl_test test = { .id = (char *)"t", .arm_count = 1 };
	uint64_t *by = test.arms[0].counts.by;
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	by[FL_OUTCOME_PASS] = row->pass;
	by[FL_OUTCOME_FAIL] = row->fail;
	by[FL_OUTCOME_SKIP] = row->skip;
	by[FL_OUTCOME_INFRA] = row->infra;
	fl_summary_replay(out, &test, "0123456789abcdef", &plain);
	fclose(out);
	EXPECT_STREQ(text, row->want);
}

/* Is it the failure that was asked for?  No word of it where that is not known. */
static const struct { const char *known, *want; } replays_tell_which_failure_rows[] = {
	{ NULL, "  1x fail: no\n" },
	{ "0123456789abcdef", "  1x fail: no\n  this is the failure on record: signature "
			      "0123456789abcdef\n" },
	{ "fedcba9876543210", "  1x fail: no\n  this is another failure than the one on record: "
			      "signature 0123456789abcdef, not fedcba9876543210\n" },
};

TEST_P(summary_replay, replays_tell_which_failure, replays_tell_which_failure_rows)
{
	static const struct fl_summary_style style = { .hides_replay = true };
	struct fl_failure failure = {
		.signature = (char *)"0123456789abcdef", .count = 1,
		.first = { .outcome = FL_OUTCOME_FAIL, .message = (char *)"no" },
		.replay = (char *)"flicker replay fl1", .output_tail = (char *)"",
	};
	struct fl_test test = { .id = (char *)"t", .arm_count = 1, .failure_count = 1,
				.failures = &failure };
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	test.arms[0].counts.by[FL_OUTCOME_FAIL] = 1;
	fl_summary_replay(out, &test, row->known, &style);
	fclose(out);
	EXPECT_STREQ(strchr(text, '\n') + 1, row->want);
}

FLICKER_XUNIT_MAIN();
