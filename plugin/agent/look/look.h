/* SPDX-License-Identifier: MIT */
/*
 * look.h - what an attempt leaves behind, and what it uses that has a name outside.
 *
 *   traces    lines of text in the attempt's facts
 *   calls     interposed: calls that take a name outside of the process
 *   look      what stood before the fixtures, compared with what stands after them
 *
 * Only an attempt ordered with FL_ORDER_LOOK is looked at; in all others a call that
 * failed for a collision is noted, and in other processes the calls pass straight through.
 */
#ifndef FL_LOOK_H
#define FL_LOOK_H

#include "../agent.h"

enum fl_traces_level { FL_TRACES_OFF, FL_TRACES_COLLISIONS, FL_TRACES_ALL };

extern enum fl_traces_level fl_traces_level;

/* traces: all are safe in a signal handler and in children of the attempt, and keep errno */
void fl_traces_clear(struct fl_facts *facts);
void fl_traces_begin(struct fl_facts *facts, bool is_looking);
void fl_traces_end(void);
void fl_traces_used(const char *kind, const char *name);        /* "used KIND NAME" */
void fl_traces_collided(const char *kind, const char *name);
void fl_traces_left(enum fl_leaving kind, const char *what);    /* sets its bit; "left KIND WHAT" */
void fl_traces_created(const char *path, bool is_new);  /* absolute; or would be, were it not there */
void fl_traces_tell_created(void);                      /* as left, what is still there */

/* look */
void fl_look_enter(void);               /* a group begins: what is made from now on is its tests' */
bool fl_look_is_young(const char *path);        /* was it made since then? */
void fl_look_begin(struct fl_facts *facts, bool is_looking);    /* looked at or not */
void fl_look_leave(void);
void fl_look_end(void);                 /* it has come to its end */
void fl_look_follow(bool is_child);     /* the test begins: a child does not look, the attempt anew */

/* Text in a buffer of fixed size, always terminated, cut where it is full. */
struct fl_line {
	char text[320];
	size_t length;
};
void fl_line_add(struct fl_line *line, const char *text);
void fl_line_add_number(struct fl_line *line, uint64_t number, unsigned base);

/* What descriptor `fd` is, as /proc says; "" where it does not. */
void fl_line_add_target(struct fl_line *line, int fd);

/* The first bytes of a file of /proc, terminated; 0 where there is none.  Past all interposers. */
size_t fl_line_read(const char *path, char *text, size_t size);

#endif
