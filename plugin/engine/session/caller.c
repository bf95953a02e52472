/* SPDX-License-Identifier: MIT */
/*
 * caller.c - between a session and its caller: warnings and progress out, an
 * interruption in, which may come from a signal handler.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>

static volatile sig_atomic_t is_interrupted;
static int wake[2] = { -1, -1 };

void fl_session_interrupt(void)
{
	int saved = errno;

	is_interrupted = 1;
	if (wake[1] >= 0 && write(wake[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

bool fl_caller_has_interrupted(void)
{
	return is_interrupted;
}

int fl_caller_wake_fd(void)
{
	return wake[0];
}

void fl_caller_warn(struct fl_session *session, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (session->events->warning)
		session->events->warning(session->events->context, text);
}

int fl_caller_open(void)
{
	is_interrupted = 0;
	return pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : 0;
}

void fl_caller_close(void)
{
	fl_base_close(&wake[0]);
	fl_base_close(&wake[1]);
	wake[0] = wake[1] = -1;
}
