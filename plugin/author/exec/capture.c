/* SPDX-License-Identifier: MIT */
/*
 * capture.c - the first and the last half of what a run wrote, in bounded memory.
 *
 * The first half of the room is filled once, the second is a ring.
 */
#include "internal.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void fl_capture_add(struct fl_capture *capture, const char *bytes, size_t size)
{
	size_t head = capture->room / 2, tail = capture->room - head;

	while (size) {
		uint64_t total = capture->total;
		size_t at = total < head ? (size_t)total : head + (size_t)((total - head) % tail);
		size_t some = least(size, (total < head ? head : capture->room) - at);

		memcpy(capture->bytes + at, bytes, some);
		capture->total += some;
		bytes += some;
		size -= some;
	}
}

static void reverse(char *first, char *end)
{
	while (first < end) {
		char kept = *first;

		*first++ = *--end;
		*end = kept;
	}
}

/* [ab] becomes [ba], where b begins at `at`. */
static void rotate(char *bytes, size_t size, size_t at)
{
	reverse(bytes, bytes + at);
	reverse(bytes + at, bytes + size);
	reverse(bytes, bytes + size);
}

struct flicker_exec_text fl_capture_finish(struct fl_capture *capture)
{
	size_t head = capture->room / 2, tail = capture->room - head;
	struct flicker_exec_text text = { .bytes = capture->bytes, .size = capture->room };

	if (capture->total <= capture->room) {
		text.size = (size_t)capture->total;
	} else {
		rotate(capture->bytes + head, tail, (size_t)((capture->total - head) % tail));
		text.lost = capture->total - capture->room;
		text.lost_at = head;
	}
	capture->bytes[text.size] = '\0';
	return text;
}
