/* SPDX-License-Identifier: MIT */
/*
 * events.c - the calls that GoogleTest tells its listeners by, told to us first.
 *
 * They are virtual calls of one class, TestEventRepeater, whose table has a word for each of
 * its functions: ours stand in these words, and go on to the real ones.  What is told here is
 * what counts for GoogleTest: failures that a test expects (gtest-spi.h) never come by, and
 * texts hold what SCOPED_TRACE adds.
 *
 * Where a test is in its life is told by UponLeavingGTest(), a call of another class that does
 * nothing: it comes before the constructor, SetUp(), the body, TearDown() and the destructor;
 * and before a suite's own setup and teardown.
 */
#define _GNU_SOURCE
#include "gtest.h"

#include <stdio.h>
#include <string.h>

fl_gtest_event fl_gtest_originals[FL_GTEST_EVENT_COUNT];

FL_HOT static struct {
	const void *suite, *test;       /* TestSuite, TestInfo; NULL: in none */
	bool has_run;                   /* a test of the suite has */
	bool is_in_environment;         /* the environments' setup */
	bool is_stopped;                /* the test goes no further than its teardown */
	bool has_failed;                /* the test */
	bool has_no_environment;        /* its setup has failed: tests are shown, and not run */
	int steps;                      /* calls of UponLeavingGTest() in this test */
} at;

/* Of a suite's setup that failed in the host: it is told of each of its tests. */
static struct {
	char file[256], message[1024];
	int line;
	bool is_there;
} suite_failure;

static void forward(enum fl_gtest_name event, void *self, const void *about, int more)
{
	if (fl_gtest_originals[event])
		fl_gtest_originals[event](self, about, more);
}

/* ---- the program ---- */

static void on_program_start(void *self, const void *unit_test, int more)
{
	if (fl_gtest_way->start(unit_test))
		forward(FL_GTEST_PROGRAM_START, self, unit_test, more);
}

static void on_iteration_end(void *self, const void *unit_test, int iteration)
{
	/* In attempts nobody writes a file of results. */
	if (!(fl_gtest_way->is_watching() && fl_gtest_way->is_attempt()))
		forward(FL_GTEST_ITERATION_END, self, unit_test, iteration);
}

static void on_program_end(void *self, const void *unit_test, int more)
{
	forward(FL_GTEST_PROGRAM_END, self, unit_test, more);
	fl_gtest_way->end();
}

/* ---- fixtures of the program and of suites ---- */

static void on_setup_start(void *self, const void *unit_test, int more)
{
	if (fl_gtest_way->is_watching()) {
		memset(&at, 0, sizeof(at));
		at.is_in_environment = true;
		fl_gtest_flicker->phase(FL_PHASE_GROUP_SETUP);
	}
	forward(FL_GTEST_SETUP_START, self, unit_test, more);
}

static void on_setup_end(void *self, const void *unit_test, int more)
{
	if (fl_gtest_way->is_watching()) {
		at.is_in_environment = false;
		if (!at.has_no_environment && fl_gtest_way->setup_done)
			fl_gtest_way->setup_done();
	}
	forward(FL_GTEST_SETUP_END, self, unit_test, more);
}

static void on_suite_start(void *self, const void *suite, int more)
{
	if (fl_gtest_way->is_watching() && !at.has_no_environment) {
		at.suite = suite;
		at.has_run = false;
		suite_failure.is_there = false;
		fl_gtest_flicker->phase(FL_PHASE_GROUP_SETUP);
	}
	forward(FL_GTEST_SUITE_START, self, suite, more);
}

static void on_suite_end(void *self, const void *suite, int more)
{
	forward(FL_GTEST_SUITE_END, self, suite, more);
	if (fl_gtest_way->is_watching())
		at.suite = NULL;
}

static void on_teardown_start(void *self, const void *unit_test, int more)
{
	if (fl_gtest_way->is_watching() && !at.has_no_environment)
		fl_gtest_flicker->phase(FL_PHASE_GROUP_TEARDOWN);
	forward(FL_GTEST_TEARDOWN_START, self, unit_test, more);
}

/* ---- a test ---- */

/* GoogleTest shows the tests behind it as skipped. */
static void tell_suite_failure(void)
{
	fl_gtest_flicker->place(suite_failure.file, suite_failure.line);
	fl_gtest_flicker->message(suite_failure.message, strlen(suite_failure.message));
	fl_gtest_flicker->failed(false);
	at.has_failed = true;
}

static bool has_phases(void)
{
	return fl_gtest_originals[FL_GTEST_LEAVING] != NULL;
}

static void on_test_start(void *self, const void *info, int more)
{
	if (fl_gtest_way->is_watching() && !at.has_no_environment && fl_gtest_way->begin(info)) {
		at.test = info;
		at.has_run = true;
		at.is_stopped = at.has_failed = false;
		at.steps = 0;
		fl_gtest_flicker->phase(has_phases() ? FL_PHASE_SETUP : FL_PHASE_TEST);
		if (suite_failure.is_there)
			tell_suite_failure();
	}
	forward(FL_GTEST_TEST_START, self, info, more);
}

static enum fl_phase phase_of_step(void)
{
	if (at.is_stopped || at.steps > 3)
		return FL_PHASE_TEARDOWN;
	return at.steps == 3 ? FL_PHASE_TEST : FL_PHASE_SETUP;
}

/* GoogleTest hands over to the program. */
static void on_leaving(void *self, const void *about, int more)
{
	if (fl_gtest_way->is_watching() && fl_gtest_flicker->is_recording()) {
		if (at.test) {
			at.steps++;
			fl_gtest_flicker->phase(phase_of_step());
		} else if (at.suite && at.has_run) {
			fl_gtest_flicker->phase(FL_PHASE_GROUP_TEARDOWN);
		}
	}
	forward(FL_GTEST_LEAVING, self, about, more);
}

/* Its failures are made skips before it is shown. */
static void excuse(const void *info)
{
	if (at.has_failed && fl_gtest_flicker->is_excused() && fl_gtest_excuse(info))
		fl_gtest_flicker->skipped();
}

static void on_test_end(void *self, const void *info, int more)
{
	if (fl_gtest_way->is_watching() && at.test == info) {
		excuse(info);
		fl_gtest_flicker->phase(FL_PHASE_AFTER);
		at.test = NULL;
	}
	forward(FL_GTEST_TEST_END, self, info, more);
}

/* ---- what it comes to ---- */

static void tell(const struct fl_gtest_part *part)
{
	if (part->file[0])
		fl_gtest_flicker->place(part->file, part->line);
	if (at.has_failed && part->file[0]) {
		char head[512];
		int length = snprintf(head, sizeof(head), "\n%s:%d:\n", part->file, part->line);

		fl_gtest_flicker->message(head, strnlen(head, (size_t)length));
	}
	fl_gtest_flicker->message(part->message, part->message_bytes);
	/* An exception has left its stack, and has no place. */
	fl_gtest_flicker->failed(part->file[0] != '\0');
	at.has_failed = true;
}

static void keep_suite_failure(const struct fl_gtest_part *part)
{
	if (suite_failure.is_there || at.has_run)
		return;
	snprintf(suite_failure.file, sizeof(suite_failure.file), "%s", part->file);
	snprintf(suite_failure.message, sizeof(suite_failure.message), "%s", part->message);
	suite_failure.line = part->line;
	suite_failure.is_there = true;
}

static void tell_failure(const struct fl_gtest_part *part)
{
	if (at.test) {
		at.is_stopped |= part->type == FL_GTEST_FATAL;
		tell(part);
	} else if (at.is_in_environment) {
		/* After any other the tests run all the same. */
		if (part->type == FL_GTEST_FATAL)
			tell(part);
		at.has_no_environment |= part->type == FL_GTEST_FATAL;
	} else if (!at.suite || fl_gtest_way->is_targets(at.suite)) {
		tell(part);
	} else {
		keep_suite_failure(part);
	}
}

static void tell_skip(const struct fl_gtest_part *part)
{
	if (!at.has_failed) {
		if (part->file[0])
			fl_gtest_flicker->place(part->file, part->line);
		fl_gtest_flicker->message(part->message, part->message_bytes);
	}
	fl_gtest_flicker->skipped();
}

static void look_at_part(const void *where)
{
	struct fl_gtest_part part = fl_gtest_read_part(where);

	if (part.type == FL_GTEST_NONFATAL || part.type == FL_GTEST_FATAL) {
		tell_failure(&part);
	} else if (part.type == FL_GTEST_SKIP && at.test) {
		at.is_stopped = true;
		if (!suite_failure.is_there)
			tell_skip(&part);
	}
}

static void on_part(void *self, const void *part, int more)
{
	if (fl_gtest_way->is_watching() && fl_gtest_flicker->is_recording())
		look_at_part(part);
	forward(FL_GTEST_PART, self, part, more);
}

/* ---- what stands in the words ---- */

const fl_gtest_event fl_gtest_ours[FL_GTEST_EVENT_COUNT] = {
	[FL_GTEST_PROGRAM_START] = on_program_start,
	[FL_GTEST_SETUP_START] = on_setup_start,
	[FL_GTEST_SETUP_END] = on_setup_end,
	[FL_GTEST_SUITE_START] = on_suite_start,
	[FL_GTEST_TEST_START] = on_test_start,
	[FL_GTEST_PART] = on_part,
	[FL_GTEST_TEST_END] = on_test_end,
	[FL_GTEST_SUITE_END] = on_suite_end,
	[FL_GTEST_TEARDOWN_START] = on_teardown_start,
	[FL_GTEST_ITERATION_END] = on_iteration_end,
	[FL_GTEST_PROGRAM_END] = on_program_end,
	[FL_GTEST_LEAVING] = on_leaving,
};
