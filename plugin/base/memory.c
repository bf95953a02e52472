/* SPDX-License-Identifier: MIT */
/*
 * memory.c - memory or death.
 *
 * The outside has nothing to say without memory, and a report half made is worse
 * than none: what is already on disk stays there, so ending at once loses nothing.
 * _exit, because a handler of atexit(3) would only ask for memory again.
 */
#include "base.h"

enum { EXIT_INTERNAL = 70, SMALLEST_CAPACITY = 8 };

__attribute__((noreturn)) static void die(void)
{
	static const char line[] = "flicker: out of memory\n";

	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(EXIT_INTERNAL);
}

/* count * size, or death.  Asked here because sanitizers abort on what calloc would refuse. */
static size_t product(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
		die();
	return bytes;
}

void *fl_base_alloc(size_t count, size_t size)
{
	size_t bytes = product(count, size);
	void *memory = calloc(1, bytes ? bytes : 1);

	if (!memory)
		die();
	return memory;
}

void *fl_base_grow(void *array, size_t *capacity, size_t need, size_t size)
{
	size_t larger = *capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : *capacity;
	char *grown;

	if (need <= *capacity)
		return array;
	while (larger < need)
		larger = product(larger, 2);
	grown = realloc(array, product(larger, size));
	if (!grown)
		die();
	memset(grown + *capacity * size, 0, (larger - *capacity) * size);
	*capacity = larger;
	return grown;
}

char *fl_base_copy(const char *text)
{
	return text ? fl_base_copy_n(text, strlen(text)) : NULL;
}

char *fl_base_copy_n(const char *text, size_t length)
{
	char *copy = fl_base_alloc(length + 1, 1);

	memcpy(copy, text, length);
	return copy;
}

char *fl_base_hex(const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *text = fl_base_alloc(product(size, 2) + 1, 1), *to = text;
	size_t i;

	for (i = 0; i < size; i++) {
		*to++ = digits[from[i] >> 4];
		*to++ = digits[from[i] & 15];
	}
	return text;
}

char *fl_base_format(const char *format, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	text = fl_base_alloc((size_t)(n < 0 ? 0 : n) + 1, 1);
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}
