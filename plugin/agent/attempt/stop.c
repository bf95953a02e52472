/* SPDX-License-Identifier: MIT */
/*
 * stop.c - where a debugger waits for the test to fail.
 *
 * Under FL_ORDER_STOP the attempt passes through flicker_stop_here() when it first fails
 * or ends its process; a debugger has a breakpoint there (plugin/cli/debugger.c) and finds
 * in flicker_stop_pc the frame that is the test's.  A function, not SIGTRAP: without a
 * debugger nothing happens.  Signals need no such place, debuggers stop at them anyway.
 */
#define _GNU_SOURCE
#include "../agent.h"

FL_EXPORT __attribute__((weak)) volatile uintptr_t flicker_stop_pc;

FL_EXPORT __attribute__((weak, noinline)) void flicker_stop_here(void);

FL_EXPORT __attribute__((weak, noinline)) void flicker_stop_here(void)
{
	__asm__ volatile("" ::: "memory");      /* a call that is not to be optimized away */
}

FL_HOT static bool is_armed;

extern char __ehdr_start __attribute__((visibility("hidden")));        /* of this library, by the linker */
extern char _end __attribute__((visibility("hidden")));

/* The innermost frame that is neither ours nor the framework's; 0: none is known. */
static uintptr_t test_pc(const struct fl_facts *facts)
{
	uint32_t i;

	for (i = 0; i < facts->pcs; i++) {
		const char *pc = (const char *)(uintptr_t)facts->pc[i];

		if ((pc < &__ehdr_start || pc >= &_end) && !fl_own_has(pc))
			return (uintptr_t)pc;
	}
	return 0;
}

void fl_stop_arm(bool is_wanted)
{
	is_armed = is_wanted;
}

void fl_stop_here(const struct fl_facts *facts)
{
	if (!is_armed)
		return;
	is_armed = false;
	flicker_stop_pc = test_pc(facts);
	flicker_stop_here();
}
