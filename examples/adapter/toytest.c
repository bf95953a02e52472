/* SPDX-License-Identifier: MIT */
/*
 * toytest.c - the framework.  It knows nothing of flicker.
 */
#include "toytest.h"

#include <setjmp.h>
#include <stdio.h>

static jmp_buf after_failure;

void toy_fail(const char *file, int line, const char *text)
{
	printf("  %s:%d: %s\n", file, line, text);
	longjmp(after_failure, 1);
}

static int run_one(const struct toy_test *test)
{
	if (setjmp(after_failure) != 0)
		return 1;
	test->function();
	return 0;
}

int toy_run(const char *suite, const struct toy_test *tests, size_t count)
{
	int failures = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		int failed = run_one(&tests[i]);

		printf("%s %s.%s\n", failed ? "FAIL" : "pass", suite, tests[i].name);
		failures += failed;
	}
	return failures;
}
