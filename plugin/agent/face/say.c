/* SPDX-License-Identifier: MIT */
/*
 * say.c - writing a line: by write(2), to what stdout is when nothing is muted.
 *
 * No stdio: what the program has in its buffers stays there.  A test that has led its stdout
 * elsewhere leads our lines there, as it would GoogleTest's.
 */
#define _GNU_SOURCE
#include "face.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void write_out(const char *text, size_t length)
{
	ssize_t n;

	for (; length; text += n, length -= (size_t)n) {
		n = write(fl_mute_stdout(), text, length);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return;         /* it is gone, as it would be for the tests themselves */
	}
}

void fl_say(const char *format, ...)
{
	char text[FL_WIRE_MESSAGE + 3 * FL_WIRE_ID + FL_WIRE_FILE];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (n > 0)
		write_out(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void fl_say_in(enum fl_colour colour, const char *text)
{
	if (!fl_face_number(FL_FACE_COLOR, 0))
		fl_say("%s", text);
	else
		fl_say("\033[0;3%dm%s\033[m", (int)colour, text);
}

const char *fl_say_plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

void fl_say_time(uint64_t ns, const char *behind)
{
	if (fl_face_number(FL_FACE_TIME, 1))
		fl_say(" (%llu ms%s)", (unsigned long long)(ns / 1000000), behind);
	fl_say("\n");
}
