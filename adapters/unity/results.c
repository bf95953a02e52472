/* SPDX-License-Identifier: MIT */
/*
 * results.c - what Unity says of a test: failed or ignored.
 *
 * It keeps that in the object `Unity`, whose layout is another with each version and
 * configuration.  So the layout is measured: in a rehearsal, before main, UnityFail,
 * UnityIgnore and UnityConcludeTest are called on a cleared object, and the byte that is 1
 * afterwards is the one.  A failed assertion then sets the flag and jumps to the object's
 * jmp_buf; where Unity is built without setjmp it returns, and the counts tell when the test
 * is over.
 */
#define _GNU_SOURCE
#include "unity.h"

#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>

enum { UNKNOWN = -1 };

static struct layout {
	int failed, ignored;            /* offsets of the flags of the test that runs */
	int failures, ignores;          /* of the counts */
} layout = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };

static struct layout *measured;         /* shared with the rehearsal */
static jmp_buf back;
static bool is_measuring;

typedef void (*end_function)(const char *message, unsigned long line);
typedef void (*equal_function)(long expected, long actual, const char *message, unsigned long line,
			       int style);
typedef void (*conclude_function)(void);

static unsigned char *object(void)
{
	return FL_UNITY_FUNCTION(FL_UNITY_OBJECT, unsigned char *);
}

/* 0 where it is not known. */
static unsigned char value_at(int offset)
{
	return offset == UNKNOWN ? 0 : object()[offset];
}

static bool has(enum fl_unity_symbol row)
{
	return fl_unity_symbols[row].address;
}

/* ---- measuring ---- */

/* The names of file and test, which come first in every version; all else is 0. */
static const union {
	const char *names[2];
	unsigned char bytes[2 * sizeof(char *)];
} cleared = { .names = { "", "" } };

static size_t size(void)
{
	return (size_t)fl_unity_symbols[FL_UNITY_OBJECT].size_bytes;
}

static void clear(void)
{
	memset(object(), 0, size());
	memcpy(object(), cleared.bytes, sizeof(cleared) < size() ? sizeof(cleared) : size());
}

static int only_byte_that_is_set(void)
{
	int found = UNKNOWN, i;

	for (i = 0; i < (int)size(); i++) {
		unsigned char before = i < (int)sizeof(cleared) ? cleared.bytes[i] : 0;

		if (value_at(i) == before)
			continue;
		if (found != UNKNOWN || value_at(i) != 1)
			return UNKNOWN;
		found = i;
	}
	return found;
}

static void call_end(enum fl_unity_symbol how)
{
	enum { AS_INT = 0x14, EXPECTED = 1, ACTUAL = 0 };

	if (how == FL_UNITY_FAIL || how == FL_UNITY_IGNORE)
		FL_UNITY_FUNCTION(how, end_function)("", 0);
	else
		FL_UNITY_FUNCTION(how, equal_function)(EXPECTED, ACTUAL, "", 0, AS_INT);
}

static void end_test_by(enum fl_unity_symbol how, int *ret_flag, int *ret_count)
{
	clear();
	is_measuring = true;
	if (_setjmp(back) == 0)
		call_end(how);
	else
		*ret_flag = only_byte_that_is_set();    /* without a jump nobody comes to read it */
	is_measuring = false;
	if (!has(FL_UNITY_CONCLUDE))
		return;
	FL_UNITY_FUNCTION(FL_UNITY_CONCLUDE, conclude_function)();
	*ret_count = only_byte_that_is_set();
}

static enum fl_unity_symbol failing(void)
{
	static const enum fl_unity_symbol ways[] = { FL_UNITY_FAIL, FL_UNITY_EQUAL, FL_UNITY_EQUAL_INT };
	size_t i = 0;

	while (i + 1 < sizeof(ways) / sizeof(ways[0]) && !has(ways[i]))
		i++;
	return ways[i];
}

/* What a program does not use its linker may have left out. */
static void measure_by_calls(void)
{
	if (has(failing()))
		end_test_by(failing(), &measured->failed, &measured->failures);
	if (has(FL_UNITY_IGNORE))
		end_test_by(FL_UNITY_IGNORE, &measured->ignored, &measured->ignores);
}

static void nothing(void)
{
}

static void fail(void)
{
	call_end(failing());
}

static void ignore(void)
{
	if (has(FL_UNITY_IGNORE))
		call_end(FL_UNITY_IGNORE);
}

/* What is 1 more after each of two tests that failed, or that were ignored, and only then. */
static void measure_by_runs(void)
{
	typedef void (*run_function)(void (*test)(void), const char *name, int line);
	static void (*const tests[])(void) = { nothing, fail, fail, nothing, ignore, ignore, nothing };
	enum { COUNT = sizeof(tests) / sizeof(tests[0]), FAILED = 1, IGNORED = 4 };
	static unsigned char after[COUNT][FL_UNITY_LARGEST];
	size_t i, k;

	if (!has(FL_UNITY_DEFAULT_RUN) || !has(failing()))
		return;
	fl_unity_runners_without_fixtures();
	clear();
	for (k = 0; k < COUNT; k++) {
		FL_UNITY_FUNCTION(FL_UNITY_DEFAULT_RUN, run_function)(tests[k], "", 0);
		memcpy(after[k], object(), size());
	}
	for (i = 0; i < size(); i++) {
		unsigned times = 0;

		for (k = 1; k < COUNT; k++)
			times = times * 2 + (after[k][i] == after[k - 1][i] + 1);
		if (times == 0x30 && after[COUNT - 1][i] == 2)
			measured->failures = (int)i;
		if (times == 0x06 && after[COUNT - 1][i] == 2)
			measured->ignores = (int)i;
	}
}

static bool is_known(void)
{
	return layout.failed != UNKNOWN || layout.failures != UNKNOWN;
}

static void rehearse(void (*measure)(void))
{
	void *memory = mmap(NULL, sizeof(*measured), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	measured = memory;
	*measured = layout;
	if (fl_unity_flicker->rehearse() == 1) {
		measure();
		fl_unity_flicker->finish();
	}
	layout = *measured;
	munmap(memory, sizeof(*measured));
}

/* Where there are no jumps the counts must be had; what was inlined has no name to be called by. */
bool fl_unity_results_measure(void)
{
	rehearse(measure_by_calls);
	if (layout.failures == UNKNOWN)
		rehearse(measure_by_runs);
	return is_known();
}

/* ---- the test that runs ---- */

FL_HOT static struct {
	unsigned char failures, ignores;        /* the counts before it */
	bool has_failed, is_skipped;            /* as we have told */
} test;

static void tell_failed(bool has_stack)
{
	fl_unity_words_tell("FAIL");
	fl_unity_flicker->failed(has_stack);
	test.has_failed = true;
}

static void note_skipped(void)
{
	fl_unity_words_drop("IGNORE");
	fl_unity_flicker->skipped();
	test.is_skipped = true;
}

static void tell_skipped(void)
{
	fl_unity_words_tell("IGNORE");
	note_skipped();
}

/* From here on Unity takes the test for an ignored one. */
static void excuse(void)
{
	if (layout.ignored == UNKNOWN || !fl_unity_flicker->is_excused())
		return;
	object()[layout.failed] = 0;
	object()[layout.ignored] = 1;
	fl_unity_words_show_as_ignored();
	note_skipped();
}

void fl_unity_jumps(const void *env, const void *caller)
{
	(void)env, (void)caller;
	if (is_measuring)
		_longjmp(back, 1);
	if (!fl_unity_is_in_test() || !fl_unity_flicker->is_recording())
		return;
	if (value_at(layout.failed)) {
		tell_failed(true);
		excuse();
	} else if (value_at(layout.ignored) ||
		   (layout.ignored == UNKNOWN && fl_unity_words_printed("IGNORE"))) {
		tell_skipped();
	}
	fl_unity_flicker->phase(FL_PHASE_AFTER);
}

void fl_unity_results_begin(void)
{
	test.failures = value_at(layout.failures);
	test.ignores = value_at(layout.ignores);
	test.has_failed = test.is_skipped = false;
}

static bool was_ignored(void)
{
	return layout.ignores == UNKNOWN ? fl_unity_words_printed("IGNORE") :
					   value_at(layout.ignores) != test.ignores;
}

/* Unity's last word, in its counts: of tests that left without a jump, or that wanted to fail. */
void fl_unity_results_end(void)
{
	if (!fl_unity_flicker->is_recording() || layout.failures == UNKNOWN || test.is_skipped)
		return;
	if (value_at(layout.failures) == test.failures) {
		if (test.has_failed)
			fl_unity_flicker->passed();
		else if (was_ignored())
			tell_skipped();
	} else if (!test.has_failed) {
		tell_failed(false);
	}
}
