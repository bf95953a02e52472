/* SPDX-License-Identifier: MIT */
/*
 * sums.c - what a GoogleTest program says in the end: how many, and which of them.
 *
 * The names outlive the groups that they are of, in memory that is mapped at the first one.
 */
#define _GNU_SOURCE
#include "face.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { NAMES = 1 << 20 };

/* For each: 'F' or 'S', the id, NUL. */
static char *names;
static size_t names_used;

void fl_sums_keep(char kind, const char *id)
{
	size_t size = strlen(id) + 2;

	if (!names) {
		void *memory = mmap(NULL, NAMES, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		names = memory == MAP_FAILED ? NULL : memory;
	}
	if (!names || names_used + size > NAMES)
		return;
	names[names_used] = kind;
	memcpy(names + names_used + 1, id, size - 1);
	names_used += size;
}

static void list_names(char kind, enum fl_colour colour, const char *mark)
{
	char name[3 * FL_WIRE_ID];
	size_t i;

	for (i = 0; i < names_used; i += strlen(names + i) + 1) {
		if (names[i] != kind)
			continue;
		fl_face_show(names + i + 1, name, sizeof(name));
		fl_say_in(colour, mark);
		fl_say("%s\n", name);
	}
}

static void say_skipped(const struct fl_sums *sums)
{
	if (!sums->skipped)
		return;
	fl_say_in(FL_GREEN, "[  SKIPPED ] ");
	fl_say("%u test%s%s\n", sums->skipped, fl_say_plural(sums->skipped),
	       fl_lines_are_all() ? ", listed below:" : ".");
	if (fl_lines_are_all())
		list_names('S', FL_GREEN, "[  SKIPPED ] ");
}

static void say_failed(const struct fl_sums *sums)
{
	if (!sums->failed || !fl_lines_are_all())
		return;
	fl_say_in(FL_RED, "[  FAILED  ] ");
	fl_say("%u test%s, listed below:\n", sums->failed, fl_say_plural(sums->failed));
	list_names('F', FL_RED, "[  FAILED  ] ");
	fl_say("\n%2u FAILED %s\n", sums->failed, sums->failed == 1 ? "TEST" : "TESTS");
}

static void say_disabled(const struct fl_sums *sums)
{
	char text[64];

	if (!sums->disabled)
		return;
	if (!sums->failed)
		fl_say("\n");
	snprintf(text, sizeof(text), "  YOU HAVE %u DISABLED %s\n\n", sums->disabled,
		 sums->disabled == 1 ? "TEST" : "TESTS");
	fl_say_in(FL_YELLOW, text);
}

void fl_sums_say(const struct fl_sums *sums)
{
	if (fl_lines_are_all() && sums->tests) {
		fl_say_in(FL_GREEN, "[----------] ");
		fl_say("Global test environment tear-down\n");
	}
	fl_say_in(FL_GREEN, "[==========] ");
	fl_say("%u test%s from %u test suite%s ran.", sums->tests, fl_say_plural(sums->tests),
	       sums->suites, fl_say_plural(sums->suites));
	fl_say_time(sums->ns, " total");
	fl_say_in(FL_GREEN, "[  PASSED  ] ");
	fl_say("%u test%s.\n", sums->passed, fl_say_plural(sums->passed));
	say_skipped(sums);
	say_failed(sums);
	say_disabled(sums);
}
