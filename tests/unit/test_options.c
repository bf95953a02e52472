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
#include "../../plugin/engine/model.h"
#include "../../plugin/report/formats.h"

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
	assert_null(options.suspect_from);
	assert_null(options.wrapper);
	assert_null(options.config);
	assert_int_equal(options.until, FL_UNTIL_CONFIDENT);
	assert_int_equal(options.mode, FL_MODE_MIX);
	assert_int_equal(options.policy, FL_POLICY_FAIL);
	assert_int_equal(options.gate, FL_GATE_NATURAL);
	assert_int_equal(options.perturb, FL_PERTURB_BIT(RANDOM));
	assert_int_equal(options.jobs, 1);
	assert_int_equal(options.time_ms, 0);
	assert_int_equal(options.max_suspects, 0);
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

/* Each layer replaces what the one below says, lists too; within it they add up. */
static void the_environment_goes_before_the_file(void **state)
{
	static const words nothing = { NULL };
	static const words environment = { "FLICKER_RUNS=9", "FLICKER_TEST=e" };
	static const words arguments = { "--test", "c" };
	const struct fl_option_entry entries[] = {
		{ fl_option_find("runs", FL_FOR_RUN), (char *)"5", (char *)"f:1: key 'runs'" },
		{ fl_option_find("jobs", FL_FOR_RUN), (char *)"2", (char *)"f:2: key 'jobs'" },
		{ fl_option_find("test", FL_FOR_RUN), (char *)"a", (char *)"f:3: key 'test'" },
		{ fl_option_find("test", FL_FOR_RUN), (char *)"b", (char *)"f:4: key 'test'" },
		{ fl_option_find("suspects", FL_FOR_LIST), (char *)"x", (char *)"another's" },
	};
	const struct { const char *const *arguments, *const *environment; uint64_t runs; const char *test; }
	rows[] = {
		{ nothing, nothing, 5, "a\nb" },
		{ nothing, environment, 9, "e" },
		{ arguments, environment, 9, "c" },
		{ arguments, nothing, 5, "c" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_options_source source = {
			.command = "run", .commands = FL_FOR_RUN,
			.arguments = (char *const *)rows[i].arguments,
			.environment = (char *const *)rows[i].environment,
			.entries = entries, .entry_count = FL_COUNT(entries),
		};
		struct fl_options options = { 0 };
		struct fl_error error = { "" };
		int first;

		assert_int_equal(fl_options_parse(&source, &options, &first, &error), 0);
		assert_int_equal(options.runs, rows[i].runs);
		assert_int_equal(options.jobs, 2);
		assert_string_equal(options.test, rows[i].test);
		fl_options_clear(&options);
	}
}

static void a_fault_of_the_file_names_its_line(void **state)
{
	static const words nothing = { NULL };
	const struct fl_option_entry entry = {
		fl_option_find("runs", FL_FOR_RUN), (char *)"many", (char *)"a.ini:7: key 'runs'",
	};
	struct fl_options_source source = {
		.command = "run", .commands = FL_FOR_RUN, .arguments = (char *const *)nothing,
		.entries = &entry, .entry_count = 1,
	};
	struct fl_options options = { 0 };
	struct fl_error error = { "" };
	int first;

	(void)state;
	assert_int_equal(fl_options_parse(&source, &options, &first, &error), -EINVAL);
	assert_string_equal(error.text, "a.ini:7: key 'runs' wants a whole number from 1 to "
			    "1000000000, not 'many'");
}

static void words_and_limits_are_read(void **state)
{
	static const words arguments = { "--until=fail", "--mode=exec", "--policy=quarantine",
					 "--gate=any", "--time=none", "--perturb=none", "--core" };
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(parse(arguments, nothing, &options, &error), 7);
	assert_int_equal(options.until, FL_UNTIL_FAIL);
	assert_int_equal(options.mode, FL_MODE_EXEC);
	assert_int_equal(options.policy, FL_POLICY_QUARANTINE);
	assert_int_equal(options.gate, FL_GATE_ANY);
	assert_true(options.time_ms == FL_OPTION_UNLIMITED);
	assert_int_equal(options.perturb, 0);
	assert_true(options.keep_core);
	fl_options_clear(&options);
}

static void reports_add_up(void **state)
{
	static const words arguments = { "--report", "json", "--report=json=a" }, nothing = { NULL };
	static const words environment = { "FLICKER_REPORT=json=x\n\njson=y" };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(parse(arguments, nothing, &options, &error), 3);
	assert_string_equal(options.report, "json\njson=a");
	fl_options_clear(&options);
	assert_int_equal(parse(nothing, environment, &options, &error), 0);
	assert_string_equal(options.report, "json=x\n\njson=y");
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
		  "option '--report' does not know the format 'xml'; known:" FL_FORMAT_NAMES },
		{ { "--report", "jsonx=a" }, { NULL },
		  "option '--report' does not know the format 'jsonx'; known:" FL_FORMAT_NAMES },
		{ { "--report=json=" }, { NULL }, "option '--report' names no path after 'json='" },
		{ { "--until", "sure" }, { NULL },
		  "option '--until' wants one of confident, runs, fail, not 'sure'" },
		{ { "--time", "0" }, { NULL },
		  "option '--time' wants seconds, such as 2.5, above 0 and up to 4294967, or "
		  "none, not '0'" },
		{ { "--perturb", "radnom" }, { NULL },
		  "option '--perturb' knows no perturbation 'radnom'; did you mean 'random'?" },
		{ { "--wrapper", "sh -c 'x" }, { NULL },
		  "option '--wrapper' wants a command whose quotes close, not 'sh -c 'x'" },
		{ { "--wrapper", " " }, { NULL }, "option '--wrapper' wants a command, not ' '" },
		{ { "--new-only=" }, { NULL }, "option '--new-only' wants a path, not ''" },
		{ { "--suspect-from=" }, { NULL }, "option '--suspect-from' wants a value, not ''" },
		{ { NULL }, { "FLICKER_REPORT=json=a\nxml=b" },
		  "variable 'FLICKER_REPORT' does not know the format 'xml'; known:" FL_FORMAT_NAMES },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_gives_defaults),
		cmocka_unit_test(options_end_at_the_first_operand),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(seconds_are_kept_as_milliseconds),
		cmocka_unit_test(the_command_line_goes_before_the_environment),
		cmocka_unit_test(the_environment_goes_before_the_file),
		cmocka_unit_test(a_fault_of_the_file_names_its_line),
		cmocka_unit_test(words_and_limits_are_read),
		cmocka_unit_test(reports_add_up),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
