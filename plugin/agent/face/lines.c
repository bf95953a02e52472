/* SPDX-License-Identifier: MIT */
/*
 * lines.c - what a GoogleTest program writes, about the tests of another framework.
 *
 * Lines, words and colours are those of GoogleTest 1.12 (PrettyUnitTestResultPrinter, and
 * BriefUnitTestResultPrinter where only failures are wanted).  A program may run several
 * groups, which are not known beforehand: each has a head of its own, and the sums are told
 * when the program ends.
 */
#define _GNU_SOURCE
#include "face.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { NOBODY = -1 };

static const struct fl_group *group;
static uint64_t started_ns, suite_started_ns;
static unsigned groups;
static struct fl_sums sums;
static int64_t at = NOBODY;             /* the test that was begun */
static int64_t in_suite = NOBODY;       /* a test of the suite whose head was written */
static bool has_disabled;               /* disabled tests, in this group */
static uint32_t passed_by;              /* the position up to which they have been told of */

static void say_test(enum fl_colour colour, const char *mark, uint32_t index)
{
	char name[3 * FL_WIRE_ID];

	fl_face_show(fl_ids_get(index), name, sizeof(name));
	fl_say_in(colour, mark);
	fl_say("%s", name);
}

/* ---- what is wanted ---- */

static bool is_said(const char *word)
{
	size_t length = 0;
	const char *lines = fl_face_text(FL_FACE_LINES, &length);

	return lines && length == strlen(word) && memcmp(lines, word, length) == 0;
}

bool fl_lines_are_all(void)
{
	return is_said("all");
}

bool fl_lines_are_on(void)
{
	return (fl_lines_are_all() || is_said("brief")) && fl_agent.role == FL_AGENT_HOST &&
	       !fl_entry_setting("LIST") && !fl_entry_setting("REPLAY");
}

/* What the program has printed so far stands before our lines. */
static void start(void)
{
	fflush(stdout);
	if (!started_ns)
		started_ns = fl_agent_now_ns();
}

/* ---- a group ---- */

static void say_notes(void)
{
	char text[2048];
	size_t length = 0;
	const char *filter = fl_face_text(FL_FACE_FILTER, &length);
	unsigned shards = fl_face_number(FL_FACE_SHARDS, 1), seed = fl_face_number(FL_FACE_SHUFFLE, 0);

	if (filter && !(length == 1 && *filter == '*')) {
		snprintf(text, sizeof(text), "Note: Google Test filter = %.*s\n", (int)length, filter);
		fl_say_in(FL_YELLOW, text);
	}
	if (shards > 1) {
		snprintf(text, sizeof(text), "Note: This is test shard %u of %u.\n",
			 fl_face_number(FL_FACE_SHARD, 0) + 1, shards);
		fl_say_in(FL_YELLOW, text);
	}
	if (seed) {
		snprintf(text, sizeof(text), "Note: Randomizing tests' orders with a seed of %u .\n", seed);
		fl_say_in(FL_YELLOW, text);
	}
}

/* How many are selected of the suite of entry `like`; of all suites: NOBODY. */
static unsigned count_tests(int64_t like)
{
	unsigned count = 0;
	uint32_t i;

	for (i = 0; i < group->count; i++)
		count += fl_ids_is_selected(i) &&
			 (like == NOBODY || fl_ids_is_same_suite((uint32_t)like, i));
	return count;
}

/* Is entry `index` the first of its suite's that is selected? */
static bool is_first(uint32_t index)
{
	uint32_t i;

	for (i = 0; i < index; i++)
		if (fl_ids_is_selected(i) && fl_ids_is_same_suite(i, index))
			return false;
	return true;
}

static unsigned count_suites(void)
{
	unsigned count = 0;
	uint32_t i;

	for (i = 0; i < group->count; i++)
		count += fl_ids_is_selected(i) && is_first(i);
	return count;
}

static void say_head(unsigned test_count, unsigned suite_count)
{
	if (!fl_lines_are_all())
		return;
	if (!groups)
		say_notes();
	fl_say_in(FL_GREEN, "[==========] ");
	fl_say("Running %u test%s from %u test suite%s.\n", test_count, fl_say_plural(test_count),
	       suite_count, fl_say_plural(suite_count));
	if (groups++ || !test_count)
		return;
	fl_say_in(FL_GREEN, "[----------] ");
	fl_say("Global test environment set-up.\n");
}

void fl_lines_group(const struct fl_group *entered)
{
	unsigned test_count, suite_count;
	uint32_t i;

	start();
	group = entered;
	at = in_suite = NOBODY;
	passed_by = 0;
	for (has_disabled = false, i = 0; i < group->count; i++)
		has_disabled |= fl_ids_is_disabled(i);
	test_count = count_tests(NOBODY);
	suite_count = count_suites();
	sums.tests += test_count;
	sums.suites += suite_count;
	say_head(test_count, suite_count);
}

/* ---- suites ---- */

static void say_suite(void)
{
	char suite[FL_WIRE_ID], name[3 * FL_WIRE_ID];
	unsigned count = count_tests(in_suite);

	snprintf(suite, sizeof(suite), "%.*s", (int)fl_ids_suite_length((uint32_t)in_suite),
		 fl_ids_get((uint32_t)in_suite));
	fl_face_show(suite, name, sizeof(name));
	fl_say_in(FL_GREEN, "[----------] ");
	fl_say("%u test%s from %s", count, fl_say_plural(count), name);
}

/* Where the test stands from here on, in the order in which they run; the end: nowhere. */
static uint32_t position_of(uint32_t index)
{
	uint32_t n = passed_by;

	while (n < group->count && fl_face_entry_at(n) != index)
		n++;
	return n;
}

/* Disabled ones of the suite that is open, up to a position. */
static void pass_by_disabled(uint32_t position)
{
	uint32_t index;

	for (; passed_by < position; passed_by++) {
		index = fl_face_entry_at(passed_by);
		if (!fl_ids_is_disabled(index) || !fl_ids_is_same_suite((uint32_t)in_suite, index) ||
		    fl_face_is_cut_short())
			continue;
		say_test(FL_YELLOW, "[ DISABLED ] ", index);
		fl_say("\n");
	}
}

static uint32_t end_of_suite(void)
{
	uint32_t n = passed_by;

	while (n < group->count && fl_ids_is_same_suite((uint32_t)in_suite, fl_face_entry_at(n)))
		n++;
	return n;
}

static void leave_suite(void)
{
	if (in_suite == NOBODY)
		return;
	if (has_disabled)
		pass_by_disabled(end_of_suite());
	if (fl_face_number(FL_FACE_TIME, 1)) {
		say_suite();
		fl_say_time(fl_agent_now_ns() - suite_started_ns, " total");
		fl_say("\n");
	}
	in_suite = NOBODY;
}

static void enter_suite(uint32_t index)
{
	if (in_suite != NOBODY && fl_ids_is_same_suite((uint32_t)in_suite, index))
		return;
	leave_suite();
	in_suite = index;
	suite_started_ns = fl_agent_now_ns();
	say_suite();
	fl_say("\n");
}

/* ---- one test ---- */

void fl_lines_begin(uint32_t index)
{
	uint32_t position;

	at = index;
	fl_words_begin();
	if (!fl_lines_are_all())
		return;
	enter_suite(index);
	position = has_disabled ? position_of(index) : group->count;
	if (position < group->count)
		pass_by_disabled(position + 1);
	say_test(FL_GREEN, "[ RUN      ] ", index);
	fl_say("\n");
}

static void say_end(const struct fl_facts *facts, enum fl_colour colour, const char *mark)
{
	if (!fl_lines_are_all() && colour != FL_RED)
		return;
	say_test(colour, mark, facts->test);
	fl_say_time(facts->duration_ns, "");
}

void fl_lines_end(const struct fl_facts *facts, bool is_failed)
{
	if (at != facts->test)          /* a fixture of its group's has failed: it never began */
		fl_lines_begin(facts->test);
	at = NOBODY;
	if (is_failed) {
		sums.failed++;
		fl_sums_keep('F', fl_ids_get(facts->test));
		fl_words_end_failure(facts);
		say_end(facts, FL_RED, "[  FAILED  ] ");
	} else if (facts->flags & FL_FACT_SKIPPED) {
		sums.skipped++;
		fl_sums_keep('S', fl_ids_get(facts->test));
		if (!facts->failures)
			fl_words_skip(group, facts);
		say_end(facts, FL_GREEN, "[  SKIPPED ] ");
	} else {
		sums.passed++;
		say_end(facts, FL_GREEN, "[       OK ] ");
	}
}

void fl_lines_leave(void)
{
	if (fl_lines_are_all())
		leave_suite();
	in_suite = NOBODY;
}

void fl_lines_finish(void)
{
	start();
	if (!groups)
		say_head(0, 0);
	sums.disabled = fl_face_disabled();
	sums.ns = fl_agent_now_ns() - started_ns;
	fl_sums_say(&sums);
}
