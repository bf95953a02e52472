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
static void reads_part_cut_anywhere(void **state)
{
	struct fl_run run = read_golden_run(), cut;
	struct fl_json_writer *writer = open_writer(&run);
	autofree char *text = NULL, *copy = fl_base_format("%s/cut.json.part", directory);
	struct fl_error fault;
	size_t size, i;

	(void)state;
	assert_int_equal(fl_json_append(writer, run.tests[0], &fault), 0);
	assert_int_equal(fl_json_append(writer, run.tests[3], &fault), 0);
	text = slurp(part, &size);
	assert_int_equal(count_newlines(text, size), 3);
	for (i = 0; i <= size; i++) {
		struct fl_error error = { "" };
		size_t lines = count_newlines(text, i);
		int r;

		spill(copy, text, i);
		r = fl_json_read(copy, &cut, &error);
		if (lines == 0 && r < 0) {
			assert_int_equal(r, -EINVAL);
			assert_non_null(strstr(error.text, ".part:1: "));
			continue;
		}
		assert_int_equal(r, 0);
		assert_true(cut.is_partial);
		assert_int_equal(cut.test_count, lines ? lines - 1 : 0);
		fl_run_clear(&cut);
	}
	unlink(copy);
	fl_json_abandon(writer);
	fl_run_clear(&run);
}

static void gives_way_to_the_living(void **state)
{
	struct fl_run run = read_golden_run();
	struct fl_json_writer *writer = open_writer(&run), *second = NULL, *third = NULL;
	autofree char *own = fl_base_format("%s/net.flicker.%ld.json", directory, (long)getpid());
	autofree char *where = NULL, *nowhere = NULL;
	struct fl_error error;

	(void)state;
	append_all(writer, &run);
	assert_int_equal(fl_json_open(path, &run, &second, &where, &error), 0);
	assert_string_equal(where, own);
	assert_int_equal(fl_json_open(path, &run, &third, &nowhere, &error), -EBUSY);
	assert_null(third);
	assert_null(nowhere);
	assert_non_null(strstr(error.text, "another flicker"));
	assert_int_equal(fl_json_finish(second, fl_write_json, &run, &error), 0);
	assert_true(exists(own) && exists(part));
	assert_int_equal(fl_json_finish(writer, fl_write_json, &run, &error), 0);
	assert_true(exists(path) && !exists(part));
	unlink(own);
	fl_run_clear(&run);
}

static void overwrites_the_dead(void **state)
{
	static const char garbage[] = "{\"left\": \"by a dead process\"}\n{}\n{}\n";
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer;
	struct fl_error error;

	(void)state;
	spill(part, garbage, strlen(garbage));
	assert_int_equal(chmod(part, 0644), 0);
	writer = open_writer(&run);
	assert_int_equal(mode_of(part), 0600);
	assert_int_equal(fl_json_read(part, &read, &error), 0);
	assert_int_equal(read.test_count, 0);
	fl_run_clear(&read);
	fl_json_abandon(writer);
	assert_false(exists(part));
	fl_json_abandon(NULL);
	fl_run_clear(&run);
}

static void abandons_with_evidence(void **state)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;

	(void)state;
	assert_int_equal(fl_json_append(writer, run.tests[0], &error), 0);
	fl_json_abandon(writer);
	assert_int_equal(fl_json_read(part, &read, &error), 0);
	assert_int_equal(read.test_count, 1);
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
		fail_msg("%s: %d, %s", where, r, error.text);
	assert_null(writer);
	assert_null(got);
	fl_run_clear(&run);
}

static void refuses_unwritable(void **state)
{
	autofree char *missing = fl_base_format("%s/none/x.json", directory);
	autofree char *below_file = fl_base_format("%s/x.json", path);

	(void)state;
	spill(path, "", 0);
	refuse(missing, -ENOENT);
	refuse(below_file, -ENOTDIR);
	refuse(directory, -EISDIR);
	refuse("/dev/null", -EINVAL);
	assert_false(exists("/dev/null.part"));
	unlink(path);
	assert_int_equal(mkfifo(part, 0600), 0);
	refuse(path, -EEXIST);
	unlink(part);
	assert_int_equal(symlink("elsewhere", part), 0);
	refuse(path, -ELOOP);
	unlink(part);
	if (geteuid() == 0)
		return;
	assert_int_equal(chmod(directory, 0500), 0);
	refuse(path, -EACCES);
	assert_int_equal(chmod(directory, 0700), 0);
}

static void keeps_part_when_it_cannot_finish(void **state)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;

	(void)state;
	append_all(writer, &run);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(fl_json_finish(writer, fl_write_json, &run, &error), -EISDIR);
	assert_non_null(strstr(error.text, part));
	assert_int_equal(fl_json_read(part, &read, &error), 0);
	assert_int_equal(read.test_count, run.test_count);
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

static void takes_back_what_did_not_fit(void **state)
{
	struct fl_run run = read_golden_run(), read;
	struct fl_json_writer *writer = open_writer(&run);
	struct fl_error error;
	struct stat st;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(fl_json_append(writer, run.tests[2], &error), 0);
	assert_int_equal(stat(part, &st), 0);
	limit_file_size((rlim_t)st.st_size + 100);
	assert_int_equal(fl_json_append(writer, run.tests[0], &error), -EFBIG);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(fl_json_append(writer, run.tests[1], &error), 0);
	assert_int_equal(fl_json_read(part, &read, &error), 0);
	assert_int_equal(read.test_count, 2);
	assert_string_equal(read.tests[1]->id, "net.resolves");
	fl_run_clear(&read);
	limit_file_size(1000);
	assert_int_equal(fl_json_finish(writer, fl_write_json, &run, &error), -EFBIG);
	limit_file_size(RLIM_INFINITY);
	signal(SIGXFSZ, SIG_DFL);
	assert_false(exists(path));
	assert_true(exists(part));
	fl_run_clear(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(reads_part_cut_anywhere),
		IN_DIRECTORY(gives_way_to_the_living),
		IN_DIRECTORY(overwrites_the_dead),
		IN_DIRECTORY(abandons_with_evidence),
		IN_DIRECTORY(refuses_unwritable),
		IN_DIRECTORY(keeps_part_when_it_cannot_finish),
		IN_DIRECTORY(takes_back_what_did_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
