/* SPDX-License-Identifier: MIT */
/*
 * test_error.c - messages keep their code, their end, and what they quote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"

#include <errno.h>

static void the_code_comes_back(void **state)
{
	struct fl_error error;

	(void)state;
	assert_int_equal(fl_error_set(&error, -ENOENT, "cannot open '%s'", "x"), -ENOENT);
	assert_string_equal(error.text, "cannot open 'x'");
	assert_int_equal(fl_error_set(NULL, -EIO, "unread"), -EIO);
}

static void long_messages_are_cut(void **state)
{
	struct fl_error error;

	(void)state;
	fl_error_set(&error, -EIO, "%01000d", 7);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
}

static void a_message_may_quote_the_one_before(void **state)
{
	struct fl_error error;

	(void)state;
	fl_error_set(&error, -EIO, "inner");
	fl_error_set(&error, -EIO, "outer: %s", error.text);
	assert_string_equal(error.text, "outer: inner");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_code_comes_back),
		cmocka_unit_test(long_messages_are_cut),
		cmocka_unit_test(a_message_may_quote_the_one_before),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
