/* SPDX-License-Identifier: MIT */
/*
 * test_error.c - messages keep their code, their end, and what they quote.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

#include <errno.h>

TEST(error, the_code_comes_back)
{
	struct fl_error error;

	ASSERT_EQ(fl_error_set(&error, -ENOENT, "cannot open '%s'", "x"), -ENOENT);
	EXPECT_STREQ(error.text, "cannot open 'x'");
	EXPECT_EQ(fl_error_set(NULL, -EIO, "unread"), -EIO);
}

TEST(error, long_messages_are_cut)
{
	struct fl_error error;

	fl_error_set(&error, -EIO, "%01000d", 7);
	EXPECT_EQ(strlen(error.text), sizeof(error.text) - 1);
}

TEST(error, a_message_may_quote_the_one_before)
{
	struct fl_error error;

	fl_error_set(&error, -EIO, "inner");
	fl_error_set(&error, -EIO, "outer: %s", error.text);
	EXPECT_STREQ(error.text, "outer: inner");
}

FLICKER_XUNIT_MAIN();
