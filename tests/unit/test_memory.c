/* SPDX-License-Identifier: MIT */
/*
 * test_memory.c - memory grows, copies, or ends the process.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"

#include <fcntl.h>
#include <sys/wait.h>

TEST(memory, new_memory_is_zero)
{
	autofree char *memory = fl_base_alloc(1000, 3);
	autofree void *none = fl_base_alloc(0, 8);
	size_t i;

	ASSERT_NE(none, NULL);
	for (i = 0; i < 3000; i++)
		EXPECT_EQ(memory[i], 0);
}

TEST(memory, arrays_grow_by_doubling)
{
	autofree int *numbers = NULL;
	size_t capacity = 0, moves = 0, before, i;

	for (i = 0; i < 1000; i++) {
		before = capacity;
		numbers = fl_base_grow(numbers, &capacity, i + 1, sizeof(*numbers));
		ASSERT_GT(capacity, i);
		moves += capacity != before;
		EXPECT_EQ(numbers[i], 0);
		numbers[i] = (int)i;
	}
	ASSERT_LT(moves, 12);
	for (i = 0; i < 1000; i++)
		EXPECT_EQ(numbers[i], i);
}

TEST(memory, text_is_copied)
{
	autofree char *copy = fl_base_copy("abc");
	autofree char *part = fl_base_copy_n("abcdef", 2);
	autofree char *made = fl_base_format("%s-%0500d", "x", 7);
	autofree char *empty = fl_base_format("%s", "");

	EXPECT_STREQ(copy, "abc");
	EXPECT_STREQ(part, "ab");
	EXPECT_EQ(strlen(made), 502);
	EXPECT_EQ(made[501], '7');
	EXPECT_STREQ(empty, "");
	EXPECT_EQ(fl_base_copy(NULL), NULL);
}

TEST(memory, taking_leaves_null)
{
	char *owner = fl_base_copy("abc");
	autofree char *heir = take(owner);

	EXPECT_EQ(owner, NULL);
	EXPECT_STREQ(heir, "abc");
}

/* Asks for far too much in a child, whose words go to `fd`. */
static int ask_too_much(int fd)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(fd, STDERR_FILENO);
		fl_base_alloc(SIZE_MAX / 2, 3);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

TEST(memory, without_memory_it_ends)
{
	char words[100] = "";
	int ends[2], status;

	EXPECT_EQ(pipe(ends), 0);
	status = ask_too_much(ends[1]);
	close(ends[1]);
	ASSERT_GT(read(ends[0], words, sizeof(words) - 1), 0);
	close(ends[0]);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 70);
	EXPECT_STREQ(words, "flicker: out of memory\n");
}

FLICKER_XUNIT_MAIN();
