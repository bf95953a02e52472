/* SPDX-License-Identifier: MIT */
/*
 * test_memory.c - memory grows, copies, or ends the process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"

#include <fcntl.h>
#include <sys/wait.h>

static void new_memory_is_zero(void **state)
{
	autofree char *memory = fl_base_alloc(1000, 3);
	autofree void *none = fl_base_alloc(0, 8);
	size_t i;

	(void)state;
	assert_non_null(none);
	for (i = 0; i < 3000; i++)
		assert_int_equal(memory[i], 0);
}

static void arrays_grow_by_doubling(void **state)
{
	autofree int *numbers = NULL;
	size_t capacity = 0, moves = 0, before, i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		before = capacity;
		numbers = fl_base_grow(numbers, &capacity, i + 1, sizeof(*numbers));
		assert_true(capacity > i);
		moves += capacity != before;
		assert_int_equal(numbers[i], 0);
		numbers[i] = (int)i;
	}
	assert_true(moves < 12);
	for (i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
}

static void text_is_copied(void **state)
{
	autofree char *copy = fl_base_copy("abc");
	autofree char *part = fl_base_copy_n("abcdef", 2);
	autofree char *made = fl_base_format("%s-%0500d", "x", 7);
	autofree char *empty = fl_base_format("%s", "");

	(void)state;
	assert_string_equal(copy, "abc");
	assert_string_equal(part, "ab");
	assert_int_equal(strlen(made), 502);
	assert_int_equal(made[501], '7');
	assert_string_equal(empty, "");
	assert_null(fl_base_copy(NULL));
}

static void taking_leaves_null(void **state)
{
	char *owner = fl_base_copy("abc");
	autofree char *heir = take(owner);

	(void)state;
	assert_null(owner);
	assert_string_equal(heir, "abc");
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
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void without_memory_it_ends(void **state)
{
	char words[100] = "";
	int ends[2], status;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	status = ask_too_much(ends[1]);
	close(ends[1]);
	assert_true(read(ends[0], words, sizeof(words) - 1) > 0);
	close(ends[0]);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 70);
	assert_string_equal(words, "flicker: out of memory\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_memory_is_zero),
		cmocka_unit_test(arrays_grow_by_doubling),
		cmocka_unit_test(text_is_copied),
		cmocka_unit_test(taking_leaves_null),
		cmocka_unit_test(without_memory_it_ends),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
