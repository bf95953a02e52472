/* SPDX-License-Identifier: MIT */
#include "token.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <gtest/gtest.h>

class Token : public testing::Test {
protected:
	void SetUp() override
	{
		std::srand(static_cast<unsigned>(std::time(nullptr)));
		token_make(text);
	}

	char text[9];
};

TEST_F(Token, HasEightDigits)
{
	EXPECT_EQ(std::strlen(text), 8u) << "the token is " << text;
}

TEST_F(Token, IsHexadecimal)
{
	EXPECT_EQ(std::strspn(text, "0123456789abcdef"), std::strlen(text));
}
