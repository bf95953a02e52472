/* SPDX-License-Identifier: MIT */
/*
 * suite.c - 1,000 passing tests in one group; each does a little.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { TESTS = 1000 };

static void passes(void **state)
{
	char text[32];

	(void)state;
	snprintf(text, sizeof(text), "%d", 42);
	assert_string_equal(text, "42");
}

int main(void)
{
	static struct CMUnitTest tests[TESTS];
	static char names[TESTS][16];
	int i;

	for (i = 0; i < TESTS; i++) {
		snprintf(names[i], sizeof(names[i]), "test_%04d", i);
		tests[i] = (struct CMUnitTest){ .name = names[i], .test_func = passes };
	}
	return cmocka_run_group_tests_name("suite", tests, NULL, NULL);
}
