/* SPDX-License-Identifier: MIT */
/*
 * line.c - short texts in buffers of fixed size; no allocation, no locale, no stdio.
 */
#define _GNU_SOURCE
#include "look/look.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void fl_line_add(struct fl_line *line, const char *text)
{
	size_t room = sizeof(line->text) - 1 - line->length, length = strnlen(text, room);

	memcpy(line->text + line->length, text, length);
	line->length += length;
	line->text[line->length] = '\0';
}

void fl_line_add_number(struct fl_line *line, uint64_t number, unsigned base)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do
		digits[--at] = "0123456789abcdef"[number % base];
	while ((number /= base) != 0);
	fl_line_add(line, digits + at);
}

void fl_line_add_target(struct fl_line *line, int fd)
{
	struct fl_line path = { "", 0 };
	char target[256];
	ssize_t n;

	fl_line_add(&path, "/proc/self/fd/");
	fl_line_add_number(&path, (uint64_t)fd, 10);
	n = readlink(path.text, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	fl_line_add(line, target);
}

size_t fl_line_read(const char *path, char *text, size_t size)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n = 1;

	while (fd >= 0 && used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	text[used] = '\0';
	return used;
}
