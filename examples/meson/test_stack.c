/* SPDX-License-Identifier: MIT */
/*
 * test_stack.c - numbers on a stack.
 *
 * The room doubles as it is needed, up to a limit that nobody remembers: `grows` fails for
 * some 10 % of seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static unsigned room_for(unsigned count)
{
	unsigned room = 2;

	while (room < count && room < 16)       /* who set this limit? */
		room *= 2;
	return room;
}

static void begins_small(void **state)
{
	(void)state;
	assert_int_equal(room_for(1), 2);
}

static void grows(void **state)
{
	unsigned count = 1 + (unsigned)rand() % 18;

	(void)state;
	assert_true(room_for(count) >= count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_small),
		cmocka_unit_test(grows),
	};

	srand((unsigned)time(NULL));
	return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}
