/* SPDX-License-Identifier: MIT */
/*
 * test_summary_closing.c - the last lines of a summary: what is missing, for want of what.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"

#include <flicker/xunit.h>

/* noinline: gcc 12 would see a dangling pointer in whoever calls it */
__attribute__((noinline))
static char *print(const struct fl_run *run)
{
	const struct fl_summary_style plain = { .is_quiet = true };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_print(out, run, &plain);
	fclose(out);
	return text;
}

static const char runs[] = "a warning says why; make fewer --runs\n";

static const struct { bool has_time, is_interrupted; double enough_s; const char *want; }
advises_what_helps_rows[] = {
	{ true, false, 0, "give them more --time, or --time none, or " },
	{ true, false, 7.2, "give them more --time (8 should do), or --time none, or " },
	{ false, false, 0, runs }, { false, false, 7.2, runs },
	{ true, true, 7.2, "the run was interrupted\n" }, { false, true, 0, "the run was interrupted\n" },
};

TEST_P(summary_closing, advises_what_helps, advises_what_helps_rows)
{
	struct fl_run run = {
		.has_attempts_missing = true, .exit_code = row->is_interrupted ? 130 : 3,
		.settings.has_time = row->has_time, .is_interrupted = row->is_interrupted,
		.enough_time_s = row->enough_s,
	};
	autofree char *text = print(&run), *want = NULL;

	want = fl_base_format("%sattempts are missing: %s",
			      row->is_interrupted ? "" : "exit code 3: ", row->want);
	if (!strstr(text, want))
		FAIL("'%s' is not in '%s'", want, text);
}

static const struct { size_t cut; bool is_missing, is_interrupted; const char *want; }
says_where_the_time_was_over_rows[] = {
	{ 1, false, false, "the time for attempts, 10.0 s, was over before 1 test had all of them: --time none" },
	{ 2, false, false, "was over before 2 tests had all of them: " },
	{ 0, false, false, NULL }, { 2, true, false, NULL }, { 2, false, true, NULL },
};

TEST_P(summary_closing, says_where_the_time_was_over, says_where_the_time_was_over_rows)
{
	struct fl_run run = {
		.has_attempts_missing = row->is_missing, .is_interrupted = row->is_interrupted,
		.settings = { .has_time = true, .time_s = 10 }, .cut_count = row->cut,
	};
	autofree char *text = print(&run);

	EXPECT_EQ(strstr(text, "was over before") != NULL, row->want != NULL);
	if (row->want)
		EXPECT_NE(strstr(text, row->want), NULL);
}

/* Each attempt of the program is one of all its lines. */
static const struct { const char *framework, *want, *infra; }
counts_attempts_of_a_program_rows[] = {
	{ "process", "2 tests: 2 unknown; 40 attempts", "5 more attempts failed for no fault of a test,"
	  " or ended before its line: not counted\n" },
	{ "cmocka", "2 tests: 2 unknown; 75 attempts", "5 more attempts failed for no fault of a test: "
	  "not counted\n" },
};

TEST_P(summary_closing, counts_attempts_of_a_program, counts_attempts_of_a_program_rows)
{
	struct fl_test program = { .arm_count = 1 }, part = { .arm_count = 1 }, *tests[] = { &program, &part };

	program.arms[0].counts.by[FL_OUTCOME_PASS] = 40;
	part.arms[0].counts.by[FL_OUTCOME_PASS] = 35;
	part.arms[0].counts.by[FL_OUTCOME_INFRA] = 5;
	struct fl_run run = {
		.program.framework = (char *)row->framework, .tests = tests, .test_count = 2,
	};
	autofree char *text = print(&run);

	EXPECT_NE(strstr(text, row->want), NULL);
	EXPECT_NE(strstr(text, row->infra), NULL);
}

FLICKER_XUNIT_MAIN();
