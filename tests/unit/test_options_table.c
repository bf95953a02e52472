/* SPDX-License-Identifier: MIT */
/*
 * test_options_table.c - the table of options by itself: its names, variables and the manual.
 */
#include <flicker/xunit.h>

#include "../../plugin/cli/options.h"
#include "../../plugin/report/formats.h"

static const struct { const char *value, *want; } the_path_of_a_report_is_found_rows[] = {
	{ "json", NULL }, { "json=a.json", "a.json" }, { "json=a=b", "a=b" },
};

TEST_P(options_table, the_path_of_a_report_is_found, the_path_of_a_report_is_found_rows)
{
	EXPECT_EQ(fl_option_report_path(NULL), NULL);
	const char *path = fl_option_report_path(row->value);

	EXPECT_EQ(path != NULL, row->want != NULL);
	if (path)
		EXPECT_STREQ(path, row->want);
}

TEST(options_table, a_command_has_only_its_own_options)
{
	ASSERT_NE(fl_option_find("suspects", FL_FOR_LIST), NULL);
	EXPECT_EQ(fl_option_find("suspects", FL_FOR_RUN), NULL);
	EXPECT_EQ(fl_option_find("runs", FL_FOR_LIST), NULL);
	ASSERT_NE(fl_option_find("filter=x", FL_FOR_LIST), NULL);
	EXPECT_EQ(fl_option_find("filte", FL_FOR_LIST), NULL);
}

static const struct { const char *assignment, *want; } unknown_variables_are_warned_of_rows[] = {
	{ "FLICKER_RUNS=3", NULL },
	{ "FLICKER_NO_PROGRESS=1", NULL },
	{ "FLICKER_ATTEMPT_SEED=1", NULL },
	{ "FLICKER_COMMAND=/x", NULL },
	{ "FLICKER_ATTEMPT=1", NULL },
	{ "FLICKER_DEBUG=all", NULL },
	{ "FLICKER_CHANNEL=/x", NULL },
	{ "FLICKER_CONFIG=none", NULL },
	{ "FLICKER_SUSPECT_FROM=a", NULL },
	{ "TEST_SEED=1", NULL },
	{ "FLICKER_CONIFG=a",
	  "unknown variable 'FLICKER_CONIFG'; did you mean 'FLICKER_CONFIG'?" },
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

TEST_P(options_table, unknown_variables_are_warned_of, unknown_variables_are_warned_of_rows)
{
	autofree char *warning = fl_options_variable_warning(row->assignment);

	EXPECT_EQ(warning != NULL, row->want != NULL);
	if (warning)
		EXPECT_STREQ(warning, row->want);
}

/* One option, one line of the manual; read from the top of the tree. */
TEST(options_table, the_manual_has_every_option)
{
	autofree char *path = fl_base_format("%s/../../docs/flicker.1", getenv("FL_GOLDEN"));
	autofree char *manual = NULL;
	size_t i, size;

	ASSERT_EQ(fl_file_read(path, 1 << 20, &manual, &size), 0);
	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];
		autofree char *item = fl_base_format("\n.It Fl -%s%s", option->name,
						     option->metavar ? " Ar " : "\n");

		if (option->help && !strstr(manual, item))
			FAIL("docs/flicker.1 lacks '%s'", item + 1);
	}
}

TEST(options_table, the_manual_has_every_format)
{
	autofree char *path = fl_base_format("%s/../../docs/flicker.1", getenv("FL_GOLDEN"));
	autofree char *manual = NULL;
	size_t i, size;

	ASSERT_EQ(fl_file_read(path, 1 << 20, &manual, &size), 0);
	for (i = 0; i < fl_format_count; i++) {
		autofree char *item = fl_base_format("\n.It Cm %s\n", fl_formats[i].name);

		if (!strstr(manual, item) ||
		    (fl_formats[i].suffix && !strstr(manual, fl_formats[i].suffix)))
			FAIL("docs/flicker.1 lacks '%s' or its suffix", fl_formats[i].name);
	}
}

FLICKER_XUNIT_MAIN();
