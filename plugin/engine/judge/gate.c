/* SPDX-License-Identifier: MIT */
/*
 * gate.c - which tests count against the exit code, and that code.
 *
 * Doubt is never excused: a test that failed in its place and of which too little is
 * known, and whatever should have run behind a test that ended the program.
 */
#include "gate.h"

#include "../../base/base.h"

#include <string.h>

#define NOTE(id) (UINT32_C(1) << FL_NOTE_##id)

/* ---- one test ---- */

static uint32_t stress_bits(void)
{
	enum { CONFORMING, STRESS };
	static const struct { uint32_t bit; int class; } rows[] = {
#define FL_X(id, name, class, text) { FL_PERTURB_BIT(id), class },
		FL_PERTURBATIONS(FL_X)
#undef FL_X
	};
	uint32_t bits = 0;
	size_t i;

	for (i = 0; i < FL_COUNT(rows); i++)
		if (rows[i].class == STRESS)
			bits |= rows[i].bit;
	return bits;
}

struct fl_gate_terms fl_gate_terms_of(const struct fl_run *run, const struct fl_run *earlier)
{
	return (struct fl_gate_terms){
		.policy = run->settings.policy,
		.gate = run->settings.gate,
		.stress = stress_bits(),
		.today = run->started,
		.earlier = earlier,
	};
}

static bool has_failed_in_place(const struct fl_test *test)
{
	return test->has_host && fl_outcome_is_non_pass(test->host.outcome);
}

static bool is_expired(const struct fl_gate_terms *terms, const struct fl_test *test)
{
	enum { DATE = sizeof("YYYY-MM-DD") - 1 };
	const char *until = test->suspicion.until;

	return until && terms->today && strncmp(until, terms->today, DATE) < 0;
}

static bool is_of_sanitizer(const char *text)
{
	static const char *const words[] = {
		"AddressSanitizer: ", "LeakSanitizer: ", "MemorySanitizer: ", "ThreadSanitizer: ",
		"UndefinedBehaviorSanitizer: ", ": runtime error: ",
	};
	size_t i;

	for (i = 0; text && i < FL_COUNT(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool fl_gate_has_crashed(const struct fl_test *test, uint32_t stress)
{
	size_t i;

	if (test->has_host && (test->host.outcome == FL_OUTCOME_CRASH ||
			       is_of_sanitizer(test->host.message)))
		return true;
	for (i = 0; i < test->arm_count; i++)
		if (!(test->arms[i].perturbations & stress) &&
		    test->arms[i].counts.by[FL_OUTCOME_CRASH])
			return true;
	for (i = 0; i < test->failure_count; i++)
		if (is_of_sanitizer(test->failures[i].first.message) ||
		    is_of_sanitizer(test->failures[i].output_tail))
			return true;
	return false;
}

static uint32_t left_out(const struct fl_gate_terms *terms)
{
	return terms->gate == FL_GATE_NATURAL ? terms->stress : 0;
}

/* It flickers under our seeds alone: as its user runs it, it fails every time. */
static bool fails_unseeded(const struct fl_test *test)
{
	return (test->judgement.notes & NOTE(UNSEEDED)) && has_failed_in_place(test);
}

/* By being in quarantine, or by the policy: neither goes so far as to excuse everything. */
static bool is_excusable(const struct fl_gate_terms *terms, const struct fl_test *test)
{
	return !is_expired(terms, test) && !fails_unseeded(test) &&
	       (test->suspicion.may_crash || !fl_gate_has_crashed(test, left_out(terms)));
}

/* Flaky in the earlier report, and not with a crash that is new. */
static bool is_known(const struct fl_gate_terms *terms, const struct fl_test *test)
{
	size_t i;

	for (i = 0; terms->earlier && i < terms->earlier->test_count; i++) {
		const struct fl_test *then = terms->earlier->tests[i];

		if (then->judgement.verdict == FL_VERDICT_FLAKY && strcmp(then->id, test->id) == 0)
			return fl_gate_has_crashed(then, 0) ||
			       !fl_gate_has_crashed(test, left_out(terms));
	}
	return false;
}

/* Has it failed in no other arms than those under stress? */
static bool is_of_stress_only(const struct fl_gate_terms *terms, const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (!(test->arms[i].perturbations & left_out(terms)) &&
		    fl_counts_non_pass(&test->arms[i].counts))
			return false;
	return left_out(terms) && test->arm_count && !has_failed_in_place(test);
}

static enum fl_excuse excuse_of(const struct fl_gate_terms *terms, const struct fl_test *test)
{
	bool is_excused = is_excusable(terms, test);

	if (is_excused && test->suspicion.is_quarantined)
		return FL_EXCUSE_QUARANTINE;
	if (is_excused && terms->policy != FL_POLICY_FAIL)
		return FL_EXCUSE_POLICY;
	if (is_known(terms, test))
		return FL_EXCUSE_KNOWN;
	return is_of_stress_only(terms, test) ? FL_EXCUSE_STRESS : FL_EXCUSE_NONE;
}

void fl_gate_judge(const struct fl_gate_terms *terms, struct fl_test *test)
{
	struct fl_judgement *judgement = &test->judgement;

	if (is_expired(terms, test))
		judgement->notes |= NOTE(EXPIRED);
	judgement->excuse = judgement->verdict == FL_VERDICT_FLAKY ? excuse_of(terms, test) :
								     FL_EXCUSE_NONE;
	judgement->gates = judgement->verdict == FL_VERDICT_FAILING ||
			   (judgement->verdict == FL_VERDICT_FLAKY && !judgement->excuse);
}

/* ---- a run ---- */

struct tally {
	size_t failing, gating;
	size_t excused;                 /* failed in their place, and the program says so */
	size_t doubtful;                /* failed in their place, neither failing nor flaky */
	size_t enders;                  /* failed in their place, and the program ended there */
};

/* Where each test has a process of its own, its end is not the program's. */
static bool has_ended_program(const struct fl_test *test)
{
	return !test->host.is_outlived && (test->host.outcome == FL_OUTCOME_EARLY_EXIT ||
					   test->host.outcome == FL_OUTCOME_TIMEOUT);
}

static struct tally count(const struct fl_run *run)
{
	struct tally tally = { 0 };
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_test *test = run->tests[i];
		const struct fl_judgement *judgement = &test->judgement;

		tally.failing += judgement->verdict == FL_VERDICT_FAILING;
		tally.gating += judgement->gates;
		if (!has_failed_in_place(test))
			continue;
		tally.excused += judgement->excuse && !test->host.is_quarantined;
		tally.doubtful += !judgement->excuse;
		tally.enders += has_ended_program(test) || !run->program.has_exit ||
				run->program.exit_signal;
	}
	return tally;
}

int fl_gate_exit_code(const struct fl_run *run, bool is_under_preload)
{
	const struct fl_program *program = &run->program;
	int own = program->exit_signal ? 128 + program->exit_signal : program->exit_code;
	struct tally tally = count(run);

	if (tally.failing)
		return is_under_preload && own ? own : 1;
	if (tally.gating)
		return 2;
	if (run->has_attempts_missing)
		return 3;
	if (tally.doubtful || tally.enders)
		return own ? own : 1;
	return tally.excused ? 0 : own;
}

/* Excused by being in quarantine, be it by a file's word or by the policy. */
static bool is_quarantined(const struct fl_run *run, const struct fl_test *test)
{
	enum fl_excuse excuse = test->judgement.excuse;

	return excuse == FL_EXCUSE_QUARANTINE ||
	       (excuse == FL_EXCUSE_POLICY && run->settings.policy == FL_POLICY_QUARANTINE);
}

static bool is_skipped(const struct fl_run *run, const struct fl_test *test)
{
	return test->has_host && (test->host.outcome == FL_OUTCOME_SKIP ||
				  (has_failed_in_place(test) && is_quarantined(run, test)));
}

bool fl_gate_is_skipped(const struct fl_run *run)
{
	size_t i;

	for (i = 0; i < run->test_count; i++)
		if (!is_skipped(run, run->tests[i]))
			return false;
	return run->test_count;
}
