/* SPDX-License-Identifier: MIT */
/*
 * test_summary_closing.c - the last lines of a summary: what is missing, for want of what.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/summary.h"

#include <setjmp.h>

#include <cmocka.h>

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

static void advises_what_helps(void **state)
{
	static const char runs[] = "a warning says why; make fewer --runs\n";
	static const struct { bool has_time, is_interrupted; double enough_s; const char *want; } rows[] = {
		{ true, false, 0, "give them more --time, or --time none, or " },
		{ true, false, 7.2, "give them more --time (8 should do), or --time none, or " },
		{ false, false, 0, runs }, { false, false, 7.2, runs },
		{ true, true, 7.2, "the run was interrupted\n" }, { false, true, 0, "the run was interrupted\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_run run = {
			.has_attempts_missing = true, .exit_code = rows[i].is_interrupted ? 130 : 3,
			.settings.has_time = rows[i].has_time, .is_interrupted = rows[i].is_interrupted,
			.enough_time_s = rows[i].enough_s,
		};
		autofree char *text = print(&run), *want = NULL;

		want = fl_base_format("%sattempts are missing: %s", rows[i].is_interrupted ? "" : "exit code 3: ",
				      rows[i].want);
		if (!strstr(text, want))
			fail_msg("'%s' is not in '%s'", want, text);
	}
}

static void says_where_the_time_was_over(void **state)
{
	static const struct { size_t cut; bool is_missing, is_interrupted; const char *want; } rows[] = {
		{ 1, false, false, "the time for attempts, 10.0 s, was over before 1 test had all of them: --time none" },
		{ 2, false, false, "was over before 2 tests had all of them: " },
		{ 0, false, false, NULL }, { 2, true, false, NULL }, { 2, false, true, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_run run = {
			.has_attempts_missing = rows[i].is_missing, .is_interrupted = rows[i].is_interrupted,
			.settings = { .has_time = true, .time_s = 10 }, .cut_count = rows[i].cut,
		};
		autofree char *text = print(&run);

		assert_int_equal(strstr(text, "was over before") != NULL, rows[i].want != NULL);
		if (rows[i].want)
			assert_non_null(strstr(text, rows[i].want));
	}
}

/* Each attempt of the program is one of all its lines. */
static void counts_attempts_of_a_program(void **state)
{
	static const struct { const char *framework, *want, *infra; } rows[] = {
		{ "process", "2 tests: 2 unknown; 40 attempts", "5 more attempts failed for no fault of a test,"
		  " or ended before its line: not counted\n" },
		{ "cmocka", "2 tests: 2 unknown; 75 attempts", "5 more attempts failed for no fault of a test: "
		  "not counted\n" },
	};
	struct fl_test program = { .arm_count = 1 }, part = { .arm_count = 1 }, *tests[] = { &program, &part };
	size_t i;

	(void)state;
	program.arms[0].counts.by[FL_OUTCOME_PASS] = 40;
	part.arms[0].counts.by[FL_OUTCOME_PASS] = 35;
	part.arms[0].counts.by[FL_OUTCOME_INFRA] = 5;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_run run = {
			.program.framework = (char *)rows[i].framework, .tests = tests, .test_count = 2,
		};
		autofree char *text = print(&run);

		assert_non_null(strstr(text, rows[i].want));
		assert_non_null(strstr(text, rows[i].infra));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advises_what_helps),
		cmocka_unit_test(counts_attempts_of_a_program),
		cmocka_unit_test(says_where_the_time_was_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
