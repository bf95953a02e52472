/* SPDX-License-Identifier: MIT */
/*
 * error.c - a message for the user, made where the fault is known.
 *
 * Cut at the buffer's end rather than refused: half a message helps, none does not.
 */
#include "base.h"

int fl_error_set(struct fl_error *error, int code, const char *format, ...)
{
	struct fl_error next;           /* the arguments may hold the message so far */
	va_list args;

	if (!error)
		return code;
	va_start(args, format);
	vsnprintf(next.text, sizeof(next.text), format, args);
	va_end(args);
	*error = next;
	return code;
}
