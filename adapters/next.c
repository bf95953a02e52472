/* SPDX-License-Identifier: MIT */
/*
 * next.c - the real functions behind the interposers of built-in adapters.
 */
#define _GNU_SOURCE
#include "next.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

struct search {
	const char *symbol;
	void *found;
};

static void *find_in(const char *module, const char *symbol)
{
	void *library = *module ? dlopen(module, RTLD_LAZY | RTLD_NOLOAD) : NULL;
	void *found = library ? dlsym(library, symbol) : NULL;

	if (library)
		dlclose(library);       /* it stays as long as it would without us */
	return found;
}

static int search_module(struct dl_phdr_info *module, size_t size, void *context)
{
	struct search *search = context;
	Dl_info own;

	(void)size;
	if (dladdr((const void *)search_module, &own) && strcmp(module->dlpi_name, own.dli_fname) != 0)
		search->found = find_in(module->dlpi_name, search->symbol);
	return search->found != NULL;
}

/* What dlopen() brought is out of RTLD_NEXT's sight. */
void *fl_adapter_next(const char *symbol)
{
	struct search search = { symbol, dlsym(RTLD_NEXT, symbol) };

	if (!search.found)
		dl_iterate_phdr(search_module, &search);
	return search.found;
}

void *fl_adapter_theirs(const char *symbol, const void *caller)
{
	void *found = NULL;
	Dl_info module;

	if (dladdr(caller, &module) && module.dli_fname)
		found = find_in(module.dli_fname, symbol);
	return found ? found : fl_adapter_next(symbol);
}

static int look_at_program(struct dl_phdr_info *module, size_t size, void *address)
{
	size_t i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
		uintptr_t low = module->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && (uintptr_t)address >= low &&
		    (uintptr_t)address < low + segment->p_memsz)
			return 1;
	}
	return -1;                      /* the program comes first: no other is looked at */
}

bool fl_adapter_is_program(const void *address)
{
	return dl_iterate_phdr(look_at_program, (void *)(uintptr_t)address) == 1;
}
