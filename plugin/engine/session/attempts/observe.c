/* SPDX-License-Identifier: MIT */
/*
 * observe.c - a group's suspects take turns until enough is known or the time is over.
 *
 * Which attempts come next says plan.c, how much of them a turn is budget.c, whether a
 * verdict is settled judge/verdict.c; here it is carried out.  A first timeout is made
 * again alone with three times the time before it counts.  What fails while others run is
 * tried again alone before it is believed.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/classify.h"
#include "../../judge/signature.h"
#include "../../judge/verdict.h"
#include "budget.h"

#include <flicker/wire.h>

#include <errno.h>

enum {
	REPEAT_FACTOR = 3,              /* times the timeout, for the one that is made again */
	EXEC_MISSES = 3,                /* fresh processes in a row that never got to the test */
};

extern char **environ;

/* ---- the budget ---- */

static uint64_t deadline_of(struct fl_session *session)
{
	double used_ms = (double)session->attempted_ns / 1e6;
	double all_ms = (double)(fl_clock_ns() - session->started_ns) / 1e6;
	struct fl_budget_terms terms = {
		.has_no_time = session->settings->has_no_time,
		.time_ms = session->settings->time_ms,
		.plain_ms = all_ms - used_ms,
		.is_driven = fl_budget_driver(environ) != NULL,
	};
	uint64_t total_ms = fl_budget_total_ms(&terms);
	uint64_t share_ms = fl_budget_share_ms(total_ms, used_ms);

	session->run->settings.has_time = total_ms != FL_BUDGET_UNLIMITED;
	session->run->settings.time_s = (double)total_ms / 1000;
	fl_debug("observe", "time for attempts: %llu ms, of it here %llu ms",
		 (unsigned long long)total_ms, (unsigned long long)share_ms);
	return share_ms == FL_BUDGET_UNLIMITED ? UINT64_MAX :
						 fl_clock_ns() + share_ms * 1000000ull;
}

/*
 * A hang is dear, but half of the truth about it is worth nothing.  One that also ends
 * otherwise may take long to settle.
 */
static bool hangs(const struct fl_case *item)
{
	struct fl_counts counts = fl_test_counts(item->test);

	return counts.by[FL_OUTCOME_TIMEOUT] &&
	       counts.by[FL_OUTCOME_TIMEOUT] == fl_counts_total(&counts);
}

/*
 * What a forked attempt takes on the clock, for the next turn.  The test's own duration
 * would not do: it says nothing of the group's setup, nor of predecessors.
 */
static void note_cost(struct fl_case *item, const struct fl_ask *ask, int made, uint64_t since_ns)
{
	double ms = (double)(fl_clock_ns() - since_ns) / 1e6;

	if (ask->mode == FL_MODE_FORK && made > 0)
		item->fork_ms[ask->has_prefix] = ms * ask->jobs / made;
}

/* ---- a turn ---- */

static double left_ms(uint64_t deadline_ns)
{
	uint64_t now = fl_clock_ns();

	return now < deadline_ns ? (double)(deadline_ns - now) / 1e6 : 0;
}

static struct fl_ask ask_of(const struct fl_session *session, const struct fl_case *item,
			    const struct fl_plan_step *step, uint64_t deadline_ns)
{
	double fork_ms = item->fork_ms[step->has_prefix];
	struct fl_ask ask = {
		.first = step->first,
		.count = 1,
		.mode = step->mode,
		.has_prefix = step->has_prefix,
		.jobs = session->settings->jobs,
		.perturb = session->settings->perturb,
	};

	if (step->first == 1)                   /* that one also shows what the test leaves behind */
		ask.flags = FL_ORDER_LOOK;
	else if (fork_ms > 0 && step->mode == FL_MODE_FORK)     /* else one shows what it takes */
		ask.count = fl_budget_turn(step->count, fork_ms / session->settings->jobs,
					   left_ms(deadline_ns));
	if (ask.count == 1 || ask.mode == FL_MODE_EXEC || item->is_parallel_only ||
	    (session->is_program && session->cases.count > 1))
		ask.jobs = 1;
	return ask;
}

static void note_exec(struct fl_session *session, struct fl_case *item, const struct fl_facts *facts)
{
	bool is_missed = facts->flags & FL_FACT_EXEC &&
			 fl_classify_outcome(facts) == FL_OUTCOME_INFRA;

	if (!(facts->flags & FL_FACT_EXEC) || session->is_exec_closed)
		return;
	session->exec_misses = is_missed ? session->exec_misses + 1 : 0;
	if (session->exec_misses < EXEC_MISSES)
		return;
	session->is_exec_closed = true;
	item->plan.can_exec = false;
	fl_caller_warn(session, "attempts in fresh processes do not get to test '%s': there will be no more of them",
		       item->test->id);
}

/*
 * Of the `made` attempts of the ask; a lane's hole is a number lost, and so is a timeout that
 * cannot be made again.  What else was seen counts all the same.
 */
static int absorb_all(struct fl_session *session, struct fl_case *item, const struct fl_ask *ask,
		      int made)
{
	struct fl_facts facts[FL_WIRE_SLOTS];
	bool is_made[FL_WIRE_SLOTS];
	int i, r = 0;

	for (i = 0; i < made; i++)              /* all, before a repetition takes their slots */
		is_made[i] = fl_order_facts(session, ask, (uint32_t)i, &facts[i]);
	item->plan.made += (uint64_t)made;
	for (i = 0; i < made; i++) {
		struct fl_ask one = *ask;

		if (is_made[i] && (facts[i].flags & FL_FACT_TIMED_OUT) && !item->has_hung) {
			item->has_hung = true;
			one.timeout_factor = REPEAT_FACTOR;
			r = fl_parallel_remake(session, item, &one, &facts[i]);
			one.jobs = 1;
			is_made[i] = r >= 0;
		}
		item->plan.lost += !is_made[i];
		if (!is_made[i])
			continue;
		fl_absorb(session, item, &one, &facts[i]);
		note_exec(session, item, &facts[i]);
	}
	return r < 0 ? r : 0;
}

/* 1: it had its turn; 0: nothing more is to be made of it. */
static int take_turn(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns)
{
	struct fl_test view = fl_settle_view(session, item);
	struct fl_plan_step step;
	struct fl_ask ask;
	uint64_t since_ns;
	int r;

	item->plan.can_exec = !session->is_exec_closed && fl_exec_is_possible(session);
	if (!fl_plan_next(&item->plan, &view, &step)) {
		item->is_through = true;
		return 0;
	}
	ask = ask_of(session, item, &step, deadline_ns);
	since_ns = fl_clock_ns();
	r = fl_order_make(session, item, &ask);
	note_cost(item, &ask, r, since_ns);
	if (r > 0)
		r = absorb_all(session, item, &ask, r);
	if (r >= 0)
		r = fl_parallel_settle(session, item, deadline_ns);
	if (r < 0)
		return r;
	item->plan.is_over |= fl_parts_are_settled(session, item);
	if (fl_settle_wants_exec(session, item))
		item->plan.mode = FL_MODE_EXEC;
	fl_order_tell_progress(session, item, item->plan.made);
	return 1;
}

/* ---- generators that the program never seeds ---- */

/*
 * Attempts once more, their seeds the same, but the generator that the program never
 * seeds left alone: does each of them now end the other way?  1, 0, or an error.
 */
static int all_turn(struct fl_session *session, struct fl_case *item, bool has_failed)
{
	struct fl_facts facts;
	size_t i;

	for (i = 0; i < item->unseeded[has_failed].count; i++) {
		struct fl_ask ask = {
			.first = item->unseeded[has_failed].attempts[i],
			.count = 1,
			.mode = FL_MODE_FORK,
			.has_prefix = item->plan.has_prefix,
			.flags = FL_ORDER_LEAVE_UNSEEDED,
			.perturb = session->settings->perturb,
			.jobs = 1,
		};
		int made = fl_order_make(session, item, &ask);
		enum fl_outcome outcome;

		if (made <= 0 || !fl_order_facts(session, &ask, 0, &facts))
			return made < 0 ? made : 0;
		outcome = fl_classify_outcome(&facts);
		if (has_failed ? outcome != FL_OUTCOME_PASS : !fl_outcome_is_non_pass(outcome))
			return 0;
	}
	return item->unseeded[has_failed].count > 0;
}

/* Does what was seen need seeds that the program's plain runs never have? */
static int confirm_unseeded(struct fl_session *session, struct fl_case *item)
{
	int r;

	if (!item->plan.can_fork)
		return 0;
	r = all_turn(session, item, true);
	if (r == 0 && item->unseeded[true].count && item->test->has_host &&
	    fl_outcome_is_non_pass(item->test->host.outcome))
		r = all_turn(session, item, false);
	item->is_unseeded = r > 0;
	return r < 0 ? r : 0;
}

/* ---- the group ---- */

static void close_forks(struct fl_session *session, const struct fl_case_group *place)
{
	size_t i;

	for (i = 0; i < place->count; i++)
		session->cases.items[place->first + i]->plan.can_fork = false;
	fl_caller_warn(session, "the forked attempts of group '%s' were cut short: its template is lost",
		       place->name);
}

/*
 * Nothing more is to be made of it: it is told of now, however long its group still takes.  A
 * program's parts have attempts as long as it has.
 */
static int part_with(struct fl_session *session, struct fl_case *item)
{
	int r = confirm_unseeded(session, item);

	if (r >= 0 && session->settings->keep_core)
		r = fl_cores_keep(session, item);
	return r < 0 || session->is_program ? r : fl_settle(session, item);
}

/* One turn of the suspect, or a last one where the time is over.  As take_turn(). */
static int attempt_case(struct fl_session *session, struct fl_case *item, uint64_t deadline_ns)
{
	int r;

	if (fl_clock_ns() >= deadline_ns && !hangs(item)) {
		item->is_cut = !item->plan.is_over;
		item->plan.is_over = true;
	}
	r = take_turn(session, item, deadline_ns);
	return r ? r : part_with(session, item);
}

static int take_turns(struct fl_session *session, const struct fl_case_group *place,
		      uint64_t deadline_ns)
{
	bool is_anyone_left = true;
	size_t i;
	int r = 0;

	while (is_anyone_left && r >= 0) {
		is_anyone_left = false;
		for (i = 0; i < place->count && r >= 0; i++) {
			struct fl_case *item = session->cases.items[place->first + i];

			if (!fl_choose_is_to_attempt(item) || item->is_through)
				continue;
			r = attempt_case(session, item, deadline_ns);
			if (r == -EPIPE) {
				close_forks(session, place);
				r = 1;
			}
			is_anyone_left |= r > 0;
		}
	}
	return r;
}

int fl_observe_group(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	size_t i;
	int r;

	if (!place)
		return 0;
	for (i = 0; i < place->count; i++)
		session->cases.items[place->first + i]->plan.can_fork = session->link.template >= 0;
	session->attempting_since_ns = fl_clock_ns();
	if (session->settings->replay)
		r = fl_replay_group(session, group);
	else
		r = take_turns(session, place, deadline_of(session));
	fl_parts_finish(session);
	session->attempted_ns += fl_clock_ns() - session->attempting_since_ns;
	return r == -EPIPE ? 0 : r;
}
