/* SPDX-License-Identifier: MIT */
/*
 * real.c - cmocka's own functions behind our interposers.
 *
 * Versions are told apart by symbols: 2.0 kept the SONAME of 1.1.
 */
#define _GNU_SOURCE
#include "cmocka.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

struct fl_cmocka_real fl_cmocka_real;

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

/* The next definition; found also in what was loaded by dlopen, out of RTLD_NEXT's sight. */
void *fl_cmocka_next(const char *symbol)
{
	struct search search = { symbol, dlsym(RTLD_NEXT, symbol) };

	if (!search.found)
		dl_iterate_phdr(search_module, &search);
	return search.found;
}

void fl_cmocka_find_real(void)
{
	fl_cmocka_real = (struct fl_cmocka_real){
		.run = (run_function)fl_cmocka_next("_cmocka_run_group_tests"),
		.fail = (any_function)fl_cmocka_next("_fail"),
		.skip = (any_function)fl_cmocka_next("_skip"),
		.cm_print_error = (print_function)fl_cmocka_next("cm_print_error"),
		.cmocka_print_error = (print_function)fl_cmocka_next("cmocka_print_error"),
	};
}

/*
 * The names are not cmocka's alone: where it is not in the process, they belong to the
 * caller's own library, and all that registers can hold is handed through.
 */
any_function fl_cmocka_theirs(const char *symbol, const void *caller)
{
	void *found = NULL;
	Dl_info module;

	if (dladdr(caller, &module) && module.dli_fname)
		found = find_in(module.dli_fname, symbol);
	return (any_function)(found ? found : fl_cmocka_next(symbol));
}
