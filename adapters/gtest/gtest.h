/* SPDX-License-Identifier: MIT */
/*
 * gtest.h - what the files of the GoogleTest adapter share.
 *
 *   events   the calls that GoogleTest tells its listeners by, told to us first
 *   tables   how these calls come to us
 *   layout   what is read out of GoogleTest's objects, and whether it can be
 *   runner   the group's tests, in the host and in attempts; the adapter itself
 *   lines    the same in a stripped program, by what its command line can say
 *
 * GoogleTest is C++ and mostly linked into the program.  No code of it is changed: it tells
 * whoever listens by virtual calls of a class that there is one object of, and words of this
 * class's table are replaced.  Names of functions and of that table have been the same from
 * 1.10 on, whichever standard library it was built with.
 */
#ifndef FL_ADAPTER_GTEST_H
#define FL_ADAPTER_GTEST_H

#include <flicker/adapter.h>

/* ---- the names that are asked for; the first word becomes FL_GTEST_<it> ---- */

#define FL_GTEST_REPEATER "_ZN7testing8internal17TestEventRepeater"

/* The events: slots of the repeater's table. */
#define FL_GTEST_EVENTS(X) \
	X(PROGRAM_START, FL_GTEST_REPEATER "18OnTestProgramStartERKNS_8UnitTestE") \
	X(SETUP_START, FL_GTEST_REPEATER "24OnEnvironmentsSetUpStartERKNS_8UnitTestE") \
	X(SETUP_END, FL_GTEST_REPEATER "22OnEnvironmentsSetUpEndERKNS_8UnitTestE") \
	X(SUITE_START, FL_GTEST_REPEATER "16OnTestSuiteStartERKNS_9TestSuiteE") \
	X(TEST_START, FL_GTEST_REPEATER "11OnTestStartERKNS_8TestInfoE") \
	X(PART, FL_GTEST_REPEATER "16OnTestPartResultERKNS_14TestPartResultE") \
	X(TEST_END, FL_GTEST_REPEATER "9OnTestEndERKNS_8TestInfoE") \
	X(SUITE_END, FL_GTEST_REPEATER "14OnTestSuiteEndERKNS_9TestSuiteE") \
	X(TEARDOWN_START, FL_GTEST_REPEATER "27OnEnvironmentsTearDownStartERKNS_8UnitTestE") \
	X(ITERATION_END, FL_GTEST_REPEATER "18OnTestIterationEndERKNS_8UnitTestEi") \
	X(PROGRAM_END, FL_GTEST_REPEATER "16OnTestProgramEndERKNS_8UnitTestE") \
	X(LEAVING, "_ZN7testing8internal18OsStackTraceGetter16UponLeavingGTestEv")

/* What there must be beside them.  The filter's name says that std::string is libstdc++'s of 2015. */
#define FL_GTEST_NEEDS(X) \
	X(REPEATER_TABLE, "_ZTVN7testing8internal17TestEventRepeaterE") \
	X(RUN, "_ZN7testing8UnitTest3RunEv") \
	X(SUITE_COUNT, "_ZNK7testing8UnitTest22total_test_suite_countEv") \
	X(SUITES_TO_RUN, "_ZNK7testing8UnitTest23test_suite_to_run_countEv") \
	X(TESTS_TO_RUN, "_ZNK7testing8UnitTest17test_to_run_countEv") \
	X(GET_SUITE, "_ZNK7testing8UnitTest12GetTestSuiteEi") \
	X(TEST_COUNT, "_ZNK7testing9TestSuite16total_test_countEv") \
	X(GET_TEST, "_ZNK7testing9TestSuite11GetTestInfoEi") \
	X(REPEAT, "_ZN7testing18FLAGS_gtest_repeatE") \
	X(FILTER, "_ZN7testing18FLAGS_gtest_filterB5cxx11E")

/* What may be there. */
#define FL_GTEST_WANTS(X) \
	X(GETTER_TABLE, "_ZTVN7testing8internal18OsStackTraceGetterE") \
	X(PART_COUNT, "_ZNK7testing10TestResult16total_part_countEv") \
	X(GET_PART, "_ZNK7testing10TestResult17GetTestPartResultEi") \
	X(SHUFFLE, "_ZN7testing19FLAGS_gtest_shuffleE") \
	X(FAIL_FAST, "_ZN7testing21FLAGS_gtest_fail_fastE") \
	X(BREAK, "_ZN7testing28FLAGS_gtest_break_on_failureE") \
	X(STREAM, "_ZN7testing28FLAGS_gtest_stream_result_toB5cxx11E") \
	X(DEATH, "_ZN7testing35FLAGS_gtest_internal_run_death_testB5cxx11E") \
	X(DISABLED_EVENT, FL_GTEST_REPEATER "14OnTestDisabledERKNS_8TestInfoE")

#define FL_X(id, name) FL_GTEST_##id,
enum fl_gtest_name {
	FL_GTEST_EVENTS(FL_X) FL_GTEST_NEEDS(FL_X) FL_GTEST_WANTS(FL_X)
	FL_GTEST_NAMES
};
#undef FL_X

enum { FL_GTEST_EVENT_COUNT = FL_GTEST_LEAVING + 1 };

/* The agent's services; NULL in a process without GoogleTest. */
extern const struct fl_services *fl_gtest_flicker;

/* The address of a name; NULL: not there. */
void *fl_gtest_find(enum fl_gtest_name name);

/* ---- layout ---- */

struct fl_gtest_test {
	const void *info;               /* TestInfo */
	const void *suite;              /* TestSuite */
};

/* What is read of a TestPartResult. */
enum fl_gtest_part_type { FL_GTEST_SUCCESS, FL_GTEST_NONFATAL, FL_GTEST_FATAL, FL_GTEST_SKIP };

struct fl_gtest_part {
	enum fl_gtest_part_type type;
	const char *file;               /* "": not known */
	int line;
	const char *message;
	size_t message_bytes;
};

/*
 * All tests that GoogleTest has decided to run, in its order, into memory that is mapped for
 * it.  False: its objects are not laid out as we know them, or there is no memory.
 */
bool fl_gtest_list(const void *unit_test, struct fl_gtest_test **ret_tests, uint32_t *ret_count);

void fl_gtest_describe(const struct fl_gtest_test *test, struct fl_entry *ret_entry);

/* Has GoogleTest run those of `tests` that `is_wanted` names, and no other; false: it would not. */
bool fl_gtest_select(const void *unit_test, const struct fl_gtest_test *tests, uint32_t count,
		     bool (*is_wanted)(uint32_t index));

struct fl_gtest_part fl_gtest_read_part(const void *where);

/* Makes skips of a test's failures, as if it had asked for that; false: it cannot be. */
bool fl_gtest_excuse(const void *info);

/* Is a flag of this name there, and a text that is not empty? */
bool fl_gtest_has_text(enum fl_gtest_name flag);

const char *fl_gtest_suite_name(const void *where);

/* ---- events, tables ---- */

/* A virtual function: the object, what is told of, and an int with some. */
typedef void (*fl_gtest_event)(void *self, const void *about, int more);

extern const fl_gtest_event fl_gtest_ours[FL_GTEST_EVENT_COUNT];
extern fl_gtest_event fl_gtest_originals[FL_GTEST_EVENT_COUNT];        /* NULL: untold */

/* Has GoogleTest tell us; false: it cannot be. */
bool fl_gtest_listen(void);
bool fl_gtest_listen_stripped(void);    /* in a program without names */

/* ---- what becomes of a run: by GoogleTest's objects (runner), or its command line (lines) ---- */

struct fl_gtest_way {
	/* The program's tests start; false: GoogleTest's own listeners are not told. */
	bool (*start)(const void *unit_test);
	void (*end)(void);

	/* Is what happens now about the group's own tests, not a run within one of them? */
	bool (*is_watching)(void);
	bool (*is_attempt)(void);

	/* The group's setup is done; attempts may begin here, for another test.  May be NULL. */
	void (*setup_done)(void);

	/* Tells of the beginning of a test (TestInfo); false: it is no entry of the group. */
	bool (*begin)(const void *info);

	/* Is it the suite (TestSuite) of the test that counts?  In the host: no. */
	bool (*is_targets)(const void *suite);
};

extern const struct fl_gtest_way fl_gtest_by_objects, fl_gtest_by_line;
extern const struct fl_gtest_way *fl_gtest_way;

/* struct fl_adapter: main, ends; by line */
int fl_gtest_line_main(int (*real)(int, char **, char **), int argc, char **argv, char **envp);
bool fl_gtest_line_ends(int code);

#endif
