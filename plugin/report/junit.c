/* SPDX-License-Identifier: MIT */
/*
 * junit.c - JUnit XML as Maven Surefire writes it, its elements of reruns among it.
 *
 * One <testsuite> a run, which is what the schema of surefire-test-report 3.0 has as the
 * root.  Within a test the schema fixes the order of elements, failures before errors, so
 * the ways to fail are gone through twice.  A test has no properties there: those that
 * readers without reruns may want stand at the suite, with the id in their names.
 */
#include "formats.h"
#include "status.h"
#include "text.h"
#include "xml.h"

struct tally {
	size_t errors, skipped, failures, flakes;
};

static bool is_error(const struct fl_way *way)
{
	return way->seen->outcome != FL_OUTCOME_FAIL;
}

static bool is_flake(const struct fl_test *test)
{
	struct fl_way way;

	return fl_status_of(test) == FL_STATUS_PASSED && fl_status_way(test, 0, &way);
}

static struct tally count(const struct fl_run *run)
{
	struct tally tally = { 0 };
	struct fl_way way;
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		enum fl_status status = fl_status_of(run->tests[i]);
		bool has_failed = status == FL_STATUS_FAILED;
		bool has_way = fl_status_way(run->tests[i], 0, &way);
		bool is_worse = has_failed && has_way && is_error(&way);

		tally.errors += is_worse;
		tally.failures += has_failed && !is_worse;
		tally.skipped += status == FL_STATUS_SKIPPED || status == FL_STATUS_NOT_RUN;
		tally.flakes += is_flake(run->tests[i]);
	}
	return tally;
}

/* ---- properties ---- */

static void print_property(FILE *out, const char *key, const char *id, const char *value)
{
	autofree char *name = fl_base_format("flicker.%s%s%s", key, id ? ":" : "", id ? id : "");

	fputs("    <property", out);
	fl_xml_attribute(out, "name", name);
	fl_xml_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void print_number(FILE *out, const char *key, const char *id, double value)
{
	autofree char *text = fl_base_format("%.6g", value);

	print_property(out, key, id, text);
}

static void print_notes(FILE *out, const struct fl_test *test)
{
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (test->judgement.notes & (1U << i))
			print_property(out, "note", test->id, fl_note_name(i));
}

static void print_judgement(FILE *out, const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	struct fl_counts counts = fl_test_counts(test);

	print_property(out, "verdict", test->id, fl_verdict_name(j->verdict));
	if (j->has_rate)
		print_number(out, "rate", test->id, j->rate);
	if (j->has_interval) {
		print_number(out, "rate.low", test->id, j->interval.low);
		print_number(out, "rate.high", test->id, j->interval.high);
	}
	print_number(out, "attempts", test->id, (double)fl_counts_total(&counts));
	if (j->excuse)
		print_property(out, "excuse", test->id, fl_excuse_name(j->excuse));
	print_notes(out, test);
	if (fl_status_replay(test))
		print_property(out, "replay", test->id, fl_status_replay(test));
}

static void print_properties(FILE *out, const struct fl_run *run)
{
	autofree char *seed = fl_base_format("0x%llx", (unsigned long long)run->seed);
	size_t i;

	fputs("  <properties>\n", out);
	print_property(out, "run", NULL, run->id);
	print_property(out, "seed", NULL, seed);
	print_property(out, "policy", NULL, fl_policy_name(run->settings.policy));
	for (i = 0; i < run->test_count; i++)
		if (run->tests[i]->suspicion.why != FL_WHY_NONE)
			print_judgement(out, run->tests[i]);
	fputs("  </properties>\n", out);
}

/* ---- a test ---- */

static void open_way(FILE *out, const char *element, const struct fl_way *way)
{
	autofree char *message = fl_status_message(way);

	fprintf(out, "    <%s", element);
	fl_xml_attribute(out, "message", message);
	fl_xml_attribute(out, "type", fl_outcome_name(way->seen->outcome));
	fputs(">", out);
}

/* <failure>, <error>: the text is message and backtrace. */
static void print_first(FILE *out, const char *element, const struct fl_way *way)
{
	autofree char *message = fl_status_message(way), *trace = fl_status_trace(way);
	autofree char *text = fl_base_format("%s%s%s", message, *trace ? "\n" : "", trace);

	open_way(out, element, way);
	fl_xml_cdata(out, text);
	fprintf(out, "</%s>\n", element);
}

/* Of reruns: the backtrace, and what the attempt wrote. */
static void print_further(FILE *out, const char *element, const struct fl_way *way)
{
	const char *output = way->failure ? way->failure->output_tail : NULL;
	autofree char *trace = fl_status_trace(way);

	open_way(out, element, way);
	fputs("\n      <stackTrace>", out);
	fl_xml_cdata(out, trace);
	fputs("</stackTrace>\n", out);
	if (output && *output) {
		fputs("      <system-out>", out);
		fl_xml_cdata(out, output);
		fputs("</system-out>\n", out);
	}
	fprintf(out, "    </%s>\n", element);
}

static void print_ways(FILE *out, const struct fl_test *test, bool of_errors)
{
	bool is_passed = fl_status_of(test) == FL_STATUS_PASSED;
	const char *first = of_errors ? "error" : "failure";
	const char *flaky = of_errors ? "flakyError" : "flakyFailure";
	const char *rerun = of_errors ? "rerunError" : "rerunFailure";
	struct fl_way way;
	size_t i;

	for (i = 0; fl_status_way(test, i, &way); i++) {
		if (is_error(&way) != of_errors)
			continue;
		if (!is_passed && i == 0)
			print_first(out, first, &way);
		else
			print_further(out, is_passed ? flaky : rerun, &way);
	}
}

static void print_skip(FILE *out, const struct fl_test *test, enum fl_status status)
{
	const char *message = status == FL_STATUS_NOT_RUN ? "not run: the program ended before it" :
			      test->has_host ? test->host.message : NULL;

	fputs("    <skipped", out);
	if (message)
		fl_xml_attribute(out, "message", message);
	fputs("/>\n", out);
}

/* What a person wants to read who knows nothing of reruns. */
static void print_words(FILE *out, const struct fl_test *test)
{
	autofree char *rate = fl_status_rate(test), *text = NULL;
	const char *replay = fl_status_replay(test);

	if (!*rate)
		return;
	text = fl_base_format("%s: %s%s%s", fl_verdict_name(test->judgement.verdict), rate,
			      replay ? "\nreplay: " : "", replay ? replay : "");
	fputs("    <system-out>", out);
	fl_xml_cdata(out, text);
	fputs("</system-out>\n", out);
}

static void print_test(FILE *out, const struct fl_test *test)
{
	autofree char *name = fl_status_name(test), *suite = fl_status_suite(test);
	enum fl_status status = fl_status_of(test);

	fputs("  <testcase", out);
	fl_xml_attribute(out, "name", name);
	fl_xml_attribute(out, "classname", suite);
	fprintf(out, " time=\"%.3f\">\n", test->has_host ? test->host.duration_ms / 1000 : 0);
	if (status == FL_STATUS_PASSED || status == FL_STATUS_FAILED)
		print_ways(out, test, false);
	else
		print_skip(out, test, status);
	if (status == FL_STATUS_PASSED || status == FL_STATUS_FAILED)
		print_ways(out, test, true);
	print_words(out, test);
	fputs("  </testcase>\n", out);
}

int fl_write_junit(FILE *out, const struct fl_run *run)
{
	struct tally tally = count(run);
	size_t i;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite version=\"3.0.2\"", out);
	fl_xml_attribute(out, "name", fl_status_base(run->program.path));
	fprintf(out, " time=\"%.3f\"", run->duration_ms / 1000);
	fl_xml_attribute(out, "timestamp", run->started);
	fprintf(out, " tests=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", run->test_count,
		tally.errors, tally.skipped);
	fprintf(out, " failures=\"%zu\" flakes=\"%zu\">\n", tally.failures, tally.flakes);
	print_properties(out, run);
	for (i = 0; i < run->test_count; i++)
		print_test(out, run->tests[i]);
	fputs("</testsuite>\n", out);
	return 0;
}
