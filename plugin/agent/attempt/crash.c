/* SPDX-License-Identifier: MIT */
/*
 * crash.c - signals that end an attempt: where were we?
 *
 * Only in attempts; the host's handlers stay its own.  Our handlers run on an
 * alternate stack, take the program counters from the interrupted context, then
 * let happen what would have happened: the framework's handler where it has set
 * one, else the default action.  A handler that the test sets itself wins.  The hang
 * signal notes where the main thread is, and ends it.
 *
 * A test that asks is told what there would be without us: hence signal(), sigaction()
 * and sigaltstack() are interposed.  Where it goes back to the default, or to the
 * framework's handler, ours stands before it again.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int fatal_signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };

static char alternate_stack[256 << 10];
FL_HOT static sighandler_t framework_handlers[NSIG];

/* A core is wanted, which a framework that goes on would not leave. */
FL_HOT static bool lets_die;

void fl_crash_let_die(bool is_wanted)
{
	lets_die = is_wanted;
}

int fl_crash_hang_signal(void)
{
	return FL_WIRE_HANG_SIGNAL;
}

FL_HOT static pid_t follower;                   /* where the test runs, if an adapter has forked for it */

void fl_crash_pass_on(pid_t child)
{
	follower = child;
}

/* The test is in another process: that one says where it is.  True: it was asked. */
static bool pass_on(int number)
{
	pid_t child = follower > 0 ? follower : fl_worker_of_ours();

	return number == fl_crash_hang_signal() && child > 0 && fl_agent_is_here(FL_AGENT_ATTEMPT) &&
	       syscall(SYS_tgkill, child, child, number) == 0;
}

/* Of a worker the framework's runner tells how it ended: this is no crash to it. */
static bool is_given_up(const struct fl_facts *facts, int number)
{
	return number == facts->expected_signal && !(facts->flags & FL_FACT_BY_STATUS);
}

static void note(int number, void *context)
{
	struct fl_facts *facts = fl_agent.facts;

	if (!facts || fl_agent.pid != getpid())
		return;
	if (number != fl_crash_hang_signal()) {
		if (!facts->signal && !is_given_up(facts, number))
			facts->signal = number;
		if (facts->failed_phase == FL_PHASE_NONE)
			facts->failed_phase = facts->phase;
	}
	fl_record_drop_hint();
	if (!facts->pcs)
		fl_unwind_context(facts, context);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)info;
	if (pass_on(number)) {
		errno = saved;
		return;
	}
	note(number, context);
	errno = saved;
	/* Not back into the test: a call that was interrupted would let it go on. */
	if (number == fl_crash_hang_signal() && fl_agent_is_here(FL_AGENT_ATTEMPT))
		fl_agent_end(1);
	if (framework_handlers[number] && !lets_die) {
		framework_handlers[number](number);
		return;
	}
	/* Blocked until we return, then it strikes, whether it was a fault or sent. */
	FL_NEXT(sigaction)(number, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static struct sigaction our_action(void)
{
	struct sigaction ours = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	ours.sa_sigaction = on_signal;
	return ours;
}

static void set_unless_taken(int number)
{
	struct sigaction ours = our_action(), before;

	if (FL_NEXT(sigaction)(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
		FL_NEXT(sigaction)(number, &ours, NULL);
}

void fl_crash_prepare(void)
{
	size_t i;

	/* The stack's pages and the handlers stand before the fork, for every attempt at once. */
	for (i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++)
		set_unless_taken(fatal_signals[i]);
	set_unless_taken(fl_crash_hang_signal());
}

static stack_t our_stack(void)
{
	return (stack_t){ .ss_sp = alternate_stack, .ss_size = sizeof(alternate_stack) };
}

void fl_crash_arm(void)
{
	stack_t ours = our_stack(), before;

	if (FL_NEXT(sigaltstack)(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE))
		FL_NEXT(sigaltstack)(&ours, NULL);
}

/* ---- what a test that asks is told ---- */

static bool is_watched(int number)
{
	size_t i;

	if (fl_agent.role != FL_AGENT_ATTEMPT)
		return false;
	for (i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++)
		if (fatal_signals[i] == number)
			return true;
	return number == fl_crash_hang_signal();
}

/* In the place of ours: the framework's, as signal(3) would have set it, or the default. */
static void disguise(int number, struct sigaction *action)
{
	if (action->sa_sigaction != on_signal)
		return;
	action->sa_handler = framework_handlers[number];
	sigemptyset(&action->sa_mask);
	if (!action->sa_handler) {
		action->sa_flags = 0;
		action->sa_restorer = NULL;
		return;
	}
	sigaddset(&action->sa_mask, number);
	action->sa_flags &= ~(SA_SIGINFO | SA_ONSTACK);
}

static bool is_framework_handler(const struct sigaction *action)
{
	return action->sa_handler != SIG_IGN && !(action->sa_flags & SA_SIGINFO) &&
	       fl_own_has((const void *)action->sa_handler);
}

static int set_watched(int number, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction ours = our_action(), before = { .sa_handler = SIG_DFL };
	bool is_framework = action && is_framework_handler(action);
	bool is_default = action && action->sa_handler == SIG_DFL;
	const struct sigaction *next = is_framework || is_default ? &ours : action;
	int result = FL_NEXT(sigaction)(number, next, &before);

	if (result < 0)
		return result;
	disguise(number, &before);
	if (action)
		framework_handlers[number] = is_framework ? action->sa_handler : NULL;
	if (old)
		*old = before;
	return result;
}

FL_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	return is_watched(number) ? set_watched(number, action, old) :
				    FL_NEXT(sigaction)(number, action, old);
}

FL_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	if (!is_watched(number) || handler == SIG_ERR)
		return FL_NEXT(signal)(number, handler);
	sigaddset(&action.sa_mask, number);
	return set_watched(number, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

FL_EXPORT int sigaltstack(const stack_t *stack, stack_t *old)
{
	stack_t ours = our_stack(), before = { .ss_flags = SS_DISABLE };
	int result;

	if (fl_agent.role != FL_AGENT_ATTEMPT)
		return FL_NEXT(sigaltstack)(stack, old);
	if (stack && (stack->ss_flags & SS_DISABLE))
		stack = &ours;
	result = FL_NEXT(sigaltstack)(stack, &before);
	if (before.ss_sp == alternate_stack && !(before.ss_flags & SS_ONSTACK))
		before = (stack_t){ .ss_flags = SS_DISABLE };
	if (result == 0 && old)
		*old = before;
	return result;
}
