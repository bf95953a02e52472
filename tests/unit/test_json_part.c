/* SPDX-License-Identifier: MIT */
/*
 * test_json_part.c - the growing .part: cut, held by the living, left by the dead, no room.
 */
#define _GNU_SOURCE
#include "report_files.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

/* However a .part was cut: as many tests as it has whole lines after the head. */
IN_DIRECTORY(json_part)

TEST_F(json_part, reads_part_cut_anywhere)
{
	struct fl_run run = read_golden_run(), cut;
	struct fl_json_writer *writer = open_writer(&run);
	autofree char *text = NULL, *copy = fl_base_format("%s/cut.json.part", directory);
	struct fl_error fault;
	size_t size, i;

	ASSERT_EQ(fl_json_append(writer, run.tests[0], &fault), 0);
	ASSERT_EQ(fl_json_append(writer, run.tests[3], &fault), 0);
	text = slurp(part, &size);
	EXPECT_EQ(count_newlines(text, size), 3);
	for (i = 0; i <= size; i++) {
		struct fl_error error = { "" };
		size_t lines = count_newlines(text, i);
		int r;

		spill(copy, text, i);
		r = fl_json_read(copy, &cut, &error);
		if (lines == 0 && r < 0) {
			EXPECT_EQ(r, -EINVAL);
			EXPECT_NE(strstr(error.text, ".part:1: "), NULL);
			continue;
		}
		EXPECT_EQ(r, 0);
		ASSERT_TRUE(cut.is_partial);
		EXPECT_EQ(cut.test_count, lines ? lines - 1 : 0);
		fl_run_clear(&cut);
	}
	unlink(copy);
	fl_json_abandon(writer);
	fl_run_clear(&run);
}

TEST_F(json_part, gives_way_to_the_living)
{
	struct fl_run run = read_golden_run();
	struct fl_json_writer *writer = open_writer(&run), *second = NULL, *third = NULL;
	autofree char *own = fl_base_format("%s/net.flicker.%ld.json", directory, (long)getpid());
	autofree char *where = NULL, *nowhere = NULL;
	struct fl_error error;

	append_all(writer, &run);
	ASSERT_EQ(fl_json_open(path, &run, &second, &where, &error), 0);
	EXPECT_STREQ(where, own);
	ASSERT_EQ(fl_json_open(path, &run, &third, &nowhere, &error), -EBUSY);
	EXPECT_EQ(third, NULL);
	EXPECT_EQ(nowhere, NULL);
	EXPECT_NE(strstr(error.text, "another flicker"), NULL);
	ASSERT_EQ(fl_json_finish(second, fl_write_json, &run, &error), 0);
	ASSERT_TRUE(exists(own) && exists(part));
	ASSERT_EQ(fl_json_finish(writer, fl_write_json, &run, &error), 0);
	ASSERT_TRUE(exists(path) && !exists(part));
	unlink(own);
	fl_run_clear(&run);
}

TEST_F(json_part, overwrites_the_dead)
{
	static const char garbage[] = "{\"left\": \"by a dead process\"}\n{}\n{}\n";
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer;
	struct fl_error error;

	spill(part, garbage, strlen(garbage));
	EXPECT_EQ(chmod(part, 0644), 0);
	writer = open_writer(&run);
	EXPECT_EQ(mode_of(part), 0600);
	ASSERT_EQ(fl_json_read(part, &read, &error), 0);
	EXPECT_EQ(read.test_count, 0);
	fl_run_clear(&read);
	fl_json_abandon(writer);
	EXPECT_FALSE(exists(part));
	fl_json_abandon(NULL);
	fl_run_clear(&run);
}

TEST_F(json_part, abandons_with_evidence)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;

	ASSERT_EQ(fl_json_append(writer, run.tests[0], &error), 0);
	fl_json_abandon(writer);
	ASSERT_EQ(fl_json_read(part, &read, &error), 0);
	EXPECT_EQ(read.test_count, 1);
	fl_run_clear(&read);
	fl_run_clear(&run);
}

static void refuse(const char *where, int want)
{
	struct fl_json_writer *writer = NULL;
	struct fl_run run = read_golden_run();
	struct fl_error error = { "" };
	char *got = NULL;
	int r = fl_json_open(where, &run, &writer, &got, &error);

	if (r != want || !strstr(error.text, where))
		FAIL("%s: %d, %s", where, r, error.text);
	EXPECT_EQ(writer, NULL);
	EXPECT_EQ(got, NULL);
	fl_run_clear(&run);
}

TEST_F(json_part, refuses_unwritable)
{
	autofree char *missing = fl_base_format("%s/none/x.json", directory);
	autofree char *below_file = fl_base_format("%s/x.json", path);

	spill(path, "", 0);
	refuse(missing, -ENOENT);
	refuse(below_file, -ENOTDIR);
	refuse(directory, -EISDIR);
	refuse("/dev/null", -EINVAL);
	EXPECT_FALSE(exists("/dev/null.part"));
	unlink(path);
	EXPECT_EQ(mkfifo(part, 0600), 0);
	refuse(path, -EEXIST);
	unlink(part);
	EXPECT_EQ(symlink("elsewhere", part), 0);
	refuse(path, -ELOOP);
	unlink(part);
	if (geteuid() == 0)
		return;
	EXPECT_EQ(chmod(directory, 0500), 0);
	refuse(path, -EACCES);
	EXPECT_EQ(chmod(directory, 0700), 0);
}

TEST_F(json_part, keeps_part_when_it_cannot_finish)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;

	append_all(writer, &run);
	EXPECT_EQ(mkdir(path, 0700), 0);
	ASSERT_EQ(fl_json_finish(writer, fl_write_json, &run, &error), -EISDIR);
	EXPECT_NE(strstr(error.text, part), NULL);
	ASSERT_EQ(fl_json_read(part, &read, &error), 0);
	EXPECT_EQ(read.test_count, run.test_count);
	fl_run_clear(&read);
	fl_run_clear(&run);
	rmdir(path);            /* and nothing else is left, as leave_directory() finds */
}

static void limit_file_size(rlim_t size)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_F(json_part, takes_back_what_did_not_fit)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	ASSERT_EQ(fl_json_append(writer, run.tests[2], &error), 0);
	ASSERT_EQ(stat(part, &st), 0);
	limit_file_size((rlim_t)st.st_size + 100);
	ASSERT_EQ(fl_json_append(writer, run.tests[0], &error), -EFBIG);
	limit_file_size(RLIM_INFINITY);
	ASSERT_EQ(fl_json_append(writer, run.tests[1], &error), 0);
	ASSERT_EQ(fl_json_read(part, &read, &error), 0);
	EXPECT_EQ(read.test_count, 2);
	EXPECT_STREQ(read.tests[1]->id, "net.resolves");
	fl_run_clear(&read);
	limit_file_size(1000);
	ASSERT_EQ(fl_json_finish(writer, fl_write_json, &run, &error), -EFBIG);
	limit_file_size(RLIM_INFINITY);
	signal(SIGXFSZ, SIG_DFL);
	EXPECT_FALSE(exists(path));
	ASSERT_TRUE(exists(part));
	fl_run_clear(&run);
}

FLICKER_XUNIT_MAIN();
