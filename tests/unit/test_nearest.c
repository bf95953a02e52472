/* SPDX-License-Identifier: MIT */
/*
 * test_nearest.c - what a mistyped word probably meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"

static const char *const names[] = { "run", "list", "report", "help", "attach", "--timeout",
				     "--time", "--test", "FLICKER_REPORT" };

static void near_names_are_found(void **state)
{
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
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		const char *found = fl_nearest(rows[i].word, names, FL_COUNT(names));

		if ((found == NULL) != (rows[i].want == NULL))
			fail_msg("'%s' gave '%s'", rows[i].word, found ? found : "(nothing)");
		if (found)
			assert_string_equal(found, rows[i].want);
	}
}

static void no_names_no_nearest(void **state)
{
	char word[400];

	(void)state;
	assert_null(fl_nearest("run", names, 0));
	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	assert_null(fl_nearest(word, names, FL_COUNT(names)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_names_are_found),
		cmocka_unit_test(no_names_no_nearest),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
