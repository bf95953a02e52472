/* SPDX-License-Identifier: MIT */
/*
 * postponed.c - a run of which nobody has asked anything: it finds out which tests there are.
 *
 * No code of the program's runs once more.  What PRE_ALL leaves and how many parameters there
 * are is written where the parked template can read it, and the tests get their rows where the
 * run has ended and one has failed.
 */
#define _GNU_SOURCE
#include "families.h"

#include <sys/mman.h>

#define flicker fl_criterion_flicker
#define now fl_criterion_run

static size_t found_bytes;
static struct fl_criterion_rows first_rows;     /* of the tests that stand in others' place */

/* Failed, and reported: the others have ended in their setup. */
static const struct test_stats **noted;
static size_t noted_count, noted_bytes;

/* In the template, behind enter() in the host. */
static void prepare(struct fl_group *group)
{
	if (now.found && fl_criterion_list(now.set, now.found, &now.rows))
		group->count = now.rows.count;
}

/* In the host only.  One parameter each, for now. */
static bool list_first(void)
{
	size_t i;

	for (i = 0; i < now.set->tests; i++)
		now.found[i].parameters = 1;
	return fl_criterion_list(now.set, now.found, &first_rows);
}

bool fl_criterion_postpone(struct fl_group *group)
{
	found_bytes = (now.set->tests + 1) * sizeof(*now.found);
	now.found = mmap(NULL, found_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	group->prepare = prepare;
	if (now.found != MAP_FAILED && flicker->postpone(group))
		return true;
	if (now.found != MAP_FAILED)
		munmap(now.found, found_bytes);
	now.found = NULL;
	group->prepare = NULL;
	return false;
}

static void release(void)
{
	fl_criterion_release_added();
	fl_criterion_release(&first_rows);
	munmap(now.found, found_bytes);
	now.found = NULL;
	if (noted)
		munmap(noted, noted_bytes);
	noted = NULL;
	noted_count = noted_bytes = 0;
}

int fl_criterion_run_postponed(struct fl_group *group)
{
	bool is_watched = list_first();
	int result;

	if (is_watched) {
		now.mode = FL_CRITERION_POSTPONED;
		fl_criterion_expand_later(now.set);
	}
	result = REAL(run_all_tests)(now.set);
	if (is_watched)
		fl_criterion_contract();
	now.mode = FL_CRITERION_ABSENT;
	flicker->leave(group);
	release();
	return result;
}

/* ---- in the run ---- */

static bool make_room(void)
{
	enum { MORE = 4096 };
	size_t bytes = noted_bytes + MORE;
	void *memory = noted ? mremap(noted, noted_bytes, bytes, MREMAP_MAYMOVE) :
			       mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return false;
	noted = memory;
	noted_bytes = bytes;
	return true;
}

void fl_criterion_note(const struct test_stats *stats)
{
	if (stats->status == FAILED &&
	    ((noted_count + 1) * sizeof(*noted) <= noted_bytes || make_room()))
		noted[noted_count++] = stats;
}

static bool is_noted(const struct test_stats *stats)
{
	size_t i;

	for (i = 0; i < noted_count; i++)
		if (noted[i] == stats)
			return true;
	return false;
}

static bool has_failures(const struct global_stats *stats)
{
	const struct suite_stats *suite;
	const struct test_stats *test;

	for (suite = stats->suites; suite; suite = suite->next)
		for (test = suite->tests; test; test = test->next)
			if (test->status == FAILED)
				return true;
	return false;
}

/* The run is over, all that is to be known is.  Where no test has failed nobody asks. */
void fl_criterion_catch_up(struct global_stats *stats)
{
	struct suite_stats *suite;
	struct test_stats *test;

	if (!has_failures(stats) || !fl_criterion_list_expanded(now.set, now.found, &now.rows))
		return;
	now.group->count = now.rows.count;
	if (flicker->enter(now.group) != FL_ENTER_OBSERVE)
		return;
	now.mode = FL_CRITERION_HOST;
	for (suite = stats->suites; suite; suite = suite->next)
		for (test = suite->tests; test; test = test->next)
			fl_criterion_tell(test, is_noted(test) ? FL_PHASE_TEST : FL_PHASE_SETUP);
}
