/* SPDX-License-Identifier: MIT */
/*
 * failures.c - how a test ends other than by returning.
 *
 * Every failure - assertion, leak, leftover, missing mock value, signal, skip -
 * leaves by longjmp to one place; expect_assert_failure() uses another, known by
 * name.  The prototypes of _assert_*() differ between versions: they are left alone,
 * as all of them end in _fail() and print their words by cm_print_error().
 */
#define _GNU_SOURCE
#include "cmocka.h"

#include <flicker/wire.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static bool is_skipping;                /* _skip() was called, its jump is to come */
static bool is_excusing;                /* the same, called by ourselves */
static char printed[FL_WIRE_MESSAGE];   /* by the test itself: fail_msg() may be about to fail */
static const char *failed_file;         /* where _fail() was called from, or NULL */
static int failed_line;

/* A program has its own copy of it (a copy relocation), which comes first. */
static const void *expect_assert_env(void)
{
	static const void *found;

	if (!found)
		found = fl_cmocka_is_static() ? fl_cmocka_find_static("global_expect_assert_env") :
						dlsym(RTLD_DEFAULT, "global_expect_assert_env");
	return found;
}

/* By cmocka's own jump, and nobody is told.  Comes back where it has no such thing. */
void fl_cmocka_leave_as_skip(const char *file, int line)
{
	if (!REAL(skip))
		return;
	is_excusing = true;
	REAL(skip)((long)file, line, 0, 0, 0, 0);
}

/*
 * A failure that is shown as a skip leaves as a skip does, by the same jump.  cmocka asks
 * for skips behind the test's function and its leak check only: fixtures stay failures.
 * Comes back where there is nothing to excuse.
 */
static void excuse(void)
{
	enum fl_phase phase = fl_cmocka_flicker->phase_now();

	if ((phase != FL_PHASE_TEST && phase != FL_PHASE_AFTER) || !REAL(skip) ||
	    !fl_cmocka_flicker->is_excused())
		return;
	fl_cmocka_flicker->skipped();
	fl_cmocka_leave_as_skip(failed_file ? failed_file : "quarantine", failed_line);
}

/* The runner leaves a test: a skip, or a failure.  Not where the program expects an assertion to fail. */
void fl_cmocka_jumps(const void *env, const void *caller)
{
	bool is_skip = is_skipping;

	(void)caller;
	if (env == expect_assert_env() || fl_cmocka_nested)
		return;
	fl_cmocka_flicker->returned();
	if (is_excusing) {
		is_excusing = false;
		return;
	}
	is_skipping = false;
	if (is_skip && fl_cmocka_flicker->phase_now() == FL_PHASE_TEST) {
		fl_cmocka_flicker->skipped();     /* out of a fixture it is an error, to cmocka too */
	} else {
		fl_cmocka_flicker->failed(fl_cmocka_is_in_test_code);
		excuse();
	}
	failed_file = NULL;
}

/* Is what happens now the test's that is being recorded, not that of a runner within it? */
static bool is_ours(void)
{
	return fl_cmocka_flicker && !fl_cmocka_nested && fl_cmocka_flicker->is_recording();
}

#define INTERPOSE_END(name, function) \
	FL_ADAPTER_INTERPOSE(name, fl_cmocka_flicker); \
	long name(long a, long b, long c, long d, long e, long f) \
	{ \
		if (is_ours()) \
			tell_##function((const char *)a, (int)b); \
		return REAL(function) ? REAL(function)(a, b, c, d, e, f) : 0; \
	}

void fl_cmocka_forget_printed(void)
{
	printed[0] = '\0';
}

static void tell_printed(void)
{
	fl_cmocka_flicker->message(printed, strlen(printed));
	fl_cmocka_forget_printed();
}

static void tell_fail(const char *file, int line)
{
	failed_file = file;
	failed_line = line;
	fl_cmocka_flicker->place(file, line);
	tell_printed();
}

static void tell_skip(const char *file, int line)
{
	if (is_excusing)
		return;
	fl_cmocka_flicker->place(file, line);
	is_skipping = true;
}

INTERPOSE_END(_fail, fail)
INTERPOSE_END(_skip, skip)

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* `file:line: error: Failure!` and `Skipped!`, of _fail() and _skip(): they say where, and no more. */
static bool tells_failure(const char *format)
{
	return strstr(format, "%s:%u: error: Failure!");
}

static bool tells_skip(const char *format)
{
	return strstr(format, "%s:%u: Skipped!");
}

/* What cmocka's own error texts tell beyond their words: a place, a signal. */
static void read_arguments(const char *format, va_list arguments)
{
	if (tells_failure(format) || tells_skip(format) || starts_with(format, "%s:%u: ")) {
		const char *file = va_arg(arguments, const char *);
		int line = (int)va_arg(arguments, unsigned);

		if (tells_skip(format))
			tell_skip(file, line);
		else if (tells_failure(format))
			tell_fail(file, line);
		else
			fl_cmocka_flicker->place(file, line);
	} else if (starts_with(format, "Test failed with exception: %s(%d)")) {
		(void)va_arg(arguments, const char *);
		fl_cmocka_flicker->caught(va_arg(arguments, int));
	}
}

static void keep_error(const char *format, va_list arguments, const char *text, size_t length)
{
	va_list copy;
	int saved = errno;

	if (!is_ours())
		return;
	va_copy(copy, arguments);
	read_arguments(format, copy);
	va_end(copy);
	if (!tells_failure(format) && !tells_skip(format)) {
		fl_cmocka_forget_printed();
		fl_cmocka_flicker->message(text, length);
	}
	errno = saved;
}

/* fail_msg() is print_error("ERROR: ...") and fail(); the words count if that follows. */
static void keep_printed(const char *format, va_list arguments, const char *text, size_t length)
{
	static const char mark[] = "ERROR: ";
	const size_t marked = sizeof(mark) - 1;

	(void)arguments;
	if (!is_ours() || !starts_with(format, mark) || length < marked)
		return;
	length -= marked;
	if (length > sizeof(printed) - 1)
		length = sizeof(printed) - 1;
	memcpy(printed, text + marked, length);
	printed[length] = '\0';
}

typedef void (*keep_function)(const char *format, va_list arguments, const char *text,
			      size_t length);

/*
 * cm_print_error() (1.1) and cmocka_print_error() (2.0) take a format; a variadic
 * call cannot be handed on, so the finished text is, whole, however long it is.
 */
static void print_error_as(const char *format, va_list arguments, keep_function keep,
			   print_function print)
{
	char small[4096], *text = small;
	va_list copy;
	int length;

	va_copy(copy, arguments);
	length = vsnprintf(small, sizeof(small), format, copy);
	va_end(copy);
	if (length >= (int)sizeof(small)) {
		text = mmap(NULL, (size_t)length + 1, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (text == MAP_FAILED) {
			text = small;
			length = sizeof(small) - 1;
		} else {
			va_copy(copy, arguments);
			vsnprintf(text, (size_t)length + 1, format, copy);
			va_end(copy);
		}
	}
	keep(format, arguments, text, length > 0 ? (size_t)length : 0);
	print("%s", text);
	if (text != small)
		munmap(text, (size_t)length + 1);
}

#define INTERPOSE_PRINT(name, attached, keep) \
	FL_ADAPTER_INTERPOSE(name, attached); \
	void name(const char *format, ...) \
	{ \
		va_list arguments; \
		va_start(arguments, format); \
		print_error_as(format, arguments, keep, REAL(name)); \
		va_end(arguments); \
	}

INTERPOSE_PRINT(cm_print_error, fl_cmocka_flicker, keep_error)
INTERPOSE_PRINT(cmocka_print_error, fl_cmocka_flicker, keep_error)
INTERPOSE_PRINT(print_error, fl_cmocka_prints, keep_printed)
