/* SPDX-License-Identifier: MIT */
/*
 * test_exec_parts.c - libflicker-exec: tokens, what is kept of long outputs, ports.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/author/exec/internal.h"

#include <stdlib.h>
#include <string.h>

static void tokens_are_filled_in(void **state)
{
	static const struct { const char *text, *count, *port, *want; } rows[] = {
		{ "log#count#.txt", "#count#", NULL, "log17.txt" },
		{ "#count##count#", "#count#", NULL, "1717" },
		{ "#count#:#port#", "#count#", "#port#", "17:20001" },
		{ "#count", "#count#", NULL, "#count" },
		{ "##count##", "#count#", NULL, "#17#" },
		{ "a", NULL, NULL, "a" },
		{ "", "x", NULL, "" },
		{ "1x", "x", "17", "117" },     /* what was filled in is not looked at again */
	};
	char room[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct fl_fill fills[2] = { { rows[i].count, 17 }, { rows[i].port, 20001 } };
		char *end = fl_fill_text(rows[i].text, fills, room);

		assert_string_equal(room, rows[i].want);
		assert_ptr_equal(end, room + strlen(rows[i].want) + 1);
		assert_true(fl_fill_size(rows[i].text, fills) >= strlen(rows[i].want) + 1);
	}
}

static void the_largest_number_has_room(void **state)
{
	const struct fl_fill fills[2] = { { "N", UINT64_MAX }, { NULL, 0 } };
	char room[64];

	(void)state;
	assert_int_equal(fl_fill_text("N", fills, room) - room, 21);
	assert_string_equal(room, "18446744073709551615");
	assert_int_equal(fl_fill_size("N", fills), 21);
}

/* Text of the alphabet, in pieces of `piece`, into room for `limit`. */
static void keep(size_t total, size_t piece, size_t limit)
{
	char room[64], all[1024], want[64];
	struct fl_capture capture = { .bytes = room, .room = limit };
	struct flicker_exec_text text;
	size_t i, lost = total > limit ? total - limit : 0;

	for (i = 0; i < total; i++)
		all[i] = (char)('a' + i % 26);
	for (i = 0; i < total; i += piece)
		fl_capture_add(&capture, all + i, total - i < piece ? total - i : piece);
	text = fl_capture_finish(&capture);
	assert_int_equal(text.lost, lost);
	assert_int_equal(text.size, total - lost);
	memcpy(want, all, lost ? limit / 2 : total);
	if (lost)
		memcpy(want + limit / 2, all + limit / 2 + lost, limit - limit / 2);
	assert_int_equal(text.lost_at, lost ? limit / 2 : 0);
	assert_memory_equal(text.bytes, want, text.size);
	assert_int_equal(text.bytes[text.size], '\0');
}

static void the_first_and_the_last_half_are_kept(void **state)
{
	size_t total, piece, limit;

	(void)state;
	for (limit = 1; limit <= 13; limit += 3)
		for (total = 0; total < 60; total++)
			for (piece = 1; piece <= 40; piece += 3)
				keep(total, piece, limit);
	keep(1000, 1000, 40);
}

static void ports_differ_from_those_in_use(void **state)
{
	struct fl_board *board = calloc(1, sizeof(*board) + 100 * sizeof(board->ports[0]));
	size_t i, j;

	(void)state;
	board->port_offset = fl_port_first_offset();
	for (i = 0; i < 100; i++) {
		board->ports[i] = fl_port_find(board, 100);
		assert_in_range(board->ports[i], 20000, 32767);
		for (j = 0; j < i; j++)
			assert_int_not_equal(board->ports[i], board->ports[j]);
	}
	board->port_offset = board->ports[7] - 20000;
	assert_int_not_equal(fl_port_find(board, 100), board->ports[7]);
	free(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_filled_in),
		cmocka_unit_test(the_largest_number_has_room),
		cmocka_unit_test(the_first_and_the_last_half_are_kept),
		cmocka_unit_test(ports_differ_from_those_in_use),
	};

	return cmocka_run_group_tests_name("exec_parts", tests, NULL, NULL);
}
