/* SPDX-License-Identifier: MIT */
/*
 * test_face_flags.c - GoogleTest's flags and variables: which goes first, and what is no value.
 *
 * The answers are those that programs of GoogleTest 1.12 give to the same.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/face_flags.h"

#include <flicker/face.h>

#include <errno.h>
#include <strings.h>

enum { MOST = 6 };

/* What is asked for, in words. */
static char *told(const struct fl_face_flags *flags)
{
	return fl_base_format("%s%s%s%s%s%s%s%s%s%s%sfilter %s, repeat %d, seed %d, output '%s', color %s, shard %d of %d",
			      flags->is_on ? "on " : "", flags->has_flags ? "flags " : "",
			      flags->wants_help ? "help " : "", flags->is_list ? "list " : "",
			      flags->runs_disabled ? "disabled " : "", flags->shuffles ? "shuffle " : "",
			      flags->fails_fast ? "fast " : "", flags->breaks ? "break " : "",
			      flags->is_brief ? "brief " : "", flags->has_time ? "" : "timeless ",
			      flags->warnings ? "warned " : "", flags->filter, flags->repeat,
			      flags->random_seed, flags->output, flags->colour, flags->shard, flags->shards);
}

static char *read_flags(const char *const *arguments, const char *const *environment)
{
	char *words[MOST + 1] = { NULL }, *variables[MOST + 1] = { NULL };
	struct fl_face_flags flags = { 0 };
	char *text;
	size_t i;

	for (i = 0; i < MOST; i++) {
		words[i] = (char *)(uintptr_t)arguments[i];
		variables[i] = (char *)(uintptr_t)environment[i];
	}
	fl_face_flags_read(words, variables, &flags);
	text = flags.fault && !flags.wants_help ? fl_base_format("! %s", flags.fault) : told(&flags);
	fl_face_flags_clear(&flags);
	return text;
}

#define DEFAULT "filter *, repeat 1, seed 0, output '', color auto, shard 0 of 0"

static const struct {
	const char *arguments[MOST], *environment[MOST], *want;
} rows[] = {
	{ { NULL }, { NULL }, DEFAULT },
	{ { "x", "-v", "--gtest" }, { "GTEST=1", "GTEST_=2" }, DEFAULT },
	{ { "--gtest_filter=a*:b-c" }, { NULL },
	  "on flags filter a*:b-c, repeat 1, seed 0, output '', color auto, shard 0 of 0" },
	{ { "x", "--gtest_filter=a", "--gtest_filter=b" }, { NULL },
	  "on flags filter b, repeat 1, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_filter=" }, { NULL },
	  "on flags filter , repeat 1, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_list_tests" }, { NULL }, "on flags list " DEFAULT },
	/* switches: a value that begins with 0, f or F is off, none is on */
	{ { "--gtest_shuffle", "--gtest_fail_fast=1", "--gtest_brief=yes" }, { NULL },
	  "on flags shuffle fast brief " DEFAULT },
	{ { "--gtest_shuffle=0", "--gtest_fail_fast=false", "--gtest_brief=Fine" }, { NULL }, "on flags " DEFAULT },
	{ { "--gtest_shuffle=", "--gtest_fail_fast=no", "--gtest_print_time=0" }, { NULL },
	  "on flags shuffle fast timeless " DEFAULT },
	{ { "--gtest_also_run_disabled_tests", "--gtest_break_on_failure" }, { NULL },
	  "on flags disabled break " DEFAULT },
	/* numbers: as strtol(3) has them, all of the text, 32 bits */
	{ { "--gtest_repeat=-1", "--gtest_random_seed= 17" }, { NULL },
	  "on flags filter *, repeat -1, seed 17, output '', color auto, shard 0 of 0" },
	{ { "--gtest_repeat=" }, { NULL },
	  "on flags filter *, repeat 0, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_repeat=2147483647" }, { NULL },
	  "on flags filter *, repeat 2147483647, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_repeat=2147483648" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_repeat=99999999999999999999" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_repeat=3x" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_stack_trace_depth=x" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_stack_trace_depth=3", "--gtest_catch_exceptions=0" }, { NULL }, "on flags " DEFAULT },
	/* what looks like a flag and is none */
	{ { "--gtest_repeat" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_filter" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_colour=no" }, { NULL }, "on flags help " DEFAULT },
	{ { "-gtest_shuffle" }, { NULL }, "on flags help " DEFAULT },
	{ { "/gtest_shuffle" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest-shuffle" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_help" }, { NULL }, "on flags help " DEFAULT },
	{ { "--gtest_install_failure_signal_handler" }, { NULL }, "on flags help " DEFAULT },
	{ { "--help" }, { NULL }, DEFAULT },            /* the program's own */
	{ { "--gtest_internal_run_death_test=x" }, { NULL }, DEFAULT },
	/* variables: everything but 0 is on */
	{ { NULL }, { "GTEST_FILTER=a", "GTEST_SHUFFLE=0", "GTEST_FAIL_FAST=false" },
	  "on fast filter a, repeat 1, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_filter=b" }, { "GTEST_FILTER=a" },
	  "on flags filter b, repeat 1, seed 0, output '', color auto, shard 0 of 0" },
	{ { "--gtest_shuffle=0" }, { "GTEST_SHUFFLE=1" }, "on flags " DEFAULT },
	{ { NULL }, { "GTEST_REPEAT=x" }, "on warned " DEFAULT },
	{ { NULL }, { "GTEST_LIST_TESTS=1", "GTEST_FLAGFILE=x" }, DEFAULT },
	{ { NULL }, { "GTEST_COLOR=yes", "GTEST_BRIEF=1", "GTEST_PRINT_TIME=0" },
	  "brief timeless filter *, repeat 1, seed 0, output '', color yes, shard 0 of 0" },
	/* Bazel's, behind them */
	{ { NULL }, { "TESTBRIDGE_TEST_ONLY=a", "XML_OUTPUT_FILE=x.xml", "TESTBRIDGE_TEST_RUNNER_FAIL_FAST=1" },
	  "on fast filter a, repeat 1, seed 0, output 'xml:x.xml', color auto, shard 0 of 0" },
	{ { NULL }, { "TESTBRIDGE_TEST_ONLY=a", "GTEST_FILTER=b", "XML_OUTPUT_FILE=x", "GTEST_OUTPUT=json" },
	  "on filter b, repeat 1, seed 0, output 'json', color auto, shard 0 of 0" },
	{ { NULL }, { "TESTBRIDGE_TEST_RUNNER_FAIL_FAST=true" }, DEFAULT },
	{ { NULL }, { "TEST_TMPDIR=/tmp", "TEST_RANDOM_SEED=7", "TEST_RUN_NUMBER=2" }, DEFAULT },
	/* shards */
	{ { NULL }, { "GTEST_TOTAL_SHARDS=3", "GTEST_SHARD_INDEX=2" },
	  "on filter *, repeat 1, seed 0, output '', color auto, shard 2 of 3" },
	{ { NULL }, { "TEST_TOTAL_SHARDS=3", "TEST_SHARD_INDEX=0" },
	  "on filter *, repeat 1, seed 0, output '', color auto, shard 0 of 3" },
	{ { NULL }, { "TEST_TOTAL_SHARDS=3", "TEST_SHARD_INDEX=0", "GTEST_TOTAL_SHARDS=5", "GTEST_SHARD_INDEX=4" },
	  "on filter *, repeat 1, seed 0, output '', color auto, shard 4 of 5" },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=1", "GTEST_SHARD_INDEX=0" }, "on " DEFAULT },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=-1", "GTEST_SHARD_INDEX=-1" }, DEFAULT },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=3" }, "! GTEST_TOTAL_SHARDS is 3, but GTEST_SHARD_INDEX is not set" },
	{ { NULL }, { "GTEST_SHARD_INDEX=0" }, "! GTEST_SHARD_INDEX is 0, but GTEST_TOTAL_SHARDS is not set" },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=3", "GTEST_SHARD_INDEX=3" },
	  "! GTEST_SHARD_INDEX is 3 and must be from 0 on, below GTEST_TOTAL_SHARDS, which is 3" },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=0", "GTEST_SHARD_INDEX=0" },
	  "! GTEST_SHARD_INDEX is 0 and must be from 0 on, below GTEST_TOTAL_SHARDS, which is 0" },
	{ { NULL }, { "GTEST_TOTAL_SHARDS=x", "GTEST_SHARD_INDEX=0" },
	  "! GTEST_TOTAL_SHARDS is expected to be a 32-bit integer, not 'x'" },
	{ { "--gtest_help" }, { "GTEST_TOTAL_SHARDS=x" }, "on flags help " DEFAULT },
	{ { "--gtest_flagfile=/nowhere/at/all" }, { NULL },
	  "! cannot read the flag file '/nowhere/at/all': No such file or directory" },
};

TEST_P(face_flags, are_googletests, rows)
{
	autofree char *have = read_flags(row->arguments, row->environment);

	EXPECT_STREQ(have, row->want);
}

TEST(face_flags, a_flag_file_is_read_where_it_stands)
{
	char path[] = "/tmp/flicker-flags-XXXXXX";
	int fd = mkstemp(path);
	static const char lines[] = "--gtest_filter=b\n\n--gtest_repeat=2\n";
	const char *environment[MOST] = { NULL };
	autofree char *argument = fl_base_format("--gtest_flagfile=%s", path);
	const char *before[MOST] = { "--gtest_filter=a", argument };
	const char *behind[MOST] = { argument, "--gtest_filter=a" };
	autofree char *first = NULL, *second = NULL, *third = NULL;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(fl_file_write_all(fd, lines, sizeof(lines) - 1), 0);
	first = read_flags(before, environment);
	second = read_flags(behind, environment);
	ASSERT_EQ(fl_file_write_all(fd, "filter=c\n", 9), 0);
	third = read_flags(before, environment);
	close(fd);
	unlink(path);
	EXPECT_STREQ(first, "on flags filter b, repeat 2, seed 0, output '', color auto, shard 0 of 0");
	EXPECT_STREQ(second, "on flags filter a, repeat 2, seed 0, output '', color auto, shard 0 of 0");
	EXPECT_STREQ(third, "on flags help filter b, repeat 2, seed 0, output '', color auto, shard 0 of 0");
}

/* Under a plain preload the agent looks for these names, and knows no more. */
#define FL_X(name) name,
static const char *const handed_over[] = { FL_FACE_VARIABLES(FL_X) };
#undef FL_X

TEST(face_flags, variables_of_which_the_agent_knows_ask_for_something)
{
	size_t i;

	for (i = 0; i < FL_COUNT(handed_over); i++) {
		autofree char *entry = fl_base_format("%s=1", handed_over[i]);
		char *arguments[] = { NULL }, *environment[] = { entry, NULL };
		struct fl_face_flags flags = { 0 };

		fl_face_flags_read(arguments, environment, &flags);
		EXPECT_TRUE(flags.is_on, "%s", entry);
		fl_face_flags_clear(&flags);
	}
}

static bool is_handed_over(const char *name)
{
	size_t i;

	for (i = 0; i < FL_COUNT(handed_over); i++)
		if (strcasecmp(handed_over[i], name) == 0)
			return true;
	return false;
}

TEST(face_flags, the_agent_knows_of_all_that_ask_for_something)
{
	static const char *const bazels[] = {
		"TESTBRIDGE_TEST_ONLY", "TESTBRIDGE_TEST_RUNNER_FAIL_FAST", "XML_OUTPUT_FILE",
		"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE",
		"TEST_TOTAL_SHARDS", "TEST_SHARD_INDEX", "TEST_SHARD_STATUS_FILE",
		"TEST_PREMATURE_EXIT_FILE",
	};
	size_t i;

	for (i = 0; i < fl_face_flag_count; i++) {
		const struct fl_face_flag *flag = &fl_face_flag_table[i];
		autofree char *name = fl_base_format("GTEST_%s", flag->name);

		EXPECT_EQ(is_handed_over(name), flag->has_variable && !flag->is_looks, "%s", name);
	}
	for (i = 0; i < FL_COUNT(bazels); i++)
		EXPECT_TRUE(is_handed_over(bazels[i]), "%s", bazels[i]);
}

FLICKER_XUNIT_MAIN();
