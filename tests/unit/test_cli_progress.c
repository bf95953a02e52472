/* SPDX-License-Identifier: MIT */
/*
 * test_cli_progress.c - the live line says what it can in the room it has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/progress.h"

static struct fl_test test = { .id = (char *)"net.reconnects_after_a_pause" };

static const struct fl_progress usual = {
	.test = &test, .done = 100, .planned = 300, .non_pass = 4,
	.suspects_done = 1, .suspects = 3, .attempts_per_s = 50,
};

static void the_line_says_it_all(void **state)
{
	char line[FL_PROGRESS_WIDTH];

	(void)state;
	fl_progress_format(line, 200, &usual);
	assert_string_equal(line, "net.reconnects_after_a_pause  100/300, 4 failed, 50/s, "
				  "ETA 0:10  [2/3]");
}

static void a_line_never_exceeds_its_width(void **state)
{
	char line[FL_PROGRESS_WIDTH];
	size_t width;

	(void)state;
	for (width = 0; width < 2 * FL_PROGRESS_WIDTH; width++) {
		fl_progress_format(line, width, &usual);
		assert_true(strlen(line) <= width);
	}
	fl_progress_format(line, 60, &usual);
	assert_string_equal(line, "net.reconnects_aft  100/300, 4 failed, 50/s, ETA 0:10  [2/3]");
}

static void without_a_rate_there_is_no_eta(void **state)
{
	struct fl_progress progress = usual;
	char line[FL_PROGRESS_WIDTH];

	(void)state;
	progress.attempts_per_s = 0;
	fl_progress_format(line, 200, &progress);
	assert_null(strstr(line, "ETA"));
	progress.attempts_per_s = 1e-9;
	fl_progress_format(line, 200, &progress);
	assert_null(strstr(line, "ETA"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_says_it_all),
		cmocka_unit_test(a_line_never_exceeds_its_width),
		cmocka_unit_test(without_a_rate_there_is_no_eta),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
