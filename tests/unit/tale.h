/* SPDX-License-Identifier: MIT */
/*
 * tale.h - a stack whose functions and lines are known, told by the program itself.
 *
 * The includer runs story() as its first test, and then looks up `seen` in its own
 * maps, or in maps that name another file.  Needs -g.
 */
#ifndef TALE_H
#define TALE_H

#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/symbolize.h"

#include <limits.h>

enum { MAPS_LIMIT = 1 << 20, PCS = 3 };

/* The calls in story() -> outer() -> middle() -> inner(); the last two are inlined. */
static struct {
	uint64_t pcs[PCS];
	int inner_line, middle_line, outer_line, story_line;
} seen;

__attribute__((noinline)) static void look_up_from(int i)
{
	seen.pcs[i] = (uintptr_t)__builtin_return_address(0);
	__asm__ volatile("");
}

__attribute__((always_inline)) static inline void inner(void)
{
	seen.inner_line = __LINE__ + 1;
	look_up_from(0);
	__asm__ volatile("");
}

__attribute__((always_inline)) static inline void middle(void)
{
	seen.middle_line = __LINE__ + 1;
	inner();
}

__attribute__((noinline)) static void outer(void)
{
	seen.pcs[1] = (uintptr_t)__builtin_return_address(0);
	seen.outer_line = __LINE__ + 1;
	middle();
	__asm__ volatile("");
}

/* The test function of this tale: called by libcmocka. */
static void story(void **state)
{
	(void)state;
	seen.pcs[2] = (uintptr_t)__builtin_return_address(0);
	seen.story_line = __LINE__ + 1;
	outer();
	__asm__ volatile("");
}

static char *own_maps(void)
{
	char *maps;

	ASSERT_EQ(fl_file_read("/proc/self/maps", MAPS_LIMIT, &maps, NULL), 0);
	return maps;
}

static char *own_path(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	ASSERT_GT(n, 0);
	return fl_base_copy_n(path, (size_t)n);
}

static uint64_t own_load_address(void)
{
	autofree char *own = own_path(), *maps = own_maps();
	char *line, *save = NULL;

	for (line = strtok_r(maps, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strstr(line, own))
			return strtoull(line, NULL, 16);
	FAIL("the program is not in its own maps");
	return 0;
}

static struct fl_backtrace backtrace_of(const char *maps)
{
	struct fl_symbols *symbols = NULL;
	struct fl_backtrace backtrace;

	ASSERT_EQ(fl_symbols_open(maps, &symbols), 0);
	fl_symbols_backtrace(symbols, seen.pcs, PCS, false, "cmocka", &backtrace);
	fl_symbols_free(symbols);
	return backtrace;
}

static const char *base_of(const char *path)
{
	return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void is_frame(const struct fl_frame *frame, const char *function, int line, bool is_inlined)
{
	ASSERT_NE(frame->function, NULL);
	EXPECT_STREQ(frame->function, function);
	ASSERT_NE(frame->file, NULL);
	EXPECT_STREQ(base_of(frame->file), "tale.h");
	EXPECT_EQ(frame->line, line);
	EXPECT_EQ(frame->is_inlined, is_inlined);
	ASSERT_NE(frame->module, NULL);
}

/* The tale as it should be told, without the frame of libcmocka. */
static void is_whole_tale(const struct fl_backtrace *backtrace)
{
	EXPECT_EQ(backtrace->count, 4);
	is_frame(&backtrace->frames[0], "inner", seen.inner_line, true);
	is_frame(&backtrace->frames[1], "middle", seen.middle_line, true);
	is_frame(&backtrace->frames[2], "outer", seen.outer_line, false);
	is_frame(&backtrace->frames[3], "story", seen.story_line, false);
	EXPECT_EQ(backtrace->frames[0].pc, seen.pcs[0]);
	EXPECT_EQ(backtrace->frames[2].pc, seen.pcs[0]);
	EXPECT_EQ(backtrace->frames[3].pc, seen.pcs[1]);
}

#endif
