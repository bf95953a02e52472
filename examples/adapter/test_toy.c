/* SPDX-License-Identifier: MIT */
/*
 * test_toy.c - three toy tests: one holds always, one never, one for two dice of three.
 */
#include "toytest.h"

#include <stdlib.h>
#include <string.h>

static void adds(void)
{
	TOY_CHECK(1 + 1 == 2);
}

static void rolls(void)
{
	TOY_CHECK(rand() % 3 != 0);
}

static void lies(void)
{
	TOY_CHECK(2 + 2 == 5);
}

/* `test_toy honest` leaves out the one that fails. */
int main(int argc, char **argv)
{
	const struct toy_test tests[] = { { "adds", adds }, { "rolls", rolls }, { "lies", lies } };
	int is_honest = argc > 1 && strcmp(argv[1], "honest") == 0;

	return toy_run("toy", tests, is_honest ? 2 : 3) ? 1 : 0;
}
