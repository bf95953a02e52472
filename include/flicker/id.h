/* SPDX-License-Identifier: MIT */
/*
 * id.h - the id of a test: `suite.name`, made of plain characters.
 *
 * Bytes outside [A-Za-z0-9_./#-] are written %XX (upper-case hexadecimal).  A
 * parameter or loop index follows as /N, the k-th equal id as #k (from 2).  Used
 * on both sides; allocates nothing.  docs/names.md shows a row per framework.
 */
#ifndef FLICKER_ID_H
#define FLICKER_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static inline bool fl_id_is_plain(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("_./#-", c));
}

/* Appends `text` escaped at [*used, size); counts what it would need, like snprintf. */
static inline void fl_id_append(char *buffer, size_t size, size_t *used, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		char piece[3] = { '%', hex[c >> 4], hex[c & 15] };
		size_t n = 3, i;

		if (fl_id_is_plain(c)) {
			piece[0] = (char)c;
			n = 1;
		}
		for (i = 0; i < n; i++, (*used)++)
			if (*used + 1 < size)
				buffer[*used] = piece[i];
	}
	if (size)
		buffer[*used < size ? *used : size - 1] = '\0';
}

/* Writes the id of `name` in `suite` (NULL: none); returns its length as snprintf does. */
static inline size_t fl_id_format(char *buffer, size_t size, const char *suite, const char *name)
{
	size_t used = 0;

	if (suite) {
		fl_id_append(buffer, size, &used, suite);
		fl_id_append(buffer, size, &used, ".");
	}
	fl_id_append(buffer, size, &used, name);
	return used;
}

static inline bool fl_id_append_number(char *id, size_t size, char mark, unsigned number)
{
	size_t length = strlen(id);
	int n = snprintf(id + length, size - length, "%c%u", mark, number);

	if (n > 0 && (size_t)n < size - length)
		return true;
	id[length] = '\0';
	return false;
}

/* Appends the index of a loop or parameter, /N.  False: no room, left as it was. */
static inline bool fl_id_index(char *id, size_t size, unsigned index)
{
	return fl_id_append_number(id, size, '/', index);
}

/* Makes the k-th (from 2) equal id its own: appends #k.  False: no room, left as it was. */
static inline bool fl_id_number(char *id, size_t size, unsigned k)
{
	return fl_id_append_number(id, size, '#', k);
}

#endif
