/* SPDX-License-Identifier: MIT */
/*
 * message.c - writes messages, a line in one write(2).
 *
 * The test program shares our standard error: a line in pieces would be torn by it.
 */
#define _GNU_SOURCE
#include "message.h"

#include "../base/base.h"
#include "../report/text.h"

#include <errno.h>
#include <stdarg.h>

static void say(const char *prefix, const char *format, va_list args)
{
	autofree char *text = NULL, *plain = NULL, *line = NULL;

	if (vasprintf(&text, format, args) < 0) {
		text = NULL;
		return;
	}
	plain = fl_text_line(text);
	line = fl_base_format("%s%s\n", prefix, plain);
	fflush(stderr);
	(void)fl_file_write_all(STDERR_FILENO, line, strlen(line));
}

void fl_message_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("flicker: ", format, args);
	va_end(args);
}

void fl_message_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("flicker: warning: ", format, args);
	va_end(args);
}

void fl_message_on_warning(void *context, const char *text)
{
	(void)context;
	fl_message_warn("%s", text);
}

int fl_message_fail(int code, const struct fl_error *error)
{
	fl_message_say("%s", error->text);
	return code;
}

int fl_message_flush(void)
{
	static int first;

	if ((fflush(stdout) == EOF || ferror(stdout)) && !first)
		first = errno ? errno : EIO;
	return first;
}

bool fl_message_has_colour(FILE *out)
{
	const char *terminal = getenv("TERM"), *refusal = getenv("NO_COLOR");

	return isatty(fileno(out)) && terminal && strcmp(terminal, "dumb") != 0 &&
	       !(refusal && *refusal);
}
