/* SPDX-License-Identifier: MIT */
/*
 * test_frameworks.c - whose function it is, by its name and by the file it stands in.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/frameworks.h"

TEST(frameworks, by_name)
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

	for (i = 0; i < FL_COUNT(rows); i++)
		EXPECT_EQ(fl_frameworks_owns(rows[i].framework, rows[i].function), rows[i].is_own,
			  "row %zu", i);
}

TEST(frameworks, by_source)
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

	for (i = 0; i < FL_COUNT(rows); i++)
		EXPECT_EQ(fl_frameworks_owns_source(rows[i].framework, rows[i].file),
			  rows[i].is_own, "row %zu", i);
}

FLICKER_XUNIT_MAIN();
