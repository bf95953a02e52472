/* SPDX-License-Identifier: MIT */
/*
 * test_config.c - a text of `.flicker.ini` in; entries, rules, warnings or one line out.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/config.h"

#include <errno.h>

/* All that was read, in one line. */
static char *describe(const struct fl_config *config)
{
	char *text = fl_base_copy("");
	size_t i;

	for (i = 0; i < config->entry_count; i++) {
		autofree char *before = text;

		text = fl_base_format("%s%s=%s;", before, config->entries[i].option->name,
				      config->entries[i].text);
	}
	for (i = 0; i < config->rule_count; i++) {
		const struct fl_suspicion *s = &config->rules[i].suspicion;
		autofree char *before = text;

		EXPECT_EQ(s->why, FL_WHY_ANNOTATED);
		text = fl_base_format("%s[%s]%s|%s|%s|%s|%s;", before, config->rules[i].pattern,
				      s->reason ? s->reason : "", s->owner ? s->owner : "",
				      s->ticket ? s->ticket : "", s->until ? s->until : "",
				      s->may_crash ? "crash" : "");
	}
	return text;
}

static const struct { const char *text, *want; } files_are_read_rows[] = {
	{ "", "" },
	{ "# nothing\n; at all\n\n", "" },
	{ "[run]\nruns = 5\n", "runs=5;" },
	{ "[run]\nruns=5", "runs=5;" },                         /* no newline at the end */
	{ "\xef\xbb\xbf[run]\r\nruns = 5\r\n", "runs=5;" },     /* as editors elsewhere save it */
	{ "[ run ]\n  runs : 5 ; inline\n", "runs=5;" },
	{ "[run]\nsuspect = a\nsuspect = b\n", "suspect=a;suspect=b;" },
	{ "[run]\nsuspect = a\n  b\n\tc\nruns = 5\n", "suspect=a;suspect=b;suspect=c;runs=5;" },
	{ "[run]\nsuspect = a\n  [b]\n", "suspect=a;suspect=[b];" },
	{ "[run]\nno-progress = 1\nfilter = *:-net.*\n", "no-progress=1;filter=*:-net.*;" },
	{ "[run]\nwrapper = sh -c 'a = b'\n", "wrapper=sh -c 'a = b';" },
	{ "[suspect \"net.*\"]\n", "[net.*]||||;" },           /* without keys */
	{ "[suspect \"net.*:-net.slow\"]\nreason = the server\n  is slow\nowner=net-team\n"
	  "ticket = NET-12\nuntil = 2026-12-31\ncrash = yes\n",
	  "[net.*:-net.slow]the server is slow|net-team|NET-12|2026-12-31|crash;" },
	{ "[suspect \"a\"]\ncrash = no\nowner =\n[run]\nruns = 5\n[suspect \"b\"]\nowner = x\n",
	  "runs=5;[a]||||;[b]|x|||;" },
	{ "[service \"db\"]\nstart = x\n[NET]\na=1\n[SSH]\na=1\n[WORKER]\na=1\n", "" },
	/* names of sections have no end at 50 bytes, as inih would have it */
	{ "[suspect \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.z\"]\n"
	  "owner = x\n",
	  "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.z]|x|||;" },
};

TEST_P(config, files_are_read, files_are_read_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };
	autofree char *have = NULL;

	if (fl_config_parse("a.ini", row->text, &config, &error) < 0)
		FAIL("%s", error.text);
	have = describe(&config);
	EXPECT_STREQ(have, row->want);
	EXPECT_EQ(config.warning_count, 0);
	EXPECT_STREQ(config.path, "a.ini");
	fl_config_clear(&config);
}

static const struct { const char *text, *want; } what_is_unknown_is_warned_of_rows[] = {
	{ "[run]\n\nrusn = 5\n", "a.ini:3: unknown key 'rusn'; did you mean 'runs'?" },
	{ "[run]\nzzz = 5\n", "a.ini:2: unknown key 'zzz'; it has no effect" },
	{ "[run]\nno_progress = 1\n",
	  "a.ini:2: unknown key 'no_progress'; did you mean 'no-progress'?" },
	{ "[run]\nhelp = 1\n", "a.ini:2: unknown key 'help'; it has no effect" },
	{ "[run]\nconfig = x\n", "a.ini:2: unknown key 'config'; it has no effect" },
	{ "[run]\nready-fd = 3\n", "a.ini:2: unknown key 'ready-fd'; it has no effect" },
	{ "[suspect \"a\"]\nonwer = x\n", "a.ini:2: unknown key 'onwer'; did you mean 'owner'?" },
	{ "[rum]\nruns = 5\n", "a.ini:1: unknown section 'rum'; did you mean 'run'?" },
	{ "[run more]\n", "a.ini:1: unknown section 'run more'; did you mean 'run'?" },
	{ "[elsewhere]\nruns = 5\n", "a.ini:1: unknown section 'elsewhere'; it has no effect" },
	{ "runs = 5\n",
	  "a.ini:1: 'runs' stands in no section and has no effect; '[run]' goes before it" },
};

TEST_P(config, what_is_unknown_is_warned_of, what_is_unknown_is_warned_of_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_parse("a.ini", row->text, &config, &error), 0);
	EXPECT_EQ(config.entry_count, 0);
	EXPECT_EQ(config.warning_count, 1);
	EXPECT_STREQ(config.warnings[0], row->want);
	fl_config_clear(&config);
}

static const struct { const char *text, *want; } what_is_wrong_is_named_rows[] = {
	{ "[run]\nruns\n", "a.ini:2: neither 'key = value' nor '[section]'" },
	{ "[run\nruns = 5\n", "a.ini:1: the section has no closing ']'" },
	{ "\n[suspect]\n",
	  "a.ini:2: a section of suspects wants a pattern in quotes: [suspect \"PATTERN\"]" },
	{ "[suspect a]\nowner = x\n",
	  "a.ini:1: a section of suspects wants a pattern in quotes: [suspect \"PATTERN\"]" },
	{ "[suspect \"\"]\n",
	  "a.ini:1: a section of suspects wants a pattern in quotes: [suspect \"PATTERN\"]" },
	{ "[suspect \"a\"]\ncrash = 1\nuntil = x\n[run\n",
	  "a.ini:2: key 'crash' wants yes or no, not '1'" },
};

TEST_P(config, what_is_wrong_is_named, what_is_wrong_is_named_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_parse("a.ini", row->text, &config, &error), -EINVAL);
	EXPECT_STREQ(error.text, row->want);
	fl_config_clear(&config);
}

TEST(config, entries_say_where_they_stand)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_parse("/x/a.ini", "[run]\nruns = 5\nsuspect = a\n  b\n", &config,
				  &error), 0);
	EXPECT_STREQ(config.entries[0].origin, "/x/a.ini:2: key 'runs'");
	EXPECT_STREQ(config.entries[2].origin, "/x/a.ini:4: key 'suspect'");
	fl_config_clear(&config);
}

/* Files to read are meant from where they are named; what is written is not. */
static const struct { const char *path, *text, *want; } paths_are_relative_to_the_file_rows[] = {
	{ "/x/a.ini", "[run]\nsuspect-from = old.json\n", "suspect-from=/x/old.json;" },
	{ "/x/a.ini", "[run]\nsuspect-from = /y/old.json\n", "suspect-from=/y/old.json;" },
	{ "/x/a.ini", "[run]\nnew-only = ci/old.json\n", "new-only=/x/ci/old.json;" },
	{ "a.ini", "[run]\nadapter = a.so\n", "adapter=a.so;" },
	{ "/x/a.ini", "[run]\nreport = json=r.json\n", "report=json=r.json;" },
	{ "/x/a.ini", "[run]\nwrapper = w\n", "wrapper=w;" },
};

TEST_P(config, paths_are_relative_to_the_file, paths_are_relative_to_the_file_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };
	autofree char *have = NULL;

	ASSERT_EQ(fl_config_parse(row->path, row->text, &config, &error), 0);
	have = describe(&config);
	EXPECT_STREQ(have, row->want);
	fl_config_clear(&config);
}

/* A line is as long as it likes to be, up to 64 KiB. */
static const size_t lengths[] = { 150, 199, 200, 201, 1000, 60000 };

TEST_P(config, lines_may_be_long, lengths)
{
	autofree char *value = fl_base_alloc(*row + 1, 1), *text = NULL;
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	memset(value, 'a', *row);
	text = fl_base_format("[run]\nfilter = %s\nruns = 5\nrusn = 1\n", value);
	if (fl_config_parse("a.ini", text, &config, &error) < 0)
		FAIL("%zu: %s", *row, error.text);
	EXPECT_EQ(config.entry_count, 2);
	EXPECT_STREQ(config.entries[0].text, value);
	EXPECT_STREQ(config.warnings[0],
		     "a.ini:4: unknown key 'rusn'; did you mean 'runs'?");
	fl_config_clear(&config);
}

TEST(config, endless_lines_are_refused)
{
	autofree char *text = fl_base_alloc(100001, 1);
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	memset(text, 'a', 100000);
	memcpy(text, "[run]\nfilter=", 13);
	ASSERT_EQ(fl_config_parse("a.ini", text, &config, &error), -EINVAL);
	EXPECT_STREQ(error.text, "a.ini:2: the line is too long");
	fl_config_clear(&config);
}

static const char *const none_is_no_file_rows[] = { "none", "" };

TEST_P(config, none_is_no_file, none_is_no_file_rows)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_load(*row, &config, &error), 0);
	EXPECT_EQ(config.path, NULL);
	fl_config_clear(&config);
}

TEST(config, a_file_that_is_named_must_be_there)
{
	struct fl_config config = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(fl_config_load("nowhere.ini", &config, &error), -ENOENT);
	EXPECT_STREQ(error.text, "cannot read 'nowhere.ini': No such file or directory");
	ASSERT_EQ(fl_config_load("/", &config, &error), -EISDIR);
}

FLICKER_XUNIT_MAIN();
