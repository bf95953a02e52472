/* SPDX-License-Identifier: MIT */
/*
 * test_frameworks.c - whose function it is, by its name and by the file it stands in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/frameworks.h"

static void by_name(void **state)
{
	static const struct { const char *framework, *function; bool is_own; } rows[] = {
		{ "gtest", "_ZN7testing8UnitTest3RunEv", true },
		{ "gtest", "_ZNK7testing8UnitTest3RunEv", true },
		{ "gtest", "testing_", false },
		{ "gtest", "TestBody", false },
		{ "cmocka", "_ZN7testing8UnitTest3RunEv", false },
		{ "cmocka", "_fail", true },
		{ NULL, "_fail", false },
		{ "cmocka", NULL, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		if (fl_frameworks_owns(rows[i].framework, rows[i].function) != rows[i].is_own)
			fail_msg("row %zu", i);
}

static void by_source(void **state)
{
	static const struct { const char *framework, *file; bool is_own; } rows[] = {
		{ "gtest", "/usr/src/googletest/src/gtest.cc", true },
		{ "gtest", "gtest-internal-inl.h", true },
		{ "gtest", "gtest/gtest.h", true },
		{ "gtest", "lib/gtest-all.cc", true },
		{ "gtest", "gtest_net.cc", false },
		{ "gtest", "gtest-net.cc", false },
		{ "gtest", "gtest/net.cc", false },
		{ "cmocka", "gtest.cc", false },
		{ NULL, "gtest.cc", false },
		{ "gtest", NULL, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		if (fl_frameworks_owns_source(rows[i].framework, rows[i].file) != rows[i].is_own)
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
		cmocka_unit_test(by_source),
	};

	return cmocka_run_group_tests_name("frameworks", tests, NULL, NULL);
}
