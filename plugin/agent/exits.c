/* SPDX-License-Identifier: MIT */
/*
 * exits.c - the program ends by itself: exit, _exit, _Exit, quick_exit, main's return.
 *
 * In the host it is held until the attempts are made and the report is written;
 * the outside may then say which code to end with.  In an attempt it is the end of
 * the attempt, with the place it was called from, and no atexit handler runs.
 * Children that a test forks are let through.  Where the program itself is the test nothing
 * is held, and its exit handlers run: only what is left when the process is gone tells.
 */
#define _GNU_SOURCE
#include "face/face.h"
#include "look/look.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void note_early_end(int code)
{
	struct fl_facts *facts = fl_agent.facts;

	if (!facts)
		return;
	facts->flags |= FL_FACT_EXITED;
	facts->exit_code = code;
	if (!facts->pcs)
		fl_unwind_here(facts);
	fl_stop_here(facts);
}

/* Is this how tests end here? */
static bool is_told(int code)
{
	const struct fl_adapter *adapter = fl_agent.adapter;

	return fl_agent.group && adapter && adapter->ends && adapter->ends(code);
}

/*
 * How it ends is how the test went; it ends as it would by itself.  An exit handler may come
 * here once more, with the code that counts.
 */
static void end_by_status(int code)
{
	struct fl_facts *facts = fl_agent.facts;
	FL_HOT static bool is_ending;

	facts->exit_code = code;
	if (!is_told(code) && (code & 0xff) != facts->expected_exit) {
		if (fl_agent.adapter->ends)
			facts->flags |= FL_FACT_EXITED;
		if (facts->phase != FL_PHASE_AFTER) {   /* else main has returned */
			fl_record_drop_hint();
			if (!facts->pcs)
				fl_unwind_here(facts);
		}
		fl_stop_here(facts);
	}
	if (is_ending)
		return;
	is_ending = true;
	facts->duration_ns = fl_agent_now_ns() - facts->started_ns;
	if (!(facts->flags & FL_FACT_TIMED_OUT))
		facts->phase = FL_PHASE_AFTER;
	if (fl_agent.role == FL_AGENT_ATTEMPT)
		fl_look_end();
}

/* An attempt that is back in main has left its test by a jump. */
static void end_attempt(int code)
{
	if (fl_agent.facts && (fl_agent.facts->flags & FL_FACT_BY_STATUS)) {
		end_by_status(code);
		return;
	}
	if (fl_worker_kind() != FL_WORKER_NONE && fl_agent.adapter->ends && fl_agent.adapter->ends(code))
		fl_attempt_end();
	note_early_end(code);
	fflush(stdout);
	fl_agent_end(code);
}

/* Where the framework has forked for the test, its end is the framework's to judge. */
static bool is_followers_end(void)
{
	return fl_agent.is_follower && fl_agent.pid == getpid();
}

static int first_code, first_answer;    /* of the host's end: with what, and what the outside has said */

/*
 * One thread holds the host's end; others that would end it wait until it may end, and get
 * false: a handler that signals its own process group before it ends runs once more, beside itself.
 * Who comes last out of here is not known, so the same code is answered by the same.
 */
static bool is_first(void)
{
	static pid_t first;
	pid_t own = (pid_t)syscall(SYS_gettid), found = 0;

	if (__atomic_compare_exchange_n(&first, &found, own, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
	    found == own)
		return true;
	while (__atomic_load_n(&fl_agent.role, __ATOMIC_ACQUIRE) == FL_AGENT_HOST)
		usleep(1000);
	return false;
}

int fl_exits_hold(int code)
{
	struct fl_record_exit body = { .code = code };
	struct fl_piece piece = { &body, sizeof(body) };

	if (fl_agent_is_here(FL_AGENT_REHEARSAL))
		fl_agent_end(0);
	if (fl_agent_is_here(FL_AGENT_ATTEMPT))
		end_attempt(code);
	if (!fl_agent_is_here(FL_AGENT_HOST))
		return code;
	if (fl_agent.adapter->is_program) {
		if (fl_agent.facts)
			end_by_status(code);
		return code;
	}
	if (!is_first())
		return code == first_code ? first_answer : code;
	if (is_told(code))
		fl_group_leave(fl_agent.group);
	if (fl_agent.group)
		note_early_end(code);
	fl_face_finish();
	fl_agent.facts = NULL;
	fl_shared_append(FL_RECORD_EXITING, &piece, 1);
	/* In the middle of a test; or tests were named, and none of them was there. */
	if (fl_agent.group || (fl_entry_setting("TEST") && !fl_agent.has_selected))
		fl_group_summon();
	if (fl_agent.channel >= 0)
		fl_group_ask(FL_RECORD_EXIT, &body, sizeof(body), &code);
	fl_template_release();
	fl_channel_close();
	first_code = body.code;
	first_answer = code;
	__atomic_store_n(&fl_agent.role, FL_AGENT_ASIDE, __ATOMIC_RELEASE);
	return code;
}

/* Has all of the test been run, and is it the framework that leaves? */
static bool is_after_the_test(const void *caller)
{
	return fl_agent.facts && fl_agent.facts->phase >= FL_PHASE_AFTER &&
	       fl_own_has(caller);
}

/* The code to end with; does not return in an attempt. */
static int leave(int code, const void *caller)
{
	if (is_followers_end() && !is_told(code) && !is_after_the_test(caller))
		note_early_end(code);
	if (fl_agent_is_here(FL_AGENT_ATTEMPT)) {
		if (!(fl_agent.facts && (fl_agent.facts->flags & FL_FACT_BY_STATUS)) &&
		    is_after_the_test(caller))
			fl_attempt_end();
	}
	if (fl_agent_is_here(FL_AGENT_HOST) && is_after_the_test(caller) && is_first())
		fl_group_leave(fl_agent.group);         /* a leak of the group's is not its last test's */
	return fl_exits_hold(code);
}

/* Past the interposers, which would take it for the test's own. */
void fl_agent_end(int code)
{
	for (;;)
		syscall(SYS_exit_group, code);
}

#define INTERPOSE_EXIT(name) \
	FL_EXPORT void name(int code) \
	{ \
		FL_NEXT(name)(leave(code, __builtin_return_address(0))); \
		__builtin_unreachable(); \
	}

INTERPOSE_EXIT(exit)
INTERPOSE_EXIT(_exit)
INTERPOSE_EXIT(_Exit)
INTERPOSE_EXIT(quick_exit)
