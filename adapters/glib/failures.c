/* SPDX-License-Identifier: MIT */
/*
 * failures.c - how a test fails or is skipped.
 *
 * A failed assertion prints its words and ends the process; g_test_fail() ends it when the
 * test is over, both unless the program was told to keep going.  The words are taken from
 * what GLib prints, by a print handler that stands only while GLib checks and prints: so they
 * are those of the version at hand.
 *
 * A failed assertion does not come back to the test, so it cannot be made a skip.
 */
#define _GNU_SOURCE
#include "glib.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

FL_HOT static struct {
	bool is_open, has_failed;
	const char *file, *function;
	int line;
	fl_glib_printer before;
} window;

static bool is_ours(void)
{
	return fl_glib_flicker && fl_glib_flicker->is_recording();
}

/* "**\nDOMAIN:ERROR:file:line:function: words" */
static const char *words_of(const char *text)
{
	const char *at = strstr(text, "ERROR:");
	size_t file = strlen(window.file), function = window.function ? strlen(window.function) : 0;

	if (!at || strncmp(at += sizeof("ERROR:") - 1, window.file, file) != 0 || at[file] != ':')
		return text;
	at += file + 1;
	at += strspn(at, "0123456789");
	at += *at == ':';
	if (function && strncmp(at, window.function, function) == 0 && at[function] == ':')
		at += function + 1;
	return at + strspn(at, " ");
}

static void close_window(void)
{
	window.is_open = false;
	REAL(g_set_printerr_handler)(window.before);
}

static void on_print(const char *text)
{
	const char *words = words_of(text);

	close_window();
	if (is_ours()) {
		window.has_failed = true;
		fl_glib_flicker->place(window.file, window.line);
		fl_glib_flicker->message(words, strlen(words));
		fl_glib_flicker->failed(true);
		fl_glib_flicker->gives_up(SIGABRT);
	}
	REAL(g_printerr)("%s", text);
}

static void open_window(const char *file, int line, const char *function)
{
	window.has_failed = false;
	if (window.is_open || !is_ours() || !file || !REAL(g_set_printerr_handler))
		return;
	window.file = file;
	window.line = line;
	window.function = function;
	window.is_open = true;
	window.before = REAL(g_set_printerr_handler)(on_print);
}

/* Policy quarantine: a test that goes on after its failure can be shown as a skip. */
static void excuse(void)
{
	if (!fl_glib_flicker->is_excused())
		return;
	fl_glib_flicker->skipped();
	REAL(g_test_skip)("quarantine");
}

/* GLib has found nothing, or goes on all the same. */
static void settle(void)
{
	if (window.is_open)
		close_window();
	if (window.has_failed && is_ours())
		excuse();
}

#define INTERPOSE_ASSERTION(name, parameters, ...) \
	void name(const char *domain, const char *file, int line, const char *function parameters) \
	{ \
		open_window(file, line, function); \
		REAL(name)(domain, file, line, function __VA_ARGS__); \
		settle(); \
	}
#define WITH(...) , __VA_ARGS__

INTERPOSE_ASSERTION(g_assertion_message, WITH(const char *a), WITH(a))
INTERPOSE_ASSERTION(g_assertion_message_expr, WITH(const char *a), WITH(a))
INTERPOSE_ASSERTION(g_assertion_message_cmpnum, WITH(const char *a, long double b, const char *c,
						     long double d, char e), WITH(a, b, c, d, e))
INTERPOSE_ASSERTION(g_assertion_message_cmpint, WITH(const char *a, uint64_t b, const char *c,
						     uint64_t d, char e), WITH(a, b, c, d, e))
INTERPOSE_ASSERTION(g_assertion_message_cmpstr, WITH(const char *a, const char *b, const char *c,
						     const char *d), WITH(a, b, c, d))
INTERPOSE_ASSERTION(g_assertion_message_cmpstrv, WITH(const char *a, const void *b, const void *c,
						      size_t d), WITH(a, b, c, d))
INTERPOSE_ASSERTION(g_assertion_message_error, WITH(const char *a, const void *b, uint32_t c,
						    int d), WITH(a, b, c, d))
INTERPOSE_ASSERTION(g_test_trap_assertions, WITH(uint64_t a, const char *b), WITH(a, b))
INTERPOSE_ASSERTION(g_test_assert_expected_messages_internal, )

/* ---- what a test says of itself ---- */

static void tell_fail(const char *words)
{
	if (!is_ours())
		return;
	if (words)
		fl_glib_flicker->message(words, strlen(words));
	fl_glib_flicker->failed(true);
	fl_glib_flicker->gives_up(SIGABRT);
	excuse();
}

static void tell_skip(const char *words)
{
	if (!is_ours())
		return;
	if (words)
		fl_glib_flicker->message(words, strlen(words));
	fl_glib_flicker->skipped();
}

void g_test_fail(void)
{
	REAL(g_test_fail)();
	tell_fail(NULL);
}

void g_test_skip(const char *words)
{
	REAL(g_test_skip)(words);
	tell_skip(words);
}

void g_test_incomplete(const char *words)
{
	REAL(g_test_incomplete)(words);
	tell_skip(words);
}

/* A variadic call cannot be handed on, so the finished text is. */
#define INTERPOSE_PRINTF(name, tell) \
	void name(const char *format, ...) __attribute__((format(printf, 1, 2))); \
	void name(const char *format, ...) \
	{ \
		char text[4096]; \
		va_list arguments; \
		va_start(arguments, format); \
		vsnprintf(text, sizeof(text), format, arguments); \
		va_end(arguments); \
		REAL(name)("%s", text); \
		tell(text); \
	}

INTERPOSE_PRINTF(g_test_fail_printf, tell_fail)
INTERPOSE_PRINTF(g_test_skip_printf, tell_skip)
INTERPOSE_PRINTF(g_test_incomplete_printf, tell_skip)
