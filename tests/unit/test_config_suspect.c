/* SPDX-License-Identifier: MIT */
/*
 * test_config_suspect.c - entries of known flaky tests: a text in; rules, warnings or one line out.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/config.h"

#include <errno.h>

#define A "[suspect \"a\"]\n"

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

/* Every rule, in one line. */
static char *describe(const struct fl_config *config)
{
	char *text = fl_base_copy("");
	size_t i;

	for (i = 0; i < config->rule_count; i++) {
		const struct fl_suspect_rule *rule = &config->rules[i];
		const struct fl_suspicion *s = &rule->suspicion;
		autofree char *before = text;

		text = fl_base_format("%s%s%s %s|%s|%s|%s|%s;", before, s->is_quarantined ? "!" : "",
				      s->origin, rule->pattern, or_nothing(s->reason),
				      or_nothing(s->ticket), or_nothing(s->until),
				      !rule->has_crash ? "" : s->may_crash ? "yes" : "no");
	}
	return text;
}

static const struct { const char *text, *want; } entries_are_read_rows[] = {
	{ "", "" },
	{ A, "!q:1 a||||;" },
	{ "\n# a\n" A "\n[suspect \"b\"]\n", "!q:3 a||||;!q:5 b||||;" },
	{ A "reason = x\nticket=T\nuntil : 2024-02-29\ncrash = no\n", "!q:1 a|x|T|2024-02-29|no;" },
	{ A "crash = yes\n", "!q:1 a||||yes;" },
	{ A "reason =\n  x\n  y\n", "!q:1 a|x y|||;" },
	{ A "reason = x = y\n  z: u\n", "!q:1 a|x = y z: u|||;" },
	{ A "reason = x ; said who\n", "!q:1 a|x|||;" },
	/* indented as git has it, and as it is pasted */
	{ A "\treason = x\n\tuntil = 2099-01-01\n\tcrash=yes\n", "!q:1 a|x||2099-01-01|yes;" },
	{ "  [suspect \"a\"]\n  reason = x\n  [suspect \"b\"]\n  reason = y\n",
	  "!q:1 a|x|||;!q:3 b|y|||;" },
	{ A "\treason = x\n\tuntilled\n\tticket : T\n", "!q:1 a|x untilled|T||;" },
	/* the same pattern in two forms is two */
	{ A "[suspect \"a*\"]\n", "!q:1 a||||;!q:2 a*||||;" },
};

TEST_P(config_suspect, entries_are_read, entries_are_read_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };
	autofree char *have = NULL;

	if (fl_config_parse_quarantine("q", row->text, &config, &error) < 0)
		FAIL("%s", error.text);
	have = describe(&config);
	EXPECT_STREQ(have, row->want);
	EXPECT_EQ(config.warning_count, 0);
	fl_config_clear(&config);
}

TEST(config_suspect, what_is_wrong_is_named)
{
	static const struct { const char *text, *want; } rows[] = {
		{ A "reason\n", "q:2: neither 'key = value' nor '[section]'" },
		{ "[suspect \"a\"\n", "q:1: the section has no closing ']'" },
		{ "[suspect 'a']\n",
		  "q:1: a section of suspects wants a pattern in quotes: [suspect \"PATTERN\"]" },
		{ A "until =\n", "q:2: key 'until' wants YYYY-MM-DD, not ''" },
		{ A "until = 2025-02-29\n", "q:2: key 'until' wants YYYY-MM-DD, not '2025-02-29'" },
		{ A "until = 2025-2-1\n", "q:2: key 'until' wants YYYY-MM-DD, not '2025-2-1'" },
		{ A "until = 31.12.2099\n", "q:2: key 'until' wants YYYY-MM-DD, not '31.12.2099'" },
		{ A "until = 2099-12-31 or so\n",
		  "q:2: key 'until' wants YYYY-MM-DD, not '2099-12-31 or so'" },
		{ A "crash = true\n", "q:2: key 'crash' wants yes or no, not 'true'" },
		{ A "crash = yes\ncrash = no\n", "q:3: key 'crash' stands twice in this section" },
		{ A "reason = x\nreason = y\n", "q:3: key 'reason' stands twice in this section" },
		{ A "owner = x\n\ty\n",
		  "q:3: key 'owner' is one line; an indented one would go on with it" },
		{ A "until = 2099-01-01\n" A "until = 2098-01-01\n",
		  "q:3: 'a' stands in line 1 already, with another 'until'" },
		{ A "until = 2099-01-01\n" A, "q:3: 'a' stands in line 1 already, with another 'until'" },
		{ A "[suspect \"b\"]\n" A "crash = yes\n",
		  "q:3: 'a' stands in line 1 already, with another 'crash'" },
		{ "[run]\n", "q:1: a quarantine file holds sections [suspect \"PATTERN\"] and nothing else" },
		{ "[suspects \"a\"]\n",
		  "q:1: a quarantine file holds sections [suspect \"PATTERN\"] and nothing else" },
		{ "\nnet.fails\n", "q:2: neither 'key = value' nor '[section]'" },
		/* of several the first, whoever finds it */
		{ "[suspect \"a\"\nreason = x\n", "q:1: the section has no closing ']'" },
		{ "net.fails\n[run]\n", "q:1: neither 'key = value' nor '[section]'" },
		{ A "crash = maybe\nnet.fails\n", "q:2: key 'crash' wants yes or no, not 'maybe'" },
		{ "reason = x\n" A,
		  "q:1: a quarantine file holds sections [suspect \"PATTERN\"] and nothing else" },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_config config = { 0 };
		struct fl_error error = { "" };

		EXPECT_EQ(fl_config_parse_quarantine("q", rows[i].text, &config, &error), -EINVAL,
			  "row %zu is not refused", i);
		EXPECT_STREQ(error.text, rows[i].want);
		fl_config_clear(&config);
	}
}

static const struct { const char *text, *want; } what_has_no_effect_is_warned_of_rows[] = {
	{ A "onwer = x\n", "q:2: unknown key 'onwer'; did you mean 'owner'?" },
	{ A "policy = fail\n", "q:2: unknown key 'policy'; it has no effect" },
	{ A "reason = x\n" A "reason = y\n", "q:3: 'a' stands in line 1 already; this entry has no effect" },
};

TEST_P(config_suspect, what_has_no_effect_is_warned_of, what_has_no_effect_is_warned_of_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_parse_quarantine("q", row->text, &config, &error), 0);
	EXPECT_EQ(config.warning_count, 1);
	EXPECT_STREQ(config.warnings[0], row->want);
	fl_config_clear(&config);
}

/* Each file is one of its own: what stands in two of them is nobody's mistake. */
TEST(config_suspect, files_add_up)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };
	autofree char *have = NULL;

	ASSERT_EQ(fl_config_parse("c", A "crash = yes\n", &config, &error), 0);
	ASSERT_EQ(fl_config_parse_quarantine("q", A "until = 2099-01-01\n", &config, &error), 0);
	ASSERT_EQ(fl_config_parse_quarantine("r", A "until = 2098-01-01\n", &config, &error), 0);
	have = describe(&config);
	EXPECT_STREQ(have, "c:1 a||||yes;!q:1 a|||2099-01-01|;!r:1 a|||2098-01-01|;");
	EXPECT_EQ(config.warning_count, 0);
	EXPECT_STREQ(config.path, "c");
	fl_config_clear(&config);
}

TEST(config_suspect, files_must_be_there)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_quarantine(NULL, &config, &error), 0);
	ASSERT_EQ(fl_config_quarantine("\n/dev/null\n", &config, &error), 0);
	ASSERT_EQ(fl_config_quarantine("/dev/null\nnowhere.ini", &config, &error), -ENOENT);
	EXPECT_STREQ(error.text, "cannot read 'nowhere.ini': No such file or directory");
	fl_config_clear(&config);
}

FLICKER_XUNIT_MAIN();
