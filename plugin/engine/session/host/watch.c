/* SPDX-License-Identifier: MIT */
/*
 * watch.c - the host while its tests run: a test that does not come back, or has stopped it.
 *
 * The host goes on while we look, and a test may have written over what we read: the test is
 * named, and ended, only where two looks agree.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/classify.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum {
	STILL_TICKS = 5,                /* a host that stands still for so long was stopped */
	HANG_MS = 60000,                /* of a test in the host, where no time is known */
};

static uint64_t hang_ns(const struct fl_session *session)
{
	uint32_t ms = session->settings->timeout_ms;

	return (ms ? ms : HANG_MS) * 1000000ull;
}

/*
 * When the test in flight began, or 0.  The host goes on while we look: the time is read
 * before our own clock, and what is being written anew at this moment counts as nothing.
 */
static uint64_t begun_ns(const struct fl_shared *shared)
{
	uint64_t begun = __atomic_load_n(&shared->host.started_ns, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&shared->in_flight, __ATOMIC_ACQUIRE) ? begun : 0;
}

/*
 * Has the host been stopped, and stands still?  Looks in a row count, not time: a terminal
 * stops us with it, and when both go on it may be a moment behind.
 */
static bool stands_still(struct fl_session *session)
{
	autofree char *path = fl_base_format("/proc/%d/stat", (int)session->link.host_pid);
	autofree char *text = NULL;
	const char *state;
	size_t size;

	state = fl_file_read(path, 4096, &text, &size) < 0 ? NULL : strrchr(text, ')');
	session->still_looks = state && strncmp(state, ") T", 3) == 0 ? session->still_looks + 1 : 0;
	return session->still_looks >= STILL_TICKS;
}

/*
 * Under `run` a test that does not come back in the host is a timeout, and one that has
 * stopped the host is that; the host is ended.
 */
void fl_host_watch(struct fl_session *session)
{
	bool is_still;

	const struct fl_shared *shared = session->link.shared;
	struct fl_case *item;
	struct fl_facts facts = { 0 };
	uint64_t begun;

	if (!shared || !session->child || session->is_host_gone ||
	    (session->link.host < 0 && !session->link.is_provisional))
		return;
	begun = begun_ns(shared);
	is_still = begun && stands_still(session);
	if (!begun || (!is_still && fl_clock_ns() < begun + hang_ns(session)))
		return;
	if (!is_still && session->link.is_provisional && !session->settings->timeout_ms)
		return;                 /* a driver takes its time */
	fl_host_claim(session);
	fl_discover(session);
	fl_classify_copy(&shared->host, FL_FACTS_HOST, &facts);
	item = fl_discover_in_flight(session, shared->in_flight, shared->group, facts.test);
	if (!item || begun_ns(shared) != begun || facts.started_ns != begun)
		return;                 /* it has just come back */
	facts.flags = (facts.flags & ~FL_FACT_DONE) | FL_FACT_EXACT_PC |
		      (is_still ? FL_FACT_STOPPED : FL_FACT_TIMED_OUT);
	facts.signal = is_still ? SIGSTOP : facts.signal;
	fl_stacks_read(session->link.host_pid, facts.attempt, &session->stacks);
	fl_stacks_first(&session->stacks, &facts);
	facts.duration_ns = fl_clock_ns() - begun;
	fl_discover_set_host(session, item, &facts);
	kill(session->link.host_pid, SIGKILL);
}

/* Which test the host is in, or NULL: the program as a whole, as far as is known. */
static const char *in_flight(struct fl_session *session, uint64_t *ret_begun_ns)
{
	const struct fl_shared *shared = session->link.shared;
	uint64_t begun = shared && !session->link.is_provisional ? begun_ns(shared) : 0;
	struct fl_case *item = NULL;

	if (begun && fl_discover(session) >= 0)
		item = fl_discover_in_flight(session, shared->in_flight, shared->group, shared->host.test);
	*ret_begun_ns = item ? begun : session->launched_ns;
	return item ? item->test->id : NULL;
}

/* A terminal interrupts us and the program alike: it may be gone first. */
static bool has_ended_with_us(struct fl_session *session)
{
	int signal = WIFSIGNALED(session->child_status) ? WTERMSIG(session->child_status) : 0;

	return signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
}

void fl_host_tell_running(struct fl_session *session)
{
	bool has_limit = session->settings->timeout_ms, is_whole;
	const char *test;
	uint64_t begun;

	if (session->is_host_gone ||
	    (session->child && fl_session_reap(session) && !has_ended_with_us(session)))
		return;
	test = in_flight(session, &begun);
	is_whole = session->child && (!session->link.shared || session->link.is_provisional);
	if (test || is_whole)
		fl_caller_warn(session, "%s '%s' was running, for %.1f s%s", test ? "test" : "the program",
			       test ? test : session->settings->argv[0], (double)(fl_clock_ns() - begun) / 1e9,
			       has_limit ? "" : "; --timeout ends what takes too long");
}
