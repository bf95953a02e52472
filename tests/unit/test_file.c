/* SPDX-License-Identifier: MIT */
/*
 * test_file.c - files come in whole or not at all, and go out whole.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

enum { BIG = 1000000 };

/* A file of `size` bytes, which are not all text; its name is the caller's. */
static char *make_file(size_t size)
{
	char *path = fl_base_copy("/tmp/flicker-test-XXXXXX");
	autoclose int fd = mkstemp(path);
	autofree char *bytes = fl_base_alloc(size, 1);
	size_t i;

	ASSERT_GE(fd, 0);
	for (i = 0; i < size; i++)
		bytes[i] = (char)(i * 7);
	EXPECT_EQ(fl_file_write_all(fd, bytes, size), 0);
	return path;
}

static const size_t sizes[] = { 0, 1, 4096, 16383, 16384, 16385, BIG };

TEST_P(file, files_are_read_whole, sizes)
{
	size_t j;
	autofree char *path = make_file(*row);
	autofree char *text = NULL;
	size_t size = 77;

	ASSERT_EQ(fl_file_read(path, BIG, &text, &size), 0);
	unlink(path);
	EXPECT_EQ(size, *row);
	EXPECT_EQ(text[size], '\0');
	for (j = 0; j < size; j++)
		EXPECT_EQ(text[j], (char)(j * 7), "byte %zu of %zu", j, size);
}

TEST(file, only_files_are_replaced)
{
	autofree char *path = make_file(1);

	EXPECT_EQ(fl_file_check_target(path), 0);
	unlink(path);
	EXPECT_EQ(fl_file_check_target(path), 0);
	EXPECT_EQ(mkfifo(path, 0600), 0);
	EXPECT_EQ(fl_file_check_target(path), -EINVAL);
	unlink(path);
	EXPECT_EQ(fl_file_check_target("/"), -EISDIR);
	EXPECT_EQ(fl_file_check_target("/dev/null"), -EINVAL);
	EXPECT_EQ(symlink("/proc/self/exe", path), 0);
	EXPECT_EQ(fl_file_check_target(path), -EINVAL);         /* as /dev/stderr, wherever that leads */
	unlink(path);
}

TEST(file, the_limit_is_exact)
{
	autofree char *path = make_file(1000);
	autofree char *text = NULL;
	char *untouched = NULL;

	ASSERT_EQ(fl_file_read(path, 1000, &text, NULL), 0);
	ASSERT_EQ(fl_file_read(path, 999, &untouched, NULL), -EFBIG);
	EXPECT_EQ(untouched, NULL);
	unlink(path);
}

TEST(file, faults_are_told)
{
	static const struct { const char *path; int want; } rows[] = {
		{ "/nonexistent/x", -ENOENT }, { "/tmp", -EISDIR }, { "/dev/null/x", -ENOTDIR },
	};
	char *text = NULL;
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++)
		ASSERT_EQ(fl_file_read(rows[i].path, 10, &text, NULL), rows[i].want);
	EXPECT_EQ(text, NULL);
	EXPECT_EQ(fl_file_write_all(-1, "x", 1), -EBADF);
}

TEST(file, files_without_a_size_are_read)
{
	autofree char *text = NULL;
	size_t size;

	ASSERT_EQ(fl_file_read("/proc/self/maps", BIG, &text, &size), 0);
	ASSERT_GT(size, 100);
}

static void wake(int number)
{
	(void)number;
}

/* Writes while a timer interrupts it, so that writes are short or fail with EINTR. */
static int write_interrupted(int fd, const char *bytes)
{
	const struct itimerval often = { { 0, 500 }, { 0, 500 } };
	const struct sigaction action = { .sa_handler = wake };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	return fl_file_write_all(fd, bytes, BIG);
}

/* Reads slowly at first: the pipe is full, the writer blocks. */
static size_t read_slowly(int fd, char *bytes)
{
	size_t got = 0, reads = 0;
	ssize_t n;

	do {
		usleep(reads++ < 3 ? 3000 : 0);
		n = read(fd, bytes + got, BIG + 1 - got);
		got += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return got;
}

TEST(file, short_writes_go_on)
{
	autofree char *bytes = fl_base_alloc(BIG, 1), *copy = fl_base_alloc(BIG + 1, 1);
	int ends[2], status;
	size_t got, i;
	pid_t pid;

	for (i = 0; i < BIG; i++)
		bytes[i] = (char)(i / 1000);
	EXPECT_EQ(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		_exit(write_interrupted(ends[1], bytes) == 0 ? 0 : 1);
	close(ends[1]);
	got = read_slowly(ends[0], copy);
	close(ends[0]);
	waitpid(pid, &status, 0);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(got, BIG);
	EXPECT_MEMEQ(copy, bytes, BIG);
}

FLICKER_XUNIT_MAIN();
