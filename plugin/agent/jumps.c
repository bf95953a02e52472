/* SPDX-License-Identifier: MIT */
/*
 * jumps.c - longjmp and its relatives: how frameworks leave a failed test.
 *
 * The name under which a library calls it differs with its build (_FORTIFY_SOURCE
 * makes it __longjmp_chk), so all of them are watched.  The adapter is only asked
 * about jumps that start in the framework's own code.
 */
#define _GNU_SOURCE
#include "agent.h"

typedef void (*jump_function)(void *env, int value);

/* In the order of the interposers below; found before any test, for a jump may leave a signal handler. */
static struct { const char *name; jump_function next; } jumps[] = {
	{ "longjmp", NULL }, { "_longjmp", NULL }, { "siglongjmp", NULL }, { "__longjmp_chk", NULL },
};

void fl_jumps_resolve(void)
{
	size_t i;

	for (i = 0; i < sizeof(jumps) / sizeof(jumps[0]) && !jumps[i].next; i++)
		jumps[i].next = (jump_function)fl_agent_next(jumps[i].name);
}

static void look(const void *env, const void *caller)
{
	if (fl_agent.facts && fl_agent.adapter->jumps && fl_record_services.is_own(caller))
		fl_agent.adapter->jumps(env, caller);
}

/* The real names clash with the compiler's own declarations, hence the assembler labels. */
#define INTERPOSE_JUMP(ours, row, name) \
	FL_EXPORT void ours(void *env, int value) __asm__(name) __attribute__((noreturn)); \
	FL_EXPORT void ours(void *env, int value) \
	{ \
		fl_jumps_resolve(); \
		look(env, __builtin_return_address(0)); \
		jumps[row].next(env, value); \
		__builtin_unreachable(); \
	}

INTERPOSE_JUMP(fl_longjmp, 0, "longjmp")
INTERPOSE_JUMP(fl__longjmp, 1, "_longjmp")
INTERPOSE_JUMP(fl_siglongjmp, 2, "siglongjmp")
INTERPOSE_JUMP(fl___longjmp_chk, 3, "__longjmp_chk")
