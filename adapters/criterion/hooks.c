/* SPDX-License-Identifier: MIT */
/*
 * hooks.c - what Criterion's runner reports, in the host and in attempts.
 *
 * Report hooks are found by the names of sections in every loaded module, ours included,
 * however Criterion is linked: arrays of functions.  They are called in the runner, while
 * tests run in workers, several at a time: each is told of when it is over.  What a test's
 * own statistics say decides; in an attempt it is the last word on what the worker has told.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include <stdio.h>
#include <string.h>

#define flicker fl_criterion_flicker
#define now fl_criterion_run

struct fl_criterion_run fl_criterion_run;

/* ---- one test ---- */

static const struct assert_stats *first_failure(const struct test_stats *stats)
{
	const struct assert_stats *each, *found = NULL;

	for (each = stats->asserts; each; each = each->next)
		if (!each->has_passed)
			found = each;
	return found;
}

static void tell_words(const struct test_stats *stats)
{
	const struct assert_stats *failure = first_failure(stats);
	const char *message = failure ? failure->message : stats->message;

	if (message)
		flicker->message(message, strlen(message));
	if (failure)
		flicker->place(failure->file, (int)failure->line);
}

/* It should have ended by a signal, or with a code, and did otherwise. */
static void tell_expectation(const struct test_stats *stats)
{
	char text[128];
	const struct test_data *data = stats->test->data;
	int n;

	if (data->signal)
		n = snprintf(text, sizeof(text), "exit code %d, signal %d (%s) was expected",
			     stats->exit_code, data->signal, strsignal(data->signal));
	else
		n = snprintf(text, sizeof(text), "exit code %d, %d was expected", stats->exit_code,
			     data->exit_code);
	flicker->phase(FL_PHASE_AFTER);
	flicker->message(text, (size_t)n);
}

static bool has_wrong_end(const struct test_stats *stats)
{
	return stats->signal != stats->test->data->signal ||
	       stats->exit_code != stats->test->data->exit_code;
}

/* Of a test that failed: how. */
static void tell_failure(const struct test_stats *stats)
{
	bool is_told = first_failure(stats) || stats->message;

	if (stats->is_timed_out) {
		flicker->timed_out();
		return;
	}
	if (stats->signal && stats->signal != stats->test->data->signal) {
		flicker->caught(stats->signal);
	} else if (!is_told && has_wrong_end(stats)) {
		if (stats->exit_code && !stats->test->data->exit_code && !stats->test->data->signal) {
			flicker->exited(stats->exit_code);
			return;
		}
		tell_expectation(stats);
	}
	flicker->failed(false);
}

/* ---- the host ---- */

static bool is_untold(const struct row *row, const struct test_stats *stats)
{
	return row->test == stats->test && !row->stats;
}

/* The row that these are of, or NULL. */
static struct row *row_of(const struct test_stats *stats)
{
	uint32_t n, at;

	for (n = 0; n < now.rows.count; n++) {
		at = (now.hint + n) % now.rows.count;
		if (is_untold(&now.rows.rows[at], stats) &&
		    flicker->is_selected(now.group, at)) {
			now.hint = at;
			return &now.rows.rows[at];
		}
	}
	return NULL;
}

/* A fixture that fails leaves a warning as well, which nothing takes back. */
static void excuse(struct row *row, struct test_stats *stats, enum fl_phase phase)
{
	if (stats->is_timed_out || phase != FL_PHASE_TEST || !flicker->is_excused())
		return;
	flicker->skipped();
	stats->status = SKIPPED;
	row->is_excused = true;
}

void fl_criterion_tell(struct test_stats *stats, enum fl_phase phase)
{
	struct row *row = row_of(stats);

	if (!row)
		return;
	row->stats = stats;
	flicker->begin(now.group, (uint32_t)(row - now.rows.rows));
	flicker->lasted((uint64_t)((double)stats->elapsed_s * 1e9));
	flicker->phase(phase);
	if (stats->status == SKIPPED) {
		tell_words(stats);
		flicker->skipped();
	}
	if (stats->status != FAILED)
		return;
	tell_words(stats);
	tell_failure(stats);
	excuse(row, stats, phase);
}

static const struct row *row_told(const struct test_stats *stats)
{
	uint32_t i;

	for (i = 0; i < now.rows.count; i++)
		if (now.rows.rows[i].stats == stats)
			return &now.rows.rows[i];
	return NULL;
}

/* Those of which there was no report: they ended in their setup. */
void fl_criterion_tell_rest(struct global_stats *stats)
{
	struct suite_stats *suite;
	struct test_stats *test;

	for (suite = stats->suites; suite; suite = suite->next)
		for (test = suite->tests; test; test = test->next)
			if (test->status == FAILED && !row_told(test))
				fl_criterion_tell(test, FL_PHASE_SETUP);
}

/* What is shown as a skip counts as one. */
static void recount(struct global_stats *stats, struct suite_stats *suite, struct test_stats *test)
{
	stats->failed--, suite->failed--;
	stats->skipped++, suite->skipped++;
	if (test->has_crashed)
		stats->crashed--, suite->crashed--;
	test->has_crashed = false;
}

static void fold(struct global_stats *stats)
{
	struct suite_stats *suite;
	struct test_stats *test;
	const struct row *row;

	for (suite = stats->suites; suite; suite = suite->next)
		for (test = suite->tests; test; test = test->next) {
			row = test->status == SKIPPED ? row_told(test) : NULL;
			if (row && row->is_excused)
				recount(stats, suite, test);
		}
}

/* ---- an attempt ---- */

/* The last that was run of the row that counts. */
static const struct test_stats *stats_of_target(const struct global_stats *stats)
{
	const struct suite_stats *suite;
	const struct test_stats *test;

	for (suite = stats->suites; suite; suite = suite->next)
		for (test = suite->tests; test; test = test->next)
			if (test->test == now.rows.rows[now.target].test)
				return test;
	return NULL;
}

/* Its end was no good one: of a crash in a teardown there is nothing but a warning. */
static bool has_complained(const struct global_stats *stats)
{
	return now.is_alone && fl_criterion_is_2_4 && stats->errors + stats->warnings > 0;
}

/* An assertion that went past us there: the compiler has put its function into its callers. */
static bool is_untold_by_worker(const struct test_stats *stats)
{
	return first_failure(stats) && !stats->is_timed_out && !stats->signal && !flicker->has_failure();
}

void fl_criterion_judge(const struct global_stats *stats)
{
	const struct test_stats *test = stats_of_target(stats);
	bool has_worker = flicker->phase_now() != FL_PHASE_NONE;

	if (!test)
		return;
	if (test->status == SKIPPED)
		flicker->skipped();
	if (test->status == PASSED && has_complained(stats)) {
		if (!has_worker)
			flicker->phase(FL_PHASE_TEARDOWN);
		flicker->failed(false);
	} else if (test->status == PASSED) {
		flicker->passed();
	}
	if (test->status != FAILED)
		return;
	if (is_untold_by_worker(test))
		flicker->phase(FL_PHASE_TEST);
	if (!has_worker || is_untold_by_worker(test))
		tell_words(test);
	tell_failure(test);
}

/* ---- the hooks ---- */

static void pre_all(void *set)
{
	fl_criterion_at_start(set);
}

/* cppcheck-suppress constParameter; all hooks are of one type */
static void pre_test(void *test)
{
	/* Else the worker tells it. */
	if (now.mode == FL_CRITERION_ATTEMPT && flicker->phase_now() == FL_PHASE_NONE &&
	    test == now.rows.rows[now.target].test)
		flicker->begin(now.group, now.target);
}

static void post_test(void *stats)
{
	if (now.mode == FL_CRITERION_HOST)
		fl_criterion_tell(stats, FL_PHASE_TEST);
	if (now.mode == FL_CRITERION_POSTPONED)
		fl_criterion_note(stats);
}

static void post_all(void *stats)
{
	if (now.mode == FL_CRITERION_HOST) {
		fl_criterion_tell_rest(stats);
		fold(stats);
	}
	if (now.mode == FL_CRITERION_ATTEMPT) {
		fl_criterion_judge(stats);
		fl_criterion_at_end();
	}
	if (now.mode == FL_CRITERION_POSTPONED)
		fl_criterion_catch_up(stats);
}

/* Nobody refers to them: a linker that collects garbage (--gc-sections) must not. */
#if __has_attribute(retain)
#define RETAIN retain,
#else
#define RETAIN
#endif

#define HOOK(suffix, function) \
	__attribute__((RETAIN used, section("cr_" #suffix))) static void (*hook_##suffix)(void *) = function

HOOK(pra, pre_all);
HOOK(prt, pre_test);
HOOK(tsc, post_test);                   /* a crash is reported as nothing else */
HOOK(pot, post_test);
HOOK(poa, post_all);
