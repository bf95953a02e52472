/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the state that the files of a session share.
 *
 *   session   from start to end, the loop
 *   host      the program connects, speaks, falls silent, hangs
 *   caller    events out, the interruption in
 *   discover  the journal: program, groups, tests, what the host saw
 *   observe   orders to the template, facts of attempts
 *   settle    a group is through: verdicts
 *   symbols   names for program counters
 *   program   path, arguments, build-id, host system
 *   stacks    where a host that hangs is
 *
 * Data flows one way: discover fills cases, plan says what next, observe has it
 * made and absorbs it, judge/ decides, events tell.
 */
#ifndef FL_SESSION_INTERNAL_H
#define FL_SESSION_INTERNAL_H

#include "../judge/symbolize.h"
#include "annotation.h"
#include "cases.h"
#include "link.h"
#include "session.h"

struct fl_session {
	const struct fl_session_settings *settings;
	const struct fl_events *events;
	struct fl_error *error;
	struct fl_run *run;             /* the caller's */
	struct fl_link link;
	struct fl_cases cases;
	struct fl_annotation *annotations;
	size_t annotation_count, annotation_capacity;
	struct fl_symbols *symbols;     /* of the present group's processes; NULL: not asked for yet */
	size_t test_capacity;
	char **others;                  /* ids that the selection leaves out */
	size_t other_count, other_capacity;

	pid_t child;                    /* what `run` started; 0: under attach, or reaped */
	int child_pidfd;
	bool is_child_reaped;
	int child_status;

	bool is_started;                /* events->started was called */
	bool is_host_gone;
	bool has_lost_records;          /* of the journal: it was full */
	bool has_attempts_missing;      /* a suspect whose attempts could not be made */
	uint64_t started_ns;
	uint64_t attempting_since_ns;   /* in the present group */
	uint64_t attempted_ns;          /* in the groups before it */
	uint64_t attempts;              /* in all */
};

/* session: has the program that we started ended? */
bool fl_session_reap(struct fl_session *session);

/* caller */
int fl_caller_open(void);
void fl_caller_close(void);
bool fl_caller_has_interrupted(void);
int fl_caller_wake_fd(void);            /* readable once interrupted */
void fl_caller_warn(struct fl_session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* host: 0, 1 where it says so, or what an event said */
int fl_host_accept(struct fl_session *session);
int fl_host_await(struct fl_session *session);          /* for a moment, a connection; takes it */
int fl_host_hear(struct fl_session *session);           /* 1: it asks for its exit code */
int fl_host_answer(struct fl_session *session, int exit_code);
int fl_host_lose(struct fl_session *session);           /* it is gone */
bool fl_host_has_ended(const struct fl_session *session);
void fl_host_watch(struct fl_session *session);         /* ends one that hangs */

/* discover: 0, or what an event said */
int fl_discover(struct fl_session *session);
void fl_discover_set_host(struct fl_session *session, struct fl_case *item,
			  const struct fl_facts *facts);
struct fl_case *fl_discover_in_flight(struct fl_session *session, uint32_t in_flight, uint32_t group,
				      uint32_t index);         /* what fl_shared.in_flight speaks of, or NULL */
void fl_discover_lost_host(struct fl_session *session);         /* the test in flight */
void fl_discover_unused(struct fl_session *session);    /* warns of annotations and names that no test has */

/* observe */
bool fl_observe_has_work(const struct fl_session *session);     /* suspects with attempts to make */
int fl_observe_group(struct fl_session *session, uint32_t group);

/* symbols */
void fl_symbols_of(struct fl_session *session, const struct fl_facts *facts,
		   struct fl_backtrace *ret_backtrace);

/* settle: judges what is not judged yet in a group */
int fl_settle_group(struct fl_session *session, uint32_t group);

/* program */
void fl_program_describe(struct fl_session *session);
void fl_program_describe_host(struct fl_session *session, const char *path, char **arguments);

/* stacks: program counters of the process's first thread; 0: could not be had */
size_t fl_stacks_read(pid_t pid, uint64_t *pcs, size_t room);

#endif
