/* SPDX-License-Identifier: MIT */
/*
 * check.h - what the files of the Check adapter share.
 *
 *   runner     the group's tests, in the host and in attempts; the adapter itself
 *   lists      a runner's suites, cases, tests and fixtures, and copies of them that tell
 *   tests      a test's process, its phases, and what Check says of it
 *   message    what a failed test wrote for Check
 *   stripped   the runner in a program without symbols
 *   shape      are its structs those that we know?
 *
 * The structs are Check's own, as they are from 0.10.0 to 0.15.2 (check_impl.h, check_list.c):
 * the lists are the only way to run one test of many.  Only struct TF has changed, in 0.13.
 */
#ifndef FL_ADAPTER_CHECK_H
#define FL_ADAPTER_CHECK_H

#include <flicker/adapter.h>

#include <sys/types.h>
#include <time.h>

struct check_list {                     /* struct List */
	unsigned count, room;
	int current, last;              /* -1: empty */
	void **items;
};

struct check_suite {                    /* struct Suite */
	const char *name;
	struct check_list *cases;
};

struct check_case {                     /* struct TCase */
	const char *name;
	struct timespec timeout;
	struct check_list *tests;
	struct check_list *unchecked_setup, *unchecked_teardown, *setup, *teardown;
	struct check_list *tags;        /* since 0.11 */
};

struct check_fixture {                  /* struct Fixture */
	int is_checked;
	void (*function)(void);
};

struct check_function {                 /* struct TTest, since 0.13 */
	const char *name;
	void (*function)(int);
	const char *file;
	int line;
};

struct check_test {                     /* struct TF since 0.13 */
	const struct check_function *function;
	int start, end;
	int signal;
	signed char exit_code;
};

struct check_old_test {                 /* struct TF until 0.12 */
	void (*function)(int);
	int start, end;
	const char *name;
	int signal;
	signed char exit_code;
};

enum check_verdict { CHECK_INVALID, CHECK_PASS, CHECK_FAILURE, CHECK_ERROR };
enum check_context { CHECK_NOWHERE, CHECK_IN_SETUP, CHECK_IN_TEST, CHECK_IN_TEARDOWN };

struct check_result {                   /* struct TestResult */
	int verdict, context;
	char *file;
	int line, iteration, duration;
	const char *case_name, *test_name;
	char *message;
};

enum check_fork_status { CHECK_FORK_BY_ENVIRONMENT, CHECK_FORK, CHECK_NO_FORK };

struct check_runner {                   /* struct SRunner */
	struct check_list *suites;
	void *stats;
	struct check_list *results;
	const char *log, *xml, *tap;
	void *logs;
	int fork_status;
};

/* The agent's services; NULL in a process without Check. */
extern const struct fl_services *fl_check_flicker;

extern bool fl_check_is_old;            /* struct check_old_test */

/* ---- lists ---- */

/* Which part of a runner is to be run; NULL: all of it. */
struct fl_check_choice {
	const char *suite, *case_name, *include_tags, *exclude_tags;
};

/* One test, or one turn of a loop. */
struct fl_check_row {
	struct check_suite *suite;
	struct check_case *in;
	const void *test;               /* struct check_test, or the old one */
	int turn;
	bool is_loop;
};

/* A test, whatever the version. */
struct fl_check_view {
	const char *name, *file;
	void (*function)(int);
	int line, start, end, signal, exit_code;
};

enum { FL_CHECK_NONE = UINT32_MAX, FL_CHECK_MOST = 1 << 16 };

/* Which tests the runner would run, in its order; < 0: none, more than FL_CHECK_MOST, or no memory. */
int fl_check_collect(struct check_runner *of, const struct fl_check_choice *choice);
void fl_check_release(void);

uint32_t fl_check_count(void);
const struct fl_check_row *fl_check_row(uint32_t row);
struct fl_check_view fl_check_view(const void *test);

/* To the `count` rows in `to`: behind the last one of its suite, for Check runs a suite at once. */
void fl_check_add_row(uint32_t *to, uint32_t count, uint32_t row);

/*
 * Has the runner run these rows by trampolines, those of a case one behind the other.
 * is_all: they are all of its rows, and what is empty stays in its lists.
 */
void fl_check_install(const uint32_t *chosen, uint32_t count, bool is_all);
void fl_check_restore(void);            /* the lists are as they were */

/* Where the runner is now, in what was installed. */
struct check_case *fl_check_case_now(void);
uint32_t fl_check_row_now(void);        /* FL_CHECK_NONE: nowhere */
uint32_t fl_check_first_row(const struct check_case *in);       /* of those installed */
bool fl_check_has_row(const struct check_case *in, uint32_t row);

/* The function that the trampoline stands for, whose list is at its present item. */
void (*fl_check_fixture_now(const struct check_list *fixtures))(void);

/* ---- tests ---- */

/* The trampolines. */
void fl_check_run_test(int turn);
void fl_check_run_setup(void);
void fl_check_run_teardown(void);
void fl_check_run_unchecked_setup(void);
void fl_check_run_unchecked_teardown(void);

/* The runner runs, by `call`, what is installed; `target`: in an attempt, the row that counts. */
void fl_check_watch(struct fl_group *group, struct check_runner *runner, uint32_t target);
void fl_check_settle(void);             /* what Check has said since, of the test before */
void fl_check_unwatch(void);            /* in an attempt whose test was a child: ends as that one did */

pid_t fl_check_forks(pid_t (*real)(void));
bool fl_check_ends(int code);
void fl_check_jumps(const void *env, const void *caller);

/* ---- message ---- */

struct fl_check_message {
	char file[256], text[2048];
	int line;
};

/* What the test that runs here wrote when it failed; false: nothing. */
bool fl_check_message(struct fl_check_message *ret_message);

/* ---- stripped ---- */

enum fl_check_hidden {
	FL_CHECK_ABSENT,                /* no Check in the program */
	FL_CHECK_LOST,                  /* it is there, but where is not known */
	FL_CHECK_FOUND,
};

/* Where srunner_run_tagged() is in a program that has no names. */
enum fl_check_hidden fl_check_find_hidden(struct fl_symbol *ret_runner);

/* ---- shape ---- */

/*
 * Are these six the arguments of srunner_run_tagged(), and is all that its runner points to as
 * in the versions that we know?  Sets fl_check_is_old.
 */
bool fl_check_knows_call(const uintptr_t *arguments);

#endif
