/* SPDX-License-Identifier: MIT */
/*
 * jumps.c - longjmp and its relatives: how frameworks leave a failed test.
 *
 * The name under which a library calls it differs with its build (_FORTIFY_SOURCE
 * makes it __longjmp_chk), so all of them are watched.  The adapter is only asked
 * about jumps that start in the framework's own code, or end where it said (own_jumps).
 */
#define _GNU_SOURCE
#include "../agent.h"

typedef void (*jump_function)(void *env, int value);

static bool is_of_interest(const void *env, const void *caller)
{
	return fl_own_has(caller) ||
	       ((uintptr_t)env >= fl_agent.jumps_low && (uintptr_t)env < fl_agent.jumps_high);
}

static void look(const void *env, const void *caller)
{
	if ((fl_agent.facts || fl_agent.role == FL_AGENT_REHEARSAL) && fl_agent.adapter->jumps &&
	    is_of_interest(env, caller))
		fl_agent.adapter->jumps(env, caller);
}

/* The real names clash with the compiler's own declarations, hence the assembler labels. */
#define INTERPOSE_JUMP(ours, row, name) \
	FL_EXPORT void ours(void *env, int value) __asm__(name) __attribute__((noreturn)); \
	FL_EXPORT void ours(void *env, int value) \
	{ \
		look(env, __builtin_return_address(0)); \
		((jump_function)fl_next_find(row))(env, value); \
		__builtin_unreachable(); \
	}

INTERPOSE_JUMP(fl_longjmp, FL_NEXT_longjmp, "longjmp")
INTERPOSE_JUMP(fl__longjmp, FL_NEXT__longjmp, "_longjmp")
INTERPOSE_JUMP(fl_siglongjmp, FL_NEXT_siglongjmp, "siglongjmp")
INTERPOSE_JUMP(fl___longjmp_chk, FL_NEXT___longjmp_chk, "__longjmp_chk")
