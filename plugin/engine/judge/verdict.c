/* SPDX-License-Identifier: MIT */
/*
 * verdict.c - what the evidence about one test allows to say.
 *
 * The rules stand in verdict.h, in the order in which decide() asks for them: what is no
 * evidence; what needs no host run (a mixed arm); then the attempts beside the host run.
 */
#include "verdict.h"

#include "betting.h"
#include "choice.h"
#include "stats.h"

#define NOTE(id) (UINT32_C(1) << FL_NOTE_##id)

static uint64_t passes(const struct fl_counts *counts)
{
	return counts->by[FL_OUTCOME_PASS];
}

static bool is_mixed(const struct fl_counts *counts)
{
	return passes(counts) && fl_counts_non_pass(counts);
}

static bool has_mixed_arm(const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (is_mixed(&test->arms[i].counts))
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

static bool has_failure(const struct fl_test *test, bool is_met_in_parallel)
{
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (test->failures[i].is_met_in_parallel == is_met_in_parallel)
			return true;
	return false;
}

/* ---- which attempts count ---- */

static struct fl_choice rated_of(const struct fl_evidence *evidence)
{
	return fl_choice_with_prefix_if_any(evidence->test, evidence->base & FL_PERTURB_BIT(RANDOM));
}

/* The same from the arms alone: a run that has `random` has it in all of them. */
static struct fl_choice rated_of_test(const struct fl_test *test)
{
	uint32_t any = 0;
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		any |= test->arms[i].perturbations;
	return fl_choice_with_prefix_if_any(test, any & FL_PERTURB_BIT(RANDOM));
}

struct fl_counts fl_verdict_rated_in(const struct fl_test *test, enum fl_mode mode)
{
	struct fl_choice rated = rated_of_test(test);

	return fl_choice_count_in(&rated, mode);
}

struct fl_counts fl_verdict_rated(const struct fl_test *test)
{
	return fl_verdict_rated_in(test, FL_MODE_MIX);
}

bool fl_verdict_modes_differ(const struct fl_test *test)
{
	struct fl_choice rated = rated_of_test(test);

	return fl_choice_modes_differ(&rated);
}

/*
 * Where the attempts that count do not fail but others do: the perturbations of these.
 * Others with other predecessors are no comparison, unless they are mixed in themselves.
 */
static bool fails_elsewhere(const struct fl_choice *rated, uint32_t *ret_under)
{
	struct fl_counts counts = fl_choice_count(rated);
	bool has_failed = false;
	uint32_t under = 0;
	size_t i;

	for (i = 0; i < rated->test->arm_count; i++) {
		const struct fl_arm *arm = &rated->test->arms[i];

		if (arm->perturbations != rated->perturbations &&
		    fl_counts_non_pass(&arm->counts) &&
		    (arm->has_prefix == rated->has_prefix || is_mixed(&arm->counts))) {
			has_failed = true;
			under |= arm->perturbations & ~rated->perturbations;
		}
	}
	if (!has_failed || fl_counts_non_pass(&counts))
		return false;
	*ret_under = under;
	return true;
}

/* ---- verdicts ---- */

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
	return (host_passed(test) && all_failed(counts)) ||
	       (host_failed(test) && all_passed(counts));
}

/* Fork attempts all have one address layout, drawn once: they alone do not make it failing. */
static bool has_enough_execs(const struct fl_evidence *evidence, const struct fl_choice *choice)
{
	struct fl_counts exec = fl_choice_count_in(choice, FL_MODE_EXEC), both = fl_choice_count(choice);
	uint64_t have = evidence->planned / FL_VERDICT_EXEC_EVERY;
	uint64_t need = have < FL_VERDICT_EXECS ? have : FL_VERDICT_EXECS;

	return evidence->mode != FL_MODE_MIX || !evidence->has_exec ||
	       both.by[FL_OUTCOME_TIMEOUT] >= FL_VERDICT_TIMEOUTS ||
	       fl_counts_non_pass(&exec) >= need;
}

/* The modes contradict each other: have fresh processes like the host's contradicted it? */
static enum fl_verdict split(const struct fl_evidence *evidence, const struct fl_choice *choice)
{
	struct fl_counts exec = fl_choice_count_in(choice, FL_MODE_EXEC);
	bool is_like_host = evidence->is_exec_like_host &&
			    (choice->has_prefix || !evidence->has_predecessors);

	if (is_like_host && host_failed(evidence->test) && all_passed(&exec))
		return FL_VERDICT_FLAKY;
	return FL_VERDICT_UNKNOWN;
}

static bool has_skipped(const struct fl_test *test, const struct fl_counts *counts)
{
	return !passes(counts) && (counts->by[FL_OUTCOME_SKIP] ||
				   (test->has_host && test->host.outcome == FL_OUTCOME_SKIP));
}

/* No arm is mixed; the choice had the host run's predecessors, or nothing speaks against it. */
static enum fl_verdict agree(const struct fl_evidence *evidence, const struct fl_choice *choice)
{
	const struct fl_test *test = evidence->test;
	struct fl_counts counts = fl_choice_count(choice), all = fl_test_counts(test);

	if (fl_choice_is_split(choice))
		return split(evidence, choice);
	if (!host_passed(test) && all_failed(&counts))
		return has_enough_execs(evidence, choice) ? FL_VERDICT_FAILING : FL_VERDICT_UNKNOWN;
	if (host_failed(test) || fl_counts_non_pass(&counts) || has_failure(test, true))
		return FL_VERDICT_UNKNOWN;
	if (has_skipped(test, &counts))
		return FL_VERDICT_SKIPPED;
	return passes(&counts) && fl_counts_total(&all) >= evidence->planned ? FL_VERDICT_STABLE :
									       FL_VERDICT_UNKNOWN;
}

/* The attempts with the host's predecessors contradict it all the same. */
static enum fl_verdict contradicted(const struct fl_test *test, uint32_t *notes)
{
	struct fl_counts all = fl_test_counts(test);

	if (host_failed(test)) {
		*notes |= NOTE(NOT_REPRODUCED);
		return FL_VERDICT_FLAKY;
	}
	/* Only the first run ever passed: state outside the process, not chance. */
	if (!passes(&all))
		*notes |= NOTE(NOT_REPEATABLE);
	return FL_VERDICT_UNKNOWN;
}

/* The host run, and the attempts that count. */
static enum fl_verdict compare(const struct fl_evidence *evidence, uint32_t *notes)
{
	uint32_t rated = evidence->base & FL_PERTURB_BIT(RANDOM);
	struct fl_choice alone = { evidence->test, rated, false };
	struct fl_choice prefix = { evidence->test, rated, true };
	struct fl_counts counts = fl_choice_count(&alone);

	if (!fl_verdict_contradicts(evidence->test, &counts))
		return agree(evidence, &alone);
	counts = fl_choice_count(&prefix);
	if (!evidence->has_predecessors || fl_verdict_contradicts(evidence->test, &counts))
		return contradicted(evidence->test, notes);
	if (fl_choice_is_split(&prefix))
		return split(evidence, &prefix);
	if (!all_failed(&counts) && !all_passed(&counts))
		return FL_VERDICT_UNKNOWN;
	*notes |= NOTE(ORDER_DEPENDENT);
	return agree(evidence, &prefix);
}

/* Attempts that collided with each other, or were not made: see fl_verdict_judge(). */
static bool has_evidence(const struct fl_evidence *evidence)
{
	if (evidence->notes & NOTE(MASS_FAILURE))
		return false;
	return !(evidence->notes & (NOTE(PARALLEL_ONLY) | NOTE(PARALLEL_UNSAFE))) ||
	       host_failed(evidence->test) || has_failure(evidence->test, false);
}

static enum fl_verdict decide(const struct fl_evidence *evidence, uint32_t *notes)
{
	const struct fl_test *test = evidence->test;
	struct fl_choice rated = rated_of(evidence);
	struct fl_counts counts = fl_choice_count(&rated);
	uint32_t under;

	if (!has_evidence(evidence))
		return FL_VERDICT_UNKNOWN;
	if (test->suspicion.why == FL_WHY_NONE && test->has_host &&
	    test->host.outcome == FL_OUTCOME_SKIP)
		return FL_VERDICT_SKIPPED;
	if (test->suspicion.why == FL_WHY_NONE)
		return FL_VERDICT_NOT_SUSPECT;
	if (has_mixed_arm(test))
		return FL_VERDICT_FLAKY;
	if (passes(&counts) && fails_elsewhere(&rated, &under))
		return FL_VERDICT_FLAKY;
	return compare(evidence, notes);
}

/* ---- numbers ---- */

static bool has_rate(const struct fl_evidence *evidence, const struct fl_judgement *judgement)
{
	uint32_t parallel = NOTE(PARALLEL_ONLY) | NOTE(PARALLEL_UNSAFE);

	if (judgement->notes & (NOTE(NOT_REPEATABLE) | NOTE(MASS_FAILURE)))
		return false;
	return !(judgement->notes & parallel) || has_failure(evidence->test, false);
}

static void measure(const struct fl_evidence *evidence, struct fl_judgement *judgement)
{
	struct fl_choice rated = rated_of(evidence);
	struct fl_counts counts = fl_choice_count(&rated), all = fl_test_counts(evidence->test);
	uint64_t non_pass = fl_counts_non_pass(&counts), total = passes(&counts) + non_pass;

	if (judgement->verdict == FL_VERDICT_FLAKY &&
	    fails_elsewhere(&rated, &judgement->seen_under))
		return;
	if (!total || !has_rate(evidence, judgement))
		return;
	judgement->has_rate = true;
	judgement->rate = (double)non_pass / (double)total;
	judgement->has_interval = !fl_choice_modes_differ(&rated);
	if (judgement->has_interval)
		judgement->interval = evidence->until == FL_UNTIL_RUNS ?
			fl_stats_clopper_pearson(non_pass, total, FL_STATS_LEVEL) :
			fl_betting_interval(non_pass, total, FL_STATS_LEVEL);
	judgement->has_miss = !fl_counts_non_pass(&all) && !host_failed(evidence->test) &&
			      !evidence->test->failure_count;
	if (judgement->has_miss)
		judgement->miss = fl_stats_miss(FL_STATS_MISS_RATE, total);
}

void fl_verdict_judge(const struct fl_evidence *evidence, struct fl_judgement *ret_judgement)
{
	struct fl_judgement judgement = { .notes = evidence->notes };

	judgement.verdict = decide(evidence, &judgement.notes);
	measure(evidence, &judgement);
	*ret_judgement = judgement;
}

static bool is_narrow(const struct fl_judgement *judgement)
{
	return judgement->has_interval &&
	       judgement->interval.high - judgement->interval.low < judgement->rate;
}

static bool lacks_exec(const struct fl_evidence *evidence)
{
	struct fl_choice rated = rated_of(evidence);

	return evidence->mode == FL_MODE_MIX && evidence->has_exec &&
	       fl_choice_series(&rated, FL_MODE_EXEC).total < FL_VERDICT_EXEC_LEAST;
}

bool fl_verdict_wants_exec(const struct fl_evidence *evidence)
{
	struct fl_evidence forks = *evidence;

	if (evidence->mode != FL_MODE_MIX || !evidence->has_exec)
		return false;
	forks.mode = FL_MODE_FORK;              /* nothing else is asked of these */
	return fl_verdict_modes_differ(evidence->test) ||
	       (lacks_exec(evidence) && fl_verdict_is_settled(&forks));
}

bool fl_verdict_is_settled(const struct fl_evidence *evidence)
{
	struct fl_counts all = fl_test_counts(evidence->test);
	struct fl_judgement judgement;

	if (evidence->until == FL_UNTIL_RUNS || !fl_counts_non_pass(&all))
		return false;
	fl_verdict_judge(evidence, &judgement);
	if (evidence->until == FL_UNTIL_FAIL)
		return judgement.verdict != FL_VERDICT_UNKNOWN;
	return has_mixed_arm(evidence->test) && judgement.verdict == FL_VERDICT_FLAKY &&
	       is_narrow(&judgement) && !lacks_exec(evidence);
}
