/* SPDX-License-Identifier: MIT */
/*
 * glib.h - what the files of the GLib adapter share.
 *
 *   tree       the tests as they are added: held back until they are run
 *   runner     the group's tests, in the host and in attempts; the adapter itself
 *   options    what the program's arguments say of its tests
 *   failures   how a test fails or is skipped
 *   log        messages that end the process
 *   random     g_test_rand_*() and g_random_*() in attempts
 *   real       GLib's own functions behind our interposers
 */
#ifndef FL_ADAPTER_GLIB_H
#define FL_ADAPTER_GLIB_H

#include <flicker/adapter.h>

#include "../next.h"

#include <stddef.h>

typedef void (*fl_glib_function)(void *fixture, const void *data);
typedef void (*fl_glib_printer)(const char *text);
typedef void (*fl_glib_logger)(const char *domain, int level, const char *text, void *data);
typedef int (*fl_glib_judge)(const char *domain, int level, const char *text, void *data);

/* GLib's functions that we stand before: X(result, name, (arguments)); */
#define FL_GLIB_TAKEN(X) \
	X(void, g_test_init, (int *, char ***, ...)) \
	X(int, g_test_run, (void)) \
	X(int, g_test_run_suite, (void *)) \
	X(void, g_test_add_vtable, (const char *, size_t, const void *, fl_glib_function, \
		fl_glib_function, fl_glib_function)) \
	X(void, g_test_add_func, (const char *, fl_glib_function)) \
	X(void, g_test_add_data_func, (const char *, const void *, fl_glib_function)) \
	X(void, g_test_add_data_func_full, (const char *, void *, fl_glib_function, \
		fl_glib_function)) \
	X(void *, g_test_get_root, (void)) \
	X(void *, g_test_create_suite, (const char *)) \
	X(void *, g_test_create_case, (const char *, size_t, const void *, fl_glib_function, \
		fl_glib_function, fl_glib_function)) \
	X(void, g_test_suite_add, (void *, void *)) \
	X(void, g_test_suite_add_suite, (void *, void *)) \
	X(void, g_test_trap_subprocess, (const char *, uint64_t, int)) \
	X(void, g_test_fail, (void)) \
	X(void, g_test_fail_printf, (const char *, ...)) \
	X(void, g_test_skip, (const char *)) \
	X(void, g_test_skip_printf, (const char *, ...)) \
	X(void, g_test_incomplete, (const char *)) \
	X(void, g_test_incomplete_printf, (const char *, ...)) \
	X(void, g_assertion_message, (const char *, const char *, int, const char *, \
		const char *)) \
	X(void, g_assertion_message_expr, (const char *, const char *, int, const char *, \
		const char *)) \
	X(void, g_assertion_message_cmpnum, (const char *, const char *, int, const char *, \
		const char *, long double, const char *, long double, char)) \
	X(void, g_assertion_message_cmpint, (const char *, const char *, int, const char *, \
		const char *, uint64_t, const char *, uint64_t, char)) \
	X(void, g_assertion_message_cmpstr, (const char *, const char *, int, const char *, \
		const char *, const char *, const char *, const char *)) \
	X(void, g_assertion_message_cmpstrv, (const char *, const char *, int, const char *, \
		const char *, const void *, const void *, size_t)) \
	X(void, g_assertion_message_error, (const char *, const char *, int, const char *, \
		const char *, const void *, uint32_t, int)) \
	X(void, g_test_trap_assertions, (const char *, const char *, int, const char *, uint64_t, \
		const char *)) \
	X(void, g_test_assert_expected_messages_internal, (const char *, const char *, int, \
		const char *)) \
	X(void, g_test_log_set_fatal_handler, (fl_glib_judge, void *)) \
	X(fl_glib_logger, g_log_set_default_handler, (fl_glib_logger, void *)) \
	X(int32_t, g_test_rand_int, (void)) \
	X(int32_t, g_test_rand_int_range, (int32_t, int32_t)) \
	X(double, g_test_rand_double, (void)) \
	X(double, g_test_rand_double_range, (double, double)) \
	X(void, g_random_set_seed, (uint32_t))

/* that we call. */
#define FL_GLIB_CALLED(X) \
	X(int, g_test_subprocess, (void)) \
	X(fl_glib_printer, g_set_printerr_handler, (fl_glib_printer)) \
	X(void, g_printerr, (const char *, ...)) \
	X(void, g_log_default_handler, (const char *, int, const char *, void *)) \
	X(void *, g_rand_new_with_seed, (uint32_t)) \
	X(void, g_rand_set_seed, (void *, uint32_t)) \
	X(uint32_t, g_rand_int, (void *)) \
	X(int32_t, g_rand_int_range, (void *, int32_t, int32_t)) \
	X(double, g_rand_double, (void *)) \
	X(double, g_rand_double_range, (void *, double, double))

extern struct fl_glib_real {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type and a declarator */
#define FL_X(result, name, arguments) result (*name) arguments;
	FL_GLIB_TAKEN(FL_X) FL_GLIB_CALLED(FL_X)
#undef FL_X
} fl_glib_real;

/* Ours, in their place. */
#define FL_X(result, name, arguments) result name arguments FL_ADAPTER_OURS(name);
FL_GLIB_TAKEN(FL_X)
#undef FL_X

void fl_glib_find_real(void);

#define REAL(name) (fl_glib_real.name)

/* The agent's services; NULL where this adapter is not at work. */
extern const struct fl_services *fl_glib_flicker;

/* ---- tree ---- */

struct fl_glib_suite;

struct fl_glib_case {
	const char *name;               /* the last part of its path */
	const char *path;               /* "/a/b/c" */
	const char *suite, *rest;       /* "a" (NULL: none), "b/c"; see docs/names.md */
	size_t fixture_bytes;           /* 0: its data is its fixture */
	const void *data;
	fl_glib_function setup, test, teardown;
	void *object;                   /* the GTestCase, where the program has made one by hand */
	struct fl_glib_case *next;      /* of the same suite */
	struct fl_glib_case *other;     /* made by hand, whatever its suite */
	uint32_t index;                 /* in the group */
	bool is_wanted;                 /* in this process */
	bool is_forwarded;
	bool is_name_only;              /* GLib knows it, it does not run */
	bool would_run;                 /* by the program's arguments */
};

struct fl_glib_suite {
	const char *name;               /* "" for the root */
	void *object;                   /* the GTestSuite, where the program has got hold of it */
	struct fl_glib_suite *first, *last, *next;      /* suites in it; beside it */
	struct fl_glib_suite *other;    /* with an object, whatever its parent */
	struct fl_glib_case *first_case, *last_case;
	bool is_forwarded;
};

extern struct fl_glib_suite fl_glib_root;

struct fl_glib_suite *fl_glib_suite_of(const void *object);     /* NULL: not known */
void *fl_glib_allocate(size_t size);            /* zeroed, for good; NULL: no memory */
const char *fl_glib_join(const char *path, const char *name);
void fl_glib_forward(void);                     /* what is wanted, to GLib */
/* One test; `suite` is looked at where it was made by hand. */
void fl_glib_forward_case(const struct fl_glib_suite *suite, struct fl_glib_case *test);
void fl_glib_forward_name(const char *path);    /* of a test that is not to run: GLib knows it */
void fl_glib_release(void);                     /* all, and what comes passes straight through */
bool fl_glib_is_released(void);

/* The functions that GLib is given; they get a struct fl_glib_case as their data. */
void fl_glib_run_setup(void *fixture, const void *data);
void fl_glib_run_test(void *fixture, const void *data);
void fl_glib_run_teardown(void *fixture, const void *data);

/* ---- options ---- */

/* Would g_test_run() run the test `path` of a suite whose path is `suite_bytes` of it? */
bool fl_glib_would_run(const char *path, size_t suite_bytes);
bool fl_glib_only_lists(void);
bool fl_glib_has_seed(void);                    /* given by the user */
unsigned fl_glib_skip_count(void);

/* ---- log ---- */

void fl_glib_watch_log(void);                   /* as a test begins */

/* ---- random ---- */

void fl_glib_seed_attempt(void);
void fl_glib_seed_test(void);

#endif
