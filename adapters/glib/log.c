/* SPDX-License-Identifier: MIT */
/*
 * log.c - messages that end the process: to GLib's tests they are failures.
 *
 * In a test every warning is fatal, unless a handler of the test's says no.  GLib asks that
 * handler last, so ours stands before it; of errors it asks nobody, so those are seen by the
 * default log handler.  GLib forgets the one before each test, and the program may set the
 * other: both are set anew as a test begins.
 */
#define _GNU_SOURCE
#include "glib.h"

#include <signal.h>
#include <string.h>

enum { LEVEL_ERROR = 1 << 2, LEVEL_CRITICAL = 1 << 3 };         /* GLogLevelFlags */

FL_HOT static struct {
	fl_glib_judge judge;            /* the test's; NULL: none */
	void *judge_data;
	fl_glib_logger logger;          /* the default handler behind ours */
	void *logger_data;
	void *given;                    /* data of the last one that the program has set */
} theirs;

static bool is_ours(void)
{
	return fl_glib_flicker && fl_glib_flicker->is_recording();
}

static void add(const char *text)
{
	fl_glib_flicker->message(text, strlen(text));
}

/* "net-WARNING: no answer" */
static void tell(const char *domain, int level, const char *text)
{
	if (domain) {
		add(domain);
		add("-");
	}
	add(level & LEVEL_ERROR ? "ERROR: " : level & LEVEL_CRITICAL ? "CRITICAL: " : "WARNING: ");
	add(text ? text : "");
	fl_glib_flicker->failed(true);
	fl_glib_flicker->gives_up(SIGTRAP);
}

/* Shall this message end the process? */
static int judge(const char *domain, int level, const char *text, void *data)
{
	(void)data;
	if (theirs.judge && !theirs.judge(domain, level, text, theirs.judge_data))
		return 0;
	if (is_ours())
		tell(domain, level, text);
	return 1;
}

static void log_it(const char *domain, int level, const char *text, void *data)
{
	/* Another thread may come by before the one that stands here for the first time knows it. */
	fl_glib_logger behind = theirs.logger ? theirs.logger : REAL(g_log_default_handler);

	(void)data;
	if ((level & LEVEL_ERROR) && is_ours())
		tell(domain, level, text);
	behind(domain, level, text, theirs.logger_data);
}

void fl_glib_watch_log(void)
{
	fl_glib_logger before;

	if (!REAL(g_test_log_set_fatal_handler) || !REAL(g_log_set_default_handler) ||
	    !REAL(g_log_default_handler))
		return;
	theirs.judge = NULL;
	REAL(g_test_log_set_fatal_handler)(judge, NULL);
	before = REAL(g_log_set_default_handler)(log_it, NULL);
	if (before == log_it)
		return;
	theirs.logger = before;
	theirs.logger_data = theirs.given;
}

void g_test_log_set_fatal_handler(fl_glib_judge given, void *data)
{
	theirs.judge = given;
	theirs.judge_data = data;
	REAL(g_test_log_set_fatal_handler)(is_ours() ? judge : given, is_ours() ? NULL : data);
}

fl_glib_logger g_log_set_default_handler(fl_glib_logger given, void *data)
{
	bool is_behind = theirs.logger && is_ours();
	fl_glib_logger before = REAL(g_log_set_default_handler)(is_behind ? log_it : given,
								is_behind ? NULL : data);

	if (before == log_it)
		before = theirs.logger;
	theirs.given = data;
	if (is_behind) {
		theirs.logger = given;
		theirs.logger_data = data;
	}
	return before;
}
