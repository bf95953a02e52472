/* SPDX-License-Identifier: MIT */
/*
 * frameworks.c - whose function is it, where a framework is linked into the program.
 *
 * To add a framework: one row, with what the names of its functions begin with, those that
 * are on the stack when a test runs or fails.  A name of the program's that begins so would
 * be hidden from its backtraces: the shorter, the worse.  Where names of the debug information
 * say too little (C++: `operator=`), the framework's source files, without their endings.
 */
#include "frameworks.h"

#include <stddef.h>
#include <string.h>

enum { STARTS = 16 };

static const struct {
	const char *framework, *starts[STARTS];
} rows[] = {
	{ "cmocka", { "_cmocka_", "cmocka_run_", "cm_print_error", "_fail", "_assert_", "_run_test", "exit_test",
		      "_mock", "_check_expected", "_expect_", "_function_called", "_test_free", "mock_assert",
		      "fl_xunit_" } },
	{ "check", { "_ck_assert_failed", "srunner_run", "tcase_run_", "check_waitpid_and_exit" } },
	{ "criterion", { "criterion_", "cri_assert_", "cr_theory_", "try_call_theory",
			 "run_test_child", "bxf_", "bxfi_" } },
	{ "unity", { "Unity" } },
	{ "cunit", { "CU_run_", "CU_assertImplementation", "CU_basic_run_", "CU_automated_run_", "run_single_test",
		     "run_single_suite", "basic_run_", "automated_run_" } },
	{ "gtest", { "_ZN7testing", "_ZNK7testing" } },
};

static const char *const gtest_sources[] = {
	"gtest", "gtest-all", "gtest-assertion-result", "gtest-death-test", "gtest-death-test-internal",
	"gtest-filepath", "gtest-internal", "gtest-internal-inl", "gtest-matchers", "gtest-message",
	"gtest-param-util", "gtest-port", "gtest-printers", "gtest-test-part", "gtest-typed-test",
	"gmock-actions", "gmock-all", "gmock-function-mocker", "gmock-internal-utils", "gmock-matchers",
	"gmock-spec-builders", NULL,
};

static const struct {
	const char *framework, *const *sources;
} source_rows[] = {
	{ "gtest", gtest_sources },
};

bool fl_frameworks_owns(const char *framework, const char *function)
{
	size_t i, k;

	if (!framework || !function)
		return false;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (k = 0; k < STARTS && rows[i].starts[k]; k++)
			if (strcmp(rows[i].framework, framework) == 0 &&
			    strncmp(function, rows[i].starts[k], strlen(rows[i].starts[k])) == 0)
				return true;
	return false;
}

static bool is_stem_of(const char *stem, const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	size_t length = strlen(stem);

	return strncmp(name, stem, length) == 0 && (!name[length] || name[length] == '.');
}

bool fl_frameworks_owns_source(const char *framework, const char *file)
{
	const char *const *stem;
	size_t i;

	if (!framework || !file)
		return false;
	for (i = 0; i < sizeof(source_rows) / sizeof(source_rows[0]); i++)
		for (stem = source_rows[i].sources; *stem; stem++)
			if (strcmp(source_rows[i].framework, framework) == 0 && is_stem_of(*stem, file))
				return true;
	return false;
}

bool fl_frameworks_deals_shards(const char *framework)
{
	return framework && strcmp(framework, "gtest") == 0;
}

bool fl_frameworks_has_face(const char *framework)
{
	return framework && *framework && strcmp(framework, "gtest") != 0 &&
	       strcmp(framework, "process") != 0;
}
