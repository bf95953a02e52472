/* SPDX-License-Identifier: MIT */
/*
 * stacks.c - where a process is that does not come back, seen from outside.
 *
 * elfutils attaches with ptrace for a moment; the process is about to be ended
 * anyway.  Where the system forbids that, there is no backtrace.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <elfutils/libdwfl.h>

struct walk {
	uint64_t *pcs;
	size_t count, room;
};

static int take_frame(Dwfl_Frame *frame, void *context)
{
	struct walk *walk = context;
	Dwarf_Addr pc;

	if (walk->count == walk->room || !dwfl_frame_pc(frame, &pc, NULL))
		return DWARF_CB_ABORT;
	walk->pcs[walk->count++] = pc;
	return DWARF_CB_OK;
}

size_t fl_stacks_read(pid_t pid, uint64_t *pcs, size_t room)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
	};
	struct walk walk = { .pcs = pcs, .room = room };
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (!dwfl)
		return 0;
	if (dwfl_linux_proc_report(dwfl, pid) == 0 && dwfl_report_end(dwfl, NULL, NULL) == 0 &&
	    dwfl_linux_proc_attach(dwfl, pid, false) == 0)
		dwfl_getthread_frames(dwfl, pid, take_frame, &walk);
	dwfl_end(dwfl);
	return walk.count;
}
