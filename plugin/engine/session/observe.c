/* SPDX-License-Identifier: MIT */
/*
 * observe.c - has the template make what the plan says, and absorbs what came of it.
 *
 * A batch is one order, one answer; the facts lie in the shared slots.  Every
 * attempt is counted in its arm, every failure keeps the words, place, output and
 * backtrace of its first occurrence under its signature.
 */
#define _GNU_SOURCE
#include "internal.h"

#include "../judge/classify.h"
#include "../judge/signature.h"
#include "../judge/verdict.h"

#include <flicker/seed.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

enum {
	TICK_MS = 100,
	TIMEOUT_MS = 10000,             /* of an attempt, where the host run says nothing more */
	TIMEOUT_FACTOR = 10,            /* times the host run */
	GRACE_MS = 5000,                /* beyond which a template without a sign is given up */
	KINDS = 64,                     /* signatures kept apart per test */
};

/* ---- absorbing ---- */

static struct fl_arm *arm_of(struct fl_test *test, bool has_prefix)
{
	size_t i;

	for (i = 0; i < test->arm_count; i++)
		if (test->arms[i].has_prefix == has_prefix)
			return &test->arms[i];
	test->arms[test->arm_count] = (struct fl_arm){
		.perturbations = FL_PERTURB_BIT(RANDOM),
		.mode = FL_MODE_FORK,
		.has_prefix = has_prefix,
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
	return failure;
}

static void absorb_failure(struct fl_session *session, struct fl_case *item,
			   const struct fl_facts *facts, struct fl_observation *observation)
{
	char signature[FL_SIGNATURE_SIZE];
	struct fl_failure *failure;

	fl_symbols_of(session, facts, &observation->backtrace);
	fl_signature_make(observation, signature);
	failure = failure_of(item->test, signature);
	if (failure->count++ == 0) {
		failure->first = *observation;
		*observation = (struct fl_observation){ .outcome = failure->first.outcome };
		failure->output_tail = fl_base_copy_n(facts->output, facts->output_kept);
	}
	if (failure->seed_count < FL_FAILURE_SEEDS) {
		failure->seeds[failure->seed_count] = facts->seed;
		failure->attempts[failure->seed_count++] = facts->attempt;
	}
}

static void note_unseeded(struct fl_case *item, const struct fl_facts *facts, bool has_failed)
{
	size_t *count = &item->unseeded[has_failed].count;

	if ((facts->flags & FL_FACT_UNSEEDED) && *count < FL_CASE_UNSEEDED)
		item->unseeded[has_failed].attempts[(*count)++] = facts->attempt;
}

static void absorb(struct fl_session *session, struct fl_case *item, bool has_prefix,
		   const struct fl_facts *facts)
{
	struct fl_observation observation;

	fl_classify(facts, &observation);
	arm_of(item->test, has_prefix)->counts.by[observation.outcome]++;
	session->attempts++;
	note_unseeded(item, facts, fl_outcome_is_non_pass(observation.outcome));
	if (observation.outcome != FL_OUTCOME_INFRA)
		fl_durations_add(&item->durations, observation.duration_ms);
	if (fl_outcome_is_non_pass(observation.outcome))
		absorb_failure(session, item, facts, &observation);
	fl_observation_clear(&observation);
}

/* ---- a batch ---- */

static uint32_t timeout_ms(const struct fl_session *session, const struct fl_test *test)
{
	double host_ms = test->has_host ? test->host.duration_ms * TIMEOUT_FACTOR : 0;

	if (session->settings->timeout_ms)
		return session->settings->timeout_ms;
	return host_ms > TIMEOUT_MS ? (uint32_t)host_ms : TIMEOUT_MS;
}

static void tell_progress(struct fl_session *session, const struct fl_case *item, uint64_t done)
{
	struct fl_counts counts = fl_test_counts(item->test);
	double seconds = (double)(session->attempted_ns + fl_clock_ns() -
				  session->attempting_since_ns) / 1e9;
	struct fl_progress progress = {
		.test = item->test,
		.done = done,
		.planned = item->plan.runs,
		.non_pass = fl_counts_non_pass(&counts),
		.attempts_per_s = seconds > 0 ? (double)session->attempts / seconds : 0,
	};
	size_t i;

	if (!session->events->progress)
		return;
	for (i = 0; i < session->cases.count; i++) {
		progress.suspects += session->cases.items[i]->test->suspicion.why != FL_WHY_NONE;
		progress.suspects_done += session->cases.items[i]->test->suspicion.why != FL_WHY_NONE &&
					  session->cases.items[i]->is_judged;
	}
	session->events->progress(session->events->context, &progress);
}

/* Waits for BATCH_DONE, telling how it goes.  0; -EPIPE: the template is lost; -EINTR. */
static int await_batch(struct fl_session *session, const struct fl_case *item,
		       const struct fl_record_order *order)
{
	struct pollfd ready[] = {
		{ session->link.template, POLLIN, 0 },
		{ fl_caller_wake_fd(), POLLIN, 0 },
	};
	uint64_t last_sign_ns = fl_clock_ns();
	uint32_t seen = 0;
	static struct fl_packet packet;

	for (;;) {
		int n = poll(ready, 2, TICK_MS);
		uint32_t done = __atomic_load_n(&session->link.shared->attempts_done, __ATOMIC_ACQUIRE);

		if (fl_caller_has_interrupted())
			return -EINTR;
		if (n > 0 && ready[0].revents)
			return fl_link_receive(session->link.template, &packet) > 0 ? 0 : -EPIPE;
		if (done != seen)
			last_sign_ns = fl_clock_ns();
		seen = done;
		if (fl_clock_ns() - last_sign_ns > (order->timeout_ms + (uint64_t)GRACE_MS) * 1000000)
			return -EPIPE;
		tell_progress(session, item, order->first - 1 + done);
	}
}

static void lose_template(struct fl_session *session)
{
	if (session->link.template_pid > 0)
		kill(session->link.template_pid, SIGKILL);
	fl_link_drop_template(&session->link);
}

/* How many of the order were made, or -EPIPE, -EINTR. */
static int make_batch(struct fl_session *session, const struct fl_case *item,
		      const struct fl_plan_step *step, uint32_t flags)
{
	struct fl_record_order order = {
		.run_seed = session->run->seed,
		.first = step->first,
		.count = step->count,
		.test = item->index,
		.timeout_ms = timeout_ms(session, item->test),
		.flags = flags | (step->has_prefix ? FL_ORDER_PREFIX : 0),
		.group_setup_ms = (uint32_t)(session->link.shared->group_setup_ns / 1000000),
	};
	uint32_t done;
	int r;

	if (session->link.template < 0 ||
	    fl_link_send(session->link.template, FL_RECORD_ORDER, &order, sizeof(order)) < 0)
		return -EPIPE;
	r = await_batch(session, item, &order);
	if (r == -EPIPE)
		lose_template(session);
	if (r < 0)
		return r;
	done = __atomic_load_n(&session->link.shared->attempts_done, __ATOMIC_ACQUIRE);
	return (int)(done < order.count ? done : order.count);
}

static int absorb_batch(struct fl_session *session, struct fl_case *item,
			const struct fl_plan_step *step, int made)
{
	struct fl_facts facts;
	int i;

	for (i = 0; i < made; i++) {
		fl_classify_copy(&session->link.shared->slots[i], sizeof(facts), &facts);
		absorb(session, item, step->has_prefix, &facts);
	}
	item->plan.made += (uint64_t)made;
	return made;
}

/* ---- a suspect ---- */

/*
 * Attempts once more, their seeds the same, but the generator that the program never
 * seeds left alone: does each of them now end the other way?  1, 0, or an error.
 */
static int all_turn(struct fl_session *session, struct fl_case *item, bool has_failed)
{
	struct fl_facts facts;
	size_t i;

	for (i = 0; i < item->unseeded[has_failed].count; i++) {
		struct fl_plan_step step = { item->unseeded[has_failed].attempts[i], 1,
					     item->plan.has_prefix };
		int made = make_batch(session, item, &step, FL_ORDER_LEAVE_UNSEEDED);

		if (made <= 0)
			return made;
		fl_classify_copy(&session->link.shared->slots[0], sizeof(facts), &facts);
		if (fl_outcome_is_non_pass(fl_classify_outcome(&facts)) == has_failed)
			return 0;
	}
	return item->unseeded[has_failed].count > 0;
}

/* Does what was seen need seeds that the program's plain runs never have? */
static int confirm_unseeded(struct fl_session *session, struct fl_case *item)
{
	int r = all_turn(session, item, true);

	if (r == 0 && item->unseeded[true].count && item->test->has_host &&
	    fl_outcome_is_non_pass(item->test->host.outcome))
		r = all_turn(session, item, false);
	item->is_unseeded = r > 0;
	return r < 0 ? r : 0;
}

static int attempt_case(struct fl_session *session, struct fl_case *item)
{
	struct fl_plan_step step;
	int made = 0;

	while (fl_plan_next(&item->plan, item->test, &step)) {
		made = make_batch(session, item, &step, 0);
		if (made < 0)
			break;
		absorb_batch(session, item, &step, made);
		tell_progress(session, item, item->plan.made);
		if (made == 0)
			made = -EPIPE;          /* a template that makes nothing is none */
		if (made < 0)
			break;
	}
	if (made >= 0)
		made = confirm_unseeded(session, item);
	return made < 0 ? made : 0;
}

static bool is_to_attempt(const struct fl_case *item)
{
	return item->test->suspicion.why != FL_WHY_NONE && !item->is_judged;
}

bool fl_observe_has_work(const struct fl_session *session)
{
	size_t i;

	for (i = 0; i < session->cases.count; i++)
		if (is_to_attempt(session->cases.items[i]) && session->cases.items[i]->plan.runs)
			return true;
	return false;
}

int fl_observe_group(struct fl_session *session, uint32_t group)
{
	struct fl_case_group *place = fl_cases_group(&session->cases, group);
	size_t i;
	int r = 0;

	if (!place)
		return 0;
	session->attempting_since_ns = fl_clock_ns();
	for (i = 0; i < place->count && r >= 0; i++)
		if (is_to_attempt(session->cases.items[place->first + i]))
			r = attempt_case(session, session->cases.items[place->first + i]);
	session->attempted_ns += fl_clock_ns() - session->attempting_since_ns;
	if (r == -EPIPE)
		fl_caller_warn(session, "the attempts of group '%s' were cut short: its template is lost",
				place->name);
	return r == -EPIPE ? 0 : r;
}
