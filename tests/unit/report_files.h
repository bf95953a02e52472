/* SPDX-License-Identifier: MIT */
/*
 * report_files.h - for tests of the report: the golden run, and a directory to write into.
 *
 * FL_GOLDEN is the folder of golden files.  Every file made is in a directory of its
 * own under TMPDIR; leave_directory() fails a test that leaves more than a report.
 */
#ifndef FL_TEST_REPORT_FILES_H
#define FL_TEST_REPORT_FILES_H

#include "../../plugin/report/json.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <flicker/xunit.h>

static char directory[256], path[300], part[320];

/* noinline: gcc 12 would see a dangling pointer in whoever calls it */
__attribute__((noinline, unused))
static char *slurp(const char *file, size_t *ret_size)
{
	char *text = NULL;

	if (fl_file_read(file, 1 << 26, &text, ret_size) < 0)
		FAIL("cannot read %s", file);
	return text;
}

static inline void spill(const char *file, const char *bytes, size_t size)
{
	autoclose int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fl_file_write_all(fd, bytes, size), 0);
}

static inline char *in_golden(const char *name)
{
	const char *golden = getenv("FL_GOLDEN");

	return fl_base_format("%s/%s", golden ? golden : "tests/golden", name);
}

/* The same as the golden file, which FL_GOLDEN_UPDATE=1 writes anew. */
static inline void is_golden(const char *name, const char *text)
{
	const char *update = getenv("FL_GOLDEN_UPDATE");
	autofree char *file = in_golden(name), *want = NULL;

	if (update && strcmp(update, "1") == 0)
		spill(file, text, strlen(text));
	want = slurp(file, NULL);
	EXPECT_STREQ(text, want);
}

static inline bool exists(const char *file)
{
	struct stat st;

	return lstat(file, &st) == 0;
}

static inline mode_t mode_of(const char *file)
{
	struct stat st;

	ASSERT_EQ(stat(file, &st), 0);
	return st.st_mode & 07777;
}

static inline struct fl_json_writer *open_writer(const struct fl_run *run)
{
	struct fl_json_writer *writer = NULL;
	struct fl_error error = { "" };
	autofree char *where = NULL;

	if (fl_json_open(path, run, &writer, &where, &error) < 0)
		FAIL("%s", error.text);
	EXPECT_STREQ(where, path);
	return writer;
}

static inline void append_all(struct fl_json_writer *writer, const struct fl_run *run)
{
	struct fl_error error;
	size_t i;

	for (i = 0; i < run->test_count; i++)
		ASSERT_EQ(fl_json_append(writer, run->tests[i], &error), 0);
}

static inline char *write_run(const struct fl_run *run)
{
	struct fl_error error = { "" };

	if (fl_json_finish(open_writer(run), fl_write_json, run, &error) < 0)
		FAIL("%s", error.text);
	return slurp(path, NULL);
}

static inline void enter_directory(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(directory, sizeof(directory), "%s/flicker-json-XXXXXX", tmp ? tmp : "/tmp");
	ASSERT_NE(mkdtemp(directory), NULL);
	snprintf(path, sizeof(path), "%s/net.flicker.json", directory);
	snprintf(part, sizeof(part), "%s.part", path);
}

/* Removes the directory, which must be empty by then but for the report and its .part. */
static inline void leave_directory(void)
{
	unlink(path);
	unlink(part);
	EXPECT_EQ(rmdir(directory), 0);
}

/* The golden run, written by test_json. */
static inline struct fl_run read_golden_run(void)
{
	autofree char *file = in_golden("report.json");
	struct fl_error error = { "" };
	struct fl_run run = { 0 };

	if (fl_json_read(file, &run, &error) < 0)
		FAIL("%s", error.text);
	return run;
}

static inline size_t count_newlines(const char *text, size_t size)
{
	size_t i, n = 0;

	for (i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

/* A suite whose tests, TEST_F, have such a directory each. */
#define IN_DIRECTORY(suite) \
	struct suite { \
		int unused; \
	}; \
	SetUp(suite) \
	{ \
		enter_directory(); \
	} \
	TearDown(suite) \
	{ \
		leave_directory(); \
	}

#endif
