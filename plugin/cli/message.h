/* SPDX-License-Identifier: MIT */
/*
 * message.h - the one voice of the command: lines on standard error.
 *
 * No capital, no full stop, the subject in quotes, and what to do about it when
 * known.  Text may quote what a test or a file said: control characters are
 * escaped here, so that one message is one line.
 */
#ifndef FL_MESSAGE_H
#define FL_MESSAGE_H

#include "../base/base.h"

#include <stdbool.h>
#include <stdio.h>

/* `flicker: …` */
void fl_message_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `flicker: warning: …` */
void fl_message_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As an event of a session (fl_events.warning) where there is no progress line to clear. */
void fl_message_on_warning(void *context, const char *text);

/* Says what went wrong, as one line; `code` again, to be the exit code. */
int fl_message_fail(int code, const struct fl_error *error);

/*
 * Writes what is left for standard output.  0, or the errno of the first time that this failed:
 * who asks after each piece is told why.
 */
int fl_message_flush(void);

/* May `out` be coloured: a terminal that is no dumb one, and no NO_COLOR? */
bool fl_message_has_colour(FILE *out);

#endif
