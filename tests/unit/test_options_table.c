/* SPDX-License-Identifier: MIT */
/*
 * test_options_table.c - the table of options by itself: its names, variables and the manual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/options.h"
#include "../../plugin/report/formats.h"

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

static void the_manual_has_every_format(void **state)
{
	autofree char *path = fl_base_format("%s/../../docs/flicker.1", getenv("FL_GOLDEN"));
	autofree char *manual = NULL;
	size_t i, size;

	(void)state;
	assert_int_equal(fl_file_read(path, 1 << 20, &manual, &size), 0);
	for (i = 0; i < fl_format_count; i++) {
		autofree char *item = fl_base_format("\n.It Cm %s\n", fl_formats[i].name);

		if (!strstr(manual, item) ||
		    (fl_formats[i].suffix && !strstr(manual, fl_formats[i].suffix)))
			fail_msg("docs/flicker.1 lacks '%s' or its suffix", fl_formats[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_of_a_report_is_found),
		cmocka_unit_test(a_command_has_only_its_own_options),
		cmocka_unit_test(unknown_variables_are_warned_of),
		cmocka_unit_test(the_manual_has_every_option),
		cmocka_unit_test(the_manual_has_every_format),
	};

	return cmocka_run_group_tests_name("options_table", tests, NULL, NULL);
}
