/* SPDX-License-Identifier: MIT */
/*
 * test_debug.c - FLICKER_DEBUG switches domains on; the clock goes forward.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

#include <errno.h>

TEST(debug, domains_are_words)
{
	static const struct { const char *list, *domain; bool want; } rows[] = {
		{ NULL, "plan", false },      { "", "plan", false },
		{ "plan", "plan", true },     { "link,plan", "plan", true },
		{ "plan,link", "plan", true },{ "planet", "plan", false },
		{ "pla", "plan", false },     { "all", "plan", true },
		{ "link,all", "plan", true }, { "link", "plan", false },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		unsetenv("FLICKER_DEBUG");
		if (rows[i].list)
			setenv("FLICKER_DEBUG", rows[i].list, 1);
		EXPECT_EQ(fl_debug_on(rows[i].domain), rows[i].want, "row %zu", i);
	}
	unsetenv("FLICKER_DEBUG");
}

/* What fl_debug writes to descriptor 2. */
static void caught(const char *text, char *ret_line, size_t size)
{
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t n;

	EXPECT_EQ(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	fl_debug("plan", "%s", text);
	dup2(kept, STDERR_FILENO);
	close(kept);
	n = read(ends[0], ret_line, size - 1);
	close(ends[0]);
	ret_line[n > 0 ? n : 0] = '\0';
}

TEST(debug, a_line_is_whole)
{
	char line[4000], big[3000];

	caught("silent", line, sizeof(line));
	EXPECT_STREQ(line, "");
	setenv("FLICKER_DEBUG", "plan", 1);
	caught("half done", line, sizeof(line));
	EXPECT_STREQ(line, "flicker: plan: half done\n");
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	caught(big, line, sizeof(line));
	EXPECT_EQ(strlen(line), 1024);
	EXPECT_EQ(line[1023], '\n');
	unsetenv("FLICKER_DEBUG");
}

TEST(debug, errno_is_kept)
{
	int kept = dup(STDERR_FILENO), after;

	setenv("FLICKER_DEBUG", "plan", 1);
	close(STDERR_FILENO);
	errno = ENOENT;
	fl_debug("plan", "to nobody");
	after = errno;
	dup2(kept, STDERR_FILENO);
	close(kept);
	EXPECT_EQ(after, ENOENT);
	unsetenv("FLICKER_DEBUG");
}

TEST(debug, time_goes_forward)
{
	uint64_t before = fl_clock_ns();

	usleep(1000);
	ASSERT_GE(fl_clock_ns() - before, 1000000);
}

FLICKER_XUNIT_MAIN();
