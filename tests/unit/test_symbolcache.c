/* SPDX-License-Identifier: MIT */
/*
 * test_symbolcache.c - what is added is found again by the next one, whatever happens to the file.
 */
#define _GNU_SOURCE
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/symbolcache.h"
#include "../../plugin/engine/judge/symbolfiles.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ID "0123456789abcdef"

static char *home;                      /* a new directory for each test */

struct symbolcache {
	int unused;
};

SetUp(symbolcache)
{
	home = fl_base_copy("/tmp/flicker-test-XXXXXX");
	ASSERT_NE(mkdtemp(home), NULL);
}

TearDown(symbolcache)
{
	autofree char *command = fl_base_format("rm -r '%s'", home);

	free(take(home));
	EXPECT_EQ(system(command), 0);
}

static struct fl_symbolcache *open_cache(void)
{
	struct fl_symbolcache *cache = fl_symbolcache_open(home);

	ASSERT_NE(cache, NULL);
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

TEST_F(symbolcache, what_is_added_is_found_again)
{
	struct fl_symbolcache *cache = open_cache();
	struct fl_frame frames[] = { frame("inner", "src/a b.c", 12), frame(NULL, "y.c", 30),
				     frame("outer", NULL, 0) };
	const struct fl_backtrace *found;

	frames[0].is_inlined = true;
	EXPECT_EQ(fl_symbolcache_find(cache, ID, 0x4a1c), NULL);
	fl_symbolcache_add(cache, ID, 0x4a1c, &(struct fl_backtrace){ frames, 3 });
	fl_symbolcache_free(cache);

	cache = open_cache();
	EXPECT_EQ(fl_symbolcache_find(cache, ID, 0x4a1d), NULL);
	EXPECT_EQ(fl_symbolcache_find(cache, "ff", 0x4a1c), NULL);
	found = fl_symbolcache_find(cache, ID, 0x4a1c);
	ASSERT_NE(found, NULL);
	EXPECT_EQ(found->count, 3);
	EXPECT_STREQ(found->frames[0].function, "inner");
	EXPECT_STREQ(found->frames[0].file, "src/a b.c");
	EXPECT_EQ(found->frames[0].line, 12);
	ASSERT_TRUE(found->frames[0].is_inlined);
	EXPECT_EQ(found->frames[1].function, NULL);
	EXPECT_FALSE(found->frames[1].is_inlined);
	EXPECT_EQ(found->frames[2].file, NULL);
	fl_symbolcache_free(cache);
}

TEST_F(symbolcache, names_that_would_break_a_line_are_not_kept)
{
	static const char *const names[] = { "a\tb", "a\nb" };
	size_t i;

	for (i = 0; i < FL_COUNT(names); i++) {
		add(16 + i, names[i], 3);
		EXPECT_EQ(line_at(16 + i), 0);
	}
}

TEST_F(symbolcache, two_writers_keep_what_both_found)
{
	struct fl_symbolcache *first = open_cache(), *second = open_cache();
	struct fl_frame a = frame("a", "x.c", 1), b = frame("b", "x.c", 2);

	fl_symbolcache_add(first, ID, 1, &(struct fl_backtrace){ &a, 1 });
	fl_symbolcache_add(second, ID, 2, &(struct fl_backtrace){ &b, 1 });
	fl_symbolcache_free(first);
	fl_symbolcache_free(second);
	EXPECT_EQ(line_at(1), 1);
	EXPECT_EQ(line_at(2), 2);
}

static char *file_path(void)
{
	return fl_base_format("%s/symbols/" ID, home);
}

static void write_file(const char *text, size_t size)
{
	autofree char *path = file_path();
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fl_file_write_all(fd, text, size), 0);
}

/* Cut anywhere, an entry is whole or it is not there. */
TEST_F(symbolcache, a_cut_file_gives_whole_entries_or_none)
{
	autofree char *path = file_path(), *text = NULL;
	size_t size, cut;

	add(0x10, "first", 11);
	add(0x20, "second", 22);
	ASSERT_EQ(fl_file_read(path, 1 << 20, &text, &size), 0);
	for (cut = 0; cut < size; cut++) {
		int first, second;

		write_file(text, cut);
		first = line_at(0x10);
		second = line_at(0x20);
		ASSERT_TRUE(first == 0 || first == 11);
		EXPECT_EQ(second, 0);            /* its line is the last, and not whole */
	}
	write_file(text, size);
	EXPECT_EQ(line_at(0x20), 22);
}

/* One bit is wrong: nothing wrong is said. */
TEST_F(symbolcache, a_wrong_bit_is_noticed)
{
	autofree char *path = file_path(), *text = NULL;
	size_t size, i;

	add(0x10, "first", 11);
	ASSERT_EQ(fl_file_read(path, 1 << 20, &text, &size), 0);
	for (i = 0; i < size * 8; i++) {
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		write_file(text, size);
		EXPECT_EQ(line_at(0x10), 0);
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
	}
	write_file(text, size);
	EXPECT_EQ(line_at(0x10), 11);
	add(0x20, "second", 22);                        /* and what is bad is replaced */
	EXPECT_EQ(line_at(0x20), 22);
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	ASSERT_EQ(stat(path, &st), 0);
	return st.st_mode & 0777;
}

TEST_F(symbolcache, only_we_can_read_it)
{
	autofree char *path = file_path(), *directory = fl_base_format("%s/a/b", home);
	autofree char *below = fl_base_format("%s/symbols", directory);

	add(0x10, "first", 11);
	EXPECT_EQ(mode_of(path), 0600);
	fl_symbolcache_free(fl_symbolcache_open(directory));
	EXPECT_EQ(mode_of(directory), 0700);
	EXPECT_EQ(mode_of(below), 0700);
}

TEST_F(symbolcache, there_may_be_none)
{
	autofree char *path = fl_base_format("%s/symbols", home);

	EXPECT_EQ(fl_symbolcache_open("none"), NULL);
	EXPECT_EQ(fl_symbolcache_open(""), NULL);
	EXPECT_EQ(fl_symbolcache_open("/dev/null/x"), NULL);
	EXPECT_EQ(fl_symbolcache_find(NULL, ID, 1), NULL);
	fl_symbolcache_add(NULL, ID, 1, &(struct fl_backtrace){ NULL, 0 });
	fl_symbolcache_free(NULL);
	EXPECT_EQ(mkdir(path, 0700), 0);
	EXPECT_EQ(chmod(path, 0777), 0);
	EXPECT_EQ(fl_symbolcache_open(home), NULL);         /* others could write names there */
}

TEST_F(symbolcache, the_usual_place)
{
	static const struct { const char *cache, *home, *want; } rows[] = {
		{ "%s/c", "/nowhere", "%s/c/flicker/symbols" },
		{ "", "%s", "%s/.cache/flicker/symbols" },
		{ "relative", "%s", "%s/.cache/flicker/symbols" },
		{ "", "", NULL },
		{ "", "/dev/null", NULL },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		char cache[256], user[256], want[256];
		autofree char *have = NULL;

		SCOPED_TRACE("row %zu", i);
		snprintf(cache, sizeof(cache), rows[i].cache, home);
		snprintf(user, sizeof(user), rows[i].home, home);
		snprintf(want, sizeof(want), rows[i].want ? rows[i].want : "%s", home);
		setenv("XDG_CACHE_HOME", cache, 1);
		setenv("HOME", user, 1);
		have = fl_symbolfiles_directory(NULL);
		EXPECT_STREQ(have, rows[i].want ? want : NULL);
	}
}

static size_t files_in(const char *directory)
{
	DIR *folder = opendir(directory);
	size_t count = 0;

	ASSERT_NE(folder, NULL);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2;
}

TEST_F(symbolcache, the_oldest_of_many_go)
{
	autofree char *oldest = NULL;
	int i;

	for (i = 0; i < 300; i++) {
		autofree char *name = fl_base_format("%x", i), *path = NULL;

		EXPECT_EQ(fl_symbolfiles_write(home, name, "x", 1), 0);
		path = fl_base_format("%s/%s", home, name);
		EXPECT_EQ(utimensat(AT_FDCWD, path, (struct timespec[]){ { i, 0 }, { i, 0 } },
				    0), 0);
	}
	ASSERT_LE(files_in(home), 256);
	oldest = fl_base_format("%s/0", home);
	EXPECT_EQ(access(oldest, F_OK), -1);
	free(oldest);
	oldest = fl_base_format("%s/12b", home);                /* the last one */
	EXPECT_EQ(access(oldest, F_OK), 0);
}

TEST_F(symbolcache, it_does_not_grow_for_ever)
{
	struct fl_symbolcache *cache = open_cache();
	autofree char *path = file_path();
	char name[4001];
	struct fl_frame one = frame(name, "x.c", 1);
	struct stat st;
	uint64_t i;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 5000; i++)
		fl_symbolcache_add(cache, ID, i, &(struct fl_backtrace){ &one, 1 });
	fl_symbolcache_free(cache);
	ASSERT_EQ(stat(path, &st), 0);
	ASSERT_TRUE(st.st_size <= 1 << 20);
	EXPECT_EQ(line_at(0), 1);
}

FLICKER_XUNIT_MAIN();
