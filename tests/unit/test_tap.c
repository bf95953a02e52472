/* SPDX-License-Identifier: MIT */
/*
 * test_tap.c - what is read of an output that speaks TAP, or only looks like it.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/tap.h"

/*
 * "plan|name=outcome(message)|...": plan is `-` for none, the number, or `skip reason`; before
 * it `no:` where it is no TAP; behind all `!reason` of a bail out.
 */
static char *said(const struct fl_tap *tap)
{
	char *text = !tap->has_plan ? fl_base_copy("-") : tap->is_skipped ?
		fl_base_format("skip %s", tap->reason ? tap->reason : "(null)") :
		fl_base_format("%lu", tap->planned);
	size_t i;

	for (i = 0; i < tap->count; i++) {
		static const char *const directives[] = { "", " skip", " todo" };
		const struct fl_tap_test *test = &tap->tests[i];
		autofree char *before = text;

		text = fl_base_format("%s|%s=%s%s%s%s%s", before, test->name, test->is_ok ? "ok" : "not ok",
				      directives[test->directive], test->message ? "(" : "",
				      test->message ? test->message : "", test->message ? ")" : "");
	}
	if (!tap->is_tap || tap->bail) {
		autofree char *before = text;

		text = fl_base_format("%s%s%s%s", tap->is_tap ? "" : "no:", before, tap->bail ? "!" : "",
				      tap->bail ? tap->bail : "");
	}
	return text;
}

static const struct {
	const char *story, *text, *want;
} rows[] = {
	{ "nothing", "", "no:-" },
	{ "no TAP", "all is well\nok then\n", "no:-|then=ok" },
	{ "a word that begins so", "okay\nnot okay\nokra 1\n1..x\n1..2x\n", "no:-" },
	{ "a plan first", "1..2\nok 1 - a\nnot ok 2 - b\n", "2|a=ok|b=not ok" },
	{ "a plan last", "ok 1 - a\nnot ok 2 - b\n1..2\n", "2|a=ok|b=not ok" },
	{ "a version alone", "TAP version 13\nok\nnot ok\n", "-|1=ok|2=not ok" },
	{ "another version", "TAP version 14\r\n1..1\r\nok 1 - a\r\n", "1|a=ok" },
	{ "no dash, no number", "1..2\nok a b\nok - c\n", "2|a b=ok|c=ok" },
	{ "a number within the name", "1..1\nok 2nd try\n", "1|2nd try=ok" },
	{ "the first plan holds", "1..1\nok 1 - a\n1..7\n", "1|a=ok" },
	{ "more than planned", "1..1\nok 1 - a\nok 2 - b\n", "1|a=ok|b=ok" },
	{ "skip", "1..2\nok 1 - a # SKIP no net\nok 2 # skip\n", "2|a=ok skip|2=ok skip" },
	{ "cmocka's skip", "1..1\nnot ok 1 # SKIP name\n", "1|1=not ok skip" },
	{ "skipped, as some write it", "1..1\nok 1 - a # Skipped: why\n", "1|a=ok skip" },
	{ "todo", "1..2\nnot ok 1 - a # TODO later\nok 2 - b # todo\n", "2|a=not ok todo|b=ok todo" },
	{ "words that begin so", "1..1\nnot ok 1 - a # todolist\n", "1|a # todolist=not ok" },
	{ "a hash that is none", "1..2\nok 1 - a \\# SKIP b\nok 2 - c #1 d\n", "2|a # SKIP b=ok|c #1 d=ok" },
	{ "all is skipped", "1..0 # SKIP no such thing\n", "skip no such thing" },
	{ "all is skipped, as some write it", "1..0 # Skipped: why\n", "skip why" },
	{ "nothing is planned", "1..0\n", "skip (null)" },
	{ "bail out", "1..3\nok 1 - a\nBail out! no server\n", "3|a=ok!no server" },
	{ "bail out, and no word", "1..3\nBail out!\n", "3!" },
	{ "subtests", "1..1\n# Subtest: a\n    ok 1 - b\n    not ok 2 - c\n    1..2\nnot ok 1 - a\n",
	  "1|a=not ok" },
	{ "subtests within", "1..2\n    1..1\n        1..1\n        ok 1 - x\n    ok 1 - y\nok 1 - a\nok 2 - b\n",
	  "2|a=ok|b=ok" },
	{ "a block", "1..2\nnot ok 1 - a\n  ---\n  message: 'it fell'\n  severity: fail\n  ...\nok 2 - b\n",
	  "2|a=not ok(it fell)|b=ok" },
	{ "a block without a message", "1..1\nnot ok 1 - a\n  ---\n  at: x\n  ...\n# said\n", "1|a=not ok" },
	{ "a block that does not end", "1..2\nnot ok 1 - a\n  ---\n  message: cut\nok 2 - b\n",
	  "2|a=not ok(cut)|b=ok" },
	{ "a message outside of a block", "1..1\nnot ok 1 - a\n  message: no\n", "1|a=not ok" },
	{ "diagnostics", "1..2\nnot ok 1 - a\n#   Failed test 'a'\n#   at t.c line 3.\nok 2 - b\n# not of b\n",
	  "2|a=not ok(Failed test 'a'\nat t.c line 3.)|b=ok" },
	{ "Test::More's last words", "1..1\nnot ok 1 - a\n# Failed\n# Looks like you failed 1 test of 1.\n",
	  "1|a=not ok(Failed)" },
	{ "what is none", "1..1\nsome words\n\nok 1 - a\npragma +strict\n# bye\n", "1|a=ok" },
	{ "the last line is cut", "1..2\nok 1 - a\nok 2 - b", "2|a=ok|b=ok" },
	{ "a line of nothing but its number", "1..1\nok 7\n", "1|7=ok" },
};

TEST_P(tap, lines, rows, story)
{
	autofree char *got = NULL;
	struct fl_tap tap;

	fl_tap_parse(row->text, strlen(row->text), &tap);
	got = said(&tap);
	fl_tap_clear(&tap);
	EXPECT_STREQ(got, row->want);
}

/* TODO and SKIP are no failures. */
static const struct {
	const char *text;
	bool want;
} cases[] = {
	{ "1..1\nok 1\n", false }, { "1..1\nnot ok 1\n", true }, { "1..1\nnot ok 1 # TODO\n", false },
	{ "1..1\nnot ok 1 # SKIP\n", false }, { "1..2\nok 1\nnot ok 2\n", true },
};

TEST_P(tap, failures, cases)
{
	struct fl_tap tap;

	fl_tap_parse(row->text, strlen(row->text), &tap);
	ASSERT_EQ(fl_tap_has_failures(&tap), row->want);
	fl_tap_clear(&tap);
}

/* Bytes of any kind are not read beyond their end. */
TEST(tap, bytes)
{
	static const char text[] = "1..2\nok 1 - a\0b\nnot ok \xff\xfe\n\0\0  ---\nok\\";
	size_t size;

	for (size = 0; size < sizeof(text); size++) {
		autofree char *copy = fl_base_alloc(size + 1, 1);
		struct fl_tap tap;

		memcpy(copy, text, size);
		fl_tap_parse(copy, size, &tap);
		ASSERT_LE(tap.count, 3);
		fl_tap_clear(&tap);
	}
}

/* Whoever is of one name is told apart, in the order of the lines. */
TEST(tap, equal_names)
{
	static const char text[] = "1..6\nok b\nok a\nnot ok b\nok 4\nok\nok b\n";
	static const unsigned want[] = { 1, 1, 2, 1, 1, 3 };
	struct fl_tap tap;
	size_t i;

	fl_tap_parse(text, strlen(text), &tap);
	EXPECT_EQ(tap.count, FL_COUNT(want));
	for (i = 0; i < tap.count; i++)
		EXPECT_EQ(tap.tests[i].times, want[i]);
	fl_tap_clear(&tap);
}

/* What is kept of a line has an end, however long that is. */
TEST(tap, long_lines)
{
	enum { LONG = 100000, MOST = 1000 };
	autofree char *text = fl_base_alloc(3 * LONG, 1);
	struct fl_tap tap;

	strcpy(text, "1..1\nnot ok 1 - ");
	memset(text + strlen(text), 'n', LONG);
	strcat(text, "\n# ");
	memset(text + strlen(text), 'm', LONG);
	fl_tap_parse(text, strlen(text), &tap);
	EXPECT_GE(strlen(tap.tests[0].name), MOST - 2);         /* the dash was in it */
	EXPECT_LE(strlen(tap.tests[0].name), MOST);
	EXPECT_EQ(strlen(tap.tests[0].message), MOST);
	fl_tap_clear(&tap);
}

FLICKER_XUNIT_MAIN();
