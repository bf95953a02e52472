/* SPDX-License-Identifier: MIT */
/*
 * test_symbolcache.c - what is added is found again by the next one, whatever happens to the file.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/symbolcache.h"
#include "../../plugin/engine/judge/symbolfiles.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ID "0123456789abcdef"

static char *home;                      /* a new directory for each test */

static int enter(void **state)
{
	(void)state;
	home = fl_base_copy("/tmp/flicker-test-XXXXXX");
	return mkdtemp(home) ? 0 : -1;
}

static int leave(void **state)
{
	autofree char *command = fl_base_format("rm -r '%s'", home);

	(void)state;
	free(take(home));
	return system(command);
}

static struct fl_symbolcache *open_cache(void)
{
	struct fl_symbolcache *cache = fl_symbolcache_open(home);

	assert_non_null(cache);
	return cache;
}

static struct fl_frame frame(const char *function, const char *file, int line)
{
	return (struct fl_frame){
		.function = (char *)(uintptr_t)function,
		.file = (char *)(uintptr_t)file,
		.line = line,
	};
}

static void add(uint64_t address, const char *function, int line)
{
	struct fl_symbolcache *cache = open_cache();
	struct fl_frame one = frame(function, "x.c", line);

	fl_symbolcache_add(cache, ID, address, &(struct fl_backtrace){ &one, 1 });
	fl_symbolcache_free(cache);
}

/* The line at `address`, 0 where nothing is known, in a cache opened anew. */
static int line_at(uint64_t address)
{
	struct fl_symbolcache *cache = open_cache();
	const struct fl_backtrace *found = fl_symbolcache_find(cache, ID, address);
	int line = found ? found->frames[0].line : 0;

	fl_symbolcache_free(cache);
	return line;
}

static void what_is_added_is_found_again(void **state)
{
	struct fl_symbolcache *cache = open_cache();
	struct fl_frame frames[] = { frame("inner", "src/a b.c", 12), frame(NULL, "y.c", 30),
				     frame("outer", NULL, 0) };
	const struct fl_backtrace *found;

	(void)state;
	frames[0].is_inlined = true;
	assert_null(fl_symbolcache_find(cache, ID, 0x4a1c));
	fl_symbolcache_add(cache, ID, 0x4a1c, &(struct fl_backtrace){ frames, 3 });
	fl_symbolcache_free(cache);

	cache = open_cache();
	assert_null(fl_symbolcache_find(cache, ID, 0x4a1d));
	assert_null(fl_symbolcache_find(cache, "ff", 0x4a1c));
	found = fl_symbolcache_find(cache, ID, 0x4a1c);
	assert_non_null(found);
	assert_int_equal(found->count, 3);
	assert_string_equal(found->frames[0].function, "inner");
	assert_string_equal(found->frames[0].file, "src/a b.c");
	assert_int_equal(found->frames[0].line, 12);
	assert_true(found->frames[0].is_inlined);
	assert_null(found->frames[1].function);
	assert_false(found->frames[1].is_inlined);
	assert_null(found->frames[2].file);
	fl_symbolcache_free(cache);
}

static void names_that_would_break_a_line_are_not_kept(void **state)
{
	static const char *const names[] = { "a\tb", "a\nb" };
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(names); i++) {
		add(16 + i, names[i], 3);
		assert_int_equal(line_at(16 + i), 0);
	}
}

static void two_writers_keep_what_both_found(void **state)
{
	struct fl_symbolcache *first = open_cache(), *second = open_cache();
	struct fl_frame a = frame("a", "x.c", 1), b = frame("b", "x.c", 2);

	(void)state;
	fl_symbolcache_add(first, ID, 1, &(struct fl_backtrace){ &a, 1 });
	fl_symbolcache_add(second, ID, 2, &(struct fl_backtrace){ &b, 1 });
	fl_symbolcache_free(first);
	fl_symbolcache_free(second);
	assert_int_equal(line_at(1), 1);
	assert_int_equal(line_at(2), 2);
}

static char *file_path(void)
{
	return fl_base_format("%s/symbols/" ID, home);
}

static void write_file(const char *text, size_t size)
{
	autofree char *path = file_path();
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fl_file_write_all(fd, text, size), 0);
}

/* Cut anywhere, an entry is whole or it is not there. */
static void a_cut_file_gives_whole_entries_or_none(void **state)
{
	autofree char *path = file_path(), *text = NULL;
	size_t size, cut;

	(void)state;
	add(0x10, "first", 11);
	add(0x20, "second", 22);
	assert_int_equal(fl_file_read(path, 1 << 20, &text, &size), 0);
	for (cut = 0; cut < size; cut++) {
		int first, second;

		write_file(text, cut);
		first = line_at(0x10);
		second = line_at(0x20);
		assert_true(first == 0 || first == 11);
		assert_int_equal(second, 0);            /* its line is the last, and not whole */
	}
	write_file(text, size);
	assert_int_equal(line_at(0x20), 22);
}

/* One bit is wrong: nothing wrong is said. */
static void a_wrong_bit_is_noticed(void **state)
{
	autofree char *path = file_path(), *text = NULL;
	size_t size, i;

	(void)state;
	add(0x10, "first", 11);
	assert_int_equal(fl_file_read(path, 1 << 20, &text, &size), 0);
	for (i = 0; i < size * 8; i++) {
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		write_file(text, size);
		assert_int_equal(line_at(0x10), 0);
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
	}
	write_file(text, size);
	assert_int_equal(line_at(0x10), 11);
	add(0x20, "second", 22);                        /* and what is bad is replaced */
	assert_int_equal(line_at(0x20), 22);
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static void only_we_can_read_it(void **state)
{
	autofree char *path = file_path(), *directory = fl_base_format("%s/a/b", home);
	autofree char *below = fl_base_format("%s/symbols", directory);

	(void)state;
	add(0x10, "first", 11);
	assert_int_equal(mode_of(path), 0600);
	fl_symbolcache_free(fl_symbolcache_open(directory));
	assert_int_equal(mode_of(directory), 0700);
	assert_int_equal(mode_of(below), 0700);
}

static void there_may_be_none(void **state)
{
	autofree char *path = fl_base_format("%s/symbols", home);

	(void)state;
	assert_null(fl_symbolcache_open("none"));
	assert_null(fl_symbolcache_open(""));
	assert_null(fl_symbolcache_open("/dev/null/x"));
	assert_null(fl_symbolcache_find(NULL, ID, 1));
	fl_symbolcache_add(NULL, ID, 1, &(struct fl_backtrace){ NULL, 0 });
	fl_symbolcache_free(NULL);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	assert_null(fl_symbolcache_open(home));         /* others could write names there */
}

static void the_usual_place(void **state)
{
	static const struct { const char *cache, *home, *want; } rows[] = {
		{ "%s/c", "/nowhere", "%s/c/flicker/symbols" },
		{ "", "%s", "%s/.cache/flicker/symbols" },
		{ "relative", "%s", "%s/.cache/flicker/symbols" },
		{ "", "", NULL },
		{ "", "/dev/null", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		char cache[256], user[256], want[256];
		autofree char *have = NULL;

		snprintf(cache, sizeof(cache), rows[i].cache, home);
		snprintf(user, sizeof(user), rows[i].home, home);
		snprintf(want, sizeof(want), rows[i].want ? rows[i].want : "%s", home);
		setenv("XDG_CACHE_HOME", cache, 1);
		setenv("HOME", user, 1);
		have = fl_symbolfiles_directory(NULL);
		if (rows[i].want)
			assert_string_equal(have, want);
		else
			assert_null(have);
	}
}

static size_t files_in(const char *directory)
{
	DIR *folder = opendir(directory);
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2;
}

static void the_oldest_of_many_go(void **state)
{
	autofree char *oldest = NULL;
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		autofree char *name = fl_base_format("%x", i), *path = NULL;

		assert_int_equal(fl_symbolfiles_write(home, name, "x", 1), 0);
		path = fl_base_format("%s/%s", home, name);
		assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){ { i, 0 }, { i, 0 } },
					   0), 0);
	}
	assert_true(files_in(home) <= 256);
	oldest = fl_base_format("%s/0", home);
	assert_int_equal(access(oldest, F_OK), -1);
	free(oldest);
	oldest = fl_base_format("%s/12b", home);                /* the last one */
	assert_int_equal(access(oldest, F_OK), 0);
}

static void it_does_not_grow_for_ever(void **state)
{
	struct fl_symbolcache *cache = open_cache();
	autofree char *path = file_path();
	char name[4001];
	struct fl_frame one = frame(name, "x.c", 1);
	struct stat st;
	uint64_t i;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 5000; i++)
		fl_symbolcache_add(cache, ID, i, &(struct fl_backtrace){ &one, 1 });
	fl_symbolcache_free(cache);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size <= 1 << 20);
	assert_int_equal(line_at(0), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_is_found_again),
		TEST(names_that_would_break_a_line_are_not_kept),
		TEST(two_writers_keep_what_both_found),
		TEST(a_cut_file_gives_whole_entries_or_none),
		TEST(a_wrong_bit_is_noticed),
		TEST(only_we_can_read_it),
		TEST(there_may_be_none),
		TEST(the_usual_place),
		TEST(the_oldest_of_many_go),
		TEST(it_does_not_grow_for_ever),
	};

	return cmocka_run_group_tests_name("symbolcache", tests, NULL, NULL);
}
