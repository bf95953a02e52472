/* SPDX-License-Identifier: MIT */
/*
 * verdict.c - what the evidence about one test allows to say.
 */
#include "verdict.h"

#include "stats.h"

#include <string.h>

#define NOTE(id) (UINT32_C(1) << FL_NOTE_##id)

static uint64_t passes(const struct fl_counts *counts)
{
	return counts->by[FL_OUTCOME_PASS];
}

static struct fl_counts counts_of(const struct fl_test *test, bool has_prefix)
{
	struct fl_counts sum = { { 0 } };
	size_t i;
	int outcome;

	for (i = 0; i < test->arm_count; i++)
		for (outcome = 0; outcome < FL_OUTCOME_COUNT; outcome++)
			if (test->arms[i].has_prefix == has_prefix)
				sum.by[outcome] += test->arms[i].counts.by[outcome];
	return sum;
}

static bool has_mixed_arm(const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (passes(&test->arms[i].counts) && fl_counts_non_pass(&test->arms[i].counts))
			return true;
	return false;
}

static bool host_passed(const struct fl_test *test)
{
	return test->has_host && test->host.outcome == FL_OUTCOME_PASS;
}

static bool host_failed(const struct fl_test *test)
{
	return test->has_host && fl_outcome_is_non_pass(test->host.outcome);
}

/* 20 that say the same, or so many timeouts that more of them would say no more. */
static bool is_enough(uint64_t unanimous, const struct fl_counts *counts)
{
	return unanimous >= FL_VERDICT_ENOUGH ||
	       counts->by[FL_OUTCOME_TIMEOUT] >= FL_VERDICT_TIMEOUTS;
}

static bool all_failed(const struct fl_counts *counts)
{
	return !passes(counts) && is_enough(fl_counts_non_pass(counts), counts);
}

static bool all_passed(const struct fl_counts *counts)
{
	return !fl_counts_non_pass(counts) && is_enough(passes(counts), counts);
}

bool fl_verdict_contradicts(const struct fl_test *test, const struct fl_counts *counts)
{
	return (host_passed(test) && all_failed(counts)) || (host_failed(test) && all_passed(counts));
}

/* Nothing mixed; `counts` are the attempts that had the host run's predecessors. */
static enum fl_verdict agree(const struct fl_evidence *evidence, const struct fl_counts *counts,
			     const struct fl_counts *all)
{
	const struct fl_test *test = evidence->test;

	if (!host_passed(test) && all_failed(counts))
		return FL_VERDICT_FAILING;
	if (host_failed(test) || fl_counts_non_pass(counts))
		return FL_VERDICT_UNKNOWN;
	if (!passes(counts) && (counts->by[FL_OUTCOME_SKIP] ||
				(test->has_host && test->host.outcome == FL_OUTCOME_SKIP)))
		return FL_VERDICT_SKIPPED;
	return passes(counts) && fl_counts_total(all) >= evidence->planned ? FL_VERDICT_STABLE :
									     FL_VERDICT_UNKNOWN;
}

/* The attempts with the host's predecessors contradict it all the same. */
static enum fl_verdict contradicted(const struct fl_test *test, uint32_t *notes)
{
	if (host_failed(test)) {
		*notes |= NOTE(NOT_REPRODUCED);
		return FL_VERDICT_FLAKY;
	}
	/* Only the first run ever passed: state outside the process, not chance. */
	*notes |= NOTE(NOT_REPEATABLE);
	return FL_VERDICT_UNKNOWN;
}

static enum fl_verdict decide(const struct fl_evidence *evidence, uint32_t *notes)
{
	const struct fl_test *test = evidence->test;
	struct fl_counts plain = counts_of(test, false), prefix = counts_of(test, true);
	struct fl_counts all = fl_test_counts(test);

	if (test->suspicion.why == FL_WHY_NONE)
		return test->has_host && test->host.outcome == FL_OUTCOME_SKIP ? FL_VERDICT_SKIPPED :
										 FL_VERDICT_NOT_SUSPECT;
	if (has_mixed_arm(test))
		return FL_VERDICT_FLAKY;
	if (!fl_verdict_contradicts(test, &plain))
		return agree(evidence, &plain, &all);
	if (!evidence->has_predecessors)
		return contradicted(test, notes);
	if (fl_verdict_contradicts(test, &prefix))
		return contradicted(test, notes);
	if (!all_failed(&prefix) && !all_passed(&prefix))
		return FL_VERDICT_UNKNOWN;
	*notes |= NOTE(ORDER_DEPENDENT);
	return agree(evidence, &prefix, &all);
}

struct fl_counts fl_verdict_rated(const struct fl_test *test)
{
	struct fl_counts prefix = counts_of(test, true);

	return fl_counts_total(&prefix) ? prefix : counts_of(test, false);
}

void fl_verdict_judge(const struct fl_evidence *evidence, struct fl_judgement *ret_judgement)
{
	const struct fl_test *test = evidence->test;
	struct fl_judgement judgement = { .verdict = FL_VERDICT_UNKNOWN };
	struct fl_counts counts;
	uint64_t total, non_pass;

	judgement.verdict = decide(evidence, &judgement.notes);
	if (evidence->is_unseeded)
		judgement.notes |= NOTE(UNSEEDED);
	counts = fl_verdict_rated(test);
	non_pass = fl_counts_non_pass(&counts);
	total = passes(&counts) + non_pass;
	if (total && !(judgement.notes & NOTE(NOT_REPEATABLE))) {
		judgement.has_rate = judgement.has_interval = true;
		judgement.rate = (double)non_pass / (double)total;
		judgement.interval = fl_stats_clopper_pearson(non_pass, total, FL_STATS_LEVEL);
	}
	counts = fl_test_counts(test);
	if (total && !fl_counts_non_pass(&counts) && !host_failed(test)) {
		judgement.has_miss = true;
		judgement.miss = fl_stats_miss(FL_STATS_MISS_RATE, total);
	}
	*ret_judgement = judgement;
}
