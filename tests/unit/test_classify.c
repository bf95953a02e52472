/* SPDX-License-Identifier: MIT */
/*
 * test_classify.c - raw facts to outcomes, and facts that a test has written over.
 */
#include <flicker/xunit.h>

#include <signal.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/classify.h"

#define DONE    (FL_FACT_DONE | FL_FACT_REACHED)
#define EXIT(n) ((n) << 8)

static const struct {
	const char *story;
	uint32_t flags;
	int status, signal;
	uint32_t failures, failed_phase;
	enum fl_outcome want;
} rows[] = {
	{ "passes", DONE, 0, 0, 0, 0, FL_OUTCOME_PASS },
	{ "an assertion fails", DONE, 0, 0, 1, FL_PHASE_TEST, FL_OUTCOME_FAIL },
	{ "leaks", DONE, 0, 0, 1, FL_PHASE_AFTER, FL_OUTCOME_FAIL },
	{ "setup fails", DONE, 0, 0, 1, FL_PHASE_SETUP, FL_OUTCOME_ERROR },
	{ "a signal in setup, caught", DONE, 0, SIGSEGV, 1, FL_PHASE_SETUP, FL_OUTCOME_ERROR },
	{ "group setup fails, the test is not reached", FL_FACT_DONE, 0, 0, 1, FL_PHASE_GROUP_SETUP, FL_OUTCOME_ERROR },
	{ "teardown fails", DONE, 0, 0, 1, FL_PHASE_TEARDOWN, FL_OUTCOME_ERROR },
	{ "the test fails, then its teardown", DONE, 0, 0, 2, FL_PHASE_TEST, FL_OUTCOME_FAIL },
	{ "group teardown fails: not the test's", DONE, 0, 0, 1, FL_PHASE_GROUP_TEARDOWN, FL_OUTCOME_PASS },
	{ "skips", DONE | FL_FACT_SKIPPED, 0, 0, 0, 0, FL_OUTCOME_SKIP },
	{ "skips, teardown fails", DONE | FL_FACT_SKIPPED, 0, 0, 1, FL_PHASE_TEARDOWN, FL_OUTCOME_ERROR },
	{ "a signal, caught by the framework", DONE, 0, SIGSEGV, 1, FL_PHASE_TEST, FL_OUTCOME_CRASH },
	{ "killed by a signal", FL_FACT_REACHED, SIGABRT, SIGABRT, 0, FL_PHASE_TEST, FL_OUTCOME_CRASH },
	{ "killed for being looked at", DONE | FL_FACT_LOOKING, SIGSYS, 0, 0, 0, FL_OUTCOME_PASS },
	{ "failed, then killed for being looked at", DONE | FL_FACT_LOOKING, SIGSYS, 0, 1, FL_PHASE_TEST, FL_OUTCOME_FAIL },
	{ "exits", FL_FACT_REACHED | FL_FACT_EXITED, EXIT(3), 0, 0, 0, FL_OUTCOME_EARLY_EXIT },
	{ "exits unseen", FL_FACT_REACHED, EXIT(3), 0, 0, 0, FL_OUTCOME_EARLY_EXIT },
	{ "is the test alone, and exits", FL_FACT_REACHED | FL_FACT_BY_STATUS | FL_FACT_EXITED, EXIT(3), 0, 0, 0,
	  FL_OUTCOME_EARLY_EXIT },
	{ "hangs", FL_FACT_REACHED | FL_FACT_TIMED_OUT, SIGKILL, 0, 0, 0, FL_OUTCOME_TIMEOUT },
	{ "stops itself", FL_FACT_REACHED | FL_FACT_STOPPED, SIGKILL, SIGSTOP, 0, 0, FL_OUTCOME_STOPPED },
	{ "stops just before its deadline", FL_FACT_REACHED | FL_FACT_STOPPED | FL_FACT_TIMED_OUT, SIGKILL, SIGTSTP, 0, 0, FL_OUTCOME_STOPPED },
	{ "fills the memory", FL_FACT_REACHED | FL_FACT_OOM, SIGKILL, 0, 0, 0, FL_OUTCOME_OOM },
	{ "kills itself", FL_FACT_REACHED, SIGKILL, SIGKILL, 0, FL_PHASE_TEST, FL_OUTCOME_CRASH },
	{ "a predecessor stops", FL_FACT_PREFIX | FL_FACT_STOPPED, SIGKILL, SIGSTOP, 0, 0, FL_OUTCOME_INFRA },
	{ "a predecessor fills the memory", FL_FACT_PREFIX | FL_FACT_OOM, SIGKILL, 0, 0, 0, FL_OUTCOME_INFRA },
	{ "no process to be had", FL_FACT_NO_FORK, 11, 0, 0, 0, FL_OUTCOME_INFRA },
	{ "a predecessor crashes", FL_FACT_PREFIX, SIGSEGV, 0, 0, 0, FL_OUTCOME_INFRA },
	{ "crashes after its predecessors", FL_FACT_PREFIX | FL_FACT_REACHED, SIGSEGV, 0, 0, 0, FL_OUTCOME_CRASH },
	{ "the framework leaves it out", FL_FACT_DONE, 0, 0, 0, 0, FL_OUTCOME_INFRA },
};

TEST_P(classify, outcomes, rows, story)
{
	struct fl_facts facts = {
		.flags = row->flags,
		.status = row->status,
		.signal = row->signal,
		.failures = row->failures,
		.failed_phase = row->failed_phase,
	};
	struct fl_observation seen;

	fl_classify(&facts, &seen);
	if (seen.outcome != row->want)
		FAIL("%s: %s, wanted %s", row->story, fl_outcome_name(seen.outcome),
		     fl_outcome_name(row->want));
	if (fl_outcome_is_non_pass(seen.outcome) && row->failed_phase != FL_PHASE_TEST &&
	    row->failed_phase != FL_PHASE_AFTER)
		ASSERT_NE(seen.message, NULL);
	fl_observation_clear(&seen);
}

/* In a process that the framework starts for the test nothing catches a signal. */
TEST(classify, workers)
{
	struct fl_facts facts = {
		.flags = DONE, .failures = 1, .failed_phase = FL_PHASE_SETUP, .worker = 77,
	};

	ASSERT_EQ(fl_classify_outcome(&facts), FL_OUTCOME_ERROR);
	facts.signal = SIGSEGV;
	ASSERT_EQ(fl_classify_outcome(&facts), FL_OUTCOME_CRASH);
	facts.flags |= FL_FACT_PASSED;
	ASSERT_EQ(fl_classify_outcome(&facts), FL_OUTCOME_PASS);
}

TEST(classify, words)
{
	struct fl_facts facts = { .flags = DONE, .failures = 1, .failed_phase = FL_PHASE_TEST,
				  .line = 52, .message = "0x1 != 0x0\n\n", .file = "t.c" };
	struct fl_observation seen;

	fl_classify(&facts, &seen);
	EXPECT_STREQ(seen.message, "0x1 != 0x0");
	EXPECT_STREQ(seen.file, "t.c");
	EXPECT_EQ(seen.line, 52);
	fl_observation_clear(&seen);
}

/* Whatever stands in the shared memory, the copy is well-formed. */
TEST(classify, written_over)
{
	struct fl_facts garbage, copy;
	struct fl_observation seen;

	memset(&garbage, 0xff, sizeof(garbage));
	fl_classify_copy(&garbage, sizeof(garbage), &copy);
	ASSERT_TRUE(copy.pcs <= FL_WIRE_PCS && copy.output_kept <= FL_WIRE_OUTPUT);
	ASSERT_TRUE(copy.phase < FL_PHASE_COUNT && copy.failed_phase < FL_PHASE_COUNT);
	ASSERT_TRUE(strlen(copy.message) < FL_WIRE_MESSAGE && strlen(copy.file) < FL_WIRE_FILE);
	fl_classify(&copy, &seen);
	fl_observation_clear(&seen);
	fl_classify_copy(&garbage, 8, &copy);
	EXPECT_EQ(copy.flags, 0);
}

/* Flags that nobody sets: of such an attempt nothing is believed, whoever adds to it later. */
TEST(classify, implausible)
{
	struct fl_facts facts = { .flags = ~0u, .attempt = 7, .seed = 8, .test = 9, .status = SIGSEGV,
				  .signal = SIGSEGV, .left = ~0u, .message = "m", .traces = "left x" };
	struct fl_facts copy;
	struct fl_observation seen;

	fl_classify_copy(&facts, sizeof(facts), &copy);
	ASSERT_TRUE(copy.flags & FL_FACT_MADE);
	EXPECT_FALSE(copy.flags & (FL_FACT_EXEC | FL_FACT_CONTAINED | FL_FACT_COLLIDED |
				   FL_FACT_LOOKED | FL_FACT_UNSEEDED | FL_FACT_TIMED_OUT |
				   FL_FACT_NO_FORK));
	ASSERT_TRUE(copy.attempt == 7 && copy.seed == 8 && copy.test == 9);
	ASSERT_TRUE(copy.left == 0 && copy.message[0] == '\0' && copy.traces[0] == '\0');
	copy.flags |= FL_FACT_TIMED_OUT | FL_FACT_STOPPED;
	fl_classify(&copy, &seen);
	EXPECT_EQ(seen.outcome, FL_OUTCOME_INFRA);
	EXPECT_STREQ(seen.message, "the attempt has written over flicker's memory");
	fl_observation_clear(&seen);
	facts.flags = FL_FACT_CONTAINED | DONE;
	fl_classify_copy(&facts, sizeof(facts), &copy);
	EXPECT_EQ(copy.flags, FL_FACT_CONTAINED | DONE);
}

FLICKER_XUNIT_MAIN();
