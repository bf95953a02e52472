/* SPDX-License-Identifier: MIT */
/*
 * cmocka.h - what the files of the cmocka adapter share.
 *
 *   runner     the group's tests, in the host and in attempts; the adapter itself
 *   failures   how a test ends other than by returning
 *   real       cmocka's own functions behind our interposers
 *   static     cmocka linked into the program
 */
#ifndef FL_ADAPTER_CMOCKA_H
#define FL_ADAPTER_CMOCKA_H

#include <flicker/adapter.h>

#include "../next.h"

typedef int (*fixture_function)(void **state);
typedef void (*test_function)(void **state);

struct unit_test {                      /* struct CMUnitTest, 1.1.0 to 2.0 */
	const char *name;
	test_function test;
	fixture_function setup, teardown;
	void *initial_state;
};

typedef long (*any_function)(long, long, long, long, long, long);
typedef void (*print_function)(const char *format, ...);
typedef int (*run_function)(const char *name, const struct unit_test *tests, size_t count,
			    fixture_function setup, fixture_function teardown);

/* The agent's services; NULL in a process without cmocka. */
extern const struct fl_services *fl_cmocka_flicker;

/* The same where print_error() is cmocka's: other libraries, too, may call a function so. */
extern const struct fl_services *fl_cmocka_prints;

/* Runs of tests that a test has made itself, one in the other. */
extern int fl_cmocka_nested;

/* A function of the program's is on the stack. */
extern bool fl_cmocka_is_in_test_code;

/* In cmocka's place. */
int _cmocka_run_group_tests(const char *name, const struct unit_test *tests, size_t count,
			    fixture_function setup, fixture_function teardown)
	FL_ADAPTER_OURS(_cmocka_run_group_tests);
long _fail(long a, long b, long c, long d, long e, long f) FL_ADAPTER_OURS(_fail);
long _skip(long a, long b, long c, long d, long e, long f) FL_ADAPTER_OURS(_skip);
void cm_print_error(const char *format, ...) FL_ADAPTER_OURS(cm_print_error)
	__attribute__((format(printf, 1, 2)));
void cmocka_print_error(const char *format, ...) FL_ADAPTER_OURS(cmocka_print_error)
	__attribute__((format(printf, 1, 2)));
void print_error(const char *format, ...) FL_ADAPTER_OURS(print_error)
	__attribute__((format(printf, 1, 2)));

extern struct fl_cmocka_real {
	run_function run;
	any_function fail, skip;
	print_function cm_print_error, cmocka_print_error, print_error;
} fl_cmocka_real;

void fl_cmocka_find_real(void);

/* Something else that cmocka exports, or NULL. */
const void *fl_cmocka_find(const char *name);

#define REAL(function) (fl_cmocka_real.function)

/* static: cmocka linked into the program */
extern struct fl_symbol fl_cmocka_symbols[];            /* struct fl_adapter: symbols */
bool fl_cmocka_attach_static(const struct fl_services *services);
bool fl_cmocka_is_static(void);
const void *fl_cmocka_find_static(const char *name);
void fl_cmocka_arm(void);                               /* patches that a jump has left off */

void fl_cmocka_leave_as_skip(const char *file, int line);       /* failures */
void fl_cmocka_forget_printed(void);                            /* a test begins */

/* struct fl_adapter: jumps */
void fl_cmocka_jumps(const void *env, const void *caller);

#endif
