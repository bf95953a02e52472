/* SPDX-License-Identifier: MIT */
/*
 * test_json_read.c - reports that are none: refused in one line that says where, never worse.
 */
#define _GNU_SOURCE
#include "report_files.h"

#include <errno.h>

static void refuses_cut_report(void **state)
{
	struct fl_run run = read_golden_run(), cut;
	autofree char *text = write_run(&run);
	size_t i, size = strlen(text);

	(void)state;
	for (i = 0; i + 2 < size; i += 37) {
		struct fl_error error = { "" };

		spill(path, text, i);
		assert_int_equal(fl_json_read(path, &cut, &error), -EINVAL);
		assert_non_null(strstr(error.text, "net.flicker.json:"));
	}
	fl_run_clear(&run);
}

/* Any byte may be wrong: read or refused, never worse (the sanitizers watch). */
static void survives_any_byte(void **state)
{
	static const char bytes[] = "x\"0-{]\n\\,:";
	struct fl_run run = read_golden_run(), read;
	autofree char *text = write_run(&run);
	size_t i, size = strlen(text);

	(void)state;
	for (i = 0; i < size; i += 19) {
		struct fl_error error = { "" };
		char was = text[i];

		text[i] = bytes[i / 19 % (sizeof(bytes) - 1)];
		spill(path, text, size);
		if (fl_json_read(path, &read, &error) == 0)
			fl_run_clear(&read);
		else
			assert_null(strchr(error.text, '\n'));
		text[i] = was;
	}
	fl_run_clear(&run);
}

static char *replaced(const char *text, const char *from, const char *to, size_t *ret_line)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("the report has no %s", from);
	*ret_line = 1 + count_newlines(text, (size_t)(at - text));
	return fl_base_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void says_where_it_is_wrong(void **state)
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

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *wrong = replaced(text, rows[i].from, rows[i].to, &line);
		autofree char *want = fl_base_format("%s:%zu: ", path, line - rows[i].above);
		struct fl_error error = { "" };

		spill(path, wrong, strlen(wrong));
		assert_int_equal(fl_json_read(path, &read, &error), -EINVAL);
		if (strncmp(error.text, want, strlen(want)) != 0 ||
		    !strstr(error.text, rows[i].want))
			fail_msg("want %s%s\ngot %s", want, rows[i].want, error.text);
	}
	fl_run_clear(&run);
}

/* A report of the first versions: keys that were added since are not there. */
static void reads_an_older_one(void **state)
{
	struct fl_run run = read_golden_run(), read;
	autofree char *text = write_run(&run), *old = NULL, *older = NULL;
	struct fl_error error = { "" };
	size_t line;

	(void)state;
	old = replaced(text, "\"leaks\": [],", "", &line);
	older = replaced(old, "\"adapters\": [", "\"unknown\": [", &line);
	spill(path, older, strlen(older));
	assert_int_equal(fl_json_read(path, &read, &error), 0);
	assert_null(read.settings.adapters);
	assert_string_equal(read.settings.wrapper, "valgrind -q");
	assert_int_equal(read.tests[0]->leak_count, 0);
	assert_int_equal(read.tests[2]->leak_count, 2);
	fl_run_clear(&read);
	fl_run_clear(&run);
}

static void part_line_is_named(void **state)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	autofree char *want = fl_base_format("%s:4: 'verdict' is", part);
	autofree char *text = NULL, *wrong = NULL;
	struct fl_error error;
	size_t line;

	(void)state;
	append_all(writer, &run);
	text = slurp(part, NULL);
	wrong = replaced(text, "\"verdict\":\"stable\"", "\"verdict\":\"calm\"", &line);
	assert_int_equal(line, 4);
	spill(part, wrong, strlen(wrong));
	assert_int_equal(fl_json_read(part, &read, &error), -EINVAL);
	assert_memory_equal(error.text, want, strlen(want));
	fl_json_abandon(writer);
	fl_run_clear(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(refuses_cut_report),
		IN_DIRECTORY(survives_any_byte),
		IN_DIRECTORY(says_where_it_is_wrong),
		IN_DIRECTORY(reads_an_older_one),
		IN_DIRECTORY(part_line_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
