/* SPDX-License-Identifier: MIT */
/*
 * toytest.h - a test framework in thirty lines, to show how flicker is taught one.
 */
#ifndef TOYTEST_H
#define TOYTEST_H

#include <stddef.h>

struct toy_test {
	const char *name;
	void (*function)(void);
};

/* Runs the tests in order, prints a line for each, and returns how many failed. */
int toy_run(const char *suite, const struct toy_test *tests, size_t count);

/* Ends the test that runs, by a jump back into toy_run. */
void toy_fail(const char *file, int line, const char *text) __attribute__((noreturn));

#define TOY_CHECK(condition) ((condition) ? (void)0 : toy_fail(__FILE__, __LINE__, #condition))

#endif
