/* SPDX-License-Identifier: MIT */
/*
 * date.c - days, as the text that people write and compare.
 */
#define _GNU_SOURCE
#include "base.h"

#include <ctype.h>
#include <time.h>

static bool is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap);
}

/* Dates are compared as text: one that no calendar has would come before, or after, by accident. */
bool fl_date_is_valid(const char *text)
{
	static const char shape[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != '-')
			return false;
	return !text[i] && is_day(atoi(text), atoi(text + 5), atoi(text + 8));
}

static void format(time_t at, char ret_date[FL_DATE_SIZE])
{
	struct tm day = { 0 };

	gmtime_r(&at, &day);
	if (!strftime(ret_date, FL_DATE_SIZE, "%F", &day))
		ret_date[0] = '\0';     /* a year beyond 9999 */
}

void fl_date_today(char ret_date[FL_DATE_SIZE])
{
	format(time(NULL), ret_date);
}

enum { DAY_S = 24 * 60 * 60 };

/* Its first second. */
static time_t parse(const char *date)
{
	struct tm day = {
		.tm_year = atoi(date) - 1900, .tm_mon = atoi(date + 5) - 1, .tm_mday = atoi(date + 8),
	};

	return timegm(&day);
}

void fl_date_after(const char *date, int days, char ret_date[FL_DATE_SIZE])
{
	format(parse(date) + (time_t)days * DAY_S, ret_date);
}

int fl_date_between(const char *from, const char *to)
{
	return (int)((parse(to) - parse(from)) / DAY_S);
}
