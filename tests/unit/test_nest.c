/* SPDX-License-Identifier: MIT */
/*
 * test_nest.c - the private directory, and what killed sessions left behind.
 *
 * A short TMPDIR of its own is made here: a long one would not be used.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "../../plugin/engine/session/host/nest.h"

static char home[] = "/tmp/nestXXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(home) ? setenv("TMPDIR", home, 1) : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(home);             /* fails where a test leaves something */
}

/* A directory `name` that was last touched long ago; the caller's path. */
static char *make_old(const char *name, bool has_socket)
{
	char *path = fl_base_format("%s/%s", home, name);
	autofree char *socket = fl_base_format("%s/socket", path);
	struct timespec old[2] = { { .tv_sec = time(NULL) - 1000 }, { .tv_sec = time(NULL) - 1000 } };

	assert_int_equal(mkdir(path, 0700), 0);
	if (has_socket)
		close(open(socket, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	return path;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void comes_and_goes(void **state)
{
	struct fl_nest nest;
	struct fl_error error = { "" };
	autofree char *path = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(fl_nest_open(&nest, &error), 0);
	path = fl_base_copy(nest.path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	fl_nest_close(&nest);
	assert_false(is_there(path));
	fl_nest_close(&nest);           /* once more is fine */
}

static void left_over_ones_go(void **state)
{
	autofree char *dead = make_old("flicker-aaaaaa", true);
	autofree char *held = make_old("flicker-bbbbbb", false);
	autofree char *foreign = make_old("flicker-something", false);
	autoclose int lock = open(held, O_RDONLY | O_DIRECTORY);
	struct fl_nest nest;
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(flock(lock, LOCK_EX), 0);
	assert_int_equal(fl_nest_open(&nest, &error), 0);
	fl_nest_close(&nest);
	assert_false(is_there(dead));
	assert_true(is_there(held));
	assert_true(is_there(foreign));
	rmdir(held);
	rmdir(foreign);
}

static void young_ones_stay(void **state)
{
	autofree char *young = fl_base_format("%s/flicker-cccccc", home);
	struct fl_nest nest;
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(mkdir(young, 0700), 0);
	assert_int_equal(fl_nest_open(&nest, &error), 0);
	fl_nest_close(&nest);
	assert_true(is_there(young));
	rmdir(young);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_and_goes),
		cmocka_unit_test(left_over_ones_go),
		cmocka_unit_test(young_ones_stay),
	};

	return cmocka_run_group_tests_name("nest", tests, set_up, tear_down);
}
