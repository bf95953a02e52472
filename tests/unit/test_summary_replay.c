/* SPDX-License-Identifier: MIT */
/*
 * test_summary_replay.c - what a replay says of itself.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"
#include "../../plugin/report/summary_words.h"

#include <setjmp.h>
#include <signal.h>

#include <cmocka.h>

static const struct fl_summary_style plain = { .report_path = "net.flicker.json" };

#define ADVICE "  what no seed decides (clock, addresses, scheduling) may need more tries: --times 100\n"

/* How often, in the words and figures of the first line; and what to try where it never was. */
static void replays_tell_how_often(void **state)
{
	static const struct { uint64_t pass, fail, skip, infra; const char *want; } rows[] = {
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
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = { .id = (char *)"t", .arm_count = 1 };
		uint64_t *by = test.arms[0].counts.by;
		autofree char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		by[FL_OUTCOME_PASS] = rows[i].pass;
		by[FL_OUTCOME_FAIL] = rows[i].fail;
		by[FL_OUTCOME_SKIP] = rows[i].skip;
		by[FL_OUTCOME_INFRA] = rows[i].infra;
		fl_summary_replay(out, &test, "0123456789abcdef", &plain);
		fclose(out);
		assert_string_equal(text, rows[i].want);
	}
}

/* Is it the failure that was asked for?  No word of it where that is not known. */
static void replays_tell_which_failure(void **state)
{
	static const struct { const char *known, *want; } rows[] = {
		{ NULL, "  1x fail: no\n" },
		{ "0123456789abcdef", "  1x fail: no\n  this is the failure on record: signature "
				      "0123456789abcdef\n" },
		{ "fedcba9876543210", "  1x fail: no\n  this is another failure than the one on record: "
				      "signature 0123456789abcdef, not fedcba9876543210\n" },
	};
	static const struct fl_summary_style style = { .hides_replay = true };
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
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
		fl_summary_replay(out, &test, rows[i].known, &style);
		fclose(out);
		assert_string_equal(strchr(text, '\n') + 1, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replays_tell_how_often),
		cmocka_unit_test(replays_tell_which_failure),
	};

	return cmocka_run_group_tests_name("summary_replay", tests, NULL, NULL);
}
