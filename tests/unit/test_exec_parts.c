/* SPDX-License-Identifier: MIT */
/*
 * test_exec_parts.c - libflicker-exec: tokens, what is kept of long outputs, ports.
 */
#include <flicker/xunit.h>

#include "../../plugin/author/exec/internal.h"

#include <stdlib.h>
#include <string.h>

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

TEST_P(exec_parts, tokens_are_filled_in, rows)
{
	char room[64];
	const struct fl_fill fills[2] = { { row->count, 17 }, { row->port, 20001 } };
	char *end = fl_fill_text(row->text, fills, room);

	EXPECT_STREQ(room, row->want);
	EXPECT_EQ(end, room + strlen(row->want) + 1);
	ASSERT_GE(fl_fill_size(row->text, fills), strlen(row->want) + 1);
}

TEST(exec_parts, the_largest_number_has_room)
{
	const struct fl_fill fills[2] = { { "N", UINT64_MAX }, { NULL, 0 } };
	char room[64];

	EXPECT_EQ(fl_fill_text("N", fills, room) - room, 21);
	EXPECT_STREQ(room, "18446744073709551615");
	EXPECT_EQ(fl_fill_size("N", fills), 21);
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
	EXPECT_EQ(text.lost, lost);
	EXPECT_EQ(text.size, total - lost);
	memcpy(want, all, lost ? limit / 2 : total);
	if (lost)
		memcpy(want + limit / 2, all + limit / 2 + lost, limit - limit / 2);
	EXPECT_EQ(text.lost_at, lost ? limit / 2 : 0);
	EXPECT_MEMEQ(text.bytes, want, text.size);
	EXPECT_EQ(text.bytes[text.size], '\0');
}

TEST(exec_parts, the_first_and_the_last_half_are_kept)
{
	size_t total, piece, limit;

	for (limit = 1; limit <= 13; limit += 3)
		for (total = 0; total < 60; total++)
			for (piece = 1; piece <= 40; piece += 3)
				keep(total, piece, limit);
	keep(1000, 1000, 40);
}

TEST(exec_parts, ports_differ_from_those_in_use)
{
	struct fl_board *board = calloc(1, sizeof(*board) + 100 * sizeof(board->ports[0]));
	size_t i, j;

	board->port_offset = fl_port_first_offset();
	for (i = 0; i < 100; i++) {
		board->ports[i] = fl_port_find(board, 100);
		EXPECT_GE(board->ports[i], 20000);
		EXPECT_LE(board->ports[i], 32767);
		for (j = 0; j < i; j++)
			EXPECT_NE(board->ports[i], board->ports[j]);
	}
	board->port_offset = board->ports[7] - 20000;
	EXPECT_NE(fl_port_find(board, 100), board->ports[7]);
	free(board);
}

FLICKER_XUNIT_MAIN();
