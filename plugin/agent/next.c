/* SPDX-License-Identifier: MIT */
/*
 * next.c - the real functions behind our interposers.
 */
#define _GNU_SOURCE
#include "next.h"

#include "agent.h"

#include <dlfcn.h>
#include <errno.h>

static const char *const names[] = {
#define FL_X(name) #name,
	FL_NEXTS(FL_X)
#undef FL_X
};

FL_HOT static void *found[FL_NEXT_COUNT];

void *fl_next_find(enum fl_next function)
{
	if (!found[function]) {
		int saved = errno;

		found[function] = dlsym(RTLD_NEXT, names[function]);
		errno = saved;
	}
	return found[function];
}

void fl_next_find_all(void)
{
	int function;

	for (function = 0; function < FL_NEXT_COUNT; function++)
		fl_next_find((enum fl_next)function);
}
