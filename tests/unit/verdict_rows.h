/* SPDX-License-Identifier: MIT */
/*
 * verdict_rows.h - how the tables about verdicts say what was seen and what is wanted.
 */
#ifndef VERDICT_ROWS_H
#define VERDICT_ROWS_H

#define GTEST_DONT_DEFINE_FAIL          /* an outcome, here */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/verdict.h"

#define NONE FL_OUTCOME_COUNT           /* the host never reached it */
#define PASS FL_OUTCOME_PASS
#define FAIL FL_OUTCOME_FAIL
#define SKIP FL_OUTCOME_SKIP
#define NOTE(id) (1u << FL_NOTE_##id)
#define RANDOM FL_PERTURB_BIT(RANDOM)
#define OTHER (1u << 7)                 /* some perturbation besides */

struct counts {
	uint64_t pass, fail, timeout, skip, infra;
};

static inline void add_arm(struct fl_test *test, struct fl_arm arm, const struct counts *counts)
{
	if (!(counts->pass + counts->fail + counts->timeout + counts->skip + counts->infra))
		return;
	arm.counts.by[FL_OUTCOME_PASS] = counts->pass;
	arm.counts.by[FL_OUTCOME_FAIL] = counts->fail;
	arm.counts.by[FL_OUTCOME_TIMEOUT] = counts->timeout;
	arm.counts.by[FL_OUTCOME_SKIP] = counts->skip;
	arm.counts.by[FL_OUTCOME_INFRA] = counts->infra;
	test->arms[test->arm_count++] = arm;
}

static inline struct fl_test test_with_host(enum fl_outcome host)
{
	struct fl_test test = { .suspicion.why = FL_WHY_ALL, .has_host = host != NONE };

	test.host.outcome = test.has_host ? host : PASS;
	return test;
}

struct want {
	enum fl_verdict verdict;
	uint32_t notes;
	double rate;                    /* below 0: none */
};

static inline void check(const char *story, const struct fl_evidence *evidence,
			 const struct want *want)
{
	struct fl_judgement got;

	fl_verdict_judge(evidence, &got);
	if (got.verdict != want->verdict || got.notes != want->notes ||
	    got.has_rate != (want->rate >= 0) ||
	    (got.has_rate && (got.rate < want->rate - 1e-9 || got.rate > want->rate + 1e-9)))
		GTEST_FAIL("%s: %s, notes %#x, rate %g; wanted %s, notes %#x, rate %g", story,
			   fl_verdict_name(got.verdict), got.notes, got.has_rate ? got.rate : -1,
			   fl_verdict_name(want->verdict), want->notes, want->rate);
	if (got.has_interval && (got.interval.low > got.rate || got.interval.high < got.rate))
		GTEST_FAIL("%s: the interval does not hold the rate", story);
}

#endif
