/* SPDX-License-Identifier: MIT */
/*
 * model.h - the nouns of the outside: attempt outcomes, tests, verdicts, a run.
 *
 * Plain data.  The words are those of docs (design: "Words"), the same in C, in
 * JSON and on the screen; the lists below are their only home.  Text pointers are
 * owned by the struct that holds them unless said otherwise; _clear frees what is
 * inside and zeroes the struct.
 */
#ifndef FL_MODEL_H
#define FL_MODEL_H

#include <flicker/perturb.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(ENUM, "word", the key under "attempts" in the report) */
#define FL_OUTCOME_LIST(X) \
	X(PASS, "pass", "pass") X(FAIL, "fail", "fail") X(ERROR, "error", "error") \
	X(CRASH, "crash", "crash") X(TIMEOUT, "timeout", "timeout") X(SKIP, "skip", "skip") \
	X(EARLY_EXIT, "early-exit", "early_exit") X(STOPPED, "stopped", "stopped") \
	X(OOM, "oom", "oom") X(INFRA, "infra", "infra")

#define FL_VERDICT_LIST(X) \
	X(UNKNOWN, "unknown", "unknown") X(STABLE, "stable", "stable") \
	X(FAILING, "failing", "failing") X(FLAKY, "flaky", "flaky") \
	X(SKIPPED, "skipped", "skipped") X(NOT_SUSPECT, "not-suspect", "not_suspect")

/* Bits: a test may have several. */
#define FL_NOTE_LIST(X) \
	X(PARALLEL_ONLY, "parallel-only") X(PARALLEL_UNSAFE, "parallel-unsafe") \
	X(NOT_REPEATABLE, "not-repeatable") X(MASS_FAILURE, "mass-failure") \
	X(NOT_REPRODUCED, "not-reproduced") X(LEAKS, "leaks") X(EXPIRED, "expired") \
	X(ORDER_DEPENDENT, "order-dependent") X(UNSEEDED, "unseeded")

#define FL_WHY_LIST(X) \
	X(NONE, "none") X(ANNOTATED, "annotated") X(NAMED, "named") X(ALL, "all") X(FAILED, "failed") \
	X(REPORTED, "reported")

/* How an attempt is made; MIX is a setting only: forks, and an exec now and then. */
#define FL_MODE_LIST(X) X(FORK, "fork") X(EXEC, "exec") X(MIX, "mix")

/* When a suspect has had enough attempts; what a flaky test does to the exit code; which arms do. */
#define FL_UNTIL_LIST(X) X(CONFIDENT, "confident") X(RUNS, "runs") X(FAIL, "fail")
#define FL_POLICY_LIST(X) X(FAIL, "fail") X(TOLERATE, "tolerate") X(QUARANTINE, "quarantine")
#define FL_GATE_LIST(X) X(NATURAL, "natural") X(ANY, "any")

/* Why a flaky test does not gate: --policy, --new-only, --gate natural, --quarantine. */
#define FL_EXCUSE_LIST(X) X(NONE, "none") X(POLICY, "policy") X(KNOWN, "known") X(STRESS, "stress") \
	X(QUARANTINE, "quarantine")

#define FL_METHOD_LIST(X) X(CLOPPER_PEARSON, "clopper-pearson") X(BETTING, "betting")

#define FL_X(id, ...) FL_OUTCOME_##id,
enum fl_outcome { FL_OUTCOME_LIST(FL_X) FL_OUTCOME_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_VERDICT_##id,
enum fl_verdict { FL_VERDICT_LIST(FL_X) FL_VERDICT_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_NOTE_##id,
enum fl_note { FL_NOTE_LIST(FL_X) FL_NOTE_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_WHY_##id,
enum fl_why { FL_WHY_LIST(FL_X) FL_WHY_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_MODE_##id,
enum fl_mode { FL_MODE_LIST(FL_X) FL_MODE_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_METHOD_##id,
enum fl_method { FL_METHOD_LIST(FL_X) FL_METHOD_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_UNTIL_##id,
enum fl_until { FL_UNTIL_LIST(FL_X) FL_UNTIL_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_POLICY_##id,
enum fl_policy { FL_POLICY_LIST(FL_X) FL_POLICY_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_GATE_##id,
enum fl_gate { FL_GATE_LIST(FL_X) FL_GATE_COUNT };
#undef FL_X
#define FL_X(id, ...) FL_EXCUSE_##id,
enum fl_excuse { FL_EXCUSE_LIST(FL_X) FL_EXCUSE_COUNT };
#undef FL_X

/* The words; never NULL for a value of the enum. */
const char *fl_outcome_name(enum fl_outcome outcome);
const char *fl_outcome_key(enum fl_outcome outcome);
const char *fl_verdict_name(enum fl_verdict verdict);
const char *fl_verdict_key(enum fl_verdict verdict);
const char *fl_note_name(enum fl_note note);
const char *fl_why_name(enum fl_why why);
const char *fl_mode_name(enum fl_mode mode);
const char *fl_method_name(enum fl_method method);
const char *fl_until_name(enum fl_until until);
const char *fl_policy_name(enum fl_policy policy);
const char *fl_gate_name(enum fl_gate gate);
const char *fl_excuse_name(enum fl_excuse excuse);
const char *fl_perturbation_name(enum fl_perturbation perturbation);

/* The value of a word, or -EINVAL. */
int fl_outcome_parse(const char *name);
int fl_verdict_parse(const char *name);
int fl_note_parse(const char *name);
int fl_why_parse(const char *name);
int fl_mode_parse(const char *name);
int fl_method_parse(const char *name);
int fl_until_parse(const char *name);
int fl_policy_parse(const char *name);
int fl_gate_parse(const char *name);
int fl_excuse_parse(const char *name);
int fl_perturbation_parse(const char *name);

/* fail, error, crash, timeout, early-exit, stopped, oom.  A skip is neither pass nor non-pass. */
bool fl_outcome_is_non_pass(enum fl_outcome outcome);

struct fl_frame {
	uint64_t pc;                    /* 0: unknown */
	char *module;                   /* file name without directories, or NULL */
	uint64_t offset;                /* pc - load address of the module */
	char *build_id;                 /* hexadecimal, or NULL */
	char *function;                 /* or NULL */
	char *file;                     /* or NULL */
	int line;                       /* 0: unknown */
	bool is_inlined;
};

struct fl_backtrace {
	struct fl_frame *frames;        /* innermost first */
	size_t count;
};

/* Where one thread of a process that hung was. */
struct fl_thread {
	long id;                        /* the system's */
	char *name;                     /* or NULL */
	struct fl_backtrace backtrace;
};

/* One execution, classified. */
struct fl_observation {
	enum fl_outcome outcome;
	char *message;                  /* or NULL; bytes as the test gave them */
	char *file;                     /* or NULL */
	int line;                       /* 0: unknown */
	int signal;                     /* 0: none */
	double duration_ms;
	bool is_quarantined;            /* a failure in the host, which shows it as a skip */
	bool is_outlived;               /* in the host: the program went on behind it */
	struct fl_backtrace backtrace;
	struct fl_thread *threads;      /* of a hang with several of them: all, as far as 16 go */
	size_t thread_count;
};

struct fl_counts {
	uint64_t by[FL_OUTCOME_COUNT];
};

uint64_t fl_counts_total(const struct fl_counts *counts);      /* without infra */
uint64_t fl_counts_non_pass(const struct fl_counts *counts);

/* The attempts of one test under one set of perturbations, in one mode. */
struct fl_arm {
	uint32_t perturbations;         /* FL_PERTURB_BIT() each */
	enum fl_mode mode;
	bool has_prefix;                /* the group's earlier tests ran before it */
	struct fl_counts counts;
};

enum { FL_FAILURE_SEEDS = 8 };

/* Attempts that failed in the same way. */
struct fl_failure {
	char *signature;                /* 16 hexadecimal digits */
	uint64_t count;
	bool is_met_in_parallel;        /* only beside others, never alone */
	uint64_t staged;                /* met beside others, and not yet known to be evidence; not in the report */
	uint32_t alone_tries;           /* of it, alone; not in the report */
	bool is_known;                  /* was met before the attempt at hand; not in the report */
	struct fl_observation first;    /* the first of them */
	char *output_tail;              /* of the first; "" if it wrote nothing */
	uint64_t seeds[FL_FAILURE_SEEDS];
	uint64_t attempts[FL_FAILURE_SEEDS];   /* their numbers */
	size_t seed_count;
	enum fl_mode mode;              /* how the first was made: FORK or EXEC, */
	bool has_prefix;                /* with the group's earlier tests before it, */
	bool leaves_unseeded;           /* with generators left alone that the program never seeds, */
	uint32_t perturbations;         /* and under which perturbations */
	char *core;                     /* file, or NULL: none was kept */
	char *token;                    /* or NULL: none */
	char *replay;                   /* the command that makes it fail again, or NULL */
};

struct fl_suspicion {
	enum fl_why why;
	char *reason, *owner, *ticket, *until;          /* each or NULL */
	char *origin;                   /* file:line of the entry that says so; NULL: none, or the source */
	bool is_quarantined;            /* it is in a file of --quarantine */
	bool may_crash;
};

struct fl_interval {
	double low, high, level;
	enum fl_method method;
};

/* Quantiles of durations in ms, in memory that does not grow: see judge/durations.h. */
struct fl_quantiles {
	double min, median, p95, max;
};

struct fl_miss {
	double rate, probability;
};

struct fl_judgement {
	enum fl_verdict verdict;
	uint32_t notes;                 /* 1 << FL_NOTE_* */
	uint32_t seen_under;            /* perturbation bits, where only other arms failed */
	bool has_rate;
	double rate;
	bool has_interval;
	struct fl_interval interval;
	bool has_miss;
	struct fl_miss miss;
	bool gates;                     /* counts against the exit code: see judge/gate.h */
	enum fl_excuse excuse;          /* of a flaky one that does not */
};

enum { FL_TEST_ARMS = 8 };

struct fl_program {
	char *path;
	char **args;                    /* NULL-terminated, without the program itself */
	char *build_id;                 /* h and a hash over the file where it has none; or NULL */
	char *framework, *framework_version, *linkage;  /* each or NULL */
	bool has_exit;
	int exit_code;                  /* -1: ended by a signal */
	int exit_signal;                /* 0: none */
};

struct fl_test {
	char *id, *suite, *name;
	int index;                      /* of a parameter or loop; -1: none */
	char *file;                     /* where the test is written, or NULL */
	int line;
	struct fl_suspicion suspicion;
	bool has_host;                  /* false: the host never reached it */
	struct fl_observation host;
	struct fl_arm arms[FL_TEST_ARMS];
	size_t arm_count;
	bool has_quantiles;
	struct fl_quantiles duration_ms;        /* over the attempts */
	struct fl_failure *failures;            /* most frequent first */
	size_t failure_count;
	char **leaks;                   /* what it left behind: "descriptor 7 (/tmp/x)" */
	size_t leak_count;
	char **collisions;              /* what attempts at the same time want: "port 8080" */
	size_t collision_count;
	struct fl_judgement judgement;
	struct fl_program *program;     /* in a run united from several; NULL: the run's */
};

struct fl_settings {
	uint64_t runs;
	enum fl_until until;
	bool has_time;                  /* false: no limit */
	double time_s;
	bool has_timeout;               /* false: by the host run of each test */
	double timeout_s;
	int jobs;
	uint32_t perturb;
	enum fl_policy policy;
	enum fl_gate gate;
	enum fl_mode mode;
	char *wrapper;                  /* a command line, or NULL */
	char *adapters;                 /* of third parties, a path each line, or NULL */
};

/* A test that the selection leaves out: what it is, and no more. */
struct fl_left_out {
	struct fl_test *test;
	size_t before;                  /* so many of the run's tests stand before it */
};

struct fl_run {
	struct fl_program program;
	char *os;
	int cpus;
	char *id;                       /* unique, printable */
	uint64_t seed;
	char *started;                  /* RFC 3339, UTC, with milliseconds; without, of older reports */
	double duration_ms;
	int exit_code;
	bool is_partial;                /* read from a .part: how the run ends is not known */
	struct fl_settings settings;
	struct fl_test **tests;         /* in the order of the host */
	size_t test_count;
	/* Not in the report: */
	bool is_interrupted;
	bool has_attempts_missing;      /* a suspect's attempts could not be made */
	double enough_time_s;           /* with about so much --time they could; 0: not known, or it is not for that */
	size_t cut_count;               /* suspects that have all that a verdict needs, and for want of time no more */
	struct fl_left_out *left_out;   /* in the order of the host */
	size_t left_out_count;
	uint32_t order_seed;            /* of an order drawn as GoogleTest draws it, 1 to 99999; 0: none was */
	double attempts_ms;             /* of the duration, what went into attempts; 0: not known */
};

void fl_suspicion_clear(struct fl_suspicion *suspicion);
void fl_backtrace_clear(struct fl_backtrace *backtrace);
void fl_program_clear(struct fl_program *program);
void fl_observation_clear(struct fl_observation *observation);
void fl_failure_clear(struct fl_failure *failure);
void fl_test_clear(struct fl_test *test);
void fl_test_free(struct fl_test *test);                /* NULL is fine */
void fl_run_clear(struct fl_run *run);

/* The program the test is of: its own, or the run's. */
const struct fl_program *fl_test_program(const struct fl_run *run, const struct fl_test *test);

/* All arms of a test together. */
struct fl_counts fl_test_counts(const struct fl_test *test);

struct fl_totals {
	uint64_t tests, by_verdict[FL_VERDICT_COUNT], attempts, infra;
};
struct fl_totals fl_run_totals(const struct fl_run *run);

#endif
