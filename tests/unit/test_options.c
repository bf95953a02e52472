/* SPDX-License-Identifier: MIT */
/*
 * test_options.c - arguments and environment in, settings or one clear line out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/options.h"

#include <errno.h>

enum { WORDS = 8, PRESET_SEED = 77 };

typedef const char *words[WORDS];

/* As `run` would be: the caller clears *ret_options on success. */
static int parse(const words arguments, const words environment, struct fl_options *ret_options,
		 struct fl_error *error)
{
	struct fl_options_source source = {
		.command = "run", .commands = FL_FOR_RUN, .seed = PRESET_SEED,
		.arguments = (char *const *)arguments, .environment = (char *const *)environment,
	};
	int first = -1, r = fl_options_parse(&source, ret_options, &first, error);

	return r < 0 ? r : first;
}

static void nothing_said_gives_defaults(void **state)
{
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(parse(nothing, nothing, &options, &error), 0);
	assert_int_equal(options.runs, 300);
	assert_int_equal(options.seed, PRESET_SEED);
	assert_int_equal(options.timeout_ms, 0);
	assert_false(options.is_all || options.is_quiet || options.has_no_progress);
	assert_null(options.suspect);
	assert_null(options.filter);
	assert_null(options.test);
	assert_null(options.report);
	fl_options_clear(&options);
}

static void options_end_at_the_first_operand(void **state)
{
	static const struct { words arguments; int want; } rows[] = {
		{ { "./t" }, 0 },
		{ { "--all", "./t", "--quiet" }, 1 },
		{ { "--runs", "5", "./t" }, 2 },
		{ { "--runs=5", "./t" }, 1 },
		{ { "--", "--all" }, 1 },
		{ { "--all", "--", "--", "./t" }, 2 },
		{ { "-", "--all" }, 0 },
		{ { "", "--all" }, 0 },
		{ { "--filter", "--", "./t" }, 2 },
		{ { "--filter=", "./t" }, 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		static const words nothing = { NULL };
		struct fl_options options = { 0 };
		struct fl_error error = { "" };

		assert_int_equal(parse(rows[i].arguments, nothing, &options, &error),
				 rows[i].want);
		assert_false(options.is_quiet);
		fl_options_clear(&options);
	}
}

static void numbers_are_read(void **state)
{
	static const struct { const char *seed; uint64_t want; } rows[] = {
		{ "0", 0 }, { "42", 42 }, { "042", 42 }, { "0x2a", 42 }, { "0X2A", 42 },
		{ "0x00000000000000ff", 255 },
		{ "18446744073709551615", UINT64_MAX }, { "0xffffffffffffffff", UINT64_MAX },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		const words arguments = { "--seed", rows[i].seed }, nothing = { NULL };
		struct fl_options options = { 0 };
		struct fl_error error = { "" };

		assert_int_equal(parse(arguments, nothing, &options, &error), 2);
		assert_true(options.seed == rows[i].want);
	}
}

static void seconds_are_kept_as_milliseconds(void **state)
{
	static const struct { const char *text; uint32_t want; } rows[] = {
		{ "1", 1000 }, { "2.5", 2500 }, { ".25", 250 }, { "3.", 3000 }, { "0.001", 1 },
		{ "0.0001", 1 }, { "0.0010", 1 }, { "1.2345", 1235 }, { "007", 7000 },
		{ "4294967.295", UINT32_MAX },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		const words arguments = { "--timeout", rows[i].text }, nothing = { NULL };
		struct fl_options options = { 0 };
		struct fl_error error = { "" };

		assert_int_equal(parse(arguments, nothing, &options, &error), 2);
		assert_int_equal(options.timeout_ms, rows[i].want);
	}
}

static void the_command_line_goes_before_the_environment(void **state)
{
	static const words environment = {
		"FLICKER_RUNS=9", "FLICKER_SUSPECT=a\nb", "FLICKER_NO_PROGRESS=1",
		"FLICKER_QUIET=0", "FLICKER_FILTER=", "FLICKER_RUNSX=1", "HOME=/",
	};
	static const words more = { "--runs", "5", "--suspect", "c", "--suspect=d", "--quiet" };
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(parse(nothing, environment, &options, &error), 0);
	assert_int_equal(options.runs, 9);
	assert_string_equal(options.suspect, "a\nb");
	assert_true(options.has_no_progress);
	assert_false(options.is_quiet);
	assert_null(options.filter);    /* empty counts as unset */
	fl_options_clear(&options);

	assert_int_equal(parse(more, environment, &options, &error), 6);
	assert_int_equal(options.runs, 5);
	assert_string_equal(options.suspect, "c\nd");
	assert_true(options.has_no_progress);
	assert_true(options.is_quiet);
	fl_options_clear(&options);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct { words arguments, environment; const char *want; } rows[] = {
		{ { "--rusn", "3" }, { NULL },
		  "unknown option '--rusn' for 'run'; did you mean '--runs'?" },
		{ { "--suspct=x" }, { NULL },
		  "unknown option '--suspct' for 'run'; did you mean '--suspect'?" },
		{ { "-all" }, { NULL },
		  "unknown option '-all' for 'run'; did you mean '--all'?" },
		{ { "--zzz" }, { NULL },
		  "unknown option '--zzz' for 'run'; see 'flicker help run'" },
		{ { "-x" }, { NULL }, "unknown option '-x' for 'run'; see 'flicker help run'" },
		{ { "--ready-fd=3" }, { NULL },
		  "unknown option '--ready-fd' for 'run'; see 'flicker help run'" },
		{ { "--runs" }, { NULL }, "option '--runs' lacks its value: '--runs N'" },
		{ { "--runs=" }, { NULL },
		  "option '--runs' wants a whole number from 1 to 1000000000, not ''" },
		{ { "--runs", "0" }, { NULL },
		  "option '--runs' wants a whole number from 1 to 1000000000, not '0'" },
		{ { "--runs", "-1" }, { NULL },
		  "option '--runs' wants a whole number from 1 to 1000000000, not '-1'" },
		{ { "--runs", " 7" }, { NULL },
		  "option '--runs' wants a whole number from 1 to 1000000000, not ' 7'" },
		{ { "--runs", "7x" }, { NULL },
		  "option '--runs' wants a whole number from 1 to 1000000000, not '7x'" },
		{ { "--seed", "0x" }, { NULL },
		  "option '--seed' wants a whole number from 0 to 18446744073709551615, not '0x'" },
		{ { "--seed", "18446744073709551616" }, { NULL },
		  "option '--seed' wants a whole number from 0 to 18446744073709551615, "
		  "not '18446744073709551616'" },
		{ { "--timeout", "0" }, { NULL },
		  "option '--timeout' wants seconds, such as 2.5, above 0 and up to 4294967, "
		  "not '0'" },
		{ { "--timeout", "." }, { NULL },
		  "option '--timeout' wants seconds, such as 2.5, above 0 and up to 4294967, "
		  "not '.'" },
		{ { "--timeout", "1e3" }, { NULL },
		  "option '--timeout' wants seconds, such as 2.5, above 0 and up to 4294967, "
		  "not '1e3'" },
		{ { "--timeout", "99999999999999999999" }, { NULL },
		  "option '--timeout' wants seconds, such as 2.5, above 0 and up to 4294967, "
		  "not '99999999999999999999'" },
		{ { "--all=1" }, { NULL }, "option '--all' takes no value, not even '1'" },
		{ { "--report", "xml" }, { NULL },
		  "option '--report' does not know the format 'xml'; known: json" },
		{ { "--report", "jsonx=a" }, { NULL },
		  "option '--report' does not know the format 'jsonx'; known: json" },
		{ { "--report=json=" }, { NULL }, "option '--report' names no path after 'json='" },
		{ { NULL }, { "FLICKER_ALL=yes" },
		  "variable 'FLICKER_ALL' wants 1 or 0, not 'yes'" },
		{ { NULL }, { "FLICKER_RUNS=many" },
		  "variable 'FLICKER_RUNS' wants a whole number from 1 to 1000000000, not 'many'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_options options = { 0 };
		struct fl_error error = { "" };

		assert_int_equal(parse(rows[i].arguments, rows[i].environment, &options, &error),
				 -EINVAL);
		assert_string_equal(error.text, rows[i].want);
		assert_int_equal(options.runs, 0);      /* untouched */
	}
}

static void the_path_of_a_report_is_found(void **state)
{
	static const struct { const char *value, *want; } rows[] = {
		{ "json", NULL }, { "json=a.json", "a.json" }, { "json=a=b", "a=b" },
	};
	size_t i;

	(void)state;
	assert_null(fl_option_report_path(NULL));
	for (i = 0; i < FL_COUNT(rows); i++) {
		const char *path = fl_option_report_path(rows[i].value);

		assert_int_equal(path != NULL, rows[i].want != NULL);
		if (path)
			assert_string_equal(path, rows[i].want);
	}
}

static void a_command_has_only_its_own_options(void **state)
{
	(void)state;
	assert_non_null(fl_option_find("suspects", FL_FOR_LIST));
	assert_null(fl_option_find("suspects", FL_FOR_RUN));
	assert_null(fl_option_find("runs", FL_FOR_LIST));
	assert_non_null(fl_option_find("filter=x", FL_FOR_LIST));
	assert_null(fl_option_find("filte", FL_FOR_LIST));
}

static void unknown_variables_are_warned_of(void **state)
{
	static const struct { const char *assignment, *want; } rows[] = {
		{ "FLICKER_RUNS=3", NULL },
		{ "FLICKER_NO_PROGRESS=1", NULL },
		{ "FLICKER_ATTEMPT_SEED=1", NULL },
		{ "FLICKER_COMMAND=/x", NULL },
		{ "FLICKER=1", NULL },
		{ "HOME=/", NULL },
		{ "FLICKER_RUSN=3",
		  "unknown variable 'FLICKER_RUSN'; did you mean 'FLICKER_RUNS'?" },
		{ "FLICKER_SUSPECTS=a",
		  "unknown variable 'FLICKER_SUSPECTS'; did you mean 'FLICKER_SUSPECT'?" },
		{ "FLICKER_DEBGU=all",
		  "unknown variable 'FLICKER_DEBGU'; did you mean 'FLICKER_DEBUG'?" },
		{ "FLICKER_ZZZZZZ=", "unknown variable 'FLICKER_ZZZZZZ'; it has no effect" },
		{ "FLICKER_=", "unknown variable 'FLICKER_'; it has no effect" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *warning = fl_options_variable_warning(rows[i].assignment);

		assert_int_equal(warning != NULL, rows[i].want != NULL);
		if (warning)
			assert_string_equal(warning, rows[i].want);
	}
}

/* One option, one line of the manual; read from the top of the tree. */
static void the_manual_has_every_option(void **state)
{
	autofree char *path = fl_base_format("%s/../../docs/flicker.1", getenv("FL_GOLDEN"));
	autofree char *manual = NULL;
	size_t i, size;

	(void)state;
	assert_int_equal(fl_file_read(path, 1 << 20, &manual, &size), 0);
	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];
		autofree char *item = fl_base_format("\n.It Fl -%s%s", option->name,
						     option->metavar ? " Ar " : "\n");

		if (option->help && !strstr(manual, item))
			fail_msg("docs/flicker.1 lacks '%s'", item + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_gives_defaults),
		cmocka_unit_test(options_end_at_the_first_operand),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(seconds_are_kept_as_milliseconds),
		cmocka_unit_test(the_command_line_goes_before_the_environment),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(the_path_of_a_report_is_found),
		cmocka_unit_test(a_command_has_only_its_own_options),
		cmocka_unit_test(unknown_variables_are_warned_of),
		cmocka_unit_test(the_manual_has_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
