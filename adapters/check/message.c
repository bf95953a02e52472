/* SPDX-License-Identifier: MIT */
/*
 * message.c - what a failed test wrote for Check.
 *
 * A test tells its runner by a file in $TEMP or /tmp, "check_XXXXXX", unlinked as soon as it is
 * made (check_msg.c): that holds for every way of linking, and for code without symbols.  In
 * it records one behind the other, each flushed as it is written: a number that says which,
 * then numbers of 32 bits, the highest byte first, and texts behind their length
 * (check_pack.c; the same from 0.10 to 0.15).
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum record { CONTEXT, FAILURE, PLACE, DURATION };

enum { DESCRIPTORS = 1024 };

/* A file, read through a window. */
struct reader {
	int fd;
	off_t at, low;
	size_t held;
	unsigned char window[4096];
	bool is_over;
};

static unsigned char next_byte(struct reader *reader)
{
	if (reader->at < reader->low || reader->at >= reader->low + (off_t)reader->held) {
		ssize_t n = pread(reader->fd, reader->window, sizeof(reader->window), reader->at);

		reader->low = reader->at;
		reader->held = n > 0 ? (size_t)n : 0;
		reader->is_over = n <= 0;
	}
	if (reader->is_over)
		return 0;
	return reader->window[reader->at++ - reader->low];
}

static uint32_t next_number(struct reader *reader)
{
	uint32_t number = 0;
	int i;

	for (i = 0; i < 4; i++)
		number = number << 8 | next_byte(reader);
	return number;
}

static void next_text(struct reader *reader, char *text, size_t room)
{
	uint32_t length = next_number(reader), i;
	off_t end = reader->at + length;

	for (i = 0; i < length && i < room - 1 && !reader->is_over; i++)
		text[i] = (char)next_byte(reader);
	text[i] = '\0';
	reader->at = end;
}

/* The last place before the failure is the failure's. */
static bool read_message(struct reader *reader, struct fl_check_message *message)
{
	while (!reader->is_over) {
		uint32_t record = next_number(reader);

		if (reader->is_over || record > DURATION)
			return false;
		if (record == FAILURE) {
			next_text(reader, message->text, sizeof(message->text));
			return true;
		}
		if (record == PLACE) {
			next_text(reader, message->file, sizeof(message->file));
			message->line = (int)next_number(reader);
		} else {
			next_number(reader);
		}
	}
	return false;
}

static bool is_check_file(int fd)
{
	static const char mark[] = "/check_XXXXXX", gone[] = " (deleted)";
	char link[32], path[4096];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= (ssize_t)sizeof(mark))
		return false;
	path[n] = '\0';
	if ((size_t)n > sizeof(gone) && strcmp(path + n - (sizeof(gone) - 1), gone) == 0)
		n -= sizeof(gone) - 1;
	return n > (ssize_t)sizeof(mark) &&
	       strncmp(path + n - (sizeof(mark) - 1), mark, sizeof("/check_") - 1) == 0;
}

bool fl_check_message(struct fl_check_message *ret_message)
{
	struct reader reader;
	int saved = errno, fd;
	bool is_found = false;

	for (fd = 0; fd < DESCRIPTORS && !is_found; fd++) {
		if (!is_check_file(fd))
			continue;
		reader = (struct reader){ .fd = fd };
		*ret_message = (struct fl_check_message){ .line = 0 };
		is_found = read_message(&reader, ret_message);
	}
	errno = saved;
	return is_found;
}
