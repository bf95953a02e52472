/* SPDX-License-Identifier: MIT */
/*
 * model.c - words, sums and ends of the nouns of model.h.
 *
 * Every table is made from the list in the header that also makes the enum, so a
 * word cannot be missing and stands in one place only.
 */
#include "model.h"

#include "../base/base.h"

#include <errno.h>

#define FL_X(id, word, ...) word,
static const char *const outcome_names[] = { FL_OUTCOME_LIST(FL_X) };
static const char *const verdict_names[] = { FL_VERDICT_LIST(FL_X) };
static const char *const note_names[] = { FL_NOTE_LIST(FL_X) };
static const char *const why_names[] = { FL_WHY_LIST(FL_X) };
static const char *const mode_names[] = { FL_MODE_LIST(FL_X) };
static const char *const method_names[] = { FL_METHOD_LIST(FL_X) };
static const char *const until_names[] = { FL_UNTIL_LIST(FL_X) };
static const char *const policy_names[] = { FL_POLICY_LIST(FL_X) };
static const char *const gate_names[] = { FL_GATE_LIST(FL_X) };
static const char *const excuse_names[] = { FL_EXCUSE_LIST(FL_X) };
static const char *const perturbation_names[] = { FL_PERTURBATIONS(FL_X) };
#undef FL_X

#define FL_X(id, word, key) key,
static const char *const outcome_keys[] = { FL_OUTCOME_LIST(FL_X) };
static const char *const verdict_keys[] = { FL_VERDICT_LIST(FL_X) };
#undef FL_X

static int parse(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -EINVAL;
}

/* fl_<noun>_name and fl_<noun>_parse, over <noun>_names. */
#define DEFINE_WORDS(noun) \
	const char *fl_##noun##_name(enum fl_##noun noun) \
	{ \
		return noun##_names[noun]; \
	} \
	int fl_##noun##_parse(const char *name) \
	{ \
		return parse(noun##_names, FL_COUNT(noun##_names), name); \
	}

DEFINE_WORDS(outcome)
DEFINE_WORDS(verdict)
DEFINE_WORDS(note)
DEFINE_WORDS(why)
DEFINE_WORDS(mode)
DEFINE_WORDS(method)
DEFINE_WORDS(until)
DEFINE_WORDS(policy)
DEFINE_WORDS(gate)
DEFINE_WORDS(excuse)
DEFINE_WORDS(perturbation)

const char *fl_outcome_key(enum fl_outcome outcome)
{
	return outcome_keys[outcome];
}

const char *fl_verdict_key(enum fl_verdict verdict)
{
	return verdict_keys[verdict];
}

bool fl_outcome_is_non_pass(enum fl_outcome outcome)
{
	return outcome != FL_OUTCOME_PASS && outcome != FL_OUTCOME_SKIP &&
	       outcome != FL_OUTCOME_INFRA;
}

uint64_t fl_counts_total(const struct fl_counts *counts)
{
	uint64_t total = 0;
	int i;

	for (i = 0; i < FL_OUTCOME_COUNT; i++)
		if (i != FL_OUTCOME_INFRA)
			total += counts->by[i];
	return total;
}

uint64_t fl_counts_non_pass(const struct fl_counts *counts)
{
	uint64_t total = 0;
	int i;

	for (i = 0; i < FL_OUTCOME_COUNT; i++)
		if (fl_outcome_is_non_pass((enum fl_outcome)i))
			total += counts->by[i];
	return total;
}

static void frame_clear(struct fl_frame *frame)
{
	free(frame->module);
	free(frame->build_id);
	free(frame->function);
	free(frame->file);
}

void fl_backtrace_clear(struct fl_backtrace *backtrace)
{
	size_t i;

	for (i = 0; i < backtrace->count; i++)
		frame_clear(&backtrace->frames[i]);
	free(backtrace->frames);
	*backtrace = (struct fl_backtrace){ 0 };
}

void fl_observation_clear(struct fl_observation *observation)
{
	size_t i;

	free(observation->message);
	free(observation->file);
	fl_backtrace_clear(&observation->backtrace);
	for (i = 0; i < observation->thread_count; i++) {
		free(observation->threads[i].name);
		fl_backtrace_clear(&observation->threads[i].backtrace);
	}
	free(observation->threads);
	*observation = (struct fl_observation){ 0 };
}

void fl_failure_clear(struct fl_failure *failure)
{
	free(failure->signature);
	fl_observation_clear(&failure->first);
	free(failure->output_tail);
	free(failure->core);
	free(failure->token);
	free(failure->replay);
	*failure = (struct fl_failure){ 0 };
}

void fl_suspicion_clear(struct fl_suspicion *suspicion)
{
	free(suspicion->reason);
	free(suspicion->owner);
	free(suspicion->ticket);
	free(suspicion->until);
	free(suspicion->origin);
	*suspicion = (struct fl_suspicion){ 0 };
}

void fl_program_clear(struct fl_program *program)
{
	char **arg;

	for (arg = program->args; arg && *arg; arg++)
		free(*arg);
	free(program->args);
	free(program->path);
	free(program->build_id);
	free(program->framework);
	free(program->framework_version);
	free(program->linkage);
	*program = (struct fl_program){ 0 };
}

void fl_test_clear(struct fl_test *test)
{
	size_t i;

	free(test->id);
	free(test->suite);
	free(test->name);
	free(test->file);
	fl_suspicion_clear(&test->suspicion);
	fl_observation_clear(&test->host);
	for (i = 0; i < test->failure_count; i++)
		fl_failure_clear(&test->failures[i]);
	free(test->failures);
	for (i = 0; i < test->leak_count; i++)
		free(test->leaks[i]);
	free(test->leaks);
	for (i = 0; i < test->collision_count; i++)
		free(test->collisions[i]);
	free(test->collisions);
	if (test->program)
		fl_program_clear(test->program);
	free(test->program);
	*test = (struct fl_test){ 0 };
}

void fl_test_free(struct fl_test *test)
{
	if (!test)
		return;
	fl_test_clear(test);
	free(test);
}

void fl_run_clear(struct fl_run *run)
{
	size_t i;

	fl_program_clear(&run->program);
	free(run->os);
	free(run->id);
	free(run->started);
	free(run->settings.wrapper);
	free(run->settings.adapters);
	for (i = 0; i < run->test_count; i++)
		fl_test_free(run->tests[i]);
	free(run->tests);
	for (i = 0; i < run->left_out_count; i++)
		fl_test_free(run->left_out[i].test);
	free(run->left_out);
	*run = (struct fl_run){ 0 };
}

const struct fl_program *fl_test_program(const struct fl_run *run, const struct fl_test *test)
{
	return test->program ? test->program : &run->program;
}

struct fl_counts fl_test_counts(const struct fl_test *test)
{
	struct fl_counts sum = { 0 };
	size_t arm;
	int i;

	for (arm = 0; arm < test->arm_count; arm++)
		for (i = 0; i < FL_OUTCOME_COUNT; i++)
			sum.by[i] += test->arms[arm].counts.by[i];
	return sum;
}

struct fl_totals fl_run_totals(const struct fl_run *run)
{
	struct fl_totals totals = { .tests = run->test_count };
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		struct fl_counts counts = fl_test_counts(run->tests[i]);

		totals.by_verdict[run->tests[i]->judgement.verdict]++;
		totals.attempts += fl_counts_total(&counts);
		totals.infra += counts.by[FL_OUTCOME_INFRA];
	}
	return totals;
}
