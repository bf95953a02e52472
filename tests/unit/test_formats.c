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

static char *render(fl_format_writer *write, const struct fl_run *run)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(fl_format_write(write, out, run), 0);
	fclose(out);
	return text;
}

static void is_golden(const char *name, const char *text)
{
	const char *update = getenv("FL_GOLDEN_UPDATE");
	autofree char *file = in_golden(name), *want = NULL;

	if (update && strcmp(update, "1") == 0)
		spill(file, text, strlen(text));
	want = slurp(file, NULL);
	assert_string_equal(text, want);
}

static void writes_golden_formats(void **state)
{
	struct fl_run run = read_golden_run();
	size_t i;

	(void)state;
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
static void lets_nothing_harmful_through(void **state)
{
	struct fl_run run = read_golden_run();
	size_t i;

	(void)state;
	spoil(&run.program.path);
	spoil(&run.os);
	for (i = 0; i < run.test_count; i++)
		spoil_test(run.tests[i]);
	for (i = 0; i < fl_format_count; i++) {
		autofree char *text = render(fl_formats[i].write, &run);
		autofree char *harmless = fl_text_escape(text);

		assert_string_equal(text, harmless);
		if (fl_formats[i].append) {
			autofree char *appended = render(fl_formats[i].append, &run);
			autofree char *again = fl_text_escape(appended);

			assert_string_equal(appended, again);
		}
	}
	fl_run_clear(&run);
}

/* A run of no test, of which nothing is known that need not be. */
static void writes_the_least(void **state)
{
	struct fl_run run = { .program.path = (char *)"x", .os = (char *)"", .id = (char *)"",
			      .started = (char *)"", .settings.jobs = 1 };
	size_t i;

	(void)state;
	for (i = 0; i < fl_format_count; i++)
		free(render(fl_formats[i].write, &run));
	free(render(fl_append_github, &run));
}

static void finds_by_name(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < fl_format_count; i++) {
		autofree char *with_path = fl_base_format("%s=a=b", fl_formats[i].name);

		assert_ptr_equal(fl_format_find(fl_formats[i].name), &fl_formats[i]);
		assert_ptr_equal(fl_format_find(with_path), &fl_formats[i]);
		assert_non_null(strstr(FL_FORMAT_NAMES, fl_formats[i].name));
	}
	assert_null(fl_format_find("js"));
	assert_null(fl_format_find("jsonx"));
	assert_null(fl_format_find(""));
}

/* A full disk is found, whatever the format makes of it. */
static void tells_of_a_full_disk(void **state)
{
	struct fl_run run = read_golden_run();
	size_t i;

	(void)state;
	for (i = 0; i < fl_format_count; i++) {
		FILE *out = fopen("/dev/full", "we");

		assert_non_null(out);
		assert_in_range(-fl_format_write(fl_formats[i].write, out, &run), 1, 4095);
		fclose(out);
	}
	fl_run_clear(&run);
}

static void replaces_by_rename(void **state)
{
	struct fl_run run = read_golden_run();
	autofree char *text = NULL;

	(void)state;
	spill(path, "old", 3);
	assert_int_equal(fl_format_replace(fl_write_tap, path, &run), 0);
	assert_int_equal(mode_of(path), 0600);
	text = slurp(path, NULL);
	assert_memory_equal(text, "TAP version 14\n1..7\n", 20);
	fl_run_clear(&run);
}

/* JSON lines are read again as what they were made of. */
static void reads_lines_again(void **state)
{
	struct fl_run run = read_golden_run(), again;
	autofree char *lines = render(fl_write_jsonl, &run), *want = render(fl_write_json, &run);
	autofree char *have = NULL;
	struct fl_error error = { "" };

	(void)state;
	spill(path, lines, strlen(lines));
	assert_true(fl_json_is_one(path));
	if (fl_json_read(path, &again, &error) < 0)
		fail_msg("%s", error.text);
	assert_false(again.is_partial);
	have = render(fl_write_json, &again);
	assert_string_equal(have, want);
	fl_run_clear(&again);
	spill(path, lines, strlen(lines) - 10);
	assert_int_equal(fl_json_read(path, &again, &error), 0);
	assert_true(again.is_partial);
	fl_run_clear(&again);
	fl_run_clear(&run);
}

static void knows_reports(void **state)
{
	static const struct { const char *text; bool is_one; } rows[] = {
		{ "{\"schema_version\":1,", true }, { "{\n  \"schema_version\": 1,", true },
		{ "{\"schema\": 1}", false }, { "[]", false }, { "", false }, { "{", false },
	};
	size_t i;

	(void)state;
	assert_false(fl_json_is_one(path));
	for (i = 0; i < FL_COUNT(rows); i++) {
		spill(path, rows[i].text, strlen(rows[i].text));
		assert_int_equal(fl_json_is_one(path), rows[i].is_one);
	}
}

/* ---- XML ---- */

static char *xml(void (*print)(FILE *, const char *), const char *bytes)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(out, bytes);
	fclose(out);
	return text;
}

static void print_attribute(FILE *out, const char *bytes)
{
	fl_xml_attribute(out, "a", bytes);
}

static void escapes_xml(void **state)
{
	static const struct { void (*print)(FILE *, const char *); const char *bytes, *want; } rows[] = {
		{ fl_xml_text, "<a b='c' d=\"e\">&\n\t", "&lt;a b=&apos;c&apos; d=&quot;e&quot;&gt;&amp;\n\t" },
		{ fl_xml_text, "\x01\xff\xef\xbf\xbe \xc3\xa9", "\\x01\\xff\\u{fffe} \xc3\xa9" },
		{ fl_xml_text, NULL, "" },
		{ print_attribute, "\"\n\t<", " a=\"&quot;&#x0A;&#x09;&lt;\"" },
		{ fl_xml_cdata, "a]]>b]]", "<![CDATA[a]]>]]&gt;<![CDATA[b]]]]>" },
		{ fl_xml_cdata, "]]>]]>", "<![CDATA[]]>]]&gt;<![CDATA[]]>]]&gt;<![CDATA[]]>" },
		{ fl_xml_cdata, "<&\x1b", "<![CDATA[<&\\x1b]]>" },
		{ fl_xml_cdata, NULL, "<![CDATA[]]>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *text = xml(rows[i].print, rows[i].bytes);

		assert_string_equal(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_golden_formats),
		cmocka_unit_test(lets_nothing_harmful_through),
		cmocka_unit_test(writes_the_least),
		cmocka_unit_test(finds_by_name),
		cmocka_unit_test(tells_of_a_full_disk),
		IN_DIRECTORY(replaces_by_rename),
		IN_DIRECTORY(reads_lines_again),
		IN_DIRECTORY(knows_reports),
		cmocka_unit_test(escapes_xml),
	};

	/* GoogleTest's times are local ones */
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
