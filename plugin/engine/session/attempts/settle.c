/* SPDX-License-Identifier: MIT */
/*
 * settle.c - a test is through: it is judged and told of.
 *
 * Until here nothing was decided; from here on nothing of the test changes.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/gate.h"
#include "../../judge/verdict.h"
#include "budget.h"
#include "token.h"

#include <string.h>

static int by_count(const void *left, const void *right)
{
	const struct fl_failure *a = left, *b = right;

	return a->count == b->count ? 0 : a->count < b->count ? 1 : -1;
}

/* In a word that a shell reads as itself. */
static char *quoted(const char *word)
{
	char *text, *to;

	if (*word && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=:,@%+-") == strlen(word))
		return fl_base_copy(word);
	text = to = fl_base_alloc(strlen(word) * 4 + 3, 1);
	*to++ = '\'';
	for (; *word; word++)
		if (*word == '\'')
			to = stpcpy(to, "'\\''");
		else
			*to++ = *word;
	*to = '\'';
	return text;
}

/* From which the first attempt that failed in this way is made again. */
static char *token_of(const struct fl_session *session, const struct fl_case *item,
		      const struct fl_failure *failure)
{
	struct fl_token token = {
		.id = item->test->id,
		.seed = failure->seeds[0],
		.attempt = failure->attempts[0],
		.perturbations = failure->perturbations,
		.mode = failure->mode,
		.has_prefix = failure->has_prefix,
		.leaves_unseeded = failure->leaves_unseeded,
		.binary = session->run->program.build_id,
	};

	return fl_token_format(&token);
}

static void print_word(FILE *out, const char *word)
{
	autofree char *safe = quoted(word);

	fprintf(out, " %s", safe);
}

/* The settings that an attempt hangs on and a token does not hold. */
static void print_settings(FILE *out, const struct fl_session_settings *settings,
			   const struct fl_failure *failure)
{
	autofree char *adapters = fl_base_copy(settings->adapter ? settings->adapter : "");
	char *rest = adapters, *path;

	if (settings->timeout_ms)
		fprintf(out, " --timeout %g", settings->timeout_ms / 1000.0);
	if (settings->wrapper && failure->mode == FL_MODE_EXEC) {
		fputs(" --wrapper", out);
		print_word(out, settings->wrapper);
	}
	while ((path = strsep(&rest, "\n")))
		if (*path) {
			fputs(" --adapter", out);
			print_word(out, path);
		}
}

static char *replay_of(const struct fl_session *session, const struct fl_failure *failure)
{
	const struct fl_program *program = &session->run->program;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("flicker replay", out);
	print_settings(out, session->settings, failure);
	fprintf(out, " %s --", failure->token);
	print_word(out, program->path);
	for (i = 0; program->args && program->args[i]; i++)
		print_word(out, program->args[i]);
	fclose(out);
	return text;
}

/* Where the test is written: the line of its function's entry. */
static void place_test(struct fl_session *session, const struct fl_case *item)
{
	struct fl_facts facts = { .flags = FL_FACT_EXACT_PC, .pcs = item->pc != 0 };
	struct fl_backtrace backtrace = { 0 };

	if (item->test->file)
		return;                 /* the framework has said so */
	facts.pc[0] = item->pc;
	fl_symbols_of(session, &facts, &backtrace);
	if (backtrace.count && backtrace.frames[0].file) {
		item->test->file = fl_base_copy(backtrace.frames[0].file);
		item->test->line = backtrace.frames[0].line;
	}
	fl_backtrace_clear(&backtrace);
}

/* Where the time was over, what it left is what was planned, if that was enough to say anything. */
static uint64_t planned(const struct fl_case *item)
{
	struct fl_counts counts = fl_test_counts(item->test);
	uint64_t total = fl_counts_total(&counts);

	return item->is_cut && total >= FL_BUDGET_LEAST && total < item->plan.runs ? total :
										     item->plan.runs;
}

static uint32_t notes_of(const struct fl_case *item)
{
	uint32_t notes = 0;

	if (item->is_unseeded)
		notes |= UINT32_C(1) << FL_NOTE_UNSEEDED;
	if (item->is_mass_failure)
		notes |= UINT32_C(1) << FL_NOTE_MASS_FAILURE;
	if (item->is_parallel_only)
		notes |= UINT32_C(1) << (item->test->collision_count ? FL_NOTE_PARALLEL_UNSAFE :
								       FL_NOTE_PARALLEL_ONLY);
	if (item->test->leak_count)
		notes |= UINT32_C(1) << FL_NOTE_LEAKS;
	return notes;
}

struct fl_test fl_settle_view(const struct fl_session *session, const struct fl_case *item)
{
	struct fl_test view = *item->test;

	if (session->settings->wrapper && view.host.outcome == FL_OUTCOME_PASS)
		view.has_host = false;
	return view;
}

static struct fl_evidence evidence_of(const struct fl_session *session, const struct fl_case *item,
				      const struct fl_test *view)
{
	return (struct fl_evidence){
		.test = view,
		.until = session->settings->until,
		.mode = session->settings->mode,
		.planned = planned(item),
		.base = session->settings->perturb & FL_PERTURB_BIT(RANDOM),
		.notes = notes_of(item),
		.has_predecessors = item->plan.has_predecessors,
		.has_exec = item->plan.can_exec,
		.is_exec_like_host = item->group == 0 && !session->settings->wrapper,
	};
}

bool fl_settle_is_settled(const struct fl_session *session, const struct fl_case *item)
{
	struct fl_test view = fl_settle_view(session, item);
	struct fl_evidence evidence = evidence_of(session, item, &view);

	return fl_verdict_is_settled(&evidence);
}

bool fl_settle_wants_exec(const struct fl_session *session, const struct fl_case *item)
{
	struct fl_test view = fl_settle_view(session, item);
	struct fl_evidence evidence = evidence_of(session, item, &view);

	return fl_verdict_wants_exec(&evidence);
}

/* What the time was too short for: attempts without which there is no verdict, or others. */
static void note_cut(struct fl_session *session, const struct fl_case *item, uint64_t total)
{
	uint64_t least = item->plan.runs < FL_BUDGET_LEAST ? item->plan.runs : FL_BUDGET_LEAST;

	if (!item->is_cut || item->program)
		return;
	if (item->test->judgement.verdict != FL_VERDICT_UNKNOWN)
		session->run->cut_count++;
	else if (total < least)
		session->attempts_short += least - total;
}

int fl_settle(struct fl_session *session, struct fl_case *item)
{
	struct fl_test *test = item->test;
	struct fl_test view = fl_settle_view(session, item);
	struct fl_evidence evidence = evidence_of(session, item, &view);
	struct fl_gate_terms terms = fl_gate_terms_of(session->run, session->settings->earlier);
	struct fl_counts counts;
	size_t i;

	if (item->is_judged)
		return 0;
	item->is_judged = true;
	if (test->failure_count)
		qsort(test->failures, test->failure_count, sizeof(*test->failures), by_count);
	for (i = 0; i < test->failure_count; i++) {
		test->failures[i].token = token_of(session, item, &test->failures[i]);
		if (!test->failures[i].is_met_in_parallel)      /* alone it does not fail so */
			test->failures[i].replay = replay_of(session, &test->failures[i]);
	}
	if (test->suspicion.why != FL_WHY_NONE)
		place_test(session, item);
	test->has_quantiles = fl_durations_quantiles(&item->durations, &test->duration_ms);
	fl_verdict_judge(&evidence, &test->judgement);
	fl_gate_judge(&terms, test);
	/* By what counts: numbers may be used up and show nothing. */
	counts = fl_test_counts(test);
	note_cut(session, item, fl_counts_total(&counts));
	if (test->suspicion.why != FL_WHY_NONE && fl_counts_total(&counts) < item->plan.runs &&
	    !item->program && !item->is_left_out && !item->is_mass_failure && !item->is_parallel_only &&
	    test->judgement.verdict == FL_VERDICT_UNKNOWN)
		session->has_attempts_missing = true;
	if (!session->events->judged || session->settings->is_list)
		return 0;
	return session->events->judged(session->events->context, test, session->error);
}

int fl_settle_group(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	size_t i;
	int r = 0;

	for (i = 0; place && i < place->count && r >= 0; i++)
		r = fl_settle(session, session->cases.items[place->first + i]);
	fl_symbols_forget(session);
	return r;
}

int fl_settle_idle(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	size_t i;
	int r = 0;

	for (i = 0; place && !session->is_program && i < place->count && r >= 0; i++)
		if (!fl_choose_is_to_attempt(session->cases.items[place->first + i]))
			r = fl_settle(session, session->cases.items[place->first + i]);
	return r;
}
