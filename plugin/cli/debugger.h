/* SPDX-License-Identifier: MIT */
/*
 * debugger.h - gdb around one attempt, which stops where the test fails.
 *
 * gdb itself does not load the library: FLICKER_PRELOAD holds what LD_PRELOAD would, and
 * gdb's exec-wrapper gives it to the program.  The library reaches flicker_stop_here at
 * the first failure; there is a breakpoint, and from there it is up to the test's frame.
 */
#ifndef FL_DEBUGGER_H
#define FL_DEBUGGER_H

#include "../base/base.h"

enum { FL_DEBUGGER_WORDS = 12 };

struct fl_debugger {
	char *directory;                /* private: the commands, and what gdb tells */
	char *commands;
	char *stopped;                  /* is a file once the test has failed under gdb */
	bool is_interactive;            /* its user takes their time */
	char *words[FL_DEBUGGER_WORDS]; /* what goes before the program; NULL-terminated */
};

/* -ENOENT with a message: no gdb here.  Not interactive: it prints the backtrace and ends. */
int fl_debugger_open(bool is_interactive, struct fl_debugger *ret_debugger,
		     struct fl_error *error);

/* Did the program stop, at a failure or a signal, rather than end? */
bool fl_debugger_has_stopped(const struct fl_debugger *debugger);

void fl_debugger_close(struct fl_debugger *debugger);

#endif
