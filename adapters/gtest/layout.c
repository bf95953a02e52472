/* SPDX-License-Identifier: MIT */
/*
 * layout.c - what is read out of GoogleTest's objects, and whether it can be.
 *
 * TestInfo, TestSuite and TestPartResult have had the same members in the same order from
 * 1.10 to 1.18 (their headers).  That is not taken on trust: GoogleTest's own counts of tests
 * and suites to run must come to what is read here, and the list of a suite must be where its
 * first test is.
 */
#define _GNU_SOURCE
#include "gtest.h"

#include <string.h>
#include <sys/mman.h>

struct string {                         /* std::string of libstdc++, the ABI of 2015 */
	const char *bytes;
	size_t length;
	char rest[16];
};

struct test_info {
	struct string suite, name;
	const struct string *type, *value;
	struct string file;
	int line;
	const void *fixture;
	bool should_run, is_disabled, matches_filter, is_in_another_shard;
	const void *factory;
	char result[];                  /* TestResult */
};

struct test_suite {
	const void *table;
	struct string name;
	const struct string *type;
	const struct test_info *const *tests, *const *tests_end, *const *tests_room;
	const int *order, *order_end, *order_room;
	const void *setup, *teardown;
	bool should_run;
};

struct part {
	int type;
	struct string file;
	int line;
	struct string summary, message;
};

typedef int (*count_function)(const void *self);
typedef const void *(*get_function)(const void *self, int index);

static int count(enum fl_gtest_name name, const void *self)
{
	return ((count_function)fl_gtest_find(name))(self);
}

static const void *get(enum fl_gtest_name name, const void *self, int index)
{
	return ((get_function)fl_gtest_find(name))(self, index);
}

/* ---- the list ---- */

static bool has_list(const struct test_suite *suite)
{
	return suite && suite->tests && suite->tests < suite->tests_end &&
	       suite->tests[0] == get(FL_GTEST_GET_TEST, suite, 0);
}

/* Short texts are kept in the string itself: that is how one is told from anything else. */
static bool is_string(const struct string *string)
{
	bool is_short = string->bytes == string->rest;

	return string->bytes && is_short == (string->length < sizeof(string->rest)) &&
	       string->bytes[string->length] == '\0';
}

static bool is_test(const struct test_info *info)
{
	const unsigned char *flag = (const unsigned char *)&info->should_run;

	return info && is_string(&info->suite) && is_string(&info->name) &&
	       flag[0] <= 1 && flag[1] <= 1 && flag[2] <= 1 && flag[3] <= 1;
}

/* Those of one suite that will run, behind tests[at]; -1: not laid out as we know it. */
static int list_suite(const struct test_suite *suite, struct fl_gtest_test *tests, int at, int room)
{
	int total = count(FL_GTEST_TEST_COUNT, suite), i;

	if (total && !has_list(suite))
		return -1;
	for (i = 0; i < total; i++) {
		const struct test_info *info = get(FL_GTEST_GET_TEST, suite, i);

		if (!is_test(info) || at == room)
			return -1;
		if (info->should_run)
			tests[at++] = (struct fl_gtest_test){ info, suite };
	}
	return at;
}

/* How many will run, by what we read; -1: it cannot be read. */
static int list_all(const void *unit_test, struct fl_gtest_test *tests, int room)
{
	int suites = count(FL_GTEST_SUITE_COUNT, unit_test), running = 0, at = 0, before, i;

	for (i = 0; i < suites && at >= 0; i++) {
		const struct test_suite *suite = get(FL_GTEST_GET_SUITE, unit_test, i);

		before = at;
		at = suite ? list_suite(suite, tests, at, room) : -1;
		running += at > before;
		if (at >= 0 && suite->should_run != (at > before))
			return -1;
	}
	return running == count(FL_GTEST_SUITES_TO_RUN, unit_test) ? at : -1;
}

bool fl_gtest_list(const void *unit_test, struct fl_gtest_test **ret_tests, uint32_t *ret_count)
{
	int room = count(FL_GTEST_TESTS_TO_RUN, unit_test);
	size_t size = (size_t)(room + 1) * sizeof(struct fl_gtest_test);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	if (list_all(unit_test, memory, room + 1) != room) {
		munmap(memory, size);
		return false;
	}
	*ret_tests = memory;
	*ret_count = (uint32_t)room;
	return true;
}

void fl_gtest_describe(const struct fl_gtest_test *test, struct fl_entry *ret_entry)
{
	const struct test_info *info = test->info;

	if (!is_test(info))
		return;
	ret_entry->suite = info->suite.bytes;
	ret_entry->name = info->name.bytes;
	ret_entry->file = info->file.bytes;
	ret_entry->line = info->line;
}

const char *fl_gtest_suite_name(const void *where)
{
	const struct test_suite *suite = where;

	return is_string(&suite->name) ? suite->name.bytes : "";
}

bool fl_gtest_select(const void *unit_test, const struct fl_gtest_test *tests, uint32_t tests_count,
		     bool (*is_wanted)(uint32_t index))
{
	int wanted = 0;
	uint32_t i;

	for (i = 0; i < tests_count; i++)
		((struct test_suite *)(uintptr_t)tests[i].suite)->should_run = false;
	for (i = 0; i < tests_count; i++) {
		bool is_in = is_wanted(i);

		((struct test_info *)(uintptr_t)tests[i].info)->should_run = is_in;
		((struct test_suite *)(uintptr_t)tests[i].suite)->should_run |= is_in;
		wanted += is_in;
	}
	return count(FL_GTEST_TESTS_TO_RUN, unit_test) == wanted;
}

/* ---- parts ---- */

struct fl_gtest_part fl_gtest_read_part(const void *where)
{
	const struct part *part = where;
	struct fl_gtest_part read = { .file = "", .message = "" };

	if (is_string(&part->file))
		read.file = part->file.bytes;
	read.type = (enum fl_gtest_part_type)part->type;
	read.line = part->line;
	if (is_string(&part->message)) {
		read.message = part->message.bytes;
		read.message_bytes = part->message.length;
	}
	return read;
}

/* Its result holds the parts; who asks for its state asks them, one by one. */
bool fl_gtest_excuse(const void *where)
{
	const void *result = ((const struct test_info *)where)->result;
	bool has_excused = false;
	int i, parts;

	if (!fl_gtest_find(FL_GTEST_PART_COUNT) || !fl_gtest_find(FL_GTEST_GET_PART))
		return false;
	parts = count(FL_GTEST_PART_COUNT, result);
	for (i = 0; i < parts; i++) {
		struct part *part = (struct part *)(uintptr_t)get(FL_GTEST_GET_PART, result, i);

		if (part->type != FL_GTEST_NONFATAL && part->type != FL_GTEST_FATAL)
			continue;
		part->type = FL_GTEST_SKIP;
		has_excused = true;
	}
	return has_excused;
}

bool fl_gtest_has_text(enum fl_gtest_name flag)
{
	const struct string *text = fl_gtest_find(flag);

	return text && text->length > 0;
}
