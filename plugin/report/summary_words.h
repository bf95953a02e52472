/* SPDX-License-Identifier: MIT */
/*
 * summary_words.h - private to report/summary*.c: numbers and sentences of the summary.
 */
#ifndef FL_SUMMARY_WORDS_H
#define FL_SUMMARY_WORDS_H

#include "summary.h"

enum { FL_SUMMARY_NUMBER = 32 };        /* room for a formatted number */

/* "4.3 %"; as many digits as matter; never 0 or 100 for what only comes near. */
const char *fl_summary_percent(char number[FL_SUMMARY_NUMBER], double share);

/* "310 ms", "3.1 s", "2 min 5 s" */
const char *fl_summary_duration(char number[FL_SUMMARY_NUMBER], double duration_ms);

/* "1 attempt", "300 attempts" */
const char *fl_summary_attempts(char number[FL_SUMMARY_NUMBER], uint64_t count);

/* How often the test fails, with the interval and the counts. */
void fl_summary_rate(FILE *out, const struct fl_test *test);

/* What is known of a suspect that never failed. */
void fl_summary_clean(FILE *out, const struct fl_test *test);

/* What it leaves behind, a line each; nothing where that is nothing. */
void fl_summary_leaks(FILE *out, const struct fl_test *test);

/* Each way a test fails, the first few; with the command that repeats it, where there is one. */
void fl_summary_failures(FILE *out, const struct fl_test *test,
			 const struct fl_summary_style *style);

/*
 * The last lines of what was written, without the message; of a report by valgrind or a
 * sanitizer the first ones instead.
 */
void fl_summary_output(FILE *out, const char *output, const char *message);

/* Why it was re-executed, and its annotation: a line without newline. */
void fl_summary_suspicion(FILE *out, const struct fl_suspicion *suspicion);

/*
 * What the policy excused, what it did not, and why: a line a test and an empty one.  Nothing
 * where nobody asked for excuses.
 */
void fl_summary_excuses(FILE *out, const struct fl_run *run);

/* Entries for what is newly flaky, to be pasted, and an empty line; nothing where that is nothing. */
void fl_summary_entries(FILE *out, const struct fl_run *run, const struct fl_summary_style *style);

/* owner, ticket, date and file of an annotation or entry, in brackets; nothing where it has none. */
void fl_summary_annotation(FILE *out, const struct fl_suspicion *suspicion);

/* A note in plain English. */
const char *fl_summary_note(enum fl_note note);

/* Which test it is, made harmless; in a united run with its program. */
void fl_summary_title(FILE *out, const struct fl_test *test);

/* The verdict in its colour, padded to one width. */
void fl_summary_verdict(FILE *out, enum fl_verdict verdict, const struct fl_summary_style *style);

/* " at file:line", or as much as is known. */
void fl_summary_location(FILE *out, const struct fl_observation *o);

/* Those that failed with so many others that they were not attempted, all in one block. */
bool fl_summary_is_mass(const struct fl_test *test);
void fl_summary_mass(FILE *out, const struct fl_run *run, const struct fl_summary_style *style);

#endif
