/* SPDX-License-Identifier: MIT */
/*
 * limits.c - no core of an attempt, and no test that notices.
 *
 * A soft limit of one byte keeps both core files and core handlers out (core(5),
 * fs/coredump.c).  A test that asks for RLIMIT_CORE is told the host's limit; one that
 * sets it has what it set told back, while the byte stays.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

static struct rlimit host_core;         /* told to tests */
static bool is_refusing;

void fl_limits_refuse_cores(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &host_core) < 0)
		return;
	limit = host_core;
	limit.rlim_cur = limit.rlim_max < 1 ? limit.rlim_max : 1;
	is_refusing = setrlimit(RLIMIT_CORE, &limit) == 0;
}

void fl_limits_allow_cores(void)
{
	struct rlimit limit = { host_core.rlim_max, host_core.rlim_max };

	if (is_refusing)
		FL_NEXT(setrlimit)(RLIMIT_CORE, &limit);
	is_refusing = false;
}

static bool is_disguised(int resource)
{
	return resource == RLIMIT_CORE && is_refusing && fl_agent.role == FL_AGENT_ATTEMPT;
}

/* The hard limit is the test's to lower, and so is the soft one below a byte. */
static int set_core(const struct rlimit *limit)
{
	struct rlimit kept = *limit;

	if (kept.rlim_cur > kept.rlim_max) {
		errno = EINVAL;
		return -1;
	}
	if (kept.rlim_cur > 1)
		kept.rlim_cur = 1;
	if (FL_NEXT(setrlimit)(RLIMIT_CORE, &kept) < 0)
		return -1;
	host_core = *limit;
	return 0;
}

FL_EXPORT int getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	if (!is_disguised((int)resource))
		return FL_NEXT(getrlimit)(resource, limit);
	*limit = host_core;
	return 0;
}

FL_EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	return is_disguised((int)resource) ? set_core(limit) : FL_NEXT(setrlimit)(resource, limit);
}

FL_EXPORT int prlimit(pid_t pid, enum __rlimit_resource resource, const struct rlimit *limit,
		      struct rlimit *old)
{
	struct rlimit before = host_core;

	if (!is_disguised((int)resource) || (pid && pid != getpid()))
		return FL_NEXT(prlimit)(pid, resource, limit, old);
	if (limit && set_core(limit) < 0)
		return -1;
	if (old)
		*old = before;
	return 0;
}

/* Where rlim_t has 64 bits anyway these are the same functions under other names. */
_Static_assert(sizeof(rlim_t) == 8, "flicker knows 64-bit systems");
#define SAME(name, ours) \
	extern __typeof__(ours) name##_same __asm__(#name) \
		__attribute__((alias(#ours), visibility("default"), nothrow, leaf))
/* cppcheck-suppress syntaxError; it knows no assembler labels here */
SAME(getrlimit64, getrlimit);
SAME(setrlimit64, setrlimit);
SAME(prlimit64, prlimit);
