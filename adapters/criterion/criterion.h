/* SPDX-License-Identifier: MIT */
/*
 * criterion.h - what the adapter knows of Criterion's ABI, and what its files share.
 *
 * The structs are as in 2.3.0 to 2.4.3 (criterion/types.h, stats.h, options.h and
 * internal/parameterized.h), under names of our own: Criterion's headers are not needed to
 * build.  What was appended in 2.4 is read only where fl_criterion_is_2_4.
 */
#ifndef FL_CRITERION_H
#define FL_CRITERION_H

#include "../next.h"

#include <flicker/adapter.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct parameters {
	size_t size;
	void *first;
	size_t count;
	void (*cleanup)(struct parameters *);
};

struct test_data {
	int sentinel, compiler, language, kind;
	struct parameters (*parameters)(void);
	const char *identifier, *file;
	unsigned line;
	void (*init)(void);
	void (*fini)(void);
	int signal, exit_code;
	bool is_disabled;
	const char *description;
	double timeout_s;
	void *user;
};

enum { PARAMETERIZED = 1 };             /* kind */

struct test {
	const char *name, *suite;
	void (*function)(void);
	struct test_data *data;
};

struct suite {
	const char *name;
	struct test_data *data;         /* NULL: it was never declared */
};

/* An element follows each node. */
struct node {
	struct node *next;
};

struct ordered_set {
	struct node *first;
	size_t size;
};

struct suite_set {
	struct suite suite;
	struct ordered_set *tests;
};

struct test_set {
	struct ordered_set *suites;
	size_t tests;
};

enum status { PASSED, FAILED, SKIPPED };

struct assert_stats {
	const char *message;
	bool has_passed;
	unsigned line;
	const char *file;
	struct assert_stats *next;      /* the one before it */
};

struct test_stats {
	struct test *test;
	struct assert_stats *asserts;
	bool deprecated;
	enum status status;
	int passed_asserts, failed_asserts;
	int signal, exit_code;
	float elapsed_s;
	bool is_timed_out, has_crashed;
	unsigned progress;
	const char *file, *message;
	struct test_stats *next;        /* the one before it */
};

struct suite_stats {
	struct suite *suite;
	struct test_stats *tests;
	size_t test_count, assert_count;
	size_t skipped, failed, crashed, passed;
	size_t asserts_failed, asserts_passed;
	struct suite_stats *next;       /* the one before it */
};

struct global_stats {
	struct suite_stats *suites;
	size_t suite_count, test_count, assert_count;
	size_t skipped, failed, crashed, passed;
	size_t asserts_failed, asserts_passed;
	size_t errors, warnings;        /* since 2.4 */
};

struct options {
	int logging_threshold;
	void *logger;
	bool no_early_exit, always_succeed, use_ascii, fail_fast;
	const char *pattern;
	bool short_filename;
	size_t jobs;
	bool measure_time, wait_for_clients, crash;
	int debug;
	unsigned debug_port;
	double timeout_s;
};

struct assert_parameter {
	const char *name;
	void *data;
	int type;                       /* 1: text */
};

/* Criterion's own functions and variables. */
struct fl_criterion_real {
	int (*run_all_tests)(struct test_set *set);
	void (*test_setup)(void);
	void (*test_main)(void (*function)(void));
	void (*test_teardown)(void);
	void (*send_assert)(struct assert_stats *stats);
	void (*node_send)(const char *file, size_t line, void *node);
	void (*abort_test)(void);
	void (*skip_test)(const char *format, ...);
	void (*test_die)(const char *format, ...);
	void (*theory_main)(void *points, size_t count, void (*function)(void));
	void (*log)(int severity, const char *format, ...);
	FILE *(*redirected_stdin)(void);
	struct options *options;
	const struct test **current_test;
	const struct suite **current_suite;
};

#define REAL(name) (fl_criterion_real.name)

extern struct fl_criterion_real fl_criterion_real;
extern const struct fl_services *fl_criterion_flicker;
extern bool fl_criterion_is_2_4;

bool fl_criterion_find_real(void);

/* In Criterion's place.  Others may have functions of these names, too, of any type. */
int criterion_run_all_tests(struct test_set *set) FL_ADAPTER_OURS(criterion_run_all_tests);
void criterion_internal_test_setup(void) FL_ADAPTER_OURS(criterion_internal_test_setup);
void criterion_internal_test_main(void (*function)(void)) FL_ADAPTER_OURS(criterion_internal_test_main);
void criterion_internal_test_teardown(void) FL_ADAPTER_OURS(criterion_internal_test_teardown);
void criterion_send_assert(struct assert_stats *stats) FL_ADAPTER_OURS(criterion_send_assert);
void cri_assert_node_send(const char *file, size_t line, void *node) FL_ADAPTER_OURS(cri_assert_node_send);
void criterion_abort_test(void) FL_ADAPTER_OURS(criterion_abort_test);
void criterion_skip_test(const char *format, ...) FL_ADAPTER_OURS(criterion_skip_test)
	__attribute__((format(printf, 1, 2)));
void criterion_test_die(const char *format, ...) FL_ADAPTER_OURS(criterion_test_die)
	__attribute__((format(printf, 1, 2)));
void cr_theory_main(void *points, size_t count, void (*function)(void)) FL_ADAPTER_OURS(cr_theory_main);
FILE *cr_get_redirected_stdin(void) FL_ADAPTER_OURS(cr_get_redirected_stdin);
void cr_log(int severity, const char *format, ...) FL_ADAPTER_OURS(cr_log)
	__attribute__((format(printf, 2, 3)));

/* ---- static: Criterion linked into the program ---- */

extern struct fl_symbol fl_criterion_symbols[];         /* struct fl_adapter: symbols */
bool fl_criterion_is_static(void);
bool fl_criterion_is_hidden(void);                      /* it is, and the program has no symbols */
bool fl_criterion_attach_static(const struct fl_services *services);

/* In an attempt that a worker has forked: no word goes to the runner.  False: it cannot be had so. */
bool fl_criterion_seal(void);
void fl_criterion_send(const void *message);            /* in the place of the way there; worker.c */

/* ---- rows: what a run consists of ---- */

struct row {
	struct test *test;
	struct suite *suite;
	int32_t number;                 /* of the parameter; -1: none */
	const struct test_stats *stats; /* the host's, once it has told of it */
	bool is_excused;
};

struct fl_criterion_rows {
	struct row *rows;
	uint32_t count;
	size_t mapped_bytes;
};

/* What is known behind PRE_ALL, where parameters can be asked for; one for each test of the set. */
struct fl_criterion_found {
	uint32_t is_disabled;
	uint32_t parameters;
};

bool fl_criterion_has_parameters(struct test_set *set);
bool fl_criterion_list(struct test_set *set, struct fl_criterion_found *found,
		       struct fl_criterion_rows *ret_rows);
bool fl_criterion_list_expanded(struct test_set *set, const struct fl_criterion_found *found,
				struct fl_criterion_rows *ret_rows);
void fl_criterion_release(struct fl_criterion_rows *rows);
bool fl_criterion_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry);
void fl_criterion_ask(struct test_set *set, struct fl_criterion_found *found);
void fl_criterion_find_disabled(struct test_set *set, struct fl_criterion_found *found);

/* While the runner runs them: each row is a test of its own; and back. */
void fl_criterion_expand(struct test_set *set);
void fl_criterion_expand_later(struct test_set *set);   /* as the runner asks for parameters */
void fl_criterion_contract(void);

/* Leaves these rows, and no others, for the runner to run.  NULL: those that flicker has selected. */
void fl_criterion_restrict(const struct fl_group *group, struct test_set *set,
			   const struct fl_criterion_rows *rows, const uint32_t *indices, uint32_t count);

/* ---- telling: report hooks ---- */

enum fl_criterion_mode {
	FL_CRITERION_ABSENT,            /* hooks do nothing */
	FL_CRITERION_ASKING,            /* a copy that ends behind PRE_ALL */
	FL_CRITERION_POSTPONED,         /* the host, of whose tests nobody knows yet */
	FL_CRITERION_HOST,
	FL_CRITERION_ATTEMPT,
};

struct fl_criterion_run {
	enum fl_criterion_mode mode;
	struct test_set *set;
	struct fl_group *group;
	struct fl_criterion_rows rows;
	struct fl_criterion_found *found;
	uint32_t target;                /* in an attempt: the row that counts */
	bool is_alone;                  /* nothing runs before it */
	uint32_t hint;                  /* where to look for the next row */
};

extern struct fl_criterion_run fl_criterion_run;

/* behind PRE_ALL / POST_ALL; by runner.c */
void fl_criterion_at_start(struct test_set *set);
void fl_criterion_at_end(void);

void fl_criterion_tell(struct test_stats *stats, enum fl_phase phase);
void fl_criterion_tell_rest(struct global_stats *stats);
void fl_criterion_judge(const struct global_stats *stats);

/* ---- nobody has asked for its tests ---- */

bool fl_criterion_postpone(struct fl_group *group);     /* true: run it so */
int fl_criterion_run_postponed(struct fl_group *group);
void fl_criterion_note(const struct test_stats *stats);
void fl_criterion_catch_up(struct global_stats *stats);

bool fl_criterion_ends(int code);
void fl_criterion_forget_socket(int pid);

#endif
