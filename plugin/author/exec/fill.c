/* SPDX-License-Identifier: MIT */
/*
 * fill.c - numbers in the place of tokens.
 *
 * What was filled in is not looked at again: a number never makes a new token.
 */
#include "internal.h"

#include <string.h>

enum { DIGITS = 20 };                   /* of UINT64_MAX */

/* The token that begins here, or NULL. */
static const struct fl_fill *token_at(const char *text, const struct fl_fill fills[2])
{
	int i;

	for (i = 0; i < 2; i++)
		if (fills[i].token && strncmp(text, fills[i].token, strlen(fills[i].token)) == 0)
			return &fills[i];
	return NULL;
}

size_t fl_fill_size(const char *text, const struct fl_fill fills[2])
{
	size_t size = 1;

	while (*text) {
		const struct fl_fill *fill = token_at(text, fills);

		text += fill ? strlen(fill->token) : 1;
		size += fill ? DIGITS : 1;
	}
	return size;
}

static char *write_number(uint64_t number, char *room)
{
	char digits[DIGITS];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10));
	while (count)
		*room++ = digits[--count];
	return room;
}

char *fl_fill_text(const char *text, const struct fl_fill fills[2], char *room)
{
	while (*text) {
		const struct fl_fill *fill = token_at(text, fills);

		if (fill) {
			room = write_number(fill->number, room);
			text += strlen(fill->token);
		} else {
			*room++ = *text++;
		}
	}
	*room++ = '\0';
	return room;
}
