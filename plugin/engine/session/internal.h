/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the state that the files of a session share.
 *
 *   session   the loop: who connects, who waits, who has ended
 *   discover  the journal: program, groups, tests, what the host saw
 *   observe   orders to the template, facts of attempts
 *   settle    a group is through: verdicts
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
	bool has_attempts_missing;      /* a suspect whose attempts could not be made */
	uint64_t started_ns;
	uint64_t attempting_since_ns;   /* in the present group */
	uint64_t attempted_ns;          /* in the groups before it */
	uint64_t attempts;              /* in all */
};

void fl_session_warn(struct fl_session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool fl_session_is_interrupted(void);
int fl_session_wake_fd(void);           /* readable once interrupted */

/* discover: 0, or what an event said */
int fl_discover(struct fl_session *session);
void fl_discover_set_host(struct fl_session *session, struct fl_case *item,
			  const struct fl_facts *facts);
void fl_discover_lost_host(struct fl_session *session);         /* the test in flight */
void fl_discover_unused(struct fl_session *session);    /* warns of annotations and names that no test has */

/* observe */
bool fl_observe_has_work(const struct fl_session *session);     /* suspects with attempts to make */
int fl_observe_group(struct fl_session *session, uint32_t group);
void fl_observe_symbolize(struct fl_session *session, const struct fl_facts *facts,
			  struct fl_backtrace *ret_backtrace);

/* settle: judges what is not judged yet in a group */
int fl_settle_group(struct fl_session *session, uint32_t group);

/* program */
void fl_program_describe(struct fl_session *session);
void fl_program_describe_host(struct fl_session *session, const char *path, char **arguments);

/* stacks: program counters of the process's first thread; 0: could not be had */
size_t fl_stacks_read(pid_t pid, uint64_t *pcs, size_t room);

#endif
