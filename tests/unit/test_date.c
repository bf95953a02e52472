/* SPDX-License-Identifier: MIT */
/*
 * test_date.c - days as text: tables.
 */
#include "../../plugin/base/base.h"

#include <flicker/xunit.h>

static const struct { const char *text; bool want; } days_of_the_calendar_rows[] = {
	{ "2026-11-21", true }, { "2024-02-29", true }, { "2000-02-29", true }, { "0001-01-01", true },
	{ "2025-02-29", false }, { "2100-02-29", false }, { "2026-13-01", false }, { "2026-00-10", false },
	{ "2026-04-31", false }, { "2026-04-00", false }, { "2026-4-1", false }, { "", false },
	{ "2026-11-21 ", false }, { " 2026-11-21", false }, { "20261121", false }, { "2026/11/21", false },
};

TEST_P(date, days_of_the_calendar, days_of_the_calendar_rows)
{
	EXPECT_EQ(fl_date_is_valid(row->text), row->want, "'%s'", row->text);
}

TEST(date, days_after_and_between)
{
	static const struct { const char *from; int days; const char *to; } rows[] = {
		{ "2026-11-21", 0, "2026-11-21" }, { "2026-11-21", 30, "2026-12-21" },
		{ "2026-12-31", 1, "2027-01-01" }, { "2024-02-28", 1, "2024-02-29" },
		{ "2025-02-28", 1, "2025-03-01" }, { "2026-11-21", -326, "2025-12-30" },
		{ "1969-12-31", 1, "1970-01-01" }, { "2000-01-01", 36525, "2100-01-01" },
	};
	char date[FL_DATE_SIZE];
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		fl_date_after(rows[i].from, rows[i].days, date);
		EXPECT_STREQ(date, rows[i].to);
		EXPECT_EQ(fl_date_between(rows[i].from, rows[i].to), rows[i].days);
	}
	fl_date_today(date);
	ASSERT_TRUE(fl_date_is_valid(date) && fl_date_between("2026-01-01", date) >= 0);
}

FLICKER_XUNIT_MAIN();
