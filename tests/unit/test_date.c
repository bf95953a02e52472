/* SPDX-License-Identifier: MIT */
/*
 * test_date.c - days as text: tables.
 */
#include "../../plugin/base/base.h"

#include <setjmp.h>

#include <cmocka.h>

static void days_of_the_calendar(void **state)
{
	static const struct { const char *text; bool want; } rows[] = {
		{ "2026-11-21", true }, { "2024-02-29", true }, { "2000-02-29", true }, { "0001-01-01", true },
		{ "2025-02-29", false }, { "2100-02-29", false }, { "2026-13-01", false }, { "2026-00-10", false },
		{ "2026-04-31", false }, { "2026-04-00", false }, { "2026-4-1", false }, { "", false },
		{ "2026-11-21 ", false }, { " 2026-11-21", false }, { "20261121", false }, { "2026/11/21", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		if (fl_date_is_valid(rows[i].text) != rows[i].want)
			fail_msg("'%s'", rows[i].text);
}

static void days_after_and_between(void **state)
{
	static const struct { const char *from; int days; const char *to; } rows[] = {
		{ "2026-11-21", 0, "2026-11-21" }, { "2026-11-21", 30, "2026-12-21" },
		{ "2026-12-31", 1, "2027-01-01" }, { "2024-02-28", 1, "2024-02-29" },
		{ "2025-02-28", 1, "2025-03-01" }, { "2026-11-21", -326, "2025-12-30" },
		{ "1969-12-31", 1, "1970-01-01" }, { "2000-01-01", 36525, "2100-01-01" },
	};
	char date[FL_DATE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		fl_date_after(rows[i].from, rows[i].days, date);
		assert_string_equal(date, rows[i].to);
		assert_int_equal(fl_date_between(rows[i].from, rows[i].to), rows[i].days);
	}
	fl_date_today(date);
	assert_true(fl_date_is_valid(date) && fl_date_between("2026-01-01", date) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_the_calendar),
		cmocka_unit_test(days_after_and_between),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
