/* SPDX-License-Identifier: MIT */
/*
 * state.h - what <flicker/xunit.h> knows of the test that runs, and how a test fails.
 *
 * There is one state in a program, however many of its files include this: a weak symbol,
 * which the linker merges.  Nothing here allocates; texts are cut at FL_XUNIT_TEXT bytes.
 * A failure is written to standard error at once, since the test may never end; cmocka is
 * told the first one's words and place when the test ends.  Under flicker that is told each.
 */
#ifndef FLICKER_XUNIT_STATE_H
#define FLICKER_XUNIT_STATE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FL_XUNIT_TEXT 65536
#define FL_XUNIT_PRINTF(at, first) __attribute__((format(printf, at, first)))

/* One line of SCOPED_TRACE; lives on the stack of the function that says it. */
struct fl_xunit_trace {
	const char *file;
	int line;
	char text[256];
	struct fl_xunit_trace *outer;
};

/* Where in a test we are. */
enum fl_xunit_phase {
	FL_XUNIT_NOWHERE,
	FL_XUNIT_SUITE,                 /* SetUpTestSuite, TearDownTestSuite */
	FL_XUNIT_BODY,                  /* SetUp, then the test's own lines */
	FL_XUNIT_LEFT,                  /* these returned, or were skipped */
	FL_XUNIT_TEARDOWN,
};

/* What became of the child of a death test; written by the child, one byte. */
enum fl_xunit_death_end { FL_XUNIT_DIED, FL_XUNIT_LIVED, FL_XUNIT_RETURNED };

struct fl_xunit_state {
	struct fl_xunit_test *tests;            /* in order of definition */
	struct fl_xunit_hook *hooks;
	const char *suite;                      /* the one that runs */
	enum fl_xunit_phase phase;
	bool is_listed, is_set_up, is_fatal;
	bool has_failed_before;                 /* in TearDown: SetUp or the test's lines did */
	unsigned failures;
	const char *first_file;
	int first_line;
	struct fl_xunit_trace *traces;          /* innermost first */
	int death_pipe;                         /* of a death test's child; 0: this is none */
	int death_status;                       /* as wait() gives it; -1: not known */
	enum fl_xunit_death_end death_end;
	char death_output[FL_XUNIT_TEXT];       /* its standard error */
	char text[FL_XUNIT_TEXT];               /* of the failure that is being told */
	size_t length;                          /* of it */
	char first[FL_XUNIT_TEXT];              /* of the first one */
};

extern struct fl_xunit_state fl_xunit_state __attribute__((weak, visibility("hidden")));
struct fl_xunit_state fl_xunit_state;

/* Appends to the text of the failure that is being told. */
FL_XUNIT_PRINTF(1, 0)
static inline void fl_xunit_put_list(const char *format, va_list arguments)
{
	struct fl_xunit_state *state = &fl_xunit_state;
	size_t room = sizeof(state->text) - state->length;
	int length = vsnprintf(state->text + state->length, room, format, arguments);

	if (length > 0)
		state->length += (size_t)length < room ? (size_t)length : room - 1;
}

FL_XUNIT_PRINTF(1, 2)
static inline void fl_xunit_put(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fl_xunit_put_list(format, arguments);
	va_end(arguments);
}

/* The first words of a failure's text. */
FL_XUNIT_PRINTF(1, 2)
static inline void fl_xunit_start(const char *format, ...)
{
	va_list arguments;

	fl_xunit_state.length = 0;
	fl_xunit_state.text[0] = '\0';
	va_start(arguments, format);
	fl_xunit_put_list(format, arguments);
	va_end(arguments);
}

/* What the author of the test says beside it, on a line of its own. */
FL_XUNIT_PRINTF(1, 2)
static inline void fl_xunit_say(const char *format, ...)
{
	va_list arguments;

	fl_xunit_put("\n");
	va_start(arguments, format);
	fl_xunit_put_list(format, arguments);
	va_end(arguments);
}

/* The same with a blank before its first byte, so that a format may be empty: FAIL(). */
FL_XUNIT_PRINTF(1, 2)
static inline void fl_xunit_say_after_blank(const char *format, ...)
{
	va_list arguments;

	if (!format[1])
		return;
	fl_xunit_put("\n");
	va_start(arguments, format);
	fl_xunit_put_list(format + 1, arguments);
	va_end(arguments);
}

/* Ends the child of a death test that did not die; nothing in any other process. */
static inline void fl_xunit_end_death(enum fl_xunit_death_end end)
{
	unsigned char byte = (unsigned char)end;

	if (!fl_xunit_state.death_pipe)
		return;
	while (write(fl_xunit_state.death_pipe, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

/*
 * Leaves the test as failed, with these words.  cmocka 1.1 has no function for them but
 * _assert_true(), which takes any text for the expression; 2.0, which is known by a macro
 * that it brought, adds to it, and has one.
 */
static inline void fl_xunit_tell_cmocka(const char *text, const char *file, int line)
{
#ifdef check_expected_any
	cmocka_print_error("%s\n", text);
	_fail(file, line);
#else
	_assert_true(0, text, file, line);
#endif
}

/* The failures so far become cmocka's: leaves the test. */
__attribute__((noreturn))
static inline void fl_xunit_leave_failed(void)
{
	struct fl_xunit_state *state = &fl_xunit_state;

	fl_xunit_end_death(FL_XUNIT_RETURNED);
	state->phase = FL_XUNIT_LEFT;
	state->traces = NULL;           /* their frames are about to go */
	fl_xunit_tell_cmocka(state->first, state->first_file, state->first_line);
	abort();                        /* cmocka has left, or ended the program */
}

/*
 * Of a failure, or of why a test is skipped; provided by libflicker.so where it is loaded.
 * Not 0: it stands in the lines that flicker writes in the place of cmocka's.
 */
extern int flicker_xunit_says(int is_skip, const char *file, int line, const char *text)
	__attribute__((weak));

/* The text that was put together, where a person reads it. */
static inline void fl_xunit_show(bool is_skip, const char *file, int line)
{
	const char *text = fl_xunit_state.text;

	fflush(stdout);
	if (flicker_xunit_says && flicker_xunit_says(is_skip, file, line, text))
		return;
	fprintf(stderr, "%s:%d: %s\n%s\n", file, line, is_skip ? "Skipped" : "Failure", text);
}

static inline void fl_xunit_put_traces(void)
{
	const struct fl_xunit_trace *trace = fl_xunit_state.traces;

	if (trace)
		fl_xunit_put("\nGoogle Test trace:");
	for (; trace; trace = trace->outer)
		fl_xunit_put("\n%s:%d: %s", trace->file, trace->line, trace->text);
}

/* The text that was put together is a failure's, at this place. */
static inline void fl_xunit_failed(bool is_fatal, const char *file, int line)
{
	struct fl_xunit_state *state = &fl_xunit_state;

	fl_xunit_put_traces();
	fl_xunit_show(false, file, line);
	if (state->failures++ == 0) {
		memcpy(state->first, state->text, state->length + 1);
		state->first_file = file;
		state->first_line = line;
	}
	state->is_fatal |= is_fatal;
	if (is_fatal)
		fl_xunit_leave_failed();
}

/* Of SetUp and the test's lines, or of a fixture's function: they have returned. */
static inline void fl_xunit_settle(void)
{
	fl_xunit_end_death(FL_XUNIT_RETURNED);
	fl_xunit_state.phase = FL_XUNIT_LEFT;
	if (fl_xunit_state.failures)
		fl_xunit_leave_failed();
}

static inline void fl_xunit_begin(enum fl_xunit_phase phase)
{
	struct fl_xunit_state *state = &fl_xunit_state;

	state->phase = phase;
	state->failures = 0;
	state->is_fatal = false;
	state->has_failed_before = false;
	state->traces = NULL;
}

/* Leaves a test, or what sets it up, as skipped; elsewhere cmocka knows no skip. */
FL_XUNIT_PRINTF(3, 4) __attribute__((noreturn))
static inline void fl_xunit_skip(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	if (fl_xunit_state.phase != FL_XUNIT_BODY || fl_xunit_state.death_pipe) {
		fl_xunit_start("GTEST_SKIP() outside of a test and its SetUp");
		fl_xunit_failed(true, file, line);
	}
	if (fl_xunit_state.failures)            /* to GoogleTest, too, that is a failed test */
		fl_xunit_leave_failed();
	fl_xunit_start("%s", "");
	va_start(arguments, format);
	fl_xunit_put_list(format + 1, arguments);
	va_end(arguments);
	fl_xunit_show(true, file, line);
	fl_xunit_state.phase = FL_XUNIT_LEFT;
	fl_xunit_state.traces = NULL;
	_skip(file, line);
	abort();
}

FL_XUNIT_PRINTF(4, 5)
static inline struct fl_xunit_trace *fl_xunit_push(struct fl_xunit_trace *trace, const char *file,
						   int line, const char *format, ...)
{
	va_list arguments;

	trace->file = file;
	trace->line = line;
	va_start(arguments, format);
	vsnprintf(trace->text, sizeof(trace->text), format, arguments);
	va_end(arguments);
	trace->outer = fl_xunit_state.traces;
	fl_xunit_state.traces = trace;
	return trace;
}

static inline void fl_xunit_pop(struct fl_xunit_trace **trace)
{
	fl_xunit_state.traces = (*trace)->outer;
}

static inline bool fl_xunit_has_failure(void)
{
	return fl_xunit_state.failures || fl_xunit_state.has_failed_before;
}

static inline bool fl_xunit_has_fatal_failure(void)
{
	return fl_xunit_state.is_fatal;
}

#endif
