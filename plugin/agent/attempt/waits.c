/* SPDX-License-Identifier: MIT */
/*
 * waits.c - a host that waits for children of every kind shall not meet our template.
 *
 * Ordinary waits never do: the template has no exit signal.  With __WALL or __WCLONE
 * for any child they would, as programs that trace others do.  Then the template goes,
 * before the wait: this group has no forked attempts, and the journal says why.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void make_way(bool is_for_any, int options)
{
	int saved = errno;

	if (is_for_any && (options & (__WALL | __WCLONE)) && fl_agent.template_pid &&
	    fl_agent_is_here(FL_AGENT_HOST)) {
		fl_template_release();
		fl_shared_append_group(FL_RECORD_REFUSED, fl_agent.shared->group, 0,
				       "a test waits for children of every kind (__WALL)");
	}
	errno = saved;
}

FL_EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
	make_way(pid <= 0, options);
	return FL_NEXT(waitpid)(pid, status, options);
}

FL_EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
	make_way(true, options);
	return FL_NEXT(wait3)(status, options, usage);
}

FL_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	make_way(pid <= 0, options);
	return FL_NEXT(wait4)(pid, status, options, usage);
}

FL_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	make_way(type == P_ALL || type == P_PGID, options);
	return FL_NEXT(waitid)(type, id, info, options);
}
