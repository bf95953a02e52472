/* SPDX-License-Identifier: MIT */
/*
 * gtest_suites.c - a run's tests by suite, with the sums that GoogleTest writes.
 *
 * The journal has durations, and one time of day: that of the start.  A test's is that plus
 * what ran before it.
 */
#define _GNU_SOURCE
#include "gtest_suites.h"

#include "status.h"
#include "text.h"

#include <flicker/face.h>

#include <time.h>

static struct fl_gtest_suite *find_suite(struct fl_gtest_run *gtest, const char *name)
{
	struct fl_gtest_suite *suite;
	size_t i;

	for (i = gtest->count; i-- > 0;)
		if (strcmp(gtest->suites[i].name, name) == 0)
			return &gtest->suites[i];
	gtest->suites = fl_base_grow(gtest->suites, &gtest->capacity, gtest->count + 1,
				     sizeof(*gtest->suites));
	suite = &gtest->suites[gtest->count++];
	*suite = (struct fl_gtest_suite){ .name = fl_base_copy(name) };
	return suite;
}

static void count(struct fl_gtest_counts *counts, const struct fl_gtest_case *one)
{
	enum fl_gtest_result result = fl_gtest_result(one->test);

	counts->tests++;
	counts->failures += result == FL_GTEST_FAILED;
	/* by its name, whether it was run or not */
	counts->disabled += result == FL_GTEST_SUPPRESSED || fl_face_is_disabled(one->test->id);
	counts->skipped += result == FL_GTEST_SKIPPED;
	counts->time_ms += one->time_ms;
	if (!counts->start_ms)
		counts->start_ms = one->start_ms;
}

void fl_gtest_gather(const struct fl_run *run, struct fl_gtest_run *ret_gtest)
{
	double now_ms = (double)fl_status_started_ms(run);
	struct fl_gtest_run gtest = { .counts.start_ms = (int64_t)now_ms };
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_test *test = run->tests[i];
		autofree char *name = fl_status_suite(test);
		struct fl_gtest_suite *suite = find_suite(&gtest, name);
		struct fl_gtest_case one = { .test = test, .name = fl_status_name(test) };

		if (test->has_host) {
			one.start_ms = (int64_t)now_ms;
			one.time_ms = (int64_t)test->host.duration_ms;
			now_ms += test->host.duration_ms;
		}
		suite->cases = fl_base_grow(suite->cases, &suite->capacity, suite->count + 1,
					    sizeof(*suite->cases));
		suite->cases[suite->count++] = one;
		count(&suite->counts, &one);
		count(&gtest.counts, &one);
	}
	*ret_gtest = gtest;
}

void fl_gtest_clear(struct fl_gtest_run *gtest)
{
	size_t i, k;

	for (i = 0; i < gtest->count; i++) {
		for (k = 0; k < gtest->suites[i].count; k++)
			free(gtest->suites[i].cases[k].name);
		free(gtest->suites[i].cases);
		free(gtest->suites[i].name);
	}
	free(gtest->suites);
	*gtest = (struct fl_gtest_run){ 0 };
}

enum fl_gtest_result fl_gtest_result(const struct fl_test *test)
{
	if (!test->has_host)
		return FL_GTEST_SUPPRESSED;
	if (test->host.outcome == FL_OUTCOME_SKIP || test->host.is_quarantined)
		return FL_GTEST_SKIPPED;
	return fl_outcome_is_non_pass(test->host.outcome) ? FL_GTEST_FAILED : FL_GTEST_COMPLETED;
}

char *fl_gtest_message(const struct fl_test *test)
{
	const struct fl_observation *o = &test->host;
	autofree char *file = fl_text_line(o->file);
	autofree char *message = o->outcome == FL_OUTCOME_SKIP && !o->message ?
		fl_base_copy("") : fl_status_message(&(struct fl_way){ .seen = o });

	if (file && o->line > 0)
		return fl_base_format("%s:%d\n%s", file, o->line, message);
	return fl_base_format("%s\n%s", file ? file : "unknown file", message);
}

static size_t format(char text[FL_GTEST_TIME], const char *form, int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm = { 0 };

	/* GoogleTest has 0 for what was not run, and writes that in local time as well */
	localtime_r(&seconds, &tm);
	return strftime(text, FL_GTEST_TIME, form, &tm);
}

const char *fl_gtest_time_xml(char text[FL_GTEST_TIME], int64_t time_ms)
{
	size_t length = format(text, "%Y-%m-%dT%H:%M:%S", time_ms);

	snprintf(text + length, FL_GTEST_TIME - length, ".%03d", (int)(time_ms % 1000));
	return text;
}

const char *fl_gtest_time_json(char text[FL_GTEST_TIME], int64_t time_ms)
{
	format(text, "%Y-%m-%dT%H:%M:%SZ", time_ms);
	return text;
}
