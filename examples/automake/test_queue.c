/* SPDX-License-Identifier: MIT */
#include "queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { LENGTH = 9 };

static void begins_in_front(void **state)
{
	(void)state;
	assert_int_equal(queue_place(0, LENGTH), 0);
}

static void everybody_has_a_place(void **state)
{
	(void)state;
	assert_in_range(queue_place((unsigned)rand(), LENGTH), 0, LENGTH - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_in_front),
		cmocka_unit_test(everybody_has_a_place),
	};

	srand((unsigned)time(NULL));
	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
