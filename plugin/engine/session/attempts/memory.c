/* SPDX-License-Identifier: MIT */
/*
 * memory.c - was it the kernel that ended a process, for want of memory?
 *
 * It was if that died of a SIGKILL that it did not send itself, while the counter of such
 * ends rose.  The counter is read when the session starts, after each group, and before
 * each attempt in a process of its own.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include <flicker/oom.h>

void fl_memory_look(struct fl_session *session)
{
	if (!session->oom_path[0])
		fl_oom_find(session->oom_path, sizeof(session->oom_path));
	session->oom_kills = fl_oom_count(session->oom_path);
}

bool fl_memory_has_run_out(const struct fl_session *session, const struct fl_facts *facts)
{
	return !facts->signal && !(facts->flags & FL_FACT_STOPPED) && session->oom_kills >= 0 &&
	       fl_oom_count(session->oom_path) > session->oom_kills;
}
