/* SPDX-License-Identifier: MIT */
/*
 * absorb.c - what came of an attempt: counted in its arm, kept where it failed.
 *
 * Every failure keeps the words, place, output and backtrace of its first occurrence under
 * its signature.  What was made at the same time as others is staged: whether it is
 * evidence is known only when a failure was met alone, too.
 */
#define _GNU_SOURCE
#include "../internal.h"
#include "leaks.h"

#include "../../judge/classify.h"
#include "../../judge/signature.h"

#include <string.h>

enum { KINDS = 64 };                    /* signatures kept apart per test */

static bool is_arm(const struct fl_arm *arm, const struct fl_ask *ask)
{
	return arm->perturbations == ask->perturb && arm->mode == ask->mode &&
	       arm->has_prefix == ask->has_prefix;
}

static struct fl_arm *arm_of(struct fl_test *test, const struct fl_ask *ask)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (is_arm(&test->arms[i], ask))
			return &test->arms[i];
	if (test->arm_count == FL_TEST_ARMS)
		return &test->arms[FL_TEST_ARMS - 1];
	test->arms[test->arm_count] = (struct fl_arm){
		.perturbations = ask->perturb,
		.mode = ask->mode,
		.has_prefix = ask->has_prefix,
	};
	return &test->arms[test->arm_count++];
}

static struct fl_failure *failure_of(struct fl_test *test, const char *signature)
{
	struct fl_failure *failure;
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (strcmp(test->failures[i].signature, signature) == 0)
			return &test->failures[i];
	if (!test->failures)
		test->failures = fl_base_alloc(KINDS, sizeof(*test->failures));
	if (test->failure_count == KINDS)
		return &test->failures[KINDS - 1];      /* counted with the last: no evidence is lost, only apart */
	failure = &test->failures[test->failure_count++];
	failure->signature = fl_base_copy(signature);
	failure->is_met_in_parallel = true;             /* until it is met alone */
	return failure;
}

static struct fl_failure *absorb_failure(struct fl_session *session, struct fl_case *item,
					 const struct fl_ask *ask, const struct fl_facts *facts,
					 struct fl_observation *observation)
{
	char signature[FL_SIGNATURE_SIZE];
	struct fl_failure *failure;

	fl_symbols_of(session, facts, &observation->backtrace);
	fl_stacks_tell(session, facts, observation);
	fl_signature_make(observation, signature);
	failure = failure_of(item->test, signature);
	failure->is_met_in_parallel &= ask->jobs > 1;
	failure->is_known = failure->count > 0;
	if (ask->is_retry && failure->is_known)
		return failure;                 /* it is counted already */
	if (failure->count++ == 0) {
		failure->first = *observation;
		*observation = (struct fl_observation){ .outcome = failure->first.outcome };
		failure->output_tail = fl_base_copy_n(facts->output, facts->output_kept);
		failure->mode = ask->mode;
		failure->has_prefix = ask->has_prefix;
		failure->leaves_unseeded = ask->flags & FL_ORDER_LEAVE_UNSEEDED;
		failure->perturbations = ask->perturb;
	}
	if (failure->seed_count < FL_FAILURE_SEEDS) {
		failure->seeds[failure->seed_count] = facts->seed;
		failure->attempts[failure->seed_count++] = facts->attempt;
	}
	return failure;
}

static void note_unseeded(struct fl_case *item, const struct fl_facts *facts, bool has_failed)
{
	size_t *count = &item->unseeded[has_failed].count;

	if ((facts->flags & FL_FACT_UNSEEDED) && !(facts->flags & FL_FACT_EXEC) &&
	    *count < FL_CASE_UNSEEDED)
		item->unseeded[has_failed].attempts[(*count)++] = facts->attempt;
}

/*
 * In its arm, or put aside: whether what failed among others is evidence is not known yet.  A
 * retry counts only where it brings out what was never met before.
 */
static void count_attempt(struct fl_case *item, const struct fl_ask *ask, enum fl_outcome outcome,
			  struct fl_failure *failure)
{
	if (ask->is_retry && (!failure || failure->is_known))
		return;
	if (ask->jobs <= 1)
		arm_of(item->test, ask)->counts.by[outcome]++;
	else if (failure)
		failure->staged++;
	else
		item->staged.by[outcome]++;
}

/* The program itself is not kept from it: who runs it shall know. */
static void warn_contained(struct fl_session *session, struct fl_case *item,
			   const struct fl_facts *facts)
{
	if ((facts->flags & FL_FACT_CONTAINED) && !item->is_contained)
		fl_caller_warn(session, "'%s' sends a signal to processes that are not its own; attempts were kept from it, the program is not",
			       item->test->id);
	item->is_contained |= (facts->flags & FL_FACT_CONTAINED) != 0;
}

void fl_absorb(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
	       const struct fl_facts *facts)
{
	struct fl_failure *failure = NULL;
	struct fl_observation observation;
	enum fl_outcome outcome;

	fl_classify(facts, &observation);
	if (session->is_program && !fl_parts_absorb(session, item, ask, facts, &observation)) {
		fl_observation_clear(&observation);
		item->plan.lost++;
		return;
	}
	outcome = observation.outcome;
	session->attempts++;
	note_unseeded(item, facts, fl_outcome_is_non_pass(outcome));
	fl_leaks_absorb(item, facts, outcome);
	warn_contained(session, item, facts);
	if (outcome != FL_OUTCOME_INFRA)
		fl_durations_add(&item->durations, observation.duration_ms);
	if (fl_outcome_is_non_pass(outcome))
		failure = absorb_failure(session, item, ask, facts, &observation);
	count_attempt(item, ask, outcome, failure);
	fl_observation_clear(&observation);
}

/* The program's stack is not its. */
void fl_absorb_part(struct fl_session *session, struct fl_case *part, const struct fl_ask *ask,
		    const struct fl_facts *facts, struct fl_observation *observation)
{
	struct fl_failure *failure = NULL;
	struct fl_facts own = *facts;
	enum fl_outcome outcome = observation->outcome;

	own.pcs = 0;
	if (fl_outcome_is_non_pass(outcome))
		failure = absorb_failure(session, part, ask, &own, observation);
	count_attempt(part, ask, outcome, failure);
}

void fl_absorb_staged(struct fl_session *session, struct fl_case *item)
{
	struct fl_ask ask = {
		.mode = FL_MODE_FORK,
		.perturb = session->settings->perturb,
		.has_prefix = item->plan.has_prefix,
	};
	struct fl_counts *counts = &arm_of(item->test, &ask)->counts;
	size_t i;
	int outcome;

	for (outcome = 0; outcome < FL_OUTCOME_COUNT; outcome++)
		counts->by[outcome] += item->staged.by[outcome];
	item->staged = (struct fl_counts){ { 0 } };
	for (i = 0; i < item->test->failure_count; i++) {
		struct fl_failure *failure = &item->test->failures[i];

		if (failure->is_met_in_parallel)
			item->plan.lost += failure->staged;     /* no evidence: made again */
		else
			counts->by[failure->first.outcome] += failure->staged;
		failure->staged = 0;
	}
}
