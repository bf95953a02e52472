/* SPDX-License-Identifier: MIT */
/*
 * cunit.h - what the files of the CUnit adapter share.
 *
 *   runner     the group's tests, in the host and in attempts; the adapter itself
 *   registry   its tests: our functions in the place of theirs, and which are linked in
 *   real       CUnit's own functions behind ours, shared or static
 *   calls      our functions in the place of CUnit's
 */
#ifndef FL_ADAPTER_CUNIT_H
#define FL_ADAPTER_CUNIT_H

#include <flicker/adapter.h>

#include "../next.h"

#include <setjmp.h>

/* ---- CUnit's own, as its headers have them in 2.1-3 ---- */

struct cu_test {
	char *name;
	int is_active;
	void (*function)(void);
	jmp_buf *jump;
	struct cu_test *next, *previous;
};

struct cu_suite {
	char *name;
	int is_active;
	struct cu_test *tests;
	int (*init)(void);
	int (*cleanup)(void);
	void (*setup)(void);
	void (*teardown)(void);
	unsigned test_count;
	struct cu_suite *next, *previous;
	unsigned failed, succeeded;
};

struct cu_registry {
	unsigned suite_count, test_count;
	struct cu_suite *suites;
};

struct cu_summary {
	char package[50];
	unsigned suites_run, suites_failed, suites_inactive;
	unsigned tests_run, tests_failed, tests_inactive;
	unsigned asserts, asserts_failed, failure_records;
	double elapsed;
};

/* ---- real: X(result, name, (arguments)) ---- */

/* That we stand before; */
#define FL_CUNIT_TAKEN(X) \
	X(int, CU_run_all_tests, (void)) \
	X(int, CU_run_suite, (struct cu_suite *)) \
	X(int, CU_run_test, (struct cu_suite *, struct cu_test *)) \
	X(void, CU_automated_run_tests, (void)) \
	X(void, CU_console_run_tests, (void)) \
	X(int, CU_assertImplementation, (int, unsigned, const char *, const char *, \
		const char *, int))

/* that we call. */
#define FL_CUNIT_CALLED(X) \
	X(struct cu_registry *, CU_get_registry, (void)) \
	X(struct cu_suite *, CU_get_current_suite, (void)) \
	X(struct cu_test *, CU_get_current_test, (void)) \
	X(struct cu_summary *, CU_get_run_summary, (void)) \
	X(struct cu_suite *, CU_add_suite_with_setup_and_teardown, (const char *, int (*)(void), \
		int (*)(void), void (*)(void), void (*)(void)))

enum fl_cunit_function {
#define FL_X(result, name, arguments) FL_##name,
	FL_CUNIT_TAKEN(FL_X)
	FL_CUNIT_TAKEN_COUNT,
	FL_CUNIT_BEFORE = FL_CUNIT_TAKEN_COUNT - 1,
	FL_CUNIT_CALLED(FL_X)
#undef FL_X
	FL_CUNIT_COUNT
};

extern struct fl_cunit_real {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a type and a declarator */
#define FL_X(result, name, arguments) result (*name) arguments;
	FL_CUNIT_TAKEN(FL_X) FL_CUNIT_CALLED(FL_X)
#undef FL_X
} fl_cunit_real;

extern struct fl_symbol fl_cunit_symbols[];

/* calls: in their place */
#define FL_X(result, name, arguments) result name arguments FL_ADAPTER_OURS(name);
FL_CUNIT_TAKEN(FL_X)
#undef FL_X

void fl_cunit_find_real(void);
bool fl_cunit_find_static(const struct fl_services *services);  /* linked in, and taken over? */

#define REAL(name) (fl_cunit_real.name)

/* Around a call of the real one; nothing where CUnit is shared. */
void fl_cunit_lift(enum fl_cunit_function function);
void fl_cunit_lower(enum fl_cunit_function function);
bool fl_cunit_is_static(void);

/* The agent's services; NULL where this adapter is not at work. */
extern const struct fl_services *fl_cunit_flicker;

/* ---- runner ---- */

/* What the program asked CUnit for. */
struct fl_cunit_request {
	enum fl_cunit_function function;
	struct cu_suite *suite;         /* NULL: all */
	struct cu_test *test;           /* NULL: all */
};

int fl_cunit_run(const struct fl_cunit_request *request);
extern int fl_cunit_console;            /* a user sits before it and chooses what is run */

/* ---- registry ---- */

struct fl_cunit_entry {
	struct cu_suite *suite;
	struct cu_test *test;
	void (*function)(void);         /* the test's */
	struct cu_test *next;
	bool is_first;                  /* of its suite; then: */
	struct cu_suite before;         /* the suite, as it was */
};

bool fl_cunit_collect(const struct fl_cunit_request *request);  /* true: there are tests */
const struct fl_cunit_entry *fl_cunit_entries(uint32_t *ret_count);
void fl_cunit_take_over(struct fl_group *group);                /* the functions */
void fl_cunit_link_only(const bool *wanted);                    /* by entry; others are hidden */
void fl_cunit_restore(void);
void fl_cunit_forget(void);

#endif
