/* SPDX-License-Identifier: MIT */
/*
 * test_options.c - arguments and environment in, settings or one clear line out.
 */
#include <flicker/xunit.h>

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

TEST(options, nothing_said_gives_defaults)
{
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(nothing, nothing, &options, &error), 0);
	EXPECT_EQ(options.runs, 300);
	EXPECT_EQ(options.seed, PRESET_SEED);
	EXPECT_EQ(options.timeout_ms, 0);
	EXPECT_FALSE(options.is_all || options.is_quiet || options.has_no_progress);
	EXPECT_EQ(options.suspect, NULL);
	EXPECT_EQ(options.filter, NULL);
	EXPECT_EQ(options.test, NULL);
	EXPECT_EQ(options.report, NULL);
	EXPECT_EQ(options.suspect_from, NULL);
	EXPECT_EQ(options.wrapper, NULL);
	EXPECT_EQ(options.config, NULL);
	EXPECT_EQ(options.until, FL_UNTIL_CONFIDENT);
	EXPECT_EQ(options.mode, FL_MODE_MIX);
	EXPECT_EQ(options.policy, FL_POLICY_FAIL);
	EXPECT_EQ(options.gate, FL_GATE_NATURAL);
	EXPECT_EQ(options.perturb, FL_PERTURB_BIT(RANDOM));
	EXPECT_EQ(options.jobs, 1);
	EXPECT_EQ(options.time_ms, 0);
	EXPECT_EQ(options.max_suspects, 0);
	fl_options_clear(&options);
}

static const struct { words arguments; int want; } options_end_at_the_first_operand_rows[] = {
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

TEST_P(options, options_end_at_the_first_operand, options_end_at_the_first_operand_rows)
{
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(row->arguments, nothing, &options, &error),
		  row->want);
	EXPECT_FALSE(options.is_quiet);
	fl_options_clear(&options);
}

static const struct { const char *seed; uint64_t want; } numbers_are_read_rows[] = {
	{ "0", 0 }, { "42", 42 }, { "042", 42 }, { "0x2a", 42 }, { "0X2A", 42 },
	{ "0x00000000000000ff", 255 },
	{ "18446744073709551615", UINT64_MAX }, { "0xffffffffffffffff", UINT64_MAX },
};

TEST_P(options, numbers_are_read, numbers_are_read_rows)
{
	const words arguments = { "--seed", row->seed }, nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(arguments, nothing, &options, &error), 2);
	ASSERT_EQ(options.seed, row->want);
}

static const struct { const char *text; uint32_t want; } seconds_are_kept_as_milliseconds_rows[] = {
	{ "1", 1000 }, { "2.5", 2500 }, { ".25", 250 }, { "3.", 3000 }, { "0.001", 1 },
	{ "0.0001", 1 }, { "0.0010", 1 }, { "1.2345", 1235 }, { "007", 7000 },
	{ "4294967.295", UINT32_MAX },
};

TEST_P(options, seconds_are_kept_as_milliseconds, seconds_are_kept_as_milliseconds_rows)
{
	const words arguments = { "--timeout", row->text }, nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(arguments, nothing, &options, &error), 2);
	EXPECT_EQ(options.timeout_ms, row->want);
}

TEST(options, the_command_line_goes_before_the_environment)
{
	static const words environment = {
		"FLICKER_RUNS=9", "FLICKER_SUSPECT=a\nb", "FLICKER_NO_PROGRESS=1",
		"FLICKER_QUIET=0", "FLICKER_FILTER=", "FLICKER_RUNSX=1", "HOME=/",
	};
	static const words more = { "--runs", "5", "--suspect", "c", "--suspect=d", "--quiet" };
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(nothing, environment, &options, &error), 0);
	EXPECT_EQ(options.runs, 9);
	EXPECT_STREQ(options.suspect, "a\nb");
	ASSERT_TRUE(options.has_no_progress);
	EXPECT_FALSE(options.is_quiet);
	EXPECT_EQ(options.filter, NULL);    /* empty counts as unset */
	fl_options_clear(&options);

	ASSERT_EQ(parse(more, environment, &options, &error), 6);
	EXPECT_EQ(options.runs, 5);
	EXPECT_STREQ(options.suspect, "c\nd");
	ASSERT_TRUE(options.has_no_progress);
	ASSERT_TRUE(options.is_quiet);
	fl_options_clear(&options);
}

/* Each layer replaces what the one below says, lists too; within it they add up. */
TEST(options, the_environment_goes_before_the_file)
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

		ASSERT_EQ(fl_options_parse(&source, &options, &first, &error), 0);
		EXPECT_EQ(options.runs, rows[i].runs);
		EXPECT_EQ(options.jobs, 2);
		EXPECT_STREQ(options.test, rows[i].test);
		fl_options_clear(&options);
	}
}

TEST(options, a_fault_of_the_file_names_its_line)
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

	ASSERT_EQ(fl_options_parse(&source, &options, &first, &error), -EINVAL);
	EXPECT_STREQ(error.text, "a.ini:7: key 'runs' wants a whole number from 1 to "
		     "1000000000, not 'many'");
}

TEST(options, words_and_limits_are_read)
{
	static const words arguments = { "--until=fail", "--mode=exec", "--policy=quarantine",
					 "--gate=any", "--time=none", "--perturb=none", "--core" };
	static const words nothing = { NULL };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(arguments, nothing, &options, &error), 7);
	EXPECT_EQ(options.until, FL_UNTIL_FAIL);
	EXPECT_EQ(options.mode, FL_MODE_EXEC);
	EXPECT_EQ(options.policy, FL_POLICY_QUARANTINE);
	EXPECT_EQ(options.gate, FL_GATE_ANY);
	ASSERT_EQ(options.time_ms, FL_OPTION_UNLIMITED);
	EXPECT_EQ(options.perturb, 0);
	ASSERT_TRUE(options.keep_core);
	fl_options_clear(&options);
}

TEST(options, reports_add_up)
{
	static const words arguments = { "--report", "json", "--report=json=a" }, nothing = { NULL };
	static const words environment = { "FLICKER_REPORT=json=x\n\njson=y" };
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(arguments, nothing, &options, &error), 3);
	EXPECT_STREQ(options.report, "json\njson=a");
	fl_options_clear(&options);
	ASSERT_EQ(parse(nothing, environment, &options, &error), 0);
	EXPECT_STREQ(options.report, "json=x\n\njson=y");
	fl_options_clear(&options);
}

static const struct { words arguments, environment; const char *want; }
what_is_wrong_is_named_rows[] = {
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

TEST_P(options, what_is_wrong_is_named, what_is_wrong_is_named_rows)
{
	struct fl_options options = { 0 };
	struct fl_error error = { "" };

	ASSERT_EQ(parse(row->arguments, row->environment, &options, &error),
		  -EINVAL);
	EXPECT_STREQ(error.text, row->want);
	EXPECT_EQ(options.runs, 0);      /* untouched */
}

FLICKER_XUNIT_MAIN();
