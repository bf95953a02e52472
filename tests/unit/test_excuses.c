/* SPDX-License-Identifier: MIT */
/*
 * test_excuses.c - entries of files in, what the agent is told of them out.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/engine/session/host/excuses.h"

#include <flicker/xunit.h>

#define TEXT(text) ((char *)(uintptr_t)(text))
#define RULE(text, date, crash, listed) { .pattern = TEXT(text), \
	.suspicion = { .until = TEXT(date), .may_crash = crash, .is_quarantined = listed } }

static const struct fl_suspect_rule rules[] = {
	RULE("c.*", NULL, false, false),
	RULE("c.old", "2026-11-20", true, false),
	RULE("q.*:-q.a", "2026-11-21", false, true),
	RULE("q.a", NULL, true, true),
	RULE("q.old", "2026-11-20", true, true),
};

static const struct { enum fl_policy policy; const char *want; } rows[] = {
	{ FL_POLICY_FAIL, "1q.*:-q.a\n2q.a\n0q.old\n" },
	{ FL_POLICY_TOLERATE, "1q.*:-q.a\n2q.a\n0q.old\n" },
	{ FL_POLICY_QUARANTINE, "1q.*:-q.a\n2q.a\n0q.old\n1c.*\n0c.old\n" },
};

TEST_P(excuses, what_counts_is_told, rows)
{
	struct fl_session_settings settings = {
		.policy = row->policy, .rules = rules, .rule_count = FL_COUNT(rules),
	};
	autofree char *have = fl_excuses_format(&settings, "2026-11-21");

	EXPECT_STREQ(have, row->want);
}

TEST(excuses, nothing_is_no_text)
{
	struct fl_session_settings settings = { .rules = rules, .rule_count = 2 };

	EXPECT_EQ(fl_excuses_format(&settings, "2026-11-21"), NULL);
}

/* What no environment could hold is left out, by whole lines. */
TEST(excuses, there_is_an_end)
{
	enum { MANY = 2000, LENGTH = 99 };
	struct fl_suspect_rule *many = fl_base_alloc(MANY, sizeof(*many));
	struct fl_session_settings settings = { .rules = many, .rule_count = MANY };
	autofree char *pattern = fl_base_alloc(LENGTH + 1, 1), *have = NULL;
	size_t i;

	memset(pattern, 'a', LENGTH);
	for (i = 0; i < MANY; i++)
		many[i] = (struct fl_suspect_rule){
			.pattern = pattern, .suspicion.is_quarantined = true,
		};
	have = fl_excuses_format(&settings, "2026-11-21");
	ASSERT_TRUE(strlen(have) <= FL_EXCUSES_SIZE && strlen(have) > FL_EXCUSES_SIZE - LENGTH - 2);
	EXPECT_EQ(strlen(have) % (LENGTH + 2), 0);
	free(many);
}

FLICKER_XUNIT_MAIN();
