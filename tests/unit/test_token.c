/* SPDX-License-Identifier: MIT */
/*
 * test_token.c - tokens as they were ever printed, there and back, and what is said of broken ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static void vectors_hold(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(vectors); i++) {
		autofree char *text = fl_token_format(&vectors[i].token);

		assert_string_equal(text, vectors[i].text);
	}
}

static void parse(const char *text, struct fl_token *ret_token)
{
	struct fl_error error = { "" };

	if (fl_token_parse(text, ret_token, &error) < 0)
		fail_msg("%s: %s", text, error.text);
}

static void there_and_back(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(vectors); i++) {
		const struct fl_token *want = &vectors[i].token;
		struct fl_token have = { 0 };

		assert_true(fl_token_is_one(vectors[i].text));
		parse(vectors[i].text, &have);
		assert_string_equal(have.id, want->id);
		assert_true(have.seed == want->seed && have.attempt == want->attempt);
		assert_int_equal(have.perturbations, want->perturbations);
		assert_int_equal(have.mode, want->mode);
		assert_true(have.has_prefix == want->has_prefix);
		assert_true(have.leaves_unseeded == want->leaves_unseeded);
		assert_true(!have.binary == !want->binary);
		if (have.binary)
			assert_string_equal(have.binary, want->binary);
		fl_token_clear(&have);
		assert_null(have.id);
	}
}

/* Of a long build-id the first digits; ids that a broken program made up stay one field. */
static void formatting_is_safe(void **state)
{
	struct fl_token token = { "a,b c'$(x)\n", 7, 2, RANDOM, FL_MODE_FORK, false, false,
				  "0123456789abcdef0123456789abcdef01234567" }, again = { 0 };
	autofree char *text = fl_token_format(&token);

	(void)state;
	assert_non_null(strstr(text, ",0123456789ab,"));
	assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_./,+%-"), strlen(text));
	parse(text, &again);
	assert_string_equal(again.id, "a%2Cb%20c%27%24%28x%29%0A");
	assert_true(fl_token_fits(&again, token.binary));
	fl_token_clear(&again);
}

static void refuses(const char *text, int code, const char *words)
{
	struct fl_token token = { .attempt = 99 };
	struct fl_error error = { "" };

	assert_int_equal(fl_token_parse(text, &token, &error), code);
	assert_int_equal(token.attempt, 99);
	if (!strstr(error.text, words))
		fail_msg("of '%s': '%s' does not say '%s'", text, error.text, words);
	assert_null(strchr(error.text, '\n'));
}

static void broken_ones_are_named(void **state)
{
	static const struct { const char *text; int code; const char *words; } rows[] = {
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
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		refuses(rows[i].text, rows[i].code, rows[i].words);
}

/* Every token that differs in one character, and every start of one, is refused. */
static void every_slip_is_seen(void **state)
{
	static const char characters[] = "0123456789abcdefnorx,+-._%ABZ";
	size_t i, at, c;

	(void)state;
	for (i = 0; i < FL_COUNT(vectors); i++)
		for (at = 0; at < strlen(vectors[i].text); at++) {
			autofree char *text = fl_base_copy(vectors[i].text);
			struct fl_token token;
			struct fl_error error;

			for (c = 0; characters[c]; c++) {
				text[at] = characters[c];
				assert_int_equal(fl_token_parse(text, &token, &error) == 0,
						 text[at] == vectors[i].text[at]);
				if (text[at] == vectors[i].text[at])
					fl_token_clear(&token);
			}
			text[at] = '\0';
			assert_true(fl_token_parse(text, &token, &error) < 0);
		}
}

static void fits_its_binary(void **state)
{
	static const struct { const char *binary, *build_id; bool want; } rows[] = {
		{ "3c9f12ab4d5e", "3c9f12ab4d5e77", true },
		{ "3c9f12ab4d5e", "3c9f12ab4d5f77", false },
		{ "3c9f12ab4d5e", "3c9f", false },
		{ "h3c9f12ab4d5e", "3c9f12ab4d5e77", false },
		{ "h3c9f12ab4d5e", "h3c9f12ab4d5e77", true },
		{ "3c9f12ab4d5e", NULL, false },
		{ NULL, "3c9f12ab4d5e77", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_token token = { .binary = (char *)(uintptr_t)rows[i].binary };

		assert_true(fl_token_fits(&token, rows[i].build_id) == rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_hold),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(formatting_is_safe),
		cmocka_unit_test(broken_ones_are_named),
		cmocka_unit_test(every_slip_is_seen),
		cmocka_unit_test(fits_its_binary),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
