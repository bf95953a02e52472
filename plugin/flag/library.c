/* SPDX-License-Identifier: MIT */
/*
 * library.c - can a library be preloaded into this process, and is it there already?
 *
 * ld.so(8) ignores what it cannot preload with words of its own, and the tests would run
 * as if all were well: what can be known is asked before.
 */
#define _GNU_SOURCE
#include "flag.h"

#include <flicker/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* The linker's: the ELF header of what this is linked into. */
extern const ElfW(Ehdr) own_header __asm__("__ehdr_start") __attribute__((visibility("hidden")));

/* Bytes read, or -1. */
static ssize_t read_header(const char *path, ElfW(Ehdr) *ret_header)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret_header, sizeof(*ret_header));
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return n;
}

static const char *fault_of_header(const ElfW(Ehdr) *its)
{
	if (memcmp(its->e_ident, own_header.e_ident, SELFMAG) != 0)
		return "it is no library";
	if (its->e_ident[EI_CLASS] != own_header.e_ident[EI_CLASS] ||
	    its->e_ident[EI_DATA] != own_header.e_ident[EI_DATA] ||
	    its->e_machine != own_header.e_machine)
		return "it is for another architecture";
	return its->e_type == ET_DYN ? NULL : "it is no library";
}

static const char *fault_of_file(const char *path)
{
	ElfW(Ehdr) header;
	ssize_t n = read_header(path, &header);

	if (n < 0)
		return strerror(errno);
	return n < (ssize_t)sizeof(header) ? "it is no library" : fault_of_header(&header);
}

bool fl_flag_library_is_static(void)
{
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM), i;

	for (i = 0; segment && i < count; i++)
		if (segment[i].p_type == PT_INTERP)
			return false;
	return segment != NULL;
}

static const char *fault(struct fl_flag_library *library)
{
	if (fl_flag_library_is_static())
		return "a static executable cannot preload";
	if (!realpath(library->path, library->resolved))
		return strerror(errno);
	if (strpbrk(library->resolved, ": "))
		return "LD_PRELOAD takes no path with a colon or a space";
	return fault_of_file(library->resolved);
}

void fl_flag_library_check(struct fl_flag_library *library)
{
	const char *why = fault(library);

	snprintf(library->refusal, sizeof(library->refusal), "%s", why ? why : "");
}

struct search {
	const char *name, *found;
};

static int look_at(struct dl_phdr_info *module, size_t size, void *context)
{
	struct search *search = context;
	const char *rest = fl_plugin_after(fl_plugin_name(module->dlpi_name), search->name);

	(void)size;
	if (rest && (!*rest || *rest == '.'))
		search->found = module->dlpi_name;
	return search->found != NULL;
}

const char *fl_flag_library_loaded(const char *name)
{
	struct search search = { name, NULL };

	if (*name)
		dl_iterate_phdr(look_at, &search);
	return search.found;
}
