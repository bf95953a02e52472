/* SPDX-License-Identifier: MIT */
/*
 * calls.c - our functions in the place of CUnit's.
 *
 * CU_basic_run_*() call CU_run_*() behind them.  CU_automated_run_tests() opens its file
 * first, so the group is entered before it: attempts have no file.  In the console a user
 * says what is run: it is left alone.
 */
#define _GNU_SOURCE
#include "cunit.h"

#include <string.h>

#define FL_X(result, name, arguments) FL_ADAPTER_INTERPOSE(name, fl_cunit_flicker);
FL_CUNIT_TAKEN(FL_X)
#undef FL_X

int CU_run_all_tests(void)
{
	return fl_cunit_run(&(struct fl_cunit_request){ .function = FL_CU_run_all_tests });
}

int CU_run_suite(struct cu_suite *suite)
{
	return fl_cunit_run(&(struct fl_cunit_request){ FL_CU_run_suite, suite, NULL });
}

int CU_run_test(struct cu_suite *suite, struct cu_test *test)
{
	return fl_cunit_run(&(struct fl_cunit_request){ FL_CU_run_test, suite, test });
}

void CU_automated_run_tests(void)
{
	fl_cunit_run(&(struct fl_cunit_request){ .function = FL_CU_automated_run_tests });
}

void CU_console_run_tests(void)
{
	fl_cunit_console++;
	fl_cunit_lift(FL_CU_console_run_tests);
	REAL(CU_console_run_tests)();
	fl_cunit_lower(FL_CU_console_run_tests);
	fl_cunit_console--;
}

static void tell_failure(unsigned line, const char *condition, const char *file)
{
	fl_cunit_flicker->place(file, (int)line);
	if (condition)
		fl_cunit_flicker->message(condition, strlen(condition));
	fl_cunit_flicker->message("\n", 1);
	fl_cunit_flicker->failed(true);
}

/*
 * One that holds is only counted, by what CUnit's own header shows: patches are not lifted
 * for it.  After a fatal one that jumps out of here the patch stays off until the next of our
 * functions is called.
 */
int CU_assertImplementation(int value, unsigned line, const char *condition, const char *file,
			    const char *function, int is_fatal)
{
	int result;

	if (value && fl_cunit_is_static() && REAL(CU_get_current_test)()) {
		REAL(CU_get_run_summary)()->asserts++;
		return value;
	}
	if (!value && fl_cunit_flicker->is_recording())
		tell_failure(line, condition, file);
	if (!value && is_fatal)
		fl_cunit_flicker->returned();
	fl_cunit_lift(FL_CU_assertImplementation);
	result = REAL(CU_assertImplementation)(value, line, condition, file, function, is_fatal);
	fl_cunit_lower(FL_CU_assertImplementation);
	return result;
}
