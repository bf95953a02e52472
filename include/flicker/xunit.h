/* SPDX-License-Identifier: MIT */
/*
 * xunit.h - GoogleTest's way to write tests, for C11 with GNU attributes, on cmocka.
 *
 * Header only: needs cmocka.h and -lcmocka, and -lm where fabs() is no builtin; flicker
 * only if it is there.  docs/xunit.md compares it with GoogleTest, line by line.
 *
 *	#include <flicker/xunit.h>
 *
 *	TEST(Stack, IsEmptyAtFirst) { EXPECT_EQ(stack_size(&stack), 0); }
 *
 *	struct Queue { struct queue *queue; };          // a fixture, zeroed before each test
 *	SetUp(Queue) { self->queue = queue_new(); ASSERT_NE(self->queue, NULL); }
 *	TearDown(Queue) { queue_free(self->queue); }
 *	TEST_F(Queue, Grows) { queue_add(self->queue, 1); EXPECT_EQ(queue_size(self->queue), 1); }
 *
 *	static const struct { const char *name, *text; int want; } sums[] = {
 *		{ "one", "1", 1 }, { "two", "1+1", 2 },
 *	};
 *	TEST_P(Calc, Sums, sums) { EXPECT_EQ(calc(row->text), row->want); }     // Sums/0, Sums/1
 *	TEST_P(Calc, Named, sums, name) { ... }                 // Named/one, Named/two
 *
 *	FLICKER_SUSPECT("Queue.Grows", "reason=slow disk");
 *	FLICKER_XUNIT_MAIN();
 *
 * The suites run as cmocka groups, in the order in which the program defines them, across
 * its files as they are linked.  A test whose name, or whose suite's, begins with
 * DISABLED_ is skipped unless GTEST_ALSO_RUN_DISABLED_TESTS is set, and not to 0.
 *
 * EXPECT_* and the rest: xunit/expect.h.  EXPECT_DEATH: xunit/death.h.  All of it is for
 * the thread that runs the tests.
 */
#ifndef FLICKER_XUNIT_H
#define FLICKER_XUNIT_H

#include "xunit/run.h"

/* Runs all tests of the program.  0: none failed; 1, as an exit code and as GoogleTest has it. */
#define RUN_ALL_TESTS() fl_xunit_run_all()

/* A program of tests and nothing else. */
#define FLICKER_XUNIT_MAIN() \
	int main(void) \
	{ \
		return RUN_ALL_TESTS(); \
	} \
	_Static_assert(1, "")

/* ---- tests ---- */

/*
 * `parameters` and `arguments` are those of the function that the author's braces are the
 * body of; what follows are initializers of struct fl_xunit_test.
 */
#define FL_XUNIT_TEST(id, suite_text, name_text, parameters, arguments, ...) \
	static void id##_Test parameters; \
	static void id##_Entry(void **state) \
	{ \
		const struct fl_xunit_case *now = fl_xunit_enter(state); \
		(void)now; \
		id##_Test arguments; \
		fl_xunit_settle(); \
	} \
	static struct fl_xunit_test id##_Known = { \
		.suite = suite_text, .name = name_text, .file = __FILE__, .line = __LINE__, \
		.run = id##_Entry, .unit = &fl_xunit_unit, __VA_ARGS__ \
	}; \
	static struct fl_xunit_test *id##_Listed FL_XUNIT_LISTED("flicker_xunit") = &id##_Known; \
	static void id##_Test parameters

#define TEST(Suite, Name) \
	FL_XUNIT_TEST(Suite##_##Name, #Suite, #Name, (void), (), .rows = 0)

/* The body has `self`, a pointer to a struct Fixture. */
#define TEST_F(Fixture, Name) \
	static struct Fixture Fixture##_##Name##_Self; \
	FL_XUNIT_TEST(Fixture##_##Name, #Fixture, #Name, \
		      (struct Fixture *self __attribute__((unused))), (&Fixture##_##Name##_Self), \
		      .self = &Fixture##_##Name##_Self, .self_size = sizeof(struct Fixture))

/*
 * One test for each row of `table`, an array that was defined before; the body has `row`, a
 * pointer to it.  With a third argument, a member that is a string, its rows are called by it.
 */
#define TEST_P(Suite, Name, ...) \
	FL_XUNIT_JOIN(FL_XUNIT_TEST_P_, FL_XUNIT_MORE_1(__VA_ARGS__)) \
	(Suite##_##Name, #Suite, #Name, __VA_ARGS__)
#define FL_XUNIT_TEST_P_0(id, suite_text, name_text, table) \
	FL_XUNIT_ROWS(id, suite_text, name_text, table, NULL)
#define FL_XUNIT_TEST_P_1(id, suite_text, name_text, table, member) \
	static const char *id##_Row(size_t row) \
	{ \
		return (table)[row].member; \
	} \
	FL_XUNIT_ROWS(id, suite_text, name_text, table, id##_Row)
#define FL_XUNIT_ROWS(id, suite_text, name_text, table, name_of_row) \
	FL_XUNIT_TEST(id, suite_text, name_text, \
		      (const __typeof__((table)[0]) *row __attribute__((unused))), \
		      (&(table)[now->row]), .row_name = (name_of_row), \
		      .rows = sizeof(table) / sizeof((table)[0]))

/* ---- fixtures ---- */

#define FL_XUNIT_HOOK(id, fixture_text, hook_kind, parameters, arguments) \
	static void id parameters; \
	static void id##_Call(void *fl_xunit_self) \
	{ \
		(void)fl_xunit_self; \
		id arguments; \
	} \
	static struct fl_xunit_hook id##_Hook = { \
		.kind = hook_kind, .fixture = fixture_text, .call = id##_Call, \
		.unit = &fl_xunit_unit, \
	}; \
	static struct fl_xunit_hook *id##_Listed \
		FL_XUNIT_LISTED("flicker_xunit_hooks") = &id##_Hook; \
	static void id parameters

/* Before and after each test of the fixture; they have `self`, too. */
#define SetUp(Fixture) \
	FL_XUNIT_HOOK(Fixture##_SetUp, #Fixture, FL_XUNIT_SET_UP, \
		      (struct Fixture *self __attribute__((unused))), (fl_xunit_self))
#define TearDown(Fixture) \
	FL_XUNIT_HOOK(Fixture##_TearDown, #Fixture, FL_XUNIT_TEAR_DOWN, \
		      (struct Fixture *self __attribute__((unused))), (fl_xunit_self))

/* Before the first and after the last test of a suite, whatever kind of tests it has. */
#define SetUpTestSuite(Suite) \
	FL_XUNIT_HOOK(Suite##_SetUpTestSuite, #Suite, FL_XUNIT_SET_UP_SUITE, (void), ())
#define TearDownTestSuite(Suite) \
	FL_XUNIT_HOOK(Suite##_TearDownTestSuite, #Suite, FL_XUNIT_TEAR_DOWN_SUITE, (void), ())

#endif
