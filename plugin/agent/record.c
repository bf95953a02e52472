/* SPDX-License-Identifier: MIT */
/*
 * record.c - the facts of what runs now, as the adapter tells them.
 *
 * The same code in the host and in attempts; `fl_agent.facts` says where facts go.
 * Recording stops in children that a test forks: they share the memory, not the
 * test.  In an attempt with predecessors only the target is recorded.
 */
#define _GNU_SOURCE
#include "face/face.h"
#include "look/look.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

FL_HOT static bool is_of_skip;          /* the words and the place so far are a skip's */
FL_HOT static bool is_told_by_author;   /* the framework may say the same once more */

bool fl_record_is_recording(void)
{
	return fl_agent.facts && fl_agent.pid == getpid();
}

void fl_record_clear(struct fl_facts *facts, uint64_t attempt, uint64_t seed, uint32_t test)
{
	memset(facts, 0, FL_FACTS_HEAD);
	facts->file[0] = '\0';
	facts->message[0] = '\0';
	is_of_skip = is_told_by_author = false;
	fl_traces_clear(facts);
	facts->attempt = attempt;
	facts->seed = seed;
	facts->test = test;
	facts->started_ns = fl_agent_now_ns();
}

/* ---- the host's tests, one after the other ---- */

static bool has_failed(const struct fl_facts *facts)
{
	if (facts->flags & FL_FACT_PASSED)
		return false;
	return facts->failures || facts->signal ||
	       (facts->flags & (FL_FACT_EXITED | FL_FACT_TIMED_OUT));
}

/* How much of them is of use to the outside: all of a failure, of a skip why and where. */
static uint32_t bytes_to_keep(const struct fl_facts *facts)
{
	if (has_failed(facts))
		return FL_FACTS_HOST;
	if (!(facts->flags & FL_FACT_SKIPPED) || !(facts->file[0] || facts->message[0]))
		return FL_FACTS_HEAD;
	return (uint32_t)(offsetof(struct fl_facts, message) + 1 +
			  strnlen(facts->message, FL_WIRE_MESSAGE - 1));
}

/* The test in flight is over: its facts go to the journal. */
void fl_record_finish_host(void)
{
	struct fl_shared *shared = fl_agent.shared;
	struct fl_facts *facts = &shared->host;
	struct fl_record_ran body = { .group = fl_agent.group->number };
	bool is_failed;
	struct fl_piece pieces[2] = { { &body, sizeof(body) } };

	if (shared->in_flight != FL_IN_FLIGHT_TEST)
		return;
	facts->duration_ns = fl_agent_now_ns() - facts->started_ns;
	if (!(facts->flags & FL_FACT_EXITED) || facts->failures)
		facts->flags |= FL_FACT_DONE;
	is_failed = has_failed(facts);
	fl_agent.has_failures |= is_failed;
	body.kept = bytes_to_keep(facts);
	pieces[1] = (struct fl_piece){ facts, body.kept };
	/* Who dies of writing a line is in flight, as where the framework writes it. */
	fl_face_end(facts, is_failed);
	if (fl_ids_is_news(facts->test, is_failed))
		fl_shared_append(FL_RECORD_RAN, pieces, 2);
	shared->in_flight = FL_IN_FLIGHT_NOTHING;
}

static void begin_in_host(uint32_t index)
{
	fl_record_finish_host();
	fl_record_clear(&fl_agent.shared->host, 0, 0, index);
	fl_agent.shared->host.flags = FL_FACT_REACHED;
	fl_agent.shared->in_flight = FL_IN_FLIGHT_TEST;
	fl_face_begin(index);
}

FL_HOT static struct fl_facts *attempt_facts;

static void begin_in_attempt(uint32_t index)
{
	if (fl_agent.facts)
		attempt_facts = fl_agent.facts;
	fl_agent.facts = index == fl_agent.target ? attempt_facts : NULL;
	if (!fl_agent.facts)
		return;
	fl_agent.facts->flags |= FL_FACT_REACHED;
	fl_agent.facts->started_ns = fl_agent_now_ns();
}

void fl_record_begin(const struct fl_group *group, uint32_t index)
{
	(void)group;
	if (fl_agent.pid != getpid())
		return;
	if (fl_agent.role == FL_AGENT_HOST)
		begin_in_host(index);
	else if (fl_agent.role == FL_AGENT_ATTEMPT)
		begin_in_attempt(index);
}

/* ---- what happens in it ---- */

void fl_record_phase(enum fl_phase now)
{
	if (!fl_record_is_recording())
		return;
	fl_agent.facts->phase = now;
	if (fl_agent.role == FL_AGENT_HOST &&
	    (now == FL_PHASE_GROUP_SETUP || now == FL_PHASE_GROUP_TEARDOWN)) {
		fl_record_finish_host();
		fl_record_clear(fl_agent.facts, 0, 0, 0);
		fl_agent.facts->phase = now;
		fl_agent.shared->in_flight = FL_IN_FLIGHT_FIXTURE;
	}
	if (fl_agent.role == FL_AGENT_HOST)
		fl_face_phase(now);
}

enum fl_phase fl_record_phase_now(void)
{
	return fl_agent.facts ? fl_agent.facts->phase : FL_PHASE_NONE;
}

FL_HOT static bool is_hint;             /* the stack that is kept is of fl_record_hint() */
FL_HOT static unsigned hints;

void fl_record_hint(void)
{
	enum { MOST = 100 };            /* a program that jumps all the time: none of them tells */
	int saved = errno;

	if (fl_record_is_recording() && (!fl_agent.facts->pcs || is_hint)) {
		is_hint = hints++ < MOST;
		if (is_hint)
			fl_unwind_here(fl_agent.facts);
		else
			fl_agent.facts->pcs = 0;
	}
	errno = saved;
}

void fl_record_drop_hint(void)
{
	if (is_hint && fl_agent.facts)
		fl_agent.facts->pcs = 0;
	is_hint = false;
}

void fl_record_failed(bool has_stack)
{
	int saved = errno;

	if (fl_record_is_recording()) {
		struct fl_facts *facts = fl_agent.facts;

		facts->failures++;
		if (facts->failed_phase == FL_PHASE_NONE)
			facts->failed_phase = facts->phase;
		if (has_stack && (!facts->pcs || is_hint))
			fl_unwind_here(facts);
		is_hint = false;
		fl_stop_here(facts);
		if (fl_agent.role == FL_AGENT_HOST)
			fl_face_failed(facts);
	}
	errno = saved;
}

void fl_record_skipped(void)
{
	if (!fl_record_is_recording())
		return;
	fl_agent.facts->flags |= FL_FACT_SKIPPED;
	is_of_skip = !fl_agent.facts->failures;
}

/* What is said behind a skip, by a teardown for example, is of something else. */
static void leave_skip(void)
{
	if (!is_of_skip)
		return;
	is_of_skip = false;
	fl_agent.facts->file[0] = '\0';
	fl_agent.facts->message[0] = '\0';
}

static void append(const char *text, size_t length)
{
	size_t used = strnlen(fl_agent.facts->message, FL_WIRE_MESSAGE);
	size_t room = FL_WIRE_MESSAGE - used;

	if (room < 2)
		return;
	if (length > room - 1)
		length = room - 1;
	memcpy(fl_agent.facts->message + used, text, length);
	fl_agent.facts->message[used + length] = '\0';
}

/* Of what stands there whole; where the room has ended nothing is appended anyway. */
static bool is_repeated(const char *text, size_t length)
{
	const char *message = fl_agent.facts->message;

	while (length && text[length - 1] == '\n')
		length--;
	return memmem(message, strnlen(message, FL_WIRE_MESSAGE), text, length);
}

void fl_record_message(const char *text, size_t length)
{
	if (!fl_record_is_recording())
		return;
	leave_skip();
	if (is_told_by_author && is_repeated(text, length))
		return;
	if (is_told_by_author)
		append("\n", 1);
	append(text, length);
}

void fl_record_own_words(const char *file, int line, const char *text)
{
	char head[FL_WIRE_FILE + 32];

	leave_skip();
	if (fl_agent.facts->message[0]) {
		snprintf(head, sizeof(head), "\n\n%.*s:%d:\n", FL_WIRE_FILE, file, line);
		append(head, strlen(head));
	}
	fl_record_place(file, line);
	append(text, strlen(text));
	is_told_by_author = true;
}

void fl_record_place(const char *file, int line)
{
	size_t length;

	if (!fl_record_is_recording() || !file)
		return;
	leave_skip();
	if (fl_agent.facts->file[0])
		return;
	length = strnlen(file, FL_WIRE_FILE - 1);
	memcpy(fl_agent.facts->file, file, length);
	fl_agent.facts->file[length] = '\0';
	fl_agent.facts->line = line;
}

void fl_record_caught(int signal)
{
	if (fl_record_is_recording() && !fl_agent.facts->signal)
		fl_agent.facts->signal = signal;
}

bool fl_record_setup_done(uint32_t *ret_index)
{
	if (fl_agent_is_here(FL_AGENT_TEMPLATE))
		return fl_warm_setup_done(ret_index);
	if (fl_agent_is_here(FL_AGENT_HOST) && fl_agent.facts) {
		fl_agent.shared->group_setup_ns = fl_agent_now_ns() - fl_agent.facts->started_ns;
		fl_agent.shared->in_flight = FL_IN_FLIGHT_NOTHING;
	}
	return false;
}

/* ---- tests in processes of the framework's own ---- */

void fl_record_follow(void)
{
	bool is_child = fl_agent.pid != getpid();

	if (!fl_agent.facts)
		return;
	fl_agent.pid = getpid();
	fl_agent.is_follower = fl_agent.role == FL_AGENT_HOST;
	if (fl_agent.role == FL_AGENT_ATTEMPT)
		fl_look_follow(is_child);
}

void fl_record_passed(void)
{
	if (fl_record_is_recording())
		fl_agent.facts->flags |= FL_FACT_PASSED;
}

void fl_record_timed_out(void)
{
	if (fl_record_is_recording())
		fl_agent.facts->flags |= FL_FACT_TIMED_OUT;
}

void fl_record_lasted(uint64_t ns)
{
	if (fl_record_is_recording())
		fl_agent.facts->started_ns = fl_agent_now_ns() - ns;
}

void fl_record_exited(int code)
{
	if (!fl_record_is_recording())
		return;
	fl_agent.facts->flags |= FL_FACT_EXITED;
	fl_agent.facts->exit_code = code;
}

bool fl_record_has_failure(void)
{
	return fl_record_is_recording() && fl_agent.facts->failures;
}

void fl_record_expects(const struct fl_expectation *expectation)
{
	struct fl_facts *facts = fl_agent.facts;

	if (!fl_record_is_recording() || (fl_agent.role != FL_AGENT_ATTEMPT && !fl_agent.adapter->is_program))
		return;
	facts->flags |= FL_FACT_BY_STATUS;
	facts->expected_signal = expectation->signal;
	facts->expected_exit = expectation->exit_code;
	facts->skip_exit = expectation->skip_code;
	facts->error_exit = expectation->error_code;
}

void fl_record_gives_up(int signal)
{
	struct fl_facts *facts = fl_agent.facts;

	if (!fl_record_is_recording())
		return;
	facts->expected_signal = signal;
	if (fl_worker_kind() != FL_WORKER_NONE)
		return;                 /* its status is not the attempt's */
	facts->flags |= FL_FACT_BY_STATUS;
	facts->expected_exit = facts->skip_exit = facts->error_exit = -1;
}
