/* SPDX-License-Identifier: MIT */
/*
 * face.h - GoogleTest's command line for every other framework: what the command tells the agent.
 *
 * The command reads the flags and variables (it alone knows their grammar) and sets
 * FLICKER_FACE to lines of KEY=VALUE, the keys below; the agent applies them to the tests of
 * the program itself, and takes the flags out of what main sees.  A program that is built on
 * GoogleTest keeps its flags, and nothing of this is applied.
 *
 * What is left out by `filter`, `shard` and the prefix DISABLED_ is not run, in the order
 * in which GoogleTest decides (testing::internal::UnitTestImpl::FilterTests): disabled
 * tests first, then the filter, and what both let through is counted and dealt to the shards.
 */
#ifndef FLICKER_FACE_H
#define FLICKER_FACE_H

#include <stddef.h>
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

#endif
