/* SPDX-License-Identifier: MIT */
/*
 * stacks.c - where the threads of a process are that does not come back, seen from outside.
 *
 * elfutils attaches with ptrace for a moment; the process is about to be ended
 * anyway.  Where the system forbids that, there is no backtrace.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "../../judge/debugfile.h"

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

static int take_thread(Dwfl_Thread *thread, void *context)
{
	struct fl_stacks *stacks = context;
	struct fl_stack *stack = &stacks->stacks[stacks->count];
	struct walk walk = { .pcs = stack->pcs, .room = FL_WIRE_PCS };
	pid_t id = dwfl_thread_tid(thread);
	autofree char *path = fl_base_format("/proc/%d/comm", (int)id);
	autofree char *name = NULL;
	size_t size = 0;

	dwfl_thread_getframes(thread, take_frame, &walk);
	stack->id = id;
	stack->count = walk.count;
	stack->name[0] = '\0';
	if (fl_file_read(path, sizeof(stack->name), &name, &size) >= 0 && size)
		snprintf(stack->name, sizeof(stack->name), "%.*s", (int)strcspn(name, "\n"), name);
	return ++stacks->count < FL_STACKS ? DWARF_CB_OK : DWARF_CB_ABORT;
}

void fl_stacks_read(pid_t pid, uint64_t attempt, struct fl_stacks *ret_stacks)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = fl_debugfile_find,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	ret_stacks->attempt = attempt;
	ret_stacks->count = 0;
	if (!dwfl)
		return;
	if (dwfl_linux_proc_report(dwfl, pid) == 0 && dwfl_report_end(dwfl, NULL, NULL) == 0 &&
	    dwfl_linux_proc_attach(dwfl, pid, false) == 0)
		dwfl_getthreads(dwfl, take_thread, ret_stacks);
	dwfl_end(dwfl);
}

void fl_stacks_first(const struct fl_stacks *stacks, struct fl_facts *facts)
{
	if (!stacks->count || stacks->attempt != facts->attempt || !stacks->stacks[0].count)
		return;
	facts->pcs = (uint32_t)stacks->stacks[0].count;
	memcpy(facts->pc, stacks->stacks[0].pcs, facts->pcs * sizeof(facts->pc[0]));
	facts->flags |= FL_FACT_EXACT_PC;
}

void fl_stacks_tell(struct fl_session *session, const struct fl_facts *facts,
		    struct fl_observation *observation)
{
	const struct fl_stacks *stacks = &session->stacks;
	size_t i;

	if (!(facts->flags & FL_FACT_TIMED_OUT) || stacks->attempt != facts->attempt ||
	    stacks->count < 2)
		return;
	observation->threads = fl_base_alloc(stacks->count, sizeof(*observation->threads));
	for (i = 0; i < stacks->count; i++) {
		const struct fl_stack *stack = &stacks->stacks[i];
		struct fl_facts at = { .flags = (facts->flags & FL_FACT_EXEC) | FL_FACT_EXACT_PC };
		struct fl_thread *thread = &observation->threads[observation->thread_count++];

		at.pcs = (uint32_t)stack->count;
		memcpy(at.pc, stack->pcs, stack->count * sizeof(at.pc[0]));
		thread->id = stack->id;
		thread->name = stack->name[0] ? fl_base_copy(stack->name) : NULL;
		fl_symbols_of(session, &at, &thread->backtrace);
	}
}
