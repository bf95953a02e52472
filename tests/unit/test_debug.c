/* SPDX-License-Identifier: MIT */
/*
 * test_debug.c - FLICKER_DEBUG switches domains on; the clock goes forward.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"

#include <errno.h>

static void domains_are_words(void **state)
{
	static const struct { const char *list, *domain; bool want; } rows[] = {
		{ NULL, "plan", false },      { "", "plan", false },
		{ "plan", "plan", true },     { "link,plan", "plan", true },
		{ "plan,link", "plan", true },{ "planet", "plan", false },
		{ "pla", "plan", false },     { "all", "plan", true },
		{ "link,all", "plan", true }, { "link", "plan", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		unsetenv("FLICKER_DEBUG");
		if (rows[i].list)
			setenv("FLICKER_DEBUG", rows[i].list, 1);
		if (fl_debug_on(rows[i].domain) != rows[i].want)
			fail_msg("row %zu", i);
	}
	unsetenv("FLICKER_DEBUG");
}

/* What fl_debug writes to descriptor 2. */
static void caught(const char *text, char *ret_line, size_t size)
{
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	fl_debug("plan", "%s", text);
	dup2(kept, STDERR_FILENO);
	close(kept);
	n = read(ends[0], ret_line, size - 1);
	close(ends[0]);
	ret_line[n > 0 ? n : 0] = '\0';
}

static void a_line_is_whole(void **state)
{
	char line[4000], big[3000];

	(void)state;
	caught("silent", line, sizeof(line));
	assert_string_equal(line, "");
	setenv("FLICKER_DEBUG", "plan", 1);
	caught("half done", line, sizeof(line));
	assert_string_equal(line, "flicker: plan: half done\n");
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	caught(big, line, sizeof(line));
	assert_int_equal(strlen(line), 1024);
	assert_int_equal(line[1023], '\n');
	unsetenv("FLICKER_DEBUG");
}

static void errno_is_kept(void **state)
{
	int kept = dup(STDERR_FILENO), after;

	(void)state;
	setenv("FLICKER_DEBUG", "plan", 1);
	close(STDERR_FILENO);
	errno = ENOENT;
	fl_debug("plan", "to nobody");
	after = errno;
	dup2(kept, STDERR_FILENO);
	close(kept);
	assert_int_equal(after, ENOENT);
	unsetenv("FLICKER_DEBUG");
}

static void time_goes_forward(void **state)
{
	uint64_t before = fl_clock_ns();

	(void)state;
	usleep(1000);
	assert_true(fl_clock_ns() - before >= 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains_are_words),
		cmocka_unit_test(a_line_is_whole),
		cmocka_unit_test(errno_is_kept),
		cmocka_unit_test(time_goes_forward),
	};

	return cmocka_run_group_tests_name("debug", tests, NULL, NULL);
}
