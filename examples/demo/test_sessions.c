/* SPDX-License-Identifier: MIT */
/*
 * test_sessions.c - an ordinary cmocka program.  It knows nothing of flicker.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "sessions.h"

enum { USERS = 15 };

static int empty_table(void **state)
{
	(void)state;
	sessions_clear();
	return 0;
}

static void knows_its_user(void **state)
{
	unsigned id = session_open("ada");

	(void)state;
	assert_int_not_equal(id, 0);
	assert_string_equal(session_user(id), "ada");
}

static void forgets_closed_sessions(void **state)
{
	unsigned id = session_open("ada");

	(void)state;
	session_close(id);
	assert_null(session_user(id));
}

static void refuses_when_full(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < SESSIONS_MAX; i++)
		assert_int_not_equal(session_open("crowd"), 0);
	assert_int_equal(session_open("late"), 0);
}

static void check_user(unsigned id, const char *name)
{
	assert_string_equal(session_user(id), name);
}

static void keeps_users_apart(void **state)
{
	unsigned ids[USERS];
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < USERS; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		ids[i] = session_open(name);
	}
	for (i = 0; i < USERS; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		check_user(ids[i], name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(knows_its_user, empty_table),
		cmocka_unit_test_setup(forgets_closed_sessions, empty_table),
		cmocka_unit_test_setup(refuses_when_full, empty_table),
		cmocka_unit_test_setup(keeps_users_apart, empty_table),
	};

	srand((unsigned)time(NULL));
	return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
