/* SPDX-License-Identifier: MIT */
/*
 * pattern.h - GoogleTest's filter grammar over test ids.
 *
 * POSITIVE[:POSITIVE...][-NEGATIVE[:NEGATIVE...]], each a glob of `*` and `?`.
 * An empty positive part means all.  Ids may hold a `-` of their own, so here a
 * `-` negates only at the start or after a `:`; what follows it, up to the end,
 * is negative.  Used on both sides; allocates nothing.
 */
#ifndef FLICKER_PATTERN_H
#define FLICKER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Does `text` match the glob [glob, glob + length)?  Linear space, backtracks to the last `*`. */
static inline bool fl_pattern_glob(const char *glob, size_t length, const char *text)
{
	const char *end = glob + length, *star = NULL, *retry = NULL;

	while (*text) {
		if (glob < end && *glob == '*') {
			star = ++glob;
			retry = text;
		} else if (glob < end && (*glob == '?' || *glob == *text)) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (glob < end && *glob == '*')
		glob++;
	return glob == end;
}

/* Does any of the `:`-separated globs in [list, end) match? */
static inline bool fl_pattern_any(const char *list, const char *end, const char *text)
{
	while (list < end) {
		const char *colon = memchr(list, ':', (size_t)(end - list));
		const char *stop = colon ? colon : end;

		if (fl_pattern_glob(list, (size_t)(stop - list), text))
			return true;
		list = colon ? colon + 1 : end;
	}
	return false;
}

/* The start of the negative part (the `-` itself), or `end`. */
static inline const char *fl_pattern_negative(const char *filter, const char *end)
{
	const char *p = filter;

	for (; p < end; p++)
		if (*p == '-' && (p == filter || p[-1] == ':'))
			break;
	return p;
}

/* Does the filter [filter, end) select `id`?  The empty filter selects everything. */
static inline bool fl_pattern_span(const char *filter, const char *end, const char *id)
{
	const char *minus = fl_pattern_negative(filter, end);
	bool is_in = minus == filter || fl_pattern_any(filter, minus, id);

	return is_in && !(minus < end && fl_pattern_any(minus + 1, end, id));
}

static inline bool fl_pattern_match(const char *filter, const char *id)
{
	return fl_pattern_span(filter, filter + strlen(filter), id);
}

/*
 * Settings that may be given several times travel newline-separated: does any
 * line select `id`?  Empty lines select nothing.
 */
static inline bool fl_pattern_match_lines(const char *lines, const char *id)
{
	while (*lines) {
		const char *end = lines + strcspn(lines, "\n");

		if (end > lines && fl_pattern_span(lines, end, id))
			return true;
		lines = end + (*end == '\n');
	}
	return false;
}

/* The same for exact ids: is `id` one of the lines? */
static inline bool fl_pattern_is_line(const char *lines, const char *id)
{
	size_t length = strlen(id);

	while (*lines) {
		const char *end = lines + strcspn(lines, "\n");

		if ((size_t)(end - lines) == length && memcmp(lines, id, length) == 0)
			return true;
		lines = end + (*end == '\n');
	}
	return false;
}

#endif
