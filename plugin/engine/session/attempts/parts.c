/* SPDX-License-Identifier: MIT */
/*
 * parts.c - a program without a framework that speaks TAP: its lines are tests of their own.
 *
 * They are never attempted by themselves: each attempt of the program is one of every part,
 * with the same seed and number.  Where a failing line says why the exit code is what it is,
 * the program itself has not failed.  The whole output is needed: a fork's that is too long to
 * be kept counts for nothing, and fresh processes are made instead.
 *
 * What is known of the program's own run says parts_host.c.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <flicker/id.h>

#include <string.h>

enum { MOST = 2000 };                   /* of one program */

/* ---- parts ---- */

static void make_id(char *id, size_t size, const char *program, const struct fl_tap_test *test)
{
	enum { NUMBER = sizeof("#4294967295") };

	fl_id_format(id, size - NUMBER, program, test->name);
	if (test->times > 1)
		fl_id_number(id, size, test->times);
}

/* Lines mostly come in the order they came in first: the `near`th case is looked at before others. */
static struct fl_case *find_part(const struct fl_session *session, const char *id, size_t near)
{
	size_t count = session->cases.count, i;

	for (i = 0; i < count; i++) {
		struct fl_case *part = session->cases.items[(near + i) % count];

		if (part->program && strcmp(part->test->id, id) == 0)
			return part;
	}
	return NULL;
}

static void lend(const struct fl_case *part)
{
	part->program->is_lender |= part->test->suspicion.why != FL_WHY_NONE &&
				    part->program->test->suspicion.why == FL_WHY_NONE;
}

static struct fl_case *add_part(struct fl_session *session, const char *id, const char *name)
{
	struct fl_case *program = session->cases.items[0], *part;
	bool is_filtered_out = !fl_selection_has(session->settings, id);

	if (session->cases.count > MOST)
		return NULL;
	part = fl_discover_add_test(session, &(struct fl_discovered){
		.id = id, .suite = program->test->name, .name = name,
		.index = (uint32_t)session->cases.count, .is_selected = !is_filtered_out,
	});
	if (!part)
		return NULL;
	part->program = program;
	part->plan = program->plan;
	part->plan.has_predecessors = false;
	if (part->test->suspicion.why == FL_WHY_NONE)
		part->test->suspicion.why = program->test->suspicion.why;
	lend(part);
	return part;
}

static struct fl_observation observation_of(const struct fl_tap_test *test)
{
	bool has_failed = fl_tap_has_failed(test);

	return (struct fl_observation){
		.outcome = has_failed ? FL_OUTCOME_FAIL :
			test->directive == FL_TAP_SKIP || !test->is_ok ? FL_OUTCOME_SKIP : FL_OUTCOME_PASS,
		.message = has_failed ? fl_base_copy(test->message ? test->message : "not ok") : NULL,
	};
}

/* ---- what the lines make of the program's end ---- */

static void fail(struct fl_observation *observation, char *message)
{
	fl_observation_clear(observation);
	observation->outcome = FL_OUTCOME_FAIL;
	observation->message = message;
}

void fl_parts_fold(const struct fl_tap *tap, struct fl_observation *observation)
{
	double duration_ms = observation->duration_ms;

	if (observation->outcome != FL_OUTCOME_PASS && observation->outcome != FL_OUTCOME_FAIL)
		return;
	if (tap->bail) {
		fail(observation, fl_base_format("Bail out!%s%s", *tap->bail ? " " : "", tap->bail));
	} else if (tap->is_skipped && !tap->count && observation->outcome == FL_OUTCOME_PASS) {
		observation->outcome = FL_OUTCOME_SKIP;
	} else if (tap->has_plan && tap->planned != tap->count && !tap->is_skipped) {
		fail(observation, fl_base_format("%lu tests were planned, there are %zu", tap->planned,
						 tap->count));
	} else if (observation->outcome == FL_OUTCOME_FAIL && fl_tap_has_failures(tap)) {
		fl_observation_clear(observation);
		*observation = (struct fl_observation){ .outcome = FL_OUTCOME_PASS };
	}
	observation->duration_ms = duration_ms;
}

/* Did it come to its end by itself?  Else a line may be missing for no fault of its test. */
static bool is_whole(const struct fl_tap *tap, const struct fl_observation *observation)
{
	return (observation->outcome == FL_OUTCOME_PASS || observation->outcome == FL_OUTCOME_FAIL) &&
	       !tap->bail && !tap->is_skipped;
}

size_t fl_parts_whole_lines(const char *text, size_t size, enum fl_outcome outcome)
{
	const char *last;

	if (outcome == FL_OUTCOME_PASS || outcome == FL_OUTCOME_FAIL || !size)
		return size;
	last = memrchr(text, '\n', size);
	return last ? (size_t)(last - text) + 1 : 0;
}

/* ---- the program's own run ---- */

static void set_host(struct fl_case *part, struct fl_observation observation)
{
	struct fl_test *test = part->test;

	if (test->has_host) {
		fl_observation_clear(&observation);
		return;
	}
	test->host = observation;
	test->has_host = true;
	if (observation.outcome == FL_OUTCOME_FAIL && test->suspicion.why == FL_WHY_NONE)
		test->suspicion.why = FL_WHY_FAILED;
	lend(part);
}

void fl_parts_add(struct fl_session *session, struct fl_case *program, const struct fl_tap *tap,
		  bool is_host)
{
	char id[FL_WIRE_ID];
	size_t i;

	for (i = 0; tap->is_tap && i < tap->count && i < MOST; i++) {
		struct fl_case *part;

		make_id(id, sizeof(id), program->test->name, &tap->tests[i]);
		part = add_part(session, id, tap->tests[i].name);
		if (part && is_host)
			set_host(part, observation_of(&tap->tests[i]));
	}
}

/* Of a run whose lines nobody read it is not known which of them failed. */
static void forget_host(struct fl_session *session, struct fl_case *program)
{
	struct fl_test *test = program->test;

	if (session->has_heard || !test->has_host || test->host.outcome != FL_OUTCOME_FAIL)
		return;
	fl_observation_clear(&test->host);
	test->host = (struct fl_observation){ 0 };
	test->has_host = false;
}

/* ---- attempts ---- */

static bool may_be_tap(const char *text, size_t size)
{
	struct fl_tap tap;
	bool may_be;

	fl_tap_parse(text, size, &tap);
	may_be = tap.is_tap || tap.count;
	fl_tap_clear(&tap);
	return may_be;
}

static void absorb_lines(struct fl_session *session, struct fl_case *program,
			 const struct fl_ask *ask, const struct fl_facts *facts, const struct fl_tap *tap)
{
	char id[FL_WIRE_ID];
	size_t i;

	for (i = 1; i < session->cases.count; i++)
		session->cases.items[i]->is_told = false;
	for (i = 0; i < tap->count && i < MOST; i++) {
		struct fl_observation observation = observation_of(&tap->tests[i]);
		struct fl_case *part;

		make_id(id, sizeof(id), program->test->name, &tap->tests[i]);
		part = find_part(session, id, i + 1);
		if (!part)
			part = add_part(session, id, tap->tests[i].name);
		if (part)
			part->is_told = true;
		if (part && part->test->suspicion.why != FL_WHY_NONE)
			fl_absorb_part(session, part, ask, facts, &observation);
		fl_observation_clear(&observation);
	}
}

/* Lines that others have, and this one has not. */
static void absorb_missing(struct fl_session *session, const struct fl_case *program,
			   const struct fl_ask *ask, const struct fl_facts *facts, const struct fl_tap *tap,
			   bool is_whole_one)
{
	size_t i;

	for (i = 1; i < session->cases.count; i++) {
		struct fl_case *part = session->cases.items[i];
		struct fl_observation observation = { .outcome = FL_OUTCOME_INFRA };

		if (part->program != program || part->test->suspicion.why == FL_WHY_NONE || part->is_told)
			continue;
		if (tap->is_skipped && !tap->count)
			observation.outcome = FL_OUTCOME_SKIP;
		else if (is_whole_one)
			fail(&observation, fl_base_copy("its line is missing"));
		fl_absorb_part(session, part, ask, facts, &observation);
		fl_observation_clear(&observation);
	}
}

/* Under replay: the line that is meant. */
static void judge_line(const struct fl_case *item, const struct fl_tap *tap,
		       struct fl_observation *observation)
{
	const char *program = item->test->name;
	bool is_ended = is_whole(tap, observation);
	char id[FL_WIRE_ID];
	size_t i;

	for (i = 0; i < tap->count; i++) {
		make_id(id, sizeof(id), program, &tap->tests[i]);
		if (strcmp(id, item->test->id) != 0)
			continue;
		fl_observation_clear(observation);
		*observation = observation_of(&tap->tests[i]);
		return;
	}
	if (is_ended)
		fail(observation, fl_base_copy("its line is missing"));
}

/* Its output was too long to be kept, which is no evidence.  Of a fresh process there is more. */
static void turn_away(struct fl_session *session, struct fl_case *item, bool is_exec)
{
	if (!is_exec && session->settings->mode != FL_MODE_FORK && item->plan.can_exec) {
		item->plan.mode = FL_MODE_EXEC;
		return;
	}
	if (!item->is_too_long)
		fl_caller_warn(session, "attempts of '%s' write more than is kept: their lines are not known",
			       item->test->id);
	item->is_too_long = true;
}

bool fl_parts_absorb(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
		     const struct fl_facts *facts, struct fl_observation *observation)
{
	bool is_exec = facts->flags & FL_FACT_EXEC;
	const char *text = is_exec && session->exec_output ? session->exec_output : facts->output;
	size_t size = is_exec && session->exec_output ? session->exec_output_bytes : facts->output_kept;
	bool is_cut = is_exec ? session->is_exec_output_cut : facts->output_total > facts->output_kept, is_ended;
	struct fl_tap tap;

	if (is_cut) {
		if (!may_be_tap(text, size))
			return true;
		turn_away(session, item, is_exec);
		return false;
	}
	fl_tap_parse(text, fl_parts_whole_lines(text, size, observation->outcome), &tap);
	if (item->part_of) {
		judge_line(item, &tap, observation);
	} else if (tap.is_tap || session->cases.count > 1) {
		is_ended = is_whole(&tap, observation);
		forget_host(session, item);
		absorb_lines(session, item, ask, facts, &tap);
		absorb_missing(session, item, ask, facts, &tap, is_ended);
		fl_parts_fold(&tap, observation);
	}
	fl_tap_clear(&tap);
	return true;
}

/* ---- when it is enough ---- */

bool fl_parts_are_settled(const struct fl_session *session, const struct fl_case *program)
{
	size_t i;

	if (!program->is_lender && !fl_settle_is_settled(session, program))
		return false;

	for (i = 1; i < session->cases.count; i++) {
		struct fl_case *part = session->cases.items[i];

		if (part->program != program || part->test->suspicion.why == FL_WHY_NONE)
			continue;
		part->plan = program->plan;
		part->plan.has_predecessors = false;
		if (!fl_settle_is_settled(session, part))
			return false;
	}
	return true;
}

void fl_parts_finish(struct fl_session *session)
{
	size_t i;

	for (i = 1; i < session->cases.count; i++) {
		struct fl_case *part = session->cases.items[i];

		if (!part->program)
			continue;
		part->plan = part->program->plan;
		part->plan.has_predecessors = false;
		part->is_cut = part->program->is_cut;
		part->is_left_out = part->program->is_left_out;
	}
}
