/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the state that the files of a session share.
 *
 *   session   from start to end, the loop
 *   caller    events out, the interruption in
 *   replay    one attempt, from its token
 *
 * host/ - the program that is run, and the wire to it:
 *   launch    starting it; excuses: entries the agent is told of; image: how it was started; program: path, arguments, build-id, host system
 *   link      our end of the wire, in a nest: a private directory
 *   host      it connects, speaks, falls silent; watch: hangs
 *   whole     a program that the agent cannot be in
 *
 * cases/ - its tests, and which are re-executed:
 *   discover  the journal: program, groups, tests, what the host saw; unused: asked for, and not there
 *   suspicion which are suspect; annotation: what the source says; choose: which are re-executed
 *
 * attempts/ - what is made of them:
 *   observe   a group's suspects take turns until enough is known (plan) or the time is over (budget)
 *   order     one order carried out, by the template or in processes of their own (exec)
 *   parallel  what failed among others, alone
 *   absorb    what came of an attempt: arms, failures; symbols: names for program counters
 *   parts     a program that tells of its tests in its output
 *   settle    a test is through: verdict, tokens
 *   stacks    where a host that hangs is; cores, leaks
 *   memory    was it the kernel that ended the host?
 *
 * Data flows one way: discover fills cases, plan says what next, observe has it
 * made and absorbs it, judge/ decides, events tell.
 */
#ifndef FL_SESSION_INTERNAL_H
#define FL_SESSION_INTERNAL_H

#include "../judge/signature.h"
#include "../judge/symbolize.h"
#include "cases/annotation.h"
#include "cases/cases.h"
#include "host/image.h"
#include "host/link.h"
#include "session.h"

enum { FL_STACKS = 16 };                /* threads whose stacks are read */

struct fl_stacks {
	uint64_t attempt;
	size_t count;
	struct fl_stack {
		pid_t id;
		char name[32];
		uint64_t pcs[FL_WIRE_PCS];
		size_t count;
	} stacks[FL_STACKS];
};

struct fl_session {
	const struct fl_session_settings *settings;
	const struct fl_events *events;
	struct fl_error *error;
	struct fl_run *run;             /* the caller's */
	struct fl_link link;
	struct fl_image image;          /* how the program was started */
	struct fl_cases cases;
	struct fl_annotation *annotations;
	size_t annotation_count, annotation_capacity;
	struct fl_symbols *symbols;     /* of the present group's processes; NULL: not asked for yet */
	char *maps;                     /* of these processes; NULL as long */
	char *core_pattern;             /* the kernel's, "" where there are no cores; NULL: not asked yet */
	char *exec_maps;                /* of the last attempt in a process of its own, if it failed */
	struct fl_symbolcache *symbolcache;     /* NULL: none, or not asked for yet */
	size_t test_capacity, left_out_capacity;
	char **others;                  /* ids that the selection leaves out */
	size_t other_count, other_capacity;

	pid_t child;                    /* what `run` started; 0: under attach, or reaped */
	int child_pidfd;
	bool is_child_reaped;
	uint64_t launched_ns;
	bool has_host_hung;             /* of a program that the agent cannot be in */
	int child_status;

	bool is_program;                /* no framework: the program itself is the test */
	unsigned images;                /* that the process we started has been, as far as they said hello */
	int heard;                      /* what the program's own run writes to, to be read; -1: nothing */
	int64_t heard_from;             /* where in it that begins */
	bool has_heard;                 /* it was TAP */
	char *exec_output;              /* of the last attempt in a process of its own: all of it */
	size_t exec_output_bytes;
	bool is_exec_output_cut;         /* there was more than is kept */
	char *started_in;               /* the host's directory, as it said; NULL: not known */
	bool is_started;                /* events->started was called */
	bool is_host_gone;
	struct fl_stacks stacks;        /* of the last process that hung */
	char oom_path[512];             /* <flicker/oom.h> */
	int64_t oom_kills;              /* before the group that the host is in */
	unsigned still_looks;           /* in a row at which the host stood still */
	bool is_host_unheard;           /* a test closed its connection, and it has not come back yet */
	bool has_lost_records;          /* of the journal: it was full */
	bool has_attempts_missing;      /* a suspect whose attempts could not be made */
	uint64_t attempts_short;        /* of a verdict, for want of time */
	uint64_t started_ns;
	uint64_t attempting_since_ns;   /* in the present group */
	uint64_t attempted_ns;          /* in the groups before it */
	uint64_t attempts;              /* in all */
	size_t suspects;                /* taken on so far, and left out by --max-suspects */
	size_t left_out;
	char mass_signatures[5][FL_SIGNATURE_SIZE];     /* of failures that stand for very many */
	size_t mass_count;
	int exec_misses;                /* in a row */
	bool is_exec_closed;            /* fresh processes never get to the test */
	struct fl_facts exec_facts;     /* of the last attempt in a process of its own */
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
int fl_host_attempt_group(struct fl_session *session);  /* the one that it is in or has just left */
bool fl_host_has_ended(const struct fl_session *session);
void fl_host_claim(struct fl_session *session);         /* a program without a framework is the host: no other has come */
void fl_host_watch(struct fl_session *session);         /* ends one that hangs */
void fl_host_tell_running(struct fl_session *session);  /* interrupted: what was, and for how long */

/* discover: 0, or what an event said */
int fl_discover(struct fl_session *session);
int fl_discover_start(struct fl_session *session);      /* the program is known: tells so */

struct fl_discovered {
	const char *id, *suite, *name;
	uint32_t index;                 /* in the last group */
	bool is_selected;
};
struct fl_case *fl_discover_add_test(struct fl_session *session, const struct fl_discovered *found);    /* NULL: left out */
void fl_discover_set_host(struct fl_session *session, struct fl_case *item,
			  const struct fl_facts *facts);
struct fl_case *fl_discover_in_flight(struct fl_session *session, uint32_t in_flight, uint32_t group,
				      uint32_t index);         /* what fl_shared.in_flight speaks of, or NULL */
void fl_discover_lost_host(struct fl_session *session);         /* the test in flight */
void fl_discover_unused(struct fl_session *session);    /* warns of annotations and names that no test has */

/* suspicion: of the test as soon as its id is known; texts are the caller's */
struct fl_suspicion fl_suspicion_of(const struct fl_session *session, const char *id);

/* choose: which suspects are re-executed; has_work: any of those with attempts to make */
void fl_choose_suspects(struct fl_session *session, uint32_t group);
bool fl_choose_is_to_attempt(const struct fl_case *item);
bool fl_choose_has_work(const struct fl_session *session);

/* observe */
int fl_observe_group(struct fl_session *session, uint32_t group);

/* Attempts to be made of one test. */
struct fl_ask {
	uint64_t first;                 /* number of the first */
	uint32_t count;
	enum fl_mode mode;              /* FORK, or EXEC: one at a time */
	bool has_prefix;
	uint32_t flags;                 /* FL_ORDER_*, beside PREFIX */
	uint64_t seed;                  /* under FL_ORDER_SAME_SEED */
	uint32_t jobs;                  /* at a time */
	bool is_retry;                  /* of an attempt that was counted: this one is not */
	uint32_t timeout_factor;        /* times the usual timeout; 0 counts as 1 */
	uint32_t perturb;               /* FL_PERTURB_BIT() each */
};

/*
 * order: has attempts made.  How many numbers of the ask are used up, -EPIPE where the
 * template is lost, -EINTR.  Then the facts of the i-th; false: it was not made.
 */
int fl_order_make(struct fl_session *session, const struct fl_case *item, const struct fl_ask *ask);
bool fl_order_facts(const struct fl_session *session, const struct fl_ask *ask, uint32_t i,
		    struct fl_facts *ret_facts);
uint32_t fl_order_timeout_ms(const struct fl_session *session, const struct fl_ask *ask,
			     const struct fl_case *item);
void fl_order_tell_progress(struct fl_session *session, const struct fl_case *item, uint64_t done);

/* exec: one attempt in a process of its own; 0 with its facts, or -EINTR.  What went wrong is in the facts. */
int fl_exec_make(struct fl_session *session, const struct fl_record_order *order,
		 struct fl_facts *ret_facts);
bool fl_exec_is_possible(const struct fl_session *session);

/* absorb: counts it, keeps what failed */
void fl_absorb(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
	       const struct fl_facts *facts);
void fl_absorb_staged(struct fl_session *session, struct fl_case *item);        /* parallel ones count after all */

/* parallel: the attempt of `facts` once more, alone; settles what was staged.  0 or more, or as order */
int fl_parallel_remake(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
		       struct fl_facts *facts);
int fl_parallel_settle(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns);

/* replay: the one attempt that is asked for, in this group */
int fl_replay_group(struct fl_session *session, uint32_t group);

/* symbols */
void fl_symbols_of(struct fl_session *session, const struct fl_facts *facts,
		   struct fl_backtrace *ret_backtrace);
/* Where the function at `pc` is written, into a test that knows no place; left as it is where nobody knows. */
void fl_symbols_place(struct fl_session *session, uint64_t pc, struct fl_test *test);
void fl_symbols_forget(struct fl_session *session);

/* memory */
void fl_memory_look(struct fl_session *session);        /* before tests run */
bool fl_memory_has_run_out(const struct fl_session *session, const struct fl_facts *facts);

/*
 * The test as the attempts are compared with it: a host run that passed without the wrapper
 * says nothing of attempts with it.  A shallow copy; of use as long as the test is not changed.
 */
struct fl_test fl_settle_view(const struct fl_session *session, const struct fl_case *item);

/*
 * settle: judges a test and tells of it; what is not judged yet in a group; in a group that the
 * host has left, what has no attempts.  Would more attempts say anything new?
 */
int fl_settle(struct fl_session *session, struct fl_case *item);
int fl_settle_idle(struct fl_session *session, uint32_t group);
bool fl_settle_is_settled(const struct fl_session *session, const struct fl_case *item);
bool fl_settle_wants_exec(const struct fl_session *session, const struct fl_case *item);
int fl_settle_group(struct fl_session *session, uint32_t group);

/* parts: the tests that a program tells of in its output */
void fl_parts_listen(struct fl_session *session);       /* before it is started */
void fl_parts_host(struct fl_session *session);         /* it has ended */
void fl_parts_drop_program(struct fl_session *session);         /* all are judged, and only parts were asked for */
void fl_parts_finish(struct fl_session *session);       /* no more attempts */
bool fl_parts_are_settled(const struct fl_session *session, const struct fl_case *program);     /* and the test itself */
/* What an attempt says of them, and they of it: into its observation.  False: it counts for nothing. */
bool fl_parts_absorb(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
		     const struct fl_facts *facts, struct fl_observation *observation);
void fl_absorb_part(struct fl_session *session, struct fl_case *part, const struct fl_ask *ask,
		    const struct fl_facts *facts, struct fl_observation *observation);

/* Do --filter and --test let it run? */
bool fl_selection_has(const struct fl_session_settings *settings, const char *id);

/* whole: where the agent cannot be the program's end is its one test */
int fl_whole_watch(struct fl_session *session);         /* to its end; 0, or -EINTR */
int fl_whole_observe(struct fl_session *session);
void fl_whole_expect(struct fl_facts *facts);           /* what exit codes mean */

/* program */
bool fl_program_is_binary(pid_t pid, const char *build_id);     /* or the start of one */
void fl_program_describe(struct fl_session *session);
void fl_program_describe_host(struct fl_session *session, const char *path, char **arguments);

/* cores: makes the first of each kind of crash again, and keeps its core */
int fl_cores_keep(struct fl_session *session, struct fl_case *item);

/* stacks: of a hung process, which belongs to this attempt (0: the host); none where they could not be had */
void fl_stacks_read(pid_t pid, uint64_t attempt, struct fl_stacks *ret_stacks);
void fl_stacks_first(const struct fl_stacks *stacks, struct fl_facts *facts);  /* the first thread's, as its place */
void fl_stacks_tell(struct fl_session *session, const struct fl_facts *facts,
		    struct fl_observation *observation);

#endif
