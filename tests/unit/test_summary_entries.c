/* SPDX-License-Identifier: MIT */
/*
 * test_summary_entries.c - findings in, entries to be pasted out; and what they say when read back.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/cli/config.h"
#include "../../plugin/report/summary_words.h"

#include <flicker/pattern.h>

#include <flicker/xunit.h>

#define TEXT(text) ((char *)(uintptr_t)(text))

/* noinline: gcc 12 would see a dangling pointer in whoever calls it */
__attribute__((noinline))
static char *print(const struct fl_run *run, const char *quarantine)
{
	struct fl_summary_style style = { .until = "2026-12-21", .quarantine = quarantine };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fl_summary_entries(out, run, &style);
	fclose(out);
	return text;
}

static char *print_one(const char *id, const char *message)
{
	struct fl_failure failure = { .first = { .outcome = FL_OUTCOME_FAIL, .message = TEXT(message) } };
	struct fl_test test = {
		.id = TEXT(id), .failures = &failure, .failure_count = 1,
		.judgement = { .verdict = FL_VERDICT_FLAKY, .gates = true },
	};
	struct fl_test *tests[] = { &test };
	struct fl_run run = { .tests = tests, .test_count = 1 };

	return print(&run, "q.ini");
}

static const char *below_heading(const char *text)
{
	return strchr(text, '\n') + 1;
}

static const struct { const char *id, *message, *want; } entries_look_so_rows[] = {
	{ "net.reconnects", "0x1 != 0x0",
	  "to quarantine it, add to q.ini:\n[suspect \"net.reconnects\"]\n"
	  "reason = 0x1 != 0x0\nuntil = 2026-12-21\n\n" },
	{ "a.b", NULL, "to quarantine it, add to q.ini:\n[suspect \"a.b\"]\nreason = fail\n"
	  "until = 2026-12-21\n\n" },
};

TEST_P(summary_entries, entries_look_so, entries_look_so_rows)
{
	autofree char *have = print_one(row->id, row->message);

	EXPECT_STREQ(have, row->want);
}

/* Whatever the id and the message are, the entry means this test, and has a reason and a date. */
static const struct { const char *id, *message, *reason; } entries_are_read_back_rows[] = {
	{ "net.reconnects", "0x1 != 0x0", "0x1 != 0x0" },
	{ "a.b/3#2", "x", "x" },
	{ "a%20b.c%2Ad%22", "x", "x" },
	{ "-a.b", "x", "x" },
	{ "-", "x", "x" },
	{ "a.-b", "x", "x" },
	{ "#1", "x", "x" },
	/* not as ids are, but as an adapter may give them */
	{ "a.b*\"]\\:-;c\n", "x", "x" },
	{ "a.\xc3\xa4 b", "x", "x" },
	/* messages */
	{ "a.b", "; x", ", x" },
	{ "a.b", "x ; y", "x , y" },
	{ "a.b", "# x", "# x" },
	{ "a.b", "[x] = \"y\" : z", "[x] = \"y\" : z" },
	{ "a.b", "  x\ty  ", "x y" },
	{ "a.b", "x\nuntil = never", "x" },
	{ "a.b", "x\r\ncrash = yes", "x" },
	{ "a.b", "x\033[31m\xff", "x\\x1b[31m\\xff" },
	{ "a.b", "", "fail" },
};

TEST_P(summary_entries, entries_are_read_back, entries_are_read_back_rows)
{
	autofree char *text = print_one(row->id, row->message);
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	if (fl_config_parse_quarantine("q", below_heading(text), &config, &error) < 0)
		FAIL("%s in %s", error.text, text);
	EXPECT_EQ(config.warning_count, 0);
	EXPECT_EQ(config.rule_count, 1);
	if (!fl_pattern_match(config.rules[0].pattern, row->id) ||
	    fl_pattern_match(config.rules[0].pattern, "another.test"))
		FAIL("'%s'", config.rules[0].pattern);
	EXPECT_STREQ(config.rules[0].suspicion.reason, row->reason);
	EXPECT_STREQ(config.rules[0].suspicion.until, "2026-12-21");
	EXPECT_FALSE(config.rules[0].suspicion.may_crash);
	fl_config_clear(&config);
}

TEST(summary_entries, long_reasons_are_cut_between_characters)
{
	autofree char *message = fl_base_alloc(302, 1), *text = NULL, *line;
	size_t i;

	message[0] = 'x';
	for (i = 1; i < 300; i += 2)
		memcpy(message + i, "\xc3\xa4", 2);
	text = print_one("a.b", message);
	line = fl_base_copy(strstr(text, "reason = ") + strlen("reason = "));
	*strchr(line, '\n') = '\0';
	EXPECT_EQ(strlen(line), 99 + 3);
	EXPECT_STREQ(line + 97, "\xc3\xa4...");
}

/* Who gets one: flaky, nowhere listed yet, and an entry would help. */
static const struct {
	const char *what;
	enum fl_verdict verdict;
	enum fl_why why;
	enum fl_excuse excuse;
	uint32_t notes;
	bool want;
} what_is_listed_gets_none_rows[] = {
	{ "flaky", FL_VERDICT_FLAKY, FL_WHY_ALL, FL_EXCUSE_NONE, 0, true },
	{ "tolerated", FL_VERDICT_FLAKY, FL_WHY_FAILED, FL_EXCUSE_POLICY, 0, true },
	{ "annotated", FL_VERDICT_FLAKY, FL_WHY_ANNOTATED, FL_EXCUSE_NONE, 0, false },
	{ "known", FL_VERDICT_FLAKY, FL_WHY_ALL, FL_EXCUSE_KNOWN, 0, false },
	{ "stress", FL_VERDICT_FLAKY, FL_WHY_ALL, FL_EXCUSE_STRESS, 0, false },
	{ "our seeds", FL_VERDICT_FLAKY, FL_WHY_ALL, FL_EXCUSE_NONE, 1U << FL_NOTE_UNSEEDED, false },
	{ "failing", FL_VERDICT_FAILING, FL_WHY_ALL, FL_EXCUSE_NONE, 0, false },
	{ "stable", FL_VERDICT_STABLE, FL_WHY_ALL, FL_EXCUSE_NONE, 0, false },
	{ "unknown", FL_VERDICT_UNKNOWN, FL_WHY_FAILED, FL_EXCUSE_NONE, 0, false },
};

TEST_P(summary_entries, what_is_listed_gets_none, what_is_listed_gets_none_rows)
{
	struct fl_test test = {
		.id = TEXT("a.b"), .suspicion.why = row->why,
		.judgement = { .verdict = row->verdict, .excuse = row->excuse,
			       .notes = row->notes, .gates = !row->excuse },
	};
	struct fl_test *tests[] = { &test };
	struct fl_run run = { .tests = tests, .test_count = 1 };
	autofree char *have = print(&run, NULL);

	if ((*have != '\0') != row->want)
		FAIL("%s: '%s'", row->what, have);
}

TEST(summary_entries, of_many_some_are_shown)
{
	enum { MANY = 12 };
	struct fl_test test = { .id = TEXT("a.b"), .judgement = { .verdict = FL_VERDICT_FLAKY, .gates = true } };
	struct fl_test *tests[MANY];
	struct fl_run run = { .tests = tests, .test_count = MANY };
	autofree char *have = NULL;
	size_t i;

	for (i = 0; i < MANY; i++)
		tests[i] = &test;
	have = print(&run, NULL);
	EXPECT_NE(strstr(have, "to quarantine them, write to quarantine.ini and run with"
			       " --quarantine=quarantine.ini:\n"), NULL);
	EXPECT_NE(strstr(have, "\n# and 4 more\n\n"), NULL);
}

FLICKER_XUNIT_MAIN();
