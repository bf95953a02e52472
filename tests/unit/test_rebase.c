/* SPDX-License-Identifier: MIT */
/*
 * test_rebase.c - addresses from one layout to another.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/rebase.h"

static const char from[] =
	"55550000-55551000 r--p 00000000 08:01 11    /build/test one\n"
	"55551000-55553000 r-xp 00001000 08:01 11    /build/test one\n"
	"7f000000-7f001000 r--p 00000000 08:01 12    /lib/libc.so.6\n"
	"7f001000-7f009000 r-xp 00001000 08:01 12    /lib/libc.so.6\n"
	"7f100000-7f101000 r-xp 00000000 08:01 13    /lib/late.so\n"
	"7ffd0000-7ffe0000 rw-p 00000000 00:00 0     [stack]\n";
static const char to[] =
	"66660000-66661000 r--p 00000000 08:01 11    /build/test one\n"
	"66661000-66663000 r-xp 00001000 08:01 11    /build/test one\n"
	"7a000000-7a001000 r--p 00000000 08:01 12    /lib/libc.so.6\n"
	"7a001000-7a009000 r-xp 00001000 08:01 12    /lib/libc.so.6";

static const struct { uint64_t pc, want; } rows[] = {
	{ 0x55551234, 0x66661234 },
	{ 0x7f001000, 0x7a001000 },
	{ 0x7f009000, 0x7a009000 },     /* a return address right after the mapping */
	{ 0x7f100010, 0x7f100010 },     /* of a file that the other has not */
	{ 0x7ffd0010, 0x7ffd0010 },     /* of no file */
	{ 0x10, 0x10 },
};

TEST_P(rebase, addresses_move_with_their_file, rows)
{
	uint64_t pc = row->pc;

	fl_rebase(from, to, &pc, 1);
	EXPECT_EQ(pc, row->want);
}

TEST(rebase, torn_maps_change_nothing)
{
	uint64_t pc = 0x55551234;

	fl_rebase("", to, &pc, 1);
	fl_rebase(from, "", &pc, 1);
	fl_rebase("555", to, &pc, 1);
	fl_rebase("nonsense\n\n55550000-5556", to, &pc, 1);
	EXPECT_EQ(pc, 0x55551234);
}

FLICKER_XUNIT_MAIN();
