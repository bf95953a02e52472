/* SPDX-License-Identifier: MIT */
/*
 * face.h - GoogleTest's command line for every other framework: what the command tells the agent.
 *
 * The command reads the flags and variables (it alone knows their grammar) and sets
 * FLICKER_FACE to lines of KEY=VALUE, the keys below; the agent applies them to the tests of
 * the program itself, and takes the flags out of what main sees, also where no line is left.
 * A program that is built on GoogleTest keeps its flags, and nothing of this is applied.
 *
 * What is left out by `filter`, `shard` and the prefix DISABLED_ is not run, in the order
 * in which GoogleTest decides (testing::internal::UnitTestImpl::FilterTests): disabled
 * tests first, then the filter, and what both let through is counted and dealt to the shards.
 */
#ifndef FLICKER_FACE_H
#define FLICKER_FACE_H

#include <flicker/pattern.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* X(ENUM, "key", "value: what it does"). */
#define FL_FACE_KEYS(X) \
	X(FILTER,    "filter",    "GoogleTest's filter, as it was given: run what matches") \
	X(DISABLED,  "disabled",  "1: run tests whose suite or name begins with DISABLED_, too") \
	X(SHARDS,    "shards",    "N: every Nth test is run") \
	X(SHARD,     "shard",     "I: the first of them, from 0") \
	X(SHUFFLE,   "shuffle",   "SEED, 1 to 99999: the tests of a group run in an order drawn from it") \
	X(FAIL_FAST, "fail_fast", "1: behind the first failure everything is skipped") \
	X(BREAK,     "break",     "1: a failure raises SIGTRAP where it happens") \
	X(LINES,     "lines",     "all, brief (failures only) or none: GoogleTest's lines in place of the framework's") \
	X(COLOR,     "color",     "1: in colour") \
	X(TIME,      "time",      "0: without milliseconds")

enum fl_face_key {
#define FL_X(id, key, text) FL_FACE_##id,
	FL_FACE_KEYS(FL_X)
#undef FL_X
	FL_FACE_COUNT
};

/* The value of `key` in the lines, `*ret_length` bytes; NULL: it is not among them. */
static inline const char *fl_face_value(const char *lines, enum fl_face_key key, size_t *ret_length)
{
#define FL_X(id, key, text) key,
	static const char *const keys[] = { FL_FACE_KEYS(FL_X) };
#undef FL_X
	size_t length = strlen(keys[key]);

	for (; lines && *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n')
		if (strncmp(lines, keys[key], length) == 0 && lines[length] == '=') {
			*ret_length = strcspn(lines + length + 1, "\n");
			return lines + length + 1;
		}
	return NULL;
}

/* What a program finds in its environment, where it is called as one of GoogleTest's is. */
#define FL_FACE_VARIABLES(X) \
	X("GTEST_FILTER") X("GTEST_OUTPUT") X("GTEST_SHUFFLE") X("GTEST_REPEAT") \
	X("GTEST_FAIL_FAST") X("GTEST_ALSO_RUN_DISABLED_TESTS") X("GTEST_BREAK_ON_FAILURE") \
	X("GTEST_RANDOM_SEED") X("GTEST_TOTAL_SHARDS") X("GTEST_SHARD_INDEX") \
	X("GTEST_SHARD_STATUS_FILE") X("TESTBRIDGE_TEST_ONLY") \
	X("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") X("XML_OUTPUT_FILE") X("TEST_TOTAL_SHARDS") \
	X("TEST_SHARD_INDEX") X("TEST_SHARD_STATUS_FILE") X("TEST_PREMATURE_EXIT_FILE")

/* An argument that is not for main.  GoogleTest answers the one dash by its help. */
static inline bool fl_face_is_flag(const char *argument)
{
	return strncmp(argument, "--gtest_", 8) == 0 || strncmp(argument, "-gtest_", 7) == 0;
}

/*
 * Does one of the patterns match?  What has no suite is called `.name` by those who put the two
 * together out of a list.
 */
static inline bool fl_face_is_among(const char *list, const char *end, const char *name)
{
	size_t size = strlen(name) + 1;
	char dotted[2048];

	if (strchr(name, '.') || size >= sizeof(dotted))
		return fl_pattern_any(list, end, name);
	dotted[0] = '.';
	memcpy(dotted + 1, name, size);
	return fl_pattern_any(list, end, name) || fl_pattern_any(list, end, dotted);
}

/*
 * Does GoogleTest's filter [filter, filter + length) select the full name?
 * POSITIVE[:POSITIVE...][-NEGATIVE[:NEGATIVE...]]; the first `-` begins the negative part,
 * wherever it stands, and further ones are text.  An empty positive part in front of one is
 * `*`; without one it selects nothing (gtest.cc, PositiveAndNegativeUnitTestFilter).
 */
static inline bool fl_face_matches(const char *filter, size_t length, const char *name)
{
	const char *end = filter + length, *minus = memchr(filter, '-', length);
	bool is_in = minus == filter || fl_face_is_among(filter, minus ? minus : end, name);

	return is_in && !(minus && fl_face_is_among(minus + 1, end, name));
}

/*
 * An id as the filter meets it and every line shows it: `-` as %2D, for there it would
 * negate.  At most `size` bytes; three times the id's are enough.
 */
static inline void fl_face_show(const char *id, char *text, size_t size)
{
	size_t used = 0;

	for (; *id && used + 4 <= size; id++) {
		memcpy(text + used, *id == '-' ? "%2D" : id, *id == '-' ? 3 : 1);
		used += *id == '-' ? 3 : 1;
	}
	text[used] = '\0';
}

/* DISABLED_ begins suite or name, or a part of them behind `/` or `.` (kDisableTestFilter). */
static inline bool fl_face_is_disabled(const char *name)
{
	static const char mark[] = "DISABLED_";

	while (*name) {
		if (strncmp(name, mark, sizeof(mark) - 1) == 0)
			return true;
		name += strcspn(name, "./");
		name += *name != '\0';
	}
	return false;
}

/* The next number below `range`; the state begins as the seed (internal::Random::Generate). */
static inline uint32_t fl_face_draw(uint32_t *state, uint32_t range)
{
	*state = (uint32_t)(1103515245ull * *state + 12345u) % (1u << 31);
	return *state % range;
}

/* From the last down, each is exchanged with one that is drawn (internal::ShuffleRange). */
static inline void fl_face_shuffle(uint32_t *state, uint32_t *items, uint32_t count)
{
	for (; count >= 2; count--) {
		uint32_t drawn = fl_face_draw(state, count), last = items[count - 1];

		items[count - 1] = items[drawn];
		items[drawn] = last;
	}
}

#endif
