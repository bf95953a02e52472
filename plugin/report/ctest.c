/* SPDX-License-Identifier: MIT */
/*
 * ctest.c - lines of output that ctest reads as measurements and labels of its test.
 *
 * CMake 3.21 and newer know <CTestMeasurement>, 3.22 and newer <CTestLabel>; CDash keeps
 * and draws the former.  ctest wants each on a line of its own.  What ctest calls a test is
 * often one of ours, the only suspect; where there are several their ids are told apart,
 * and in a united run their programs.
 */
#include "formats.h"
#include "status.h"
#include "text.h"
#include "xml.h"

static void print_number(FILE *out, const char *name, const char *id, double value)
{
	autofree char *whole = fl_base_format("flicker %s%s%s", name, id ? " " : "", id ? id : "");

	fputs("<CTestMeasurement type=\"numeric/double\"", out);
	fl_xml_attribute(out, "name", whole);
	fprintf(out, ">%.6g</CTestMeasurement>\n", value);
}

static void print_text(FILE *out, const char *name, const char *id, const char *value)
{
	autofree char *whole = fl_base_format("flicker %s%s%s", name, id ? " " : "", id ? id : "");
	autofree char *line = fl_text_line(value);

	fputs("<CTestMeasurement type=\"text/string\"", out);
	fl_xml_attribute(out, "name", whole);
	fputc('>', out);
	fl_xml_text(out, line);
	fputs("</CTestMeasurement>\n", out);
}

static void print_test(FILE *out, const struct fl_test *test, const char *id)
{
	const struct fl_judgement *j = &test->judgement;
	struct fl_counts counts = fl_test_counts(test);

	print_text(out, "verdict", id, fl_verdict_name(j->verdict));
	print_number(out, "attempts", id, (double)fl_counts_total(&counts));
	if (j->has_rate)
		print_number(out, "rate", id, j->rate);
	if (j->has_interval) {
		print_number(out, "rate low", id, j->interval.low);
		print_number(out, "rate high", id, j->interval.high);
	}
}

static void print_suspect(FILE *out, const struct fl_test *test, bool is_only)
{
	autofree char *title = is_only ? NULL : fl_status_title(test);

	print_test(out, test, title);
}

int fl_write_ctest(FILE *out, const struct fl_run *run)
{
	size_t i, suspects = 0, flaky = 0;

	for (i = 0; i < run->test_count; i++) {
		suspects += run->tests[i]->suspicion.why != FL_WHY_NONE;
		flaky += run->tests[i]->judgement.verdict == FL_VERDICT_FLAKY;
	}
	for (i = 0; i < run->test_count; i++)
		if (run->tests[i]->suspicion.why != FL_WHY_NONE)
			print_suspect(out, run->tests[i], suspects == 1);
	if (flaky)
		fputs("<CTestLabel>flaky</CTestLabel>\n", out);
	return 0;
}
