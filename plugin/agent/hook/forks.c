/* SPDX-License-Identifier: MIT */
/*
 * forks.c - fork(): how some frameworks make a process for each test.
 *
 * The adapter is asked while a group is open, in the host and in attempts; the template's
 * forks are ours.  Which call is the framework's and which the test's own is for it to know.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <unistd.h>

static bool is_of_interest(void)
{
	return fl_agent.group && fl_agent.adapter && fl_agent.adapter->forks &&
	       (fl_agent.role == FL_AGENT_HOST || fl_agent.role == FL_AGENT_ATTEMPT);
}

FL_EXPORT pid_t fork(void)
{
	return is_of_interest() ? fl_agent.adapter->forks(FL_NEXT(fork)) : FL_NEXT(fork)();
}
