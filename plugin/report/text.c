/* SPDX-License-Identifier: MIT */
/*
 * text.c - UTF-8, checked; everything that could harm is spelled out.
 *
 * Valid means RFC 3629: no overlong forms, no surrogates, at most U+10FFFF; jansson
 * refuses anything else.  A broken sequence loses only its first byte, so what
 * follows it is still read.
 */
#include "text.h"

#include "../base/base.h"

static const unsigned harmful[][2] = {
	{ 0x80, 0x9f },                         /* C1 controls */
	{ 0x61c, 0x61c }, { 0x200e, 0x200f },   /* marks of direction */
	{ 0x2028, 0x202e },                     /* separators, embeddings, overrides */
	{ 0x2066, 0x2069 },                     /* isolates */
	{ 0xfeff, 0xfeff },                     /* byte order mark */
	{ 0xfffe, 0xffff },                     /* no characters, and not allowed in XML */
};

static bool is_harmful(unsigned code)
{
	size_t i;

	for (i = 0; i < FL_COUNT(harmful); i++)
		if (code >= harmful[i][0] && code <= harmful[i][1])
			return true;
	return false;
}

/* The length of the sequence that starts at `s`, 0 where it is broken.  Stops at the NUL. */
static size_t decode(const unsigned char *s, unsigned *ret_code)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
			s[0] < 0xf8 ? 4 : 0;
	unsigned code = length == 1 ? s[0] : length ? s[0] & (0x7fU >> length) : 0;
	size_t i;

	for (i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (!length || code < least[length] || code > 0x10ffff || (code & ~0x7ffU) == 0xd800)
		return 0;
	*ret_code = code;
	return length;
}

/* Writes one character, 4 times as many bytes as were read at most; returns how many were read. */
static size_t escape_one(const unsigned char *s, char **out)
{
	unsigned code = 0;
	size_t length = decode(s, &code);

	if (!length || code == 0x7f || (code < 0x20 && code != '\n' && code != '\t')) {
		*out += snprintf(*out, 5, "\\x%02x", s[0]);
		return 1;
	}
	if (is_harmful(code)) {
		*out += snprintf(*out, 9, "\\u{%x}", code);
		return length;
	}
	memcpy(*out, s, length);
	*out += length;
	return length;
}

char *fl_text_escape(const char *bytes)
{
	const unsigned char *s = (const unsigned char *)bytes;
	char *text, *out;

	if (!bytes)
		return NULL;
	text = out = fl_base_alloc(strlen(bytes) * 4 + 1, 1);
	while (*s)
		s += escape_one(s, &out);
	*out = '\0';
	return text;
}

char *fl_text_line(const char *bytes)
{
	char *text = fl_text_escape(bytes), *p = text;

	while (p && (p = strpbrk(p, "\n\t")))
		*p = ' ';
	return text;
}

void fl_text_print(FILE *out, const char *bytes, const char *newline)
{
	autofree char *text = fl_text_escape(bytes);
	const char *line = text;

	while (line && line[strspn(line, "\n")]) {
		size_t length = strcspn(line, "\n");

		fwrite(line, 1, length, out);
		line += length;
		if (line[strspn(line, "\n")])
			fputs(newline, out);
		line += *line == '\n';
	}
}

const char *fl_text_last_lines(const char *bytes, size_t lines)
{
	const char *p = bytes + strlen(bytes);

	while (p > bytes && p[-1] == '\n')
		p--;
	for (; p > bytes; p--)
		if (p[-1] == '\n' && --lines == 0)
			break;
	return p;
}
