/* SPDX-License-Identifier: MIT */
/*
 * face.h - GoogleTest's command line, as FLICKER_FACE tells of it: what the host does of it.
 *
 *   face       what it says; which tests run and in which order; the first failure
 *   lines      GoogleTest's lines       sums       those in the end
 *   say        where they are written
 *   mute       the framework's own output, while these stand in its place
 *   handover   under plain preload: the command, started in the program's place
 *
 * All of it in the host alone.  An attempt runs one test, whoever asked for which.
 */
#ifndef FL_FACE_INSIDE_H
#define FL_FACE_INSIDE_H

#include "../agent.h"

#include <flicker/face.h>

/* ---- face: everything is as if it were not there where it is off ---- */

bool fl_face_is_on(void);               /* it was asked for, and the framework has none of its own */
bool fl_face_takes_flags(void);         /* they are not for main */
const char *fl_face_text(enum fl_face_key key, size_t *ret_length);     /* NULL: not given */
unsigned fl_face_number(enum fl_face_key key, unsigned otherwise);

/* Disabled ones pass the filter and do not run here; wanted ones, too, in another shard. */
enum fl_face_choice { FL_FACE_RUNS, FL_FACE_LEFT_OUT, FL_FACE_IS_DISABLED };
/* To be asked of each test of the program, once, in their order. */
enum fl_face_choice fl_face_choose(const char *id);

unsigned fl_face_disabled(void);        /* how many were, so far, but for those of other shards */
uint32_t fl_face_entry_at(uint32_t n);  /* the nth in the order in which they run */
bool fl_face_is_cut_short(void);        /* nothing more is run, as a test has failed */

void fl_face_failed(const struct fl_facts *facts);      /* as it happens */
/* The test itself tells of a failure, or, without text, of a skip.  True: it is, or will be, in the lines. */
bool fl_face_shows(const char *text, const char *file, int line);
void fl_face_end(const struct fl_facts *facts, bool has_failed);

/* For adapters: see adapter.h. */
uint32_t fl_face_nth(const struct fl_group *group, uint32_t n);
bool fl_face_is_passed_over(void);
void fl_face_returned(void);
bool fl_face_fails_fast(void);

void fl_face_begin(uint32_t index);
void fl_face_phase(enum fl_phase phase);
void fl_face_enter(const struct fl_group *group);       /* its tests are about to run */
void fl_face_leave(void);
void fl_face_finish(void);              /* the program ends */

/* ---- lines ---- */

bool fl_lines_are_on(void);
void fl_lines_group(const struct fl_group *group);
void fl_lines_begin(uint32_t index);
void fl_lines_end(const struct fl_facts *facts, bool has_failed);
void fl_lines_leave(void);
void fl_lines_finish(void);

bool fl_lines_are_all(void);            /* else failures only */

/* ---- words: of the test that was begun last ---- */

void fl_words_begin(void);
void fl_words_failure(const struct fl_facts *facts);
void fl_words_own_failure(const char *text, const char *file, int line);        /* the facts have it already */
void fl_words_end_failure(const struct fl_facts *facts);                /* what has not been told of yet */
void fl_words_skip(const struct fl_group *group, const struct fl_facts *facts);

/* ---- sums ---- */

struct fl_sums {
	unsigned tests, suites, passed, failed, skipped, disabled;
	uint64_t ns;
};

void fl_sums_keep(char kind, const char *id);           /* 'F' failed, 'S' skipped: to be listed */
void fl_sums_say(const struct fl_sums *sums);

/* ---- say ---- */

enum fl_colour { FL_RED = 1, FL_GREEN, FL_YELLOW };     /* of the terminal's colours: 31, 32, 33 */

void fl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fl_say_in(enum fl_colour colour, const char *text);        /* where colours are wanted */
/* " (5 msBEHIND)" where times are wanted, and the end of the line. */
void fl_say_time(uint64_t ns, const char *behind);
const char *fl_say_plural(unsigned count);

/* ---- mute: stdout and stderr ---- */

void fl_mute_on(void);                  /* both lead nowhere; what is buffered is written first */
void fl_mute_off(void);                 /* they are what they were */
int fl_mute_stdout(void);               /* the descriptor of what it is, muted or not */

/* ---- handover: comes back where there is nothing to hand over, or no command ---- */

void fl_handover(char **argv);

#endif
