/* SPDX-License-Identifier: MIT */
/*
 * test_token.c - tokens as they were ever printed, there and back, and what is said of broken ones.
 */
#include <flicker/xunit.h>

#include "../../plugin/engine/session/attempts/token.h"

#include <errno.h>

#define RANDOM FL_PERTURB_BIT(RANDOM)

/* Never change a row: these stand in somebody's report. */
static const struct {
	struct fl_token token;
	const char *text;
} vectors[] = {
	{ { "net.reconnects", 0x1d2c3b4a59687786, 17, RANDOM, FL_MODE_FORK, false, false,
	    "3c9f12ab4d5e" },
	  "fl1,net.reconnects,0x1d2c3b4a59687786,17,random,fork,3c9f12ab4d5e,ee01fd" },
	{ { "net.reconnects", 0x1d2c3b4a59687786, 17, RANDOM, FL_MODE_FORK, true, false,
	    "3c9f12ab4d5e" },
	  "fl1,net.reconnects,0x1d2c3b4a59687786,17,random,fork+prefix,3c9f12ab4d5e,c79022" },
	{ { "a.b#2", 0, 1, 0, FL_MODE_EXEC, true, true, "h0123456789ab" },
	  "fl1,a.b%232,0x0,1,none,exec+prefix+unseeded,h0123456789ab,492280" },
	{ { "s.%C3%A4/3", UINT64_MAX, UINT64_MAX, RANDOM, FL_MODE_EXEC, false, true, NULL },
	  "fl1,s.%C3%A4/3,0xffffffffffffffff,18446744073709551615,random,exec+unseeded,-,285f80" },
	{ { "t", 1, 1, RANDOM, FL_MODE_FORK, false, false, "ab" },
	  "fl1,t,0x1,1,random,fork,ab,b50eff" },
};

TEST_P(token, vectors_hold, vectors)
{
	autofree char *text = fl_token_format(&row->token);

	EXPECT_STREQ(text, row->text);
}

static void parse(const char *text, struct fl_token *ret_token)
{
	struct fl_error error = { "" };

	if (fl_token_parse(text, ret_token, &error) < 0)
		FAIL("%s: %s", text, error.text);
}

TEST_P(token, there_and_back, vectors)
{
	const struct fl_token *want = &row->token;
	struct fl_token have = { 0 };

	ASSERT_TRUE(fl_token_is_one(row->text));
	parse(row->text, &have);
	EXPECT_STREQ(have.id, want->id);
	ASSERT_TRUE(have.seed == want->seed && have.attempt == want->attempt);
	EXPECT_EQ(have.perturbations, want->perturbations);
	EXPECT_EQ(have.mode, want->mode);
	ASSERT_EQ(have.has_prefix, want->has_prefix);
	ASSERT_EQ(have.leaves_unseeded, want->leaves_unseeded);
	ASSERT_EQ(!have.binary, !want->binary);
	if (have.binary)
		EXPECT_STREQ(have.binary, want->binary);
	fl_token_clear(&have);
	EXPECT_EQ(have.id, NULL);
}

/* Of a long build-id the first digits; ids that a broken program made up stay one field. */
TEST(token, formatting_is_safe)
{
	struct fl_token token = { "a,b c'$(x)\n", 7, 2, RANDOM, FL_MODE_FORK, false, false,
				  "0123456789abcdef0123456789abcdef01234567" }, again = { 0 };
	autofree char *text = fl_token_format(&token);

	EXPECT_NE(strstr(text, ",0123456789ab,"), NULL);
	EXPECT_EQ(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789_./,+%-"), strlen(text));
	parse(text, &again);
	EXPECT_STREQ(again.id, "a%2Cb%20c%27%24%28x%29%0A");
	ASSERT_TRUE(fl_token_fits(&again, token.binary));
	fl_token_clear(&again);
}

static void refuses(const char *text, int code, const char *words)
{
	struct fl_token token = { .attempt = 99 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_token_parse(text, &token, &error), code);
	EXPECT_EQ(token.attempt, 99);
	if (!strstr(error.text, words))
		FAIL("of '%s': '%s' does not say '%s'", text, error.text, words);
	EXPECT_EQ(strchr(error.text, '\n'), NULL);
}

static const struct { const char *text; int code; const char *words; }
broken_ones_are_named_rows[] = {
	{ "", -EINVAL, "no token" },
	{ "net.reconnects", -EINVAL, "no token" },
	{ "fl,t,0x1,1,random,fork,ab,000000", -EINVAL, "no token" },
	{ "fl2,t,whatever", -ENOTSUP, "'fl2'" },
	{ "fl10,t,0x1,1,random,fork,ab,000000", -ENOTSUP, "'fl10'" },
	{ "fl1,", -EINVAL, "'seed'" },
	{ "fl1,t", -EINVAL, "'seed'" },
	{ "fl1,t,0x1,1,random", -EINVAL, "'mode'" },
	{ "fl1,t,0x1,1,random,fork,ab", -EINVAL, "'checksum'" },
	{ "fl1,t,0x1,1,random,fork,ab,000000,x", -EINVAL, "goes on" },
	{ "fl1,,0x1,1,random,fork,ab,000000", -EINVAL, "'test'" },
	{ "fl1,a b,0x1,1,random,fork,ab,000000", -EINVAL, "'test'" },
	{ "fl1,a#2,0x1,1,random,fork,ab,000000", -EINVAL, "'test'" },
	{ "fl1,t,1,1,random,fork,ab,000000", -EINVAL, "'seed'" },
	{ "fl1,t,0x,1,random,fork,ab,000000", -EINVAL, "'seed'" },
	{ "fl1,t,0x1G,1,random,fork,ab,000000", -EINVAL, "'seed'" },
	{ "fl1,t,0x01,1,random,fork,ab,000000", -EINVAL, "'seed'" },
	{ "fl1,t,0x11111111111111111,1,random,fork,ab,000000", -EINVAL, "'seed'" },
	{ "fl1,t,0x1,0,random,fork,ab,000000", -EINVAL, "'attempt'" },
	{ "fl1,t,0x1,-1,random,fork,ab,000000", -EINVAL, "'attempt'" },
	{ "fl1,t,0x1,18446744073709551616,random,fork,ab,000000", -EINVAL, "'attempt'" },
	{ "fl1,t,0x1,1,,fork,ab,000000", -EINVAL, "'perturbations'" },
	{ "fl1,t,0x1,1,rondom,fork,ab,000000", -EINVAL, "'perturbations'" },
	{ "fl1,t,0x1,1,random+random,fork,ab,000000", -EINVAL, "'perturbations'" },
	{ "fl1,t,0x1,1,random+,fork,ab,000000", -EINVAL, "'perturbations'" },
	{ "fl1,t,0x1,1,random,mix,ab,000000", -EINVAL, "'mode'" },
	{ "fl1,t,0x1,1,random,forks,ab,000000", -EINVAL, "'mode'" },
	{ "fl1,t,0x1,1,random,fork+unseeded+prefix,ab,000000", -EINVAL, "'mode'" },
	{ "fl1,t,0x1,1,random,fork,,000000", -EINVAL, "'binary'" },
	{ "fl1,t,0x1,1,random,fork,h,000000", -EINVAL, "'binary'" },
	{ "fl1,t,0x1,1,random,fork,0123456789abc,000000", -EINVAL, "'binary'" },
	{ "fl1,t,0x1,1,random,fork,xyz,000000", -EINVAL, "'binary'" },
	{ "fl1,t,0x1,1,random,fork,ab,0000", -EINVAL, "'checksum'" },
	{ "fl1,t,0x1,1,random,fork,ab,00000g", -EINVAL, "'checksum'" },
	{ "fl1,t,0x1,1,random,fork,ab,000000", -EINVAL, "checksum is wrong" },
};

TEST_P(token, broken_ones_are_named, broken_ones_are_named_rows)
{
	refuses(row->text, row->code, row->words);
}

/* Every token that differs in one character, and every start of one, is refused. */
TEST_P(token, every_slip_is_seen, vectors)
{
	static const char characters[] = "0123456789abcdefnorx,+-._%ABZ";
	size_t at, c;
	for (at = 0; at < strlen(row->text); at++) {
		autofree char *text = fl_base_copy(row->text);
		struct fl_token token;
		struct fl_error error;

		for (c = 0; characters[c]; c++) {
			text[at] = characters[c];
			ASSERT_EQ(fl_token_parse(text, &token, &error) == 0,
				  text[at] == row->text[at]);
			if (text[at] == row->text[at])
				fl_token_clear(&token);
		}
		text[at] = '\0';
		ASSERT_LT(fl_token_parse(text, &token, &error), 0);
	}
}

static const struct { const char *binary, *build_id; bool want; } fits_its_binary_rows[] = {
	{ "3c9f12ab4d5e", "3c9f12ab4d5e77", true },
	{ "3c9f12ab4d5e", "3c9f12ab4d5f77", false },
	{ "3c9f12ab4d5e", "3c9f", false },
	{ "h3c9f12ab4d5e", "3c9f12ab4d5e77", false },
	{ "h3c9f12ab4d5e", "h3c9f12ab4d5e77", true },
	{ "3c9f12ab4d5e", NULL, false },
	{ NULL, "3c9f12ab4d5e77", false },
};

TEST_P(token, fits_its_binary, fits_its_binary_rows)
{
	struct fl_token token = { .binary = (char *)(uintptr_t)row->binary };

	ASSERT_EQ(fl_token_fits(&token, row->build_id), row->want);
}

FLICKER_XUNIT_MAIN();
