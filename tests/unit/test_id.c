/* SPDX-License-Identifier: MIT */
/*
 * test_id.c - rows of docs/names.md: how a test gets its id.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flicker/id.h>

static void ids_are_escaped(void **state)
{
	static const struct { const char *suite, *name, *want; } rows[] = {
		{ "net", "reconnects", "net.reconnects" },
		{ NULL, "reconnects", "reconnects" },
		{ "", "x", ".x" },
		{ "s", "", "s." },
		{ "s", "aZ09_./#-", "s.aZ09_./#-" },
		{ "s", "a b", "s.a%20b" },
		{ "s", "50%", "s.50%25" },
		{ "a:b", "c*?", "a%3Ab.c%2A%3F" },
		{ "s", "caf\xc3\xa9", "s.caf%C3%A9" },
		{ "s", "\x01\n\xff", "s.%01%0A%FF" },
	};
	char id[64];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		n = fl_id_format(id, sizeof(id), rows[i].suite, rows[i].name);
		assert_string_equal(id, rows[i].want);
		assert_int_equal(n, strlen(rows[i].want));
	}
}

static void long_ids_are_cut_and_counted(void **state)
{
	char id[8] = "1234567";

	(void)state;
	assert_int_equal(fl_id_format(id, 4, "ab", "c d"), 8);
	assert_string_equal(id, "ab.");
	assert_int_equal(id[4], '5');
	assert_int_equal(fl_id_format(id, sizeof(id), "ab", "c d"), 8);
	assert_string_equal(id, "ab.c%20");
	assert_int_equal(fl_id_format(NULL, 0, "ab", "c d"), 8);
}

static void equal_ids_are_numbered(void **state)
{
	static const struct {
		const char *id;
		size_t size;
		unsigned k;
		const char *want;
	} rows[] = {
		{ "a.b", 32, 2, "a.b#2" },
		{ "a.b", 32, 4294967295U, "a.b#4294967295" },
		{ "a.b", 6, 2, "a.b#2" },
		{ "a.b", 5, 2, NULL },
		{ "a.b", 4, 2, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char id[32];

		strcpy(id, rows[i].id);
		assert_int_equal(fl_id_number(id, rows[i].size, rows[i].k), rows[i].want != NULL);
		assert_string_equal(id, rows[i].want ? rows[i].want : rows[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_escaped),
		cmocka_unit_test(long_ids_are_cut_and_counted),
		cmocka_unit_test(equal_ids_are_numbered),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
