/* SPDX-License-Identifier: MIT */
/*
 * test_verdict.c - the rules of judge/verdict.h, a row each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/verdict.h"

#define NONE FL_OUTCOME_COUNT           /* the host never reached it */
#define NOTE(id) (1u << FL_NOTE_##id)

struct row {
	const char *story;
	enum fl_outcome host;
	struct { uint64_t pass, fail, timeout, skip, infra; } alone, prefix;
	bool has_predecessors;
	uint64_t planned;
	enum fl_verdict want;
	uint32_t notes;
	double rate;                    /* below 0: none */
};

#define PASS FL_OUTCOME_PASS
#define FAIL FL_OUTCOME_FAIL
#define SKIP FL_OUTCOME_SKIP

static const struct row rows[] = {
	{ "all pass", PASS, { .pass = 300 }, { 0 }, true, 300, FL_VERDICT_STABLE, 0, 0 },
	{ "all pass, the host never got there", NONE, { .pass = 300 }, { 0 }, true, 300, FL_VERDICT_STABLE, 0, 0 },
	{ "not all planned attempts", PASS, { .pass = 299 }, { 0 }, true, 300, FL_VERDICT_UNKNOWN, 0, 0 },
	{ "an attempt could not be made", PASS, { .pass = 299, .infra = 1 }, { 0 }, true, 300, FL_VERDICT_UNKNOWN, 0, 0 },
	{ "one of 300", PASS, { .pass = 299, .fail = 1 }, { 0 }, true, 300, FL_VERDICT_FLAKY, 0, 1.0 / 300 },
	{ "one of two", FAIL, { .pass = 1, .fail = 1 }, { 0 }, true, 2, FL_VERDICT_FLAKY, 0, 0.5 },
	{ "fails always", FAIL, { .fail = 20 }, { 0 }, true, 20, FL_VERDICT_FAILING, 0, 1 },
	{ "fails always, the host never got there", NONE, { .fail = 20 }, { 0 }, true, 20, FL_VERDICT_FAILING, 0, 1 },
	{ "fails always, too few", FAIL, { .fail = 19 }, { 0 }, true, 19, FL_VERDICT_UNKNOWN, 0, 1 },
	{ "hangs always", FL_OUTCOME_TIMEOUT, { .timeout = 3 }, { 0 }, true, 300, FL_VERDICT_FAILING, 0, 1 },
	{ "hangs at times", PASS, { .pass = 9, .timeout = 3 }, { 0 }, true, 300, FL_VERDICT_FLAKY, 0, 0.25 },
	{ "skipped", SKIP, { .skip = 300 }, { 0 }, true, 300, FL_VERDICT_SKIPPED, 0, -1 },
	{ "skips at times, never fails", PASS, { .pass = 200, .skip = 100 }, { 0 }, true, 300, FL_VERDICT_STABLE, 0, 0 },
	{ "only the host failed, first of its group", FAIL, { .pass = 300 }, { 0 }, false, 300,
	  FL_VERDICT_FLAKY, NOTE(NOT_REPRODUCED), 0 },
	{ "only the host failed, with predecessors too", FAIL, { .pass = 20 }, { .pass = 280 }, true, 300,
	  FL_VERDICT_FLAKY, NOTE(NOT_REPRODUCED), 0 },
	{ "fails only after its predecessors", FAIL, { .pass = 20 }, { .fail = 280 }, true, 300,
	  FL_VERDICT_FAILING, NOTE(ORDER_DEPENDENT), 1 },
	{ "passes only after its predecessors", PASS, { .fail = 20 }, { .pass = 280 }, true, 300,
	  FL_VERDICT_STABLE, NOTE(ORDER_DEPENDENT), 0 },
	{ "flaky after its predecessors", FAIL, { .pass = 20 }, { .pass = 140, .fail = 140 }, true, 300,
	  FL_VERDICT_FLAKY, 0, 140.0 / 280 },
	{ "only its first run ever passes", PASS, { .fail = 20 }, { .fail = 280 }, true, 300,
	  FL_VERDICT_UNKNOWN, NOTE(NOT_REPEATABLE), -1 },
	{ "only its first run ever passes, alone in its group", PASS, { .fail = 300 }, { 0 }, false, 300,
	  FL_VERDICT_UNKNOWN, NOTE(NOT_REPEATABLE), -1 },
	{ "contradicted, the predecessors not yet asked", FAIL, { .pass = 20 }, { 0 }, true, 300,
	  FL_VERDICT_UNKNOWN, 0, 0 },
	{ "nothing could be made", PASS, { 0 }, { 0 }, true, 300, FL_VERDICT_UNKNOWN, 0, -1 },
};

static void set_arm(struct fl_test *test, bool has_prefix, uint64_t pass, uint64_t fail,
		    uint64_t timeout, uint64_t skip, uint64_t infra)
{
	struct fl_arm *arm = &test->arms[test->arm_count];

	if (!(pass + fail + timeout + skip + infra))
		return;
	test->arm_count++;
	arm->has_prefix = has_prefix;
	arm->counts.by[FL_OUTCOME_PASS] = pass;
	arm->counts.by[FL_OUTCOME_FAIL] = fail;
	arm->counts.by[FL_OUTCOME_TIMEOUT] = timeout;
	arm->counts.by[FL_OUTCOME_SKIP] = skip;
	arm->counts.by[FL_OUTCOME_INFRA] = infra;
}

static void check_row(const struct row *row)
{
	struct fl_test test = { .suspicion.why = FL_WHY_ALL, .has_host = row->host != NONE };
	struct fl_evidence evidence = { &test, row->planned, row->has_predecessors, false };
	struct fl_judgement got;

	test.host.outcome = test.has_host ? row->host : PASS;
	set_arm(&test, false, row->alone.pass, row->alone.fail, row->alone.timeout, row->alone.skip,
		row->alone.infra);
	set_arm(&test, true, row->prefix.pass, row->prefix.fail, row->prefix.timeout,
		row->prefix.skip, row->prefix.infra);
	fl_verdict_judge(&evidence, &got);
	if (got.verdict != row->want || got.notes != row->notes ||
	    got.has_rate != (row->rate >= 0) ||
	    (got.has_rate && (got.rate < row->rate - 1e-9 || got.rate > row->rate + 1e-9)))
		fail_msg("%s: %s, notes %#x, rate %g; wanted %s, notes %#x, rate %g", row->story,
			 fl_verdict_name(got.verdict), got.notes, got.has_rate ? got.rate : -1,
			 fl_verdict_name(row->want), row->notes, row->rate);
	if (got.has_rate && (got.interval.low > got.rate || got.interval.high < got.rate))
		fail_msg("%s: the interval does not hold the rate", row->story);
}

static void rules(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++)
		check_row(&rows[i]);
}

static void not_suspect(void **state)
{
	struct fl_test test = { .has_host = true };
	struct fl_evidence evidence = { &test, 300, false, false };
	struct fl_judgement got;

	(void)state;
	fl_verdict_judge(&evidence, &got);
	assert_int_equal(got.verdict, FL_VERDICT_NOT_SUSPECT);
	assert_false(got.has_rate || got.has_interval || got.has_miss);
	test.host.outcome = FL_OUTCOME_SKIP;
	fl_verdict_judge(&evidence, &got);
	assert_int_equal(got.verdict, FL_VERDICT_SKIPPED);
}

/* What may have been missed is only said where nothing was seen. */
static void miss(void **state)
{
	struct fl_test test = { .suspicion.why = FL_WHY_ALL, .has_host = true };
	struct fl_evidence evidence = { &test, 300, false, false };
	struct fl_judgement got;

	(void)state;
	set_arm(&test, false, 300, 0, 0, 0, 0);
	fl_verdict_judge(&evidence, &got);
	assert_true(got.has_miss && got.miss.probability > 0.049 && got.miss.probability < 0.0491);
	test.host.outcome = FL_OUTCOME_FAIL;
	fl_verdict_judge(&evidence, &got);
	assert_false(got.has_miss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(not_suspect),
		cmocka_unit_test(miss),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
