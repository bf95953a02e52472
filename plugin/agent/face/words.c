/* SPDX-License-Identifier: MIT */
/*
 * words.c - what a GoogleTest program writes of a failure or of a skip: where, and why.
 *
 * A failure is told of when it happens, as far as it has words by then; what the framework
 * finds later follows when the test is over.
 */
#define _GNU_SOURCE
#include "face.h"

#include <stdio.h>
#include <string.h>

static size_t told;                     /* of the message of the test that runs */
static bool has_told;                   /* of a failure of its */
static bool has_own;                    /* that the test itself has told of, and had its place */

void fl_words_begin(void)
{
	told = 0;
	has_told = has_own = false;
}

static void say_place(const struct fl_facts *facts, const char *what)
{
	if (facts->file[0])
		fl_say("%.*s:%d: %s\n", FL_WIRE_FILE, facts->file, facts->line, what);
	else
		fl_say("unknown file: %s\n", what);
}

/* Of a skip that gives none, it is the test's own. */
static void say_skipped(const struct fl_group *group, const struct fl_facts *facts)
{
	struct fl_entry entry;

	if (!facts->file[0] && fl_ids_describe(group, facts->test, &entry) && entry.file)
		fl_say("%s:%d: Skipped\n", entry.file, entry.line);
	else
		say_place(facts, "Skipped");
}

static void say_failure(const struct fl_facts *facts)
{
	if (!has_own)
		say_place(facts, "Failure");
}

/* What is new of the message; a line feed behind it, as GoogleTest's. */
static void say_message(const struct fl_facts *facts)
{
	size_t length = strnlen(facts->message, FL_WIRE_MESSAGE);
	size_t end = length;

	while (end > told && facts->message[end - 1] == '\n')
		end--;
	while (has_own && told < end && facts->message[told] == '\n')
		told++;
	fl_say("%.*s\n", (int)(end - told), facts->message + told);
	told = length;
}

static bool has_words(const struct fl_facts *facts)
{
	return told < strnlen(facts->message, FL_WIRE_MESSAGE);
}

/*
 * In a signal handler nothing is flushed, and the framework may find its words later: what is
 * left is told when the test is over.
 */
void fl_words_failure(const struct fl_facts *facts)
{
	if (facts->signal || !(has_words(facts) || (facts->file[0] && !has_told)))
		return;
	has_told = true;
	fflush(stdout);
	say_failure(facts);
	say_message(facts);
}

void fl_words_own_failure(const char *text, const char *file, int line)
{
	has_told = has_own = true;
	told = strnlen(fl_agent.facts->message, FL_WIRE_MESSAGE);
	fflush(stdout);
	fl_say("%.*s:%d: Failure\n%s\n", FL_WIRE_FILE, file, line, text);
}

static const char *fixture_of(const struct fl_facts *facts)
{
	switch (facts->failed_phase) {
	case FL_PHASE_GROUP_SETUP:
		return "the setup of its group failed";
	case FL_PHASE_SETUP:
		return "its setup failed";
	case FL_PHASE_TEARDOWN:
		return "its teardown failed";
	default:
		return "";
	}
}

/* Both are those of the report (judge/classify.c). */
static const char *phase_of(const struct fl_facts *facts)
{
	static const char *const phases[] = {
#define FL_X(id, name) name,
		FL_PHASES(FL_X)
#undef FL_X
	};

	return facts->phase < sizeof(phases) / sizeof(phases[0]) ? phases[facts->phase] : "";
}

/* What was not told of as it happened; there may be no words for it but ours. */
static void say_rest_of_failure(const struct fl_facts *facts)
{
	say_failure(facts);
	if (has_words(facts))
		say_message(facts);
	else if (facts->flags & FL_FACT_TIMED_OUT)
		fl_say("no end in sight in phase '%s'\n", phase_of(facts));
	else if (facts->signal)
		fl_say("signal %d (%s)\n", facts->signal, strsignal(facts->signal));
	else if (facts->flags & FL_FACT_EXITED)
		fl_say("ended with exit code %d\n", facts->exit_code);
	else
		fl_say("%s\n", fixture_of(facts));
}

void fl_words_end_failure(const struct fl_facts *facts)
{
	if (!has_told || has_words(facts))
		say_rest_of_failure(facts);
}

void fl_words_skip(const struct fl_group *group, const struct fl_facts *facts)
{
	say_skipped(group, facts);
	say_message(facts);
}
