/* SPDX-License-Identifier: MIT */
/*
 * test_id.c - rows of docs/names.md: how a test gets its id.
 */
#include <flicker/xunit.h>

#include <flicker/id.h>

static const struct { const char *suite, *name, *want; } ids_are_escaped_rows[] = {
	{ "net", "reconnects", "net.reconnects" },
	{ NULL, "reconnects", "reconnects" },
	{ "", "x", ".x" },
	{ "s", "", "s." },
	{ "s", "aZ09_./#-", "s.aZ09_./#-" },
	{ "s", "a b", "s.a%20b" },
	{ "s", "50%", "s.50%25" },
	{ "a:b", "c*?", "a%3Ab.c%2A%3F" },
	{ "s", "caf\xc3\xa9", "s.caf%C3%A9" },
	{ "s", "\x01\n\xff", "s.%01%0A%FF" },
};

TEST_P(id, ids_are_escaped, ids_are_escaped_rows)
{
	char id[64];
	size_t n;

	n = fl_id_format(id, sizeof(id), row->suite, row->name);
	EXPECT_STREQ(id, row->want);
	EXPECT_EQ(n, strlen(row->want));
}

TEST(id, long_ids_are_cut_and_counted)
{
	char id[8] = "1234567";

	EXPECT_EQ(fl_id_format(id, 4, "ab", "c d"), 8);
	EXPECT_STREQ(id, "ab.");
	EXPECT_EQ(id[4], '5');
	EXPECT_EQ(fl_id_format(id, sizeof(id), "ab", "c d"), 8);
	EXPECT_STREQ(id, "ab.c%20");
	EXPECT_EQ(fl_id_format(NULL, 0, "ab", "c d"), 8);
}

static const struct {
	const char *id;
	size_t size;
	unsigned k;
	const char *want;
} equal_ids_are_numbered_rows[] = {
	{ "a.b", 32, 2, "a.b#2" },
	{ "a.b", 32, 4294967295U, "a.b#4294967295" },
	{ "a.b", 6, 2, "a.b#2" },
	{ "a.b", 5, 2, NULL },
	{ "a.b", 4, 2, NULL },
};

TEST_P(id, equal_ids_are_numbered, equal_ids_are_numbered_rows)
{
	char id[32];

	strcpy(id, row->id);
	EXPECT_EQ(fl_id_number(id, row->size, row->k), row->want != NULL);
	EXPECT_STREQ(id, row->want ? row->want : row->id);
}

FLICKER_XUNIT_MAIN();
