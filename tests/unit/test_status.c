/* SPDX-License-Identifier: MIT */
/*
 * test_status.c - passed, failed, skipped or not run: a row per way a test can stand.
 */
#include <flicker/xunit.h>

#include "../../plugin/report/status.h"

#define NO_HOST (-1)

static struct fl_test make(int host, enum fl_verdict verdict, enum fl_excuse excuse)
{
	struct fl_test test = { .index = -1, .judgement = { .verdict = verdict, .excuse = excuse } };

	test.has_host = host != NO_HOST;
	test.host.outcome = test.has_host ? (enum fl_outcome)host : FL_OUTCOME_PASS;
	return test;
}

TEST(status, has_a_status)
{
	static const struct {
		int host;
		enum fl_verdict verdict;
		enum fl_excuse excuse;
		enum fl_status want;
	} rows[] = {
		{ FL_OUTCOME_PASS, FL_VERDICT_NOT_SUSPECT, FL_EXCUSE_NONE, FL_STATUS_PASSED },
		{ FL_OUTCOME_PASS, FL_VERDICT_STABLE, FL_EXCUSE_NONE, FL_STATUS_PASSED },
		{ FL_OUTCOME_PASS, FL_VERDICT_FAILING, FL_EXCUSE_NONE, FL_STATUS_FAILED },
		{ FL_OUTCOME_PASS, FL_VERDICT_FLAKY, FL_EXCUSE_NONE, FL_STATUS_FAILED },
		{ FL_OUTCOME_FAIL, FL_VERDICT_FLAKY, FL_EXCUSE_POLICY, FL_STATUS_PASSED },
		{ FL_OUTCOME_CRASH, FL_VERDICT_FLAKY, FL_EXCUSE_KNOWN, FL_STATUS_PASSED },
		{ FL_OUTCOME_FAIL, FL_VERDICT_UNKNOWN, FL_EXCUSE_NONE, FL_STATUS_FAILED },
		{ FL_OUTCOME_PASS, FL_VERDICT_UNKNOWN, FL_EXCUSE_NONE, FL_STATUS_PASSED },
		{ FL_OUTCOME_SKIP, FL_VERDICT_SKIPPED, FL_EXCUSE_NONE, FL_STATUS_SKIPPED },
		{ NO_HOST, FL_VERDICT_UNKNOWN, FL_EXCUSE_NONE, FL_STATUS_NOT_RUN },
		{ NO_HOST, FL_VERDICT_FLAKY, FL_EXCUSE_NONE, FL_STATUS_FAILED },
	};
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = make(rows[i].host, rows[i].verdict, rows[i].excuse);

		EXPECT_EQ(fl_status_of(&test), rows[i].want, "row %zu", i);
	}
}

/* One that the program never got to is what its attempts were. */
static const struct { enum fl_outcome outcome; enum fl_status want; }
has_the_status_of_its_attempts_rows[] = {
	{ FL_OUTCOME_PASS, FL_STATUS_PASSED }, { FL_OUTCOME_TIMEOUT, FL_STATUS_FAILED },
	{ FL_OUTCOME_SKIP, FL_STATUS_SKIPPED }, { FL_OUTCOME_INFRA, FL_STATUS_NOT_RUN },
};

TEST_P(status, has_the_status_of_its_attempts, has_the_status_of_its_attempts_rows)
{
	struct fl_test test = make(NO_HOST, FL_VERDICT_UNKNOWN, FL_EXCUSE_NONE);

	test.arm_count = 1;
	test.arms[0].counts.by[row->outcome] = 1;
	ASSERT_EQ(fl_status_of(&test), row->want);
}

/* The host's way comes first, unless an attempt has failed like it. */
TEST(status, tells_each_way_once)
{
	struct fl_failure failures[] = {
		{ .first = { .outcome = FL_OUTCOME_FAIL, .message = (char *)"a", .line = 1 } },
		{ .first = { .outcome = FL_OUTCOME_CRASH, .signal = 11 } },
	};
	struct fl_test test = make(FL_OUTCOME_FAIL, FL_VERDICT_FLAKY, FL_EXCUSE_NONE);
	autofree char *message = NULL, *trace = NULL;
	struct fl_way way;

	test.failures = failures;
	test.failure_count = 2;
	test.host.message = (char *)"b";
	ASSERT_TRUE(fl_status_way(&test, 0, &way));
	EXPECT_EQ(way.seen, &test.host);
	EXPECT_EQ(way.failure, NULL);
	ASSERT_TRUE(fl_status_way(&test, 2, &way));
	EXPECT_EQ(way.failure, &failures[1]);
	message = fl_status_message(&way);
	EXPECT_STREQ(message, "Segmentation fault");
	trace = fl_status_trace(&way);
	EXPECT_STREQ(trace, "");
	EXPECT_FALSE(fl_status_way(&test, 3, &way));
	test.host.message = (char *)"a";
	test.host.line = 1;
	ASSERT_TRUE(fl_status_way(&test, 0, &way));
	EXPECT_EQ(way.failure, &failures[0]);
	EXPECT_FALSE(fl_status_way(&test, 2, &way));
}

TEST(status, has_names)
{
	struct fl_program program = { .path = (char *)"/x/test_net" };
	struct fl_test test = make(FL_OUTCOME_PASS, FL_VERDICT_STABLE, FL_EXCUSE_NONE);
	autofree char *name = NULL, *suite = NULL, *none = NULL, *united = NULL;

	test.name = (char *)"a\nb";
	none = fl_status_suite(&test);
	EXPECT_STREQ(none, "");
	test.suite = (char *)"net";
	test.index = 3;
	name = fl_status_name(&test);
	suite = fl_status_suite(&test);
	test.program = &program;
	united = fl_status_suite(&test);
	EXPECT_STREQ(name, "a b/3");
	EXPECT_STREQ(suite, "net");
	EXPECT_STREQ(united, "test_net.net");
}

static const struct { const char *text; int64_t want; } knows_when_it_started_rows[] = {
	{ "1970-01-01T00:00:01Z", 1000 }, { "2026-11-21T10:11:12Z", 1795255872000 },
	{ "1970-01-02T00:00:00.250Z", 86400250 }, { "", 0 }, { "yesterday", 0 }, { NULL, 0 },
};

TEST_P(status, knows_when_it_started, knows_when_it_started_rows)
{
	struct fl_run run = { .started = (char *)row->text };

	ASSERT_EQ(fl_status_started_ms(&run), row->want);
}

FLICKER_XUNIT_MAIN();
