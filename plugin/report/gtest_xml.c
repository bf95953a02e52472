/* SPDX-License-Identifier: MIT */
/*
 * gtest_xml.c - GoogleTest's XML: its elements, its attributes, in its order.
 */
#include "formats.h"
#include "gtest_suites.h"
#include "text.h"
#include "xml.h"

static void print_number(FILE *out, const char *name, size_t number)
{
	fprintf(out, " %s=\"%zu\"", name, number);
}

static void print_times(FILE *out, int64_t time_ms, int64_t start_ms)
{
	char text[FL_GTEST_TIME];

	fprintf(out, " time=\"%g\" timestamp=\"%s\"", (double)time_ms / 1000,
		fl_gtest_time_xml(text, start_ms));
}

static void print_message(FILE *out, const char *element, const char *extra,
			  const struct fl_test *test)
{
	autofree char *message = fl_gtest_message(test);

	fprintf(out, "      <%s", element);
	fl_xml_attribute(out, "message", message);
	fprintf(out, "%s>", extra);
	fl_xml_cdata(out, message);
	fprintf(out, "</%s>\n", element);
}

static void print_result(FILE *out, enum fl_gtest_result result)
{
	static const char *const words[] = {
		[FL_GTEST_COMPLETED] = " status=\"run\" result=\"completed\"",
		[FL_GTEST_FAILED] = " status=\"run\" result=\"completed\"",
		[FL_GTEST_SKIPPED] = " status=\"run\" result=\"skipped\"",
		[FL_GTEST_SUPPRESSED] = " status=\"notrun\" result=\"suppressed\"",
	};

	fputs(words[result], out);
}

static void print_case(FILE *out, const struct fl_gtest_suite *suite,
		       const struct fl_gtest_case *one)
{
	enum fl_gtest_result result = fl_gtest_result(one->test);
	bool has_body = result == FL_GTEST_FAILED || result == FL_GTEST_SKIPPED;

	fputs("    <testcase", out);
	fl_xml_attribute(out, "name", one->name);
	if (one->test->index >= 0)
		fprintf(out, " value_param=\"%d\"", one->test->index);
	if (one->test->file)
		fl_xml_attribute(out, "file", one->test->file);
	if (one->test->file && one->test->line > 0)
		fprintf(out, " line=\"%d\"", one->test->line);
	print_result(out, result);
	print_times(out, one->time_ms, one->start_ms);
	fl_xml_attribute(out, "classname", suite->name);
	fputs(has_body ? ">\n" : " />\n", out);
	if (result == FL_GTEST_FAILED)
		print_message(out, "failure", " type=\"\"", one->test);
	else if (result == FL_GTEST_SKIPPED)
		print_message(out, "skipped", "", one->test);
	fputs(has_body ? "    </testcase>\n" : "", out);
}

static void print_suite(FILE *out, const struct fl_gtest_suite *suite)
{
	size_t i;

	fputs("  <testsuite", out);
	fl_xml_attribute(out, "name", suite->name);
	print_number(out, "tests", suite->counts.tests);
	print_number(out, "failures", suite->counts.failures);
	print_number(out, "disabled", suite->counts.disabled);
	print_number(out, "skipped", suite->counts.skipped);
	print_number(out, "errors", 0);
	print_times(out, suite->counts.time_ms, suite->counts.start_ms);
	fputs(">\n", out);
	for (i = 0; i < suite->count; i++)
		print_case(out, suite, &suite->cases[i]);
	fputs("  </testsuite>\n", out);
}

int fl_write_gtest_xml(FILE *out, const struct fl_run *run)
{
	struct fl_gtest_run gtest;
	size_t i;

	fl_gtest_gather(run, &gtest);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	print_number(out, "tests", gtest.counts.tests);
	print_number(out, "failures", gtest.counts.failures);
	print_number(out, "disabled", gtest.counts.disabled);
	print_number(out, "errors", 0);
	print_times(out, gtest.counts.time_ms, gtest.counts.start_ms);
	if (run->order_seed)
		print_number(out, "random_seed", run->order_seed);
	fl_xml_attribute(out, "name", "AllTests");
	fputs(">\n", out);
	for (i = 0; i < gtest.count; i++)
		print_suite(out, &gtest.suites[i]);
	fputs("</testsuites>\n", out);
	fl_gtest_clear(&gtest);
	return 0;
}
