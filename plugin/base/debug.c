/* SPDX-License-Identifier: MIT */
/*
 * debug.c - what developers of flicker switch on with FLICKER_DEBUG=link,plan.
 *
 * A line is one write to descriptor 2, so that lines of several processes do not
 * mix; a line that is too long is cut.  errno stays as it was: a debug line must
 * never change what happens next.
 */
#include "base.h"

#include <errno.h>

enum { LINE_MAX_BYTES = 1024 };

/* Is `word` one of the comma-separated words of `list`? */
static bool is_listed(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list) {
		size_t n = strcspn(list, ",");

		if (n == length && memcmp(list, word, length) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

bool fl_debug_on(const char *domain)
{
	const char *list = getenv("FLICKER_DEBUG");

	return list && (is_listed(list, "all") || is_listed(list, domain));
}

/* Leaves room for the end of the line. */
static size_t clamp(int n, size_t room)
{
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

void fl_debug(const char *domain, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	int saved = errno;
	va_list args;
	size_t used;

	if (!fl_debug_on(domain))
		return;
	used = clamp(snprintf(line, sizeof(line), "flicker: %s: ", domain), sizeof(line));
	va_start(args, format);
	used += clamp(vsnprintf(line + used, sizeof(line) - used, format, args),
		      sizeof(line) - used);
	va_end(args);
	line[used++] = '\n';
	(void)fl_file_write_all(STDERR_FILENO, line, used);
	errno = saved;
}
