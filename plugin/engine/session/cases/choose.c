/* SPDX-License-Identifier: MIT */
/*
 * choose.c - which suspects of a group are re-executed.
 *
 * All of them, but where very many tests fail, or --max-suspects says no more.
 */
#include "../internal.h"

#include "../../judge/signature.h"

enum { MASS_LEAST = 10, MASS_PARTS = 5 };       /* at least 10 tests failed, and more than a fifth */

bool fl_choose_is_to_attempt(const struct fl_case *item)
{
	return (item->test->suspicion.why != FL_WHY_NONE || item->is_lender) && !item->is_judged &&
	       !item->program &&
	       !item->is_left_out && !item->is_mass_failure && item->plan.runs;
}

bool fl_choose_has_work(const struct fl_session *session)
{
	size_t i;

	for (i = 0; i < session->cases.count; i++)
		if (fl_choose_is_to_attempt(session->cases.items[i]))
			return true;
	return false;
}

static bool are_very_many(const struct fl_session *session)
{
	size_t failed = 0, ran = 0, i;

	for (i = 0; i < session->run->test_count; i++) {
		ran += session->run->tests[i]->has_host;
		failed += session->run->tests[i]->has_host &&
			  fl_outcome_is_non_pass(session->run->tests[i]->host.outcome);
	}
	return failed >= MASS_LEAST && failed * MASS_PARTS > ran;
}

/* Is it the first that failed so, and are few taken on yet? */
static bool is_worth_it(struct fl_session *session, const struct fl_case *item)
{
	char signature[FL_SIGNATURE_SIZE];
	size_t i;

	fl_signature_make(&item->test->host, signature);
	for (i = 0; i < session->mass_count; i++)
		if (strcmp(session->mass_signatures[i], signature) == 0)
			return false;
	if (session->mass_count == FL_COUNT(session->mass_signatures))
		return false;
	memcpy(session->mass_signatures[session->mass_count++], signature, sizeof(signature));
	return true;
}

/* Where very many fail the cause is elsewhere: a few of those that nobody named stand for all. */
static void mark_mass_failures(struct fl_session *session, const struct fl_case_group *place)
{
	size_t i;

	if (!are_very_many(session))
		return;
	for (i = 0; i < place->count; i++) {
		struct fl_case *item = session->cases.items[place->first + i];

		if (item->test->suspicion.why == FL_WHY_FAILED && fl_choose_is_to_attempt(item))
			item->is_mass_failure = !is_worth_it(session, item);
	}
}

static bool is_chosen(const struct fl_case *item)
{
	return item->test->suspicion.why != FL_WHY_FAILED && item->test->suspicion.why != FL_WHY_ALL;
}

/* --max-suspects: those that somebody named come first. */
static void limit_suspects(struct fl_session *session, const struct fl_case_group *place)
{
	uint64_t most = session->settings->max_suspects;
	size_t i;
	int round;

	for (round = 0; round < 2 && most; round++)
		for (i = 0; i < place->count; i++) {
			struct fl_case *item = session->cases.items[place->first + i];

			if (!fl_choose_is_to_attempt(item) || is_chosen(item) != (round == 0))
				continue;
			item->is_left_out = session->suspects >= most;
			session->suspects += !item->is_left_out;
			session->left_out += item->is_left_out;
		}
}

void fl_choose_suspects(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);

	if (!place || session->settings->replay)
		return;
	mark_mass_failures(session, place);
	limit_suspects(session, place);
}
