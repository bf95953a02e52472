/* SPDX-License-Identifier: MIT */
/*
 * crash.c - signals that end an attempt: where were we?
 *
 * Only in attempts; the host's handlers stay its own.  Our handlers run on an
 * alternate stack, take the program counters from the interrupted context, then
 * let happen what would have happened: the framework's handler where it has set
 * one (signal() is interposed for that), else the default action.  A handler that
 * the test sets itself wins.  The hang signal notes where the main thread is, and ends it.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int fatal_signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };

static char alternate_stack[256 << 10];
FL_HOT static sighandler_t framework_handlers[NSIG];

int fl_crash_hang_signal(void)
{
	return FL_WIRE_HANG_SIGNAL;
}

static void note(int number, void *context)
{
	struct fl_facts *facts = fl_agent.facts;

	if (!facts || fl_agent.pid != getpid())
		return;
	if (number != fl_crash_hang_signal()) {
		if (!facts->signal)
			facts->signal = number;
		if (facts->failed_phase == FL_PHASE_NONE)
			facts->failed_phase = facts->phase;
	}
	if (!facts->pcs)
		fl_unwind_context(facts, context);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)info;
	note(number, context);
	errno = saved;
	/* Not back into the test: a call that was interrupted would let it go on. */
	if (number == fl_crash_hang_signal() && fl_agent_is_here(FL_AGENT_ATTEMPT))
		fl_agent_end(1);
	if (framework_handlers[number]) {
		framework_handlers[number](number);
		return;
	}
	/* Blocked until we return, then it strikes, whether it was a fault or sent. */
	sigaction(number, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
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

	if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
		sigaction(number, &ours, NULL);
}

void fl_crash_prepare(void)
{
	size_t i;

	/* The stack's pages and the handlers stand before the fork, for every attempt at once. */
	for (i = 0; i < sizeof(fatal_signals) / sizeof(fatal_signals[0]); i++)
		set_unless_taken(fatal_signals[i]);
	set_unless_taken(fl_crash_hang_signal());
}

void fl_crash_arm(void)
{
	stack_t ours = { .ss_sp = alternate_stack, .ss_size = sizeof(alternate_stack) }, before;

	if (sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE))
		sigaltstack(&ours, NULL);
}

static bool is_ours(sighandler_t handler)
{
	return (void *)handler == (void *)on_signal;
}

/* The framework guards a test: remember its handler, keep ours before it. */
static sighandler_t guard(int number, sighandler_t handler)
{
	struct sigaction ours = our_action(), before;

	framework_handlers[number] = is_ours(handler) ? NULL : handler;
	return sigaction(number, &ours, &before) < 0 ? SIG_ERR : before.sa_handler;
}

FL_EXPORT sighandler_t signal(int number, sighandler_t handler)
{
	bool is_function = handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR;

	if (fl_agent.role == FL_AGENT_ATTEMPT && number > 0 && number < NSIG &&
	    ((is_function && fl_record_services.is_own(__builtin_return_address(0))) ||
	     is_ours(handler)))
		return guard(number, handler);
	return FL_NEXT(signal)(number, handler);
}
