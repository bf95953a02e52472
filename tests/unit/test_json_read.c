/* SPDX-License-Identifier: MIT */
/*
 * test_json_read.c - reports that are none: refused in one line that says where, never worse.
 */
#define _GNU_SOURCE
#include "report_files.h"

#include <errno.h>

IN_DIRECTORY(json_read)

TEST_F(json_read, refuses_cut_report)
{
	struct fl_run run = read_golden_run(), cut;
	autofree char *text = write_run(&run);
	size_t i, size = strlen(text);

	for (i = 0; i + 2 < size; i += 37) {
		struct fl_error error = { "" };

		spill(path, text, i);
		ASSERT_EQ(fl_json_read(path, &cut, &error), -EINVAL);
		EXPECT_NE(strstr(error.text, "net.flicker.json:"), NULL);
	}
	fl_run_clear(&run);
}

/* Any byte may be wrong: read or refused, never worse (the sanitizers watch). */
TEST_F(json_read, survives_any_byte)
{
	static const char bytes[] = "x\"0-{]\n\\,:";
	struct fl_run run = read_golden_run(), read;
	autofree char *text = write_run(&run);
	size_t i, size = strlen(text);

	for (i = 0; i < size; i += 19) {
		struct fl_error error = { "" };
		char was = text[i];

		text[i] = bytes[i / 19 % (sizeof(bytes) - 1)];
		spill(path, text, size);
		if (fl_json_read(path, &read, &error) == 0)
			fl_run_clear(&read);
		else
			EXPECT_EQ(strchr(error.text, '\n'), NULL);
		text[i] = was;
	}
	fl_run_clear(&run);
}

static char *replaced(const char *text, const char *from, const char *to, size_t *ret_line)
{
	const char *at = strstr(text, from);

	if (!at)
		FAIL("the report has no %s", from);
	*ret_line = 1 + count_newlines(text, (size_t)(at - text));
	return fl_base_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

TEST_F(json_read, says_where_it_is_wrong)
{
	/* what is missing or does not add up is placed at its brace, so many lines above */
	static const struct { size_t above; const char *from, *to, *want; } rows[] = {
		{ 0, "\"schema_version\": 1", "\"schema_version\": 2",
		  "'schema_version' is not 1" },
		{ 0, "\"seed\": \"0x2a\"", "\"seed\": \"42\"", "'run.seed' is not a hexadecimal" },
		{ 0, "\"until\": \"runs\"", "\"until\": \"bored\"",
		  "'run.settings.until' is no word" },
		{ 1, "\"/x/libflicker-a.so\"", "7", "'run.settings.adapters' are not all lines" },
		{ 0, "\"cpus\": 2", "\"cpus\": 2.5", "'host.cpus' is not a whole number" },
		{ 0, "\"path\": \"./test_net\"", "\"path\": null", "'program.path' is null" },
		{ 0, "\"id\": \"net.sends\"", "\"id\": 7", "'tests[2].id' is not a string" },
		{ 0, "\"verdict\": \"failing\"", "\"verdict\": \"fa\\u001bled\"",
		  "'tests[1].verdict' is no word known here: \"fa\\x1bled\"" },
		{ 0, "\"inlined\": true", "\"inlined\": 1",
		  "'tests[0].failures[0].backtrace[0].inlined' is neither" },
		{ 0, "\"unseeded\"", "\"unsown\"", "'tests[1].notes[0]' is no word" },
		{ 2, "\"environment NET_DEBUG\"", "7", "'tests[2].leaks' are not all strings" },
		{ 7, "\"non_pass\": 20", "\"non_pass\": 21", "'tests[1].arms[0]' does not agree" },
		{ 0, "\"timeout\": 20", "\"timeout\": -1",
		  "'tests[1].attempts.timeout' is negative" },
		{ 0, "\"total\": 290,", "\"total\": 290,,", "this is no report" },
		{ 4, "\"met\": \"alone\",", "", "'tests[0].failures[0].met' is missing" },
	};
	struct fl_run run = read_golden_run(), read;
	autofree char *text = write_run(&run);
	size_t i, line;

	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *wrong = replaced(text, rows[i].from, rows[i].to, &line);
		autofree char *want = fl_base_format("%s:%zu: ", path, line - rows[i].above);
		struct fl_error error = { "" };

		spill(path, wrong, strlen(wrong));
		ASSERT_EQ(fl_json_read(path, &read, &error), -EINVAL);
		if (strncmp(error.text, want, strlen(want)) != 0 ||
		    !strstr(error.text, rows[i].want))
			FAIL("want %s%s\ngot %s", want, rows[i].want, error.text);
	}
	fl_run_clear(&run);
}

#define TEXT(text) text, sizeof(text) - 1
static const struct { const char *text; size_t size; const char *want; } no_texts[] = {
	/* jansson would pass over the NUL, and the walk for the line would not */
	{ TEXT("{\"schema_version\": 1\0}"), "1: this is no report: a NUL byte" },
	{ TEXT("{\"schema_version\": 1\0}\n"), "1: this is no report: a NUL byte" },
	{ TEXT("{\"schema_version\": 1,\n\n\0\"program\": 2}"), "3: this is no report: a NUL byte" },
	/* of a head, too: which of the two would be meant? */
	{ TEXT("{\"schema_version\": 1, \"program\": 5, \"program\": {\"path\": 7}}\n"),
	  "1: this is no report: duplicate object key" },
};

TEST_F(json_read, refuses_what_is_no_text)
{
	size_t i;

	for (i = 0; i < FL_COUNT(no_texts); i++) {
		autofree char *want = fl_base_format("%s:%s", path, no_texts[i].want);
		struct fl_error error = { "" };
		struct fl_run read;

		spill(path, no_texts[i].text, no_texts[i].size);
		EXPECT_EQ(fl_json_read(path, &read, &error), -EINVAL);
		EXPECT_MEMEQ(error.text, want, strlen(want), "'%s'", error.text);
	}
}

/* A report of the first versions: keys that were added since are not there. */
TEST_F(json_read, reads_an_older_one)
{
	struct fl_run run = read_golden_run(), read;
	autofree char *text = write_run(&run), *old = NULL, *older = NULL;
	struct fl_error error = { "" };
	size_t line;

	old = replaced(text, "\"leaks\": [],", "", &line);
	older = replaced(old, "\"adapters\": [", "\"unknown\": [", &line);
	spill(path, older, strlen(older));
	ASSERT_EQ(fl_json_read(path, &read, &error), 0);
	EXPECT_EQ(read.settings.adapters, NULL);
	EXPECT_STREQ(read.settings.wrapper, "valgrind -q");
	EXPECT_EQ(read.tests[0]->leak_count, 0);
	EXPECT_EQ(read.tests[2]->leak_count, 2);
	fl_run_clear(&read);
	fl_run_clear(&run);
}

TEST_F(json_read, part_line_is_named)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	autofree char *want = fl_base_format("%s:4: 'verdict' is", part);
	autofree char *text = NULL, *wrong = NULL;
	struct fl_error error;
	size_t line;

	append_all(writer, &run);
	text = slurp(part, NULL);
	wrong = replaced(text, "\"verdict\":\"stable\"", "\"verdict\":\"calm\"", &line);
	EXPECT_EQ(line, 4);
	spill(part, wrong, strlen(wrong));
	ASSERT_EQ(fl_json_read(part, &read, &error), -EINVAL);
	EXPECT_MEMEQ(error.text, want, strlen(want));
	fl_json_abandon(writer);
	fl_run_clear(&run);
}

FLICKER_XUNIT_MAIN();
