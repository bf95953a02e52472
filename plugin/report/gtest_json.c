/* SPDX-License-Identifier: MIT */
/*
 * gtest_json.c - GoogleTest's JSON: its keys, in its order.
 */
#include "formats.h"
#include "gtest_suites.h"
#include "json_tree.h"
#include "text.h"

#include <errno.h>

static json_t *text(const char *bytes)
{
	autofree char *harmless = fl_text_line(bytes);

	return json_string(harmless ? harmless : "");
}

static json_t *number(size_t value)
{
	return json_integer((json_int_t)value);
}

static void set_times(json_t *object, int64_t time_ms, int64_t start_ms)
{
	char start[FL_GTEST_TIME];

	json_object_set_new(object, "timestamp", json_string(fl_gtest_time_json(start, start_ms)));
	json_object_set_new(object, "time", json_sprintf("%gs", (double)time_ms / 1000));
}

static json_t *encode_case(const struct fl_gtest_suite *suite, const struct fl_gtest_case *one)
{
	enum fl_gtest_result result = fl_gtest_result(one->test);
	json_t *object = json_pack("{s:o}", "name", text(one->name));

	if (one->test->index >= 0)
		json_object_set_new(object, "value_param", json_sprintf("%d", one->test->index));
	if (one->test->file)
		json_object_set_new(object, "file", text(one->test->file));
	if (one->test->file && one->test->line > 0)
		json_object_set_new(object, "line", json_integer(one->test->line));
	json_object_set_new(object, "status",
			    json_string(result == FL_GTEST_SUPPRESSED ? "NOTRUN" : "RUN"));
	json_object_set_new(object, "result", json_string(
		result == FL_GTEST_SUPPRESSED ? "SUPPRESSED" :
		result == FL_GTEST_SKIPPED ? "SKIPPED" : "COMPLETED"));
	set_times(object, one->time_ms, one->start_ms);
	json_object_set_new(object, "classname", text(suite->name));
	if (result == FL_GTEST_FAILED) {
		autofree char *message = fl_gtest_message(one->test);

		json_object_set_new(object, "failures", json_pack("[{s:s, s:s}]",
				    "failure", message, "type", ""));
	}
	return object;
}

static json_t *encode_counts(const struct fl_gtest_counts *counts)
{
	return json_pack("{s:o, s:o, s:o, s:i}",
			 "tests", number(counts->tests),
			 "failures", number(counts->failures),
			 "disabled", number(counts->disabled),
			 "errors", 0);
}

static json_t *encode_suite(const struct fl_gtest_suite *suite)
{
	json_t *object = json_pack("{s:o}", "name", text(suite->name));
	json_t *counts = encode_counts(&suite->counts), *cases = json_array();
	size_t i;

	json_object_update(object, counts);
	json_decref(counts);
	set_times(object, suite->counts.time_ms, suite->counts.start_ms);
	for (i = 0; i < suite->count; i++)
		json_array_append_new(cases, encode_case(suite, &suite->cases[i]));
	json_object_set_new(object, "testsuite", cases);
	return object;
}

int fl_write_gtest_json(FILE *out, const struct fl_run *run)
{
	json_t *root, *suites;
	struct fl_gtest_run gtest;
	size_t i;
	int r;

	fl_json_use_base_memory();
	suites = json_array();
	fl_gtest_gather(run, &gtest);
	root = encode_counts(&gtest.counts);
	if (run->order_seed)
		json_object_set_new(root, "random_seed", number(run->order_seed));
	set_times(root, gtest.counts.time_ms, gtest.counts.start_ms);
	json_object_set_new(root, "name", json_string("AllTests"));
	for (i = 0; i < gtest.count; i++)
		json_array_append_new(suites, encode_suite(&gtest.suites[i]));
	json_object_set_new(root, "testsuites", suites);
	r = json_dumpf(root, out, JSON_INDENT(2) | JSON_ESCAPE_SLASH);
	fputc('\n', out);
	json_decref(root);
	fl_gtest_clear(&gtest);
	return r < 0 ? -ENOMEM : 0;
}
