/* SPDX-License-Identifier: MIT */
/*
 * expect.h - EXPECT_*, ASSERT_* and what else stands in a test.
 *
 * Each takes a message behind its arguments, a format as printf()'s and what belongs to
 * it; it is evaluated only where the check fails.  EXPECT_*: the test goes on, and fails
 * in the end.  ASSERT_*: the test ends here, from whatever function, by cmocka's jump.
 * The arguments of a check are evaluated once.  At most 16 arguments, message and all.
 *
 *	EXPECT_EQ(queue_size(queue), 3, "after %d turns", turns);
 */
#ifndef FLICKER_XUNIT_EXPECT_H
#define FLICKER_XUNIT_EXPECT_H

#include "../flicker.h"
#include "check.h"

/* ---- how many arguments there are: 1, more than 1, 2 or 3 of them; 0, not more ---- */

#define FL_XUNIT_17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, seventeenth, ...) seventeenth
#define FL_XUNIT_MORE_1(...) \
	FL_XUNIT_17TH(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, ~)
#define FL_XUNIT_MORE_2(...) \
	FL_XUNIT_17TH(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, ~)
#define FL_XUNIT_MORE_3(...) \
	FL_XUNIT_17TH(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, ~)

#define FL_XUNIT_JOIN(a, b) FL_XUNIT_JOIN_(a, b)
#define FL_XUNIT_JOIN_(a, b) a##b

/* The message behind the first n arguments, if there is one. */
#define FL_XUNIT_SAY(n, ...) \
	FL_XUNIT_JOIN(FL_XUNIT_SAY_##n##_, FL_XUNIT_MORE_##n(__VA_ARGS__))(__VA_ARGS__)
#define FL_XUNIT_SAY_1_0(a) (void)0
#define FL_XUNIT_SAY_1_1(a, ...) fl_xunit_say(__VA_ARGS__)
#define FL_XUNIT_SAY_2_0(a, b) (void)0
#define FL_XUNIT_SAY_2_1(a, b, ...) fl_xunit_say(__VA_ARGS__)
#define FL_XUNIT_SAY_3_0(a, b, c) (void)0
#define FL_XUNIT_SAY_3_1(a, b, c, ...) fl_xunit_say(__VA_ARGS__)

#define FL_XUNIT_CHECK(is_fatal, holds, say) \
	do { \
		if (!(holds)) { \
			say; \
			fl_xunit_failed(is_fatal, __FILE__, __LINE__); \
		} \
	} while (0)

/*
 * ---- each check; `text` is the source of its arguments, a `...` behind them the message ----
 */

#define FL_XUNIT_TRUTH(is_fatal, wanted, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_TRUTH_(wanted, text, __VA_ARGS__, ~), \
		       FL_XUNIT_SAY(1, __VA_ARGS__))
#define FL_XUNIT_TRUTH_(wanted, text, a, ...) fl_xunit_truth(wanted, text, (a) ? true : false)

#define FL_XUNIT_COMPARE(is_fatal, comparison, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_COMPARE_(comparison, text, __VA_ARGS__, ~), \
		       FL_XUNIT_SAY(2, __VA_ARGS__))
#define FL_XUNIT_COMPARE_(comparison, text, a, b, ...) \
	fl_xunit_compare(comparison, text, FL_XUNIT_VALUE(a), FL_XUNIT_VALUE(b))

#define FL_XUNIT_STRINGS(is_fatal, wanted, ignores_case, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_STRINGS_(wanted, ignores_case, text, __VA_ARGS__, ~), \
		       FL_XUNIT_SAY(2, __VA_ARGS__))
#define FL_XUNIT_STRINGS_(wanted, ignores_case, text, a, b, ...) \
	fl_xunit_strings(wanted, ignores_case, text, a, b)

#define FL_XUNIT_MEMORY(is_fatal, wanted, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_MEMORY_(wanted, text, __VA_ARGS__, ~), \
		       FL_XUNIT_SAY(3, __VA_ARGS__))
#define FL_XUNIT_MEMORY_(wanted, text, a, b, size, ...) fl_xunit_memory(wanted, text, a, b, size)

#define FL_XUNIT_NEAR(is_fatal, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_NEAR_(text, __VA_ARGS__, ~), FL_XUNIT_SAY(3, __VA_ARGS__))
#define FL_XUNIT_NEAR_(text, a, b, most, ...) fl_xunit_near(text, a, b, most)

#define FL_XUNIT_REALS(is_fatal, function, text, ...) \
	FL_XUNIT_CHECK(is_fatal, FL_XUNIT_REALS_(function, text, __VA_ARGS__, ~), \
		       FL_XUNIT_SAY(2, __VA_ARGS__))
#define FL_XUNIT_REALS_(function, text, a, b, ...) function(text, a, b)

#define FL_XUNIT_FAIL(is_fatal, file, line, format) \
	do { \
		fl_xunit_start("Failed"); \
		fl_xunit_say_after_blank format; \
		fl_xunit_failed(is_fatal, file, line); \
	} while (0)

/* ---- EXPECT_* ---- */

#define EXPECT_TRUE(...) FL_XUNIT_TRUTH(false, true, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_FALSE(...) FL_XUNIT_TRUTH(false, false, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_EQ(...) FL_XUNIT_COMPARE(false, FL_XUNIT_EQ, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_NE(...) FL_XUNIT_COMPARE(false, FL_XUNIT_NE, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_LT(...) FL_XUNIT_COMPARE(false, FL_XUNIT_LT, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_LE(...) FL_XUNIT_COMPARE(false, FL_XUNIT_LE, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_GT(...) FL_XUNIT_COMPARE(false, FL_XUNIT_GT, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_GE(...) FL_XUNIT_COMPARE(false, FL_XUNIT_GE, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_STREQ(...) FL_XUNIT_STRINGS(false, true, false, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_STRNE(...) FL_XUNIT_STRINGS(false, false, false, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_STRCASEEQ(...) FL_XUNIT_STRINGS(false, true, true, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_STRCASENE(...) FL_XUNIT_STRINGS(false, false, true, #__VA_ARGS__, __VA_ARGS__)
/* a, b, size in bytes */
#define EXPECT_MEMEQ(...) FL_XUNIT_MEMORY(false, true, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_MEMNE(...) FL_XUNIT_MEMORY(false, false, #__VA_ARGS__, __VA_ARGS__)
/* a, b, the most that they may be apart */
#define EXPECT_NEAR(...) FL_XUNIT_NEAR(false, #__VA_ARGS__, __VA_ARGS__)
/* at most 4 units in the last place apart */
#define EXPECT_FLOAT_EQ(...) FL_XUNIT_REALS(false, fl_xunit_floats, #__VA_ARGS__, __VA_ARGS__)
#define EXPECT_DOUBLE_EQ(...) FL_XUNIT_REALS(false, fl_xunit_doubles, #__VA_ARGS__, __VA_ARGS__)

/* ---- ASSERT_* ---- */

#define ASSERT_TRUE(...) FL_XUNIT_TRUTH(true, true, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_FALSE(...) FL_XUNIT_TRUTH(true, false, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_EQ(...) FL_XUNIT_COMPARE(true, FL_XUNIT_EQ, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_NE(...) FL_XUNIT_COMPARE(true, FL_XUNIT_NE, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_LT(...) FL_XUNIT_COMPARE(true, FL_XUNIT_LT, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_LE(...) FL_XUNIT_COMPARE(true, FL_XUNIT_LE, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_GT(...) FL_XUNIT_COMPARE(true, FL_XUNIT_GT, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_GE(...) FL_XUNIT_COMPARE(true, FL_XUNIT_GE, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_STREQ(...) FL_XUNIT_STRINGS(true, true, false, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_STRNE(...) FL_XUNIT_STRINGS(true, false, false, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_STRCASEEQ(...) FL_XUNIT_STRINGS(true, true, true, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_STRCASENE(...) FL_XUNIT_STRINGS(true, false, true, #__VA_ARGS__, __VA_ARGS__)
/* a, b, size in bytes */
#define ASSERT_MEMEQ(...) FL_XUNIT_MEMORY(true, true, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_MEMNE(...) FL_XUNIT_MEMORY(true, false, #__VA_ARGS__, __VA_ARGS__)
/* a, b, the most that they may be apart */
#define ASSERT_NEAR(...) FL_XUNIT_NEAR(true, #__VA_ARGS__, __VA_ARGS__)
/* at most 4 units in the last place apart */
#define ASSERT_FLOAT_EQ(...) FL_XUNIT_REALS(true, fl_xunit_floats, #__VA_ARGS__, __VA_ARGS__)
#define ASSERT_DOUBLE_EQ(...) FL_XUNIT_REALS(true, fl_xunit_doubles, #__VA_ARGS__, __VA_ARGS__)

/* ---- without a condition; all take a message, a literal as format, or nothing ---- */

#define GTEST_FAIL(...) FL_XUNIT_FAIL(true, __FILE__, __LINE__, (" " __VA_ARGS__))
#define GTEST_SUCCEED(...) ((void)0)
#define ADD_FAILURE(...) FL_XUNIT_FAIL(false, __FILE__, __LINE__, (" " __VA_ARGS__))
/* for programs in which these words are something else, as in GoogleTest */
#ifndef GTEST_DONT_DEFINE_FAIL
#define FAIL(...) GTEST_FAIL(__VA_ARGS__)
#endif
#ifndef GTEST_DONT_DEFINE_SUCCEED
#define SUCCEED(...) GTEST_SUCCEED(__VA_ARGS__)
#endif
/* file, line, then the message */
#define ADD_FAILURE_AT(file, ...) \
	do { \
		fl_xunit_start("Failed"); \
		FL_XUNIT_SAY(1, __VA_ARGS__); \
		fl_xunit_failed(false, file, FL_XUNIT_HEAD(__VA_ARGS__, ~)); \
	} while (0)
#define FL_XUNIT_HEAD(a, ...) a

/* Leaves the test, which has not failed then; in a test and in its SetUp only. */
#define GTEST_SKIP(...) fl_xunit_skip(__FILE__, __LINE__, " " __VA_ARGS__)

/* Up to the end of the block, every failure is shown with this line and message. */
#define SCOPED_TRACE(...) \
	struct fl_xunit_trace *FL_XUNIT_JOIN(fl_xunit_trace_, __COUNTER__) \
		__attribute__((unused, cleanup(fl_xunit_pop))) = \
		fl_xunit_push(&(struct fl_xunit_trace){ .line = 0 }, __FILE__, __LINE__, \
			      __VA_ARGS__)

/* Has the test failed so far?  In TearDown: in any of its parts. */
#define HasFailure() fl_xunit_has_failure()
#define HasFatalFailure() fl_xunit_has_fatal_failure()
#define HasNonfatalFailure() (fl_xunit_has_failure() && !fl_xunit_has_fatal_failure())

/* Key and value, a string or a whole number, stand with the output of an attempt under flicker. */
#define RecordProperty(key, value) \
	_Generic((value), char *: fl_xunit_record_text, const char *: fl_xunit_record_text, \
		 default: fl_xunit_record_number)(key, value)

static inline void fl_xunit_record_text(const char *key, const char *value)
{
	flicker_note("property %s: %s", key, value);
}

static inline void fl_xunit_record_number(const char *key, intmax_t value)
{
	flicker_note("property %s: %jd", key, value);
}

#endif
