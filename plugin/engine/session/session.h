/* SPDX-License-Identifier: MIT */
/*
 * session.h - one test program, from its launch to the judged run.
 *
 * fl_session_run starts the program under the agent; fl_session_attach serves a
 * program that was started by someone else with LD_PRELOAD.  Both plan, order and
 * observe attempts, and judge; neither prints nor writes files: what happens is
 * told through fl_events while it happens and through fl_run at the end.
 */
#ifndef FL_SESSION_H
#define FL_SESSION_H

#include "../../base/base.h"
#include "../model.h"

/*
 * One attempt, to be made again and nothing else: the program's own run of its tests is
 * left out.  What a token says (attempts/token.h).
 */
struct fl_replay {
	const char *id;                 /* of the test */
	uint64_t seed;                  /* of the attempt */
	uint64_t attempt;               /* its number, as the test can read it */
	uint32_t perturb;               /* FL_PERTURB_BIT() each */
	enum fl_mode mode;              /* FORK or EXEC */
	bool has_prefix;                /* the group's earlier tests ran before it */
	bool leaves_unseeded;           /* a generator that the program never seeds was left alone */
	uint64_t times;                 /* how often it is made, at least 1 */
	char *const *debugger;          /* words put before the program: one exec attempt, in the foreground; or NULL */
	bool is_interactive;            /* the debugger's user takes their time: no deadline */
	const char *binary;             /* build-id, or the start of it, of the process; NULL: not known */
};

/* What an entry of a file says of the tests that match, as an annotation would. */
struct fl_suspect_rule {
	char *pattern;
	struct fl_suspicion suspicion;  /* why: annotated; with its origin */
	bool has_crash;                 /* it says of a crash, yes or no */
	int line;                       /* where its section begins */
};

struct fl_session_settings {
	const struct fl_replay *replay; /* or NULL: an ordinary run */
	char *const *argv;              /* the program and its arguments; NULL under attach */
	const char *path;               /* the file that argv[0] names */
	const char *agentless;          /* why the agent cannot be in the program, or NULL */
	const char *agent;              /* path of libflicker.so; NULL under attach */
	uint64_t seed;
	uint64_t runs;                  /* attempts planned per suspect */
	enum fl_until until;
	bool has_no_time;               /* --time none */
	uint32_t time_ms;               /* for all attempts; 0: by the plain run */
	uint32_t timeout_ms;            /* per attempt; 0: the larger of 10 s and 10x the host run */
	unsigned jobs;                  /* attempts at a time, at least 1 */
	enum fl_mode mode;
	uint32_t perturb;               /* FL_PERTURB_BIT() each */
	enum fl_policy policy;
	enum fl_gate gate;
	uint64_t max_suspects;          /* 0: no limit */
	const char *wrapper;            /* a command line put before the program in exec attempts, or NULL */
	const char *adapter;            /* third parties' adapters, newline-separated paths, or NULL */
	const struct fl_run *earlier;   /* of --new-only: what was flaky in it does not gate; or NULL */
	const char *cache;              /* directory of what outlives a run, "none", or NULL: the usual one */
	const char *debug_dirs;         /* of separate debug files, colons between; NULL: the usual one */
	bool keep_core;                 /* of the first failure of each signature */
	bool is_all;                    /* every test is suspect */
	const char *face;               /* lines of <flicker/face.h>; "": only take the flags away; NULL: none */
	bool is_list;                   /* only learn which tests there are: none is run, but a program that is one */
	bool wants_places;              /* of a list: where each test is written, from debug information */
	const char *suspect;            /* patterns, newline-separated, or NULL */
	const char *reported;           /* ids that a report says are flaky, newline-separated, or NULL */
	const struct fl_suspect_rule *rules;    /* see cases/suspicion.c for which of them counts */
	size_t rule_count;
	const char *filter;             /* pattern, or NULL: run only these */
	const char *test;               /* ids, newline-separated, or NULL: run only these; they are suspect */
};

/* Where the session is; valid during the call only. */
struct fl_progress {
	const struct fl_test *test;     /* being attempted; NULL: the program itself runs */
	uint64_t done, planned;         /* attempts of this test */
	uint64_t non_pass;              /* among them */
	size_t suspects_done, suspects; /* of the suspects known by now */
	double attempts_per_s;
};

/* Any of them may be NULL.  The pointers they get are the session's. */
struct fl_events {
	void *context;
	/* The program is known: `run` has program, host, id, seed, started, settings.  A negative errno ends the session. */
	int (*started)(void *context, const struct fl_run *run, struct fl_error *error);
	void (*progress)(void *context, const struct fl_progress *progress);
	/* A test is judged; nothing of it changes any more. */
	int (*judged)(void *context, const struct fl_test *test, struct fl_error *error);
	void (*warning)(void *context, const char *text);
	/* Where the core of this signature belongs; the session's to free, NULL: where it fell. */
	char *(*core)(void *context, const char *signature);
};

enum { FL_SESSION_SKIPPED = 77 };       /* exit code: the program was skipped, as automake and meson have it */

/*
 * Runs the program to its end.  ret_run is filled with what was seen even when
 * the session was cut short (-EINTR after fl_session_interrupt).  Negative errno
 * otherwise, with error set: the program could not be run or observed at all.
 */
int fl_session_run(const struct fl_session_settings *settings, const struct fl_events *events,
		   struct fl_run *ret_run, struct fl_error *error);

/*
 * Serves the host that connects to a socket made here, whose path is written to
 * ready_fd (then closed).  settings->argv and agent are ignored.  The host waits
 * for its exit code: `decide` is asked once, when ret_run is complete, and its
 * answer goes to the host.
 */
int fl_session_attach(const struct fl_session_settings *settings, const struct fl_events *events,
		      int ready_fd, int (*decide)(void *context, const struct fl_run *run),
		      struct fl_run *ret_run, struct fl_error *error);

/* From a signal handler: ends the session as soon as may be; children are ended with it. */
void fl_session_interrupt(void);

/* Is there nothing in it but skips and failures in quarantine: judge/gate.h, fl_gate_is_skipped(). */
bool fl_session_is_skipped(const struct fl_run *run);

/* The verdict of a whole run as an exit code (design: "Exit code, one rule"); under_preload as there. */
int fl_session_exit_code(const struct fl_run *run, bool is_under_preload);

#endif
