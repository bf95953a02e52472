/* SPDX-License-Identifier: MIT */
/*
 * test_nest.c - the private directory, and what killed sessions left behind.
 *
 * A short TMPDIR of its own is made here: a long one would not be used.
 */
#define _GNU_SOURCE
#include <flicker/xunit.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "../../plugin/engine/session/host/nest.h"

static char home[] = "/tmp/nestXXXXXX";

SetUpTestSuite(nest)
{
	ASSERT_NE(mkdtemp(home), NULL);
	setenv("TMPDIR", home, 1);
}

TearDownTestSuite(nest)
{
	EXPECT_EQ(rmdir(home), 0, "a test has left something");
}

/* A directory `name` that was last touched long ago; the caller's path. */
static char *make_old(const char *name, bool has_socket)
{
	char *path = fl_base_format("%s/%s", home, name);
	autofree char *socket = fl_base_format("%s/socket", path);
	struct timespec old[2] = { { .tv_sec = time(NULL) - 1000 }, { .tv_sec = time(NULL) - 1000 } };

	EXPECT_EQ(mkdir(path, 0700), 0);
	if (has_socket)
		close(open(socket, O_CREAT | O_WRONLY, 0600));
	EXPECT_EQ(utimensat(AT_FDCWD, path, old, 0), 0);
	return path;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

TEST(nest, comes_and_goes)
{
	struct fl_nest nest;
	struct fl_error error = { "" };
	autofree char *path = NULL;
	struct stat st;

	ASSERT_EQ(fl_nest_open(&nest, &error), 0);
	path = fl_base_copy(nest.path);
	ASSERT_EQ(stat(path, &st), 0);
	EXPECT_EQ(st.st_mode & 0777, 0700);
	fl_nest_close(&nest);
	EXPECT_FALSE(is_there(path));
	fl_nest_close(&nest);           /* once more is fine */
}

TEST(nest, left_over_ones_go)
{
	autofree char *dead = make_old("flicker-aaaaaa", true);
	autofree char *held = make_old("flicker-bbbbbb", false);
	autofree char *foreign = make_old("flicker-something", false);
	autoclose int lock = open(held, O_RDONLY | O_DIRECTORY);
	struct fl_nest nest;
	struct fl_error error = { "" };

	EXPECT_EQ(flock(lock, LOCK_EX), 0);
	ASSERT_EQ(fl_nest_open(&nest, &error), 0);
	fl_nest_close(&nest);
	EXPECT_FALSE(is_there(dead));
	ASSERT_TRUE(is_there(held));
	ASSERT_TRUE(is_there(foreign));
	rmdir(held);
	rmdir(foreign);
}

TEST(nest, young_ones_stay)
{
	autofree char *young = fl_base_format("%s/flicker-cccccc", home);
	struct fl_nest nest;
	struct fl_error error = { "" };

	EXPECT_EQ(mkdir(young, 0700), 0);
	ASSERT_EQ(fl_nest_open(&nest, &error), 0);
	fl_nest_close(&nest);
	ASSERT_TRUE(is_there(young));
	rmdir(young);
}

FLICKER_XUNIT_MAIN();
