/* SPDX-License-Identifier: MIT */
/*
 * own.c - which code is the framework's, and where its jumps end.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <link.h>

struct span {
	uintptr_t address, low, high;
};

static int find_span(struct dl_phdr_info *module, size_t size, void *context)
{
	struct span *span = context;
	unsigned i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum; i++) {
		uintptr_t low = module->dlpi_addr + module->dlpi_phdr[i].p_vaddr;
		uintptr_t high = low + module->dlpi_phdr[i].p_memsz;

		if (module->dlpi_phdr[i].p_type == PT_LOAD && span->address >= low &&
		    span->address < high) {
			span->low = low;
			span->high = high;
			return 1;
		}
	}
	return 0;
}

void fl_own_range(uintptr_t low, uintptr_t high)
{
	fl_agent.own_low = low;
	fl_agent.own_high = high;
}

void fl_own_jumps(uintptr_t low, uintptr_t high)
{
	fl_agent.jumps_low = low;
	fl_agent.jumps_high = high;
}

void fl_own_module(const void *address)
{
	struct span span = { .address = (uintptr_t)address };

	if (dl_iterate_phdr(find_span, &span))
		fl_own_range(span.low, span.high);
}

bool fl_own_has(const void *address)
{
	return (uintptr_t)address >= fl_agent.own_low && (uintptr_t)address < fl_agent.own_high;
}
