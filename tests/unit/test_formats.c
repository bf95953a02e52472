/* SPDX-License-Identifier: MIT */
/*
 * test_formats.c - every format of the list: the golden bytes of the golden run, and the table.
 *
 * FL_GOLDEN_UPDATE=1 writes them anew.  tests/e2e has the same files read by those for whom
 * they are made.
 */
#define _GNU_SOURCE
#include "report_files.h"

#include "../../plugin/report/formats.h"
#include "../../plugin/report/text.h"
#include "../../plugin/report/xml.h"

#include <time.h>

IN_DIRECTORY(formats)

static char *render(fl_format_writer *write, const struct fl_run *run)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ASSERT_NE(out, NULL);
	EXPECT_EQ(fl_format_write(write, out, run), 0);
	fclose(out);
	return text;
}

TEST(formats, writes_golden_formats)
{
	struct fl_run run = read_golden_run();
	size_t i;

	for (i = 0; i < fl_format_count; i++) {
		const struct fl_format *format = &fl_formats[i];
		autofree char *text = render(format->write, &run), *name = NULL;

		if (strcmp(format->name, "json") == 0)
			continue;               /* test_json.c has it */
		name = fl_base_format("formats/%s%s", format->name, format->suffix ? "" : ".txt");
		is_golden(name, text);
		if (format->append) {
			autofree char *appended = render(format->append, &run);
			autofree char *other = fl_base_format("formats/%s.appended", format->name);

			is_golden(other, appended);
		}
	}
	fl_run_clear(&run);
}

static void spoil(char **text)
{
	if (!*text)
		return;
	free(*text);
	*text = fl_base_copy("\xff\xc3(\x01\x1b[31m\r\b\x7f\xc2\x9b\xe2\x80\xae\xef\xbf\xbf\xed\xa0\x80"
			     "]]>\"'&<|`#%:,\n::error::x\n  ...\nok 9");
}

static void spoil_observation(struct fl_observation *o)
{
	size_t i;

	spoil(&o->message);
	spoil(&o->file);
	for (i = 0; i < o->backtrace.count; i++) {
		spoil(&o->backtrace.frames[i].function);
		spoil(&o->backtrace.frames[i].file);
		spoil(&o->backtrace.frames[i].module);
	}
}

static void spoil_test(struct fl_test *test)
{
	size_t i;

	spoil(&test->id);
	spoil(&test->suite);
	spoil(&test->name);
	spoil(&test->file);
	spoil(&test->suspicion.reason);
	spoil_observation(&test->host);
	for (i = 0; i < test->failure_count; i++) {
		spoil_observation(&test->failures[i].first);
		spoil(&test->failures[i].output_tail);
		spoil(&test->failures[i].replay);
	}
}

/* Straight from a test, not yet read from a report: nothing harmful gets through. */
TEST(formats, lets_nothing_harmful_through)
{
	struct fl_run run = read_golden_run();
	size_t i;

	spoil(&run.program.path);
	spoil(&run.os);
	for (i = 0; i < run.test_count; i++)
		spoil_test(run.tests[i]);
	for (i = 0; i < fl_format_count; i++) {
		autofree char *text = render(fl_formats[i].write, &run);
		autofree char *harmless = fl_text_escape(text);

		EXPECT_STREQ(text, harmless);
		if (fl_formats[i].append) {
			autofree char *appended = render(fl_formats[i].append, &run);
			autofree char *again = fl_text_escape(appended);

			EXPECT_STREQ(appended, again);
		}
	}
	fl_run_clear(&run);
}

/* A run of no test, of which nothing is known that need not be. */
TEST(formats, writes_the_least)
{
	struct fl_run run = { .program.path = (char *)"x", .os = (char *)"", .id = (char *)"",
			      .started = (char *)"", .settings.jobs = 1 };
	size_t i;

	for (i = 0; i < fl_format_count; i++)
		free(render(fl_formats[i].write, &run));
	free(render(fl_append_github, &run));
}

TEST(formats, finds_by_name)
{
	size_t i;

	for (i = 0; i < fl_format_count; i++) {
		autofree char *with_path = fl_base_format("%s=a=b", fl_formats[i].name);

		EXPECT_EQ(fl_format_find(fl_formats[i].name), &fl_formats[i]);
		EXPECT_EQ(fl_format_find(with_path), &fl_formats[i]);
		EXPECT_NE(strstr(FL_FORMAT_NAMES, fl_formats[i].name), NULL);
	}
	EXPECT_EQ(fl_format_find("js"), NULL);
	EXPECT_EQ(fl_format_find("jsonx"), NULL);
	EXPECT_EQ(fl_format_find(""), NULL);
}

/* A full disk is found, whatever the format makes of it. */
TEST(formats, tells_of_a_full_disk)
{
	struct fl_run run = read_golden_run();
	size_t i;

	for (i = 0; i < fl_format_count; i++) {
		FILE *out = fopen("/dev/full", "we");

		ASSERT_NE(out, NULL);
		EXPECT_LT(fl_format_write(fl_formats[i].write, out, &run), 0);
		fclose(out);
	}
	fl_run_clear(&run);
}

TEST_F(formats, replaces_by_rename)
{
	struct fl_run run = read_golden_run();
	autofree char *text = NULL;

	spill(path, "old", 3);
	ASSERT_EQ(fl_format_replace(fl_write_tap, path, &run), 0);
	EXPECT_EQ(mode_of(path), 0600);
	text = slurp(path, NULL);
	EXPECT_MEMEQ(text, "TAP version 14\n1..7\n", 20);
	fl_run_clear(&run);
}

/* JSON lines are read again as what they were made of. */
TEST_F(formats, reads_lines_again)
{
	struct fl_run run = read_golden_run(), again;
	autofree char *lines = render(fl_write_jsonl, &run), *want = render(fl_write_json, &run);
	autofree char *have = NULL;
	struct fl_error error = { "" };

	spill(path, lines, strlen(lines));
	ASSERT_TRUE(fl_json_is_one(path));
	if (fl_json_read(path, &again, &error) < 0)
		FAIL("%s", error.text);
	EXPECT_FALSE(again.is_partial);
	have = render(fl_write_json, &again);
	EXPECT_STREQ(have, want);
	fl_run_clear(&again);
	spill(path, lines, strlen(lines) - 10);
	ASSERT_EQ(fl_json_read(path, &again, &error), 0);
	ASSERT_TRUE(again.is_partial);
	fl_run_clear(&again);
	fl_run_clear(&run);
}

TEST_F(formats, knows_reports)
{
	static const struct { const char *text; bool is_one; } rows[] = {
		{ "{\"schema_version\":1,", true }, { "{\n  \"schema_version\": 1,", true },
		{ "{\"schema\": 1}", false }, { "[]", false }, { "", false }, { "{", false },
	};
	size_t i;

	EXPECT_FALSE(fl_json_is_one(path));
	for (i = 0; i < FL_COUNT(rows); i++) {
		spill(path, rows[i].text, strlen(rows[i].text));
		EXPECT_EQ(fl_json_is_one(path), rows[i].is_one);
	}
}

/* ---- XML ---- */

static char *xml(void (*print)(FILE *, const char *), const char *bytes)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ASSERT_NE(out, NULL);
	print(out, bytes);
	fclose(out);
	return text;
}

static void print_attribute(FILE *out, const char *bytes)
{
	fl_xml_attribute(out, "a", bytes);
}

static const struct { void (*print)(FILE *, const char *); const char *bytes, *want; }
escapes_xml_rows[] = {
	{ fl_xml_text, "<a b='c' d=\"e\">&\n\t", "&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;\n\t" },
	{ fl_xml_text, "\x01\xff\xef\xbf\xbe \xc3\xa9", "\\x01\\xff\\u{fffe} \xc3\xa9" },
	{ fl_xml_text, NULL, "" },
	{ print_attribute, "\"\n\t<", " a=\"&quot;&#x0A;&#x09;&lt;\"" },
	{ fl_xml_cdata, "a]]>b]]", "<![CDATA[a]]>]]&gt;<![CDATA[b]]]]>" },
	{ fl_xml_cdata, "]]>]]>", "<![CDATA[]]>]]&gt;<![CDATA[]]>]]&gt;<![CDATA[]]>" },
	{ fl_xml_cdata, "<&\x1b", "<![CDATA[<&\\x1b]]>" },
	{ fl_xml_cdata, NULL, "<![CDATA[]]>" },
};

TEST_P(formats, escapes_xml, escapes_xml_rows)
{
	autofree char *text = xml(row->print, row->bytes);

	EXPECT_STREQ(text, row->want);
}

int main(void)
{
	/* GoogleTest's times are local ones */
	setenv("TZ", "UTC", 1);
	tzset();
	return RUN_ALL_TESTS();
}
