/* SPDX-License-Identifier: MIT */
/*
 * stripped.c - Check in a program without symbols: it is there, and cannot be taken over.
 *
 * What remains is a word of its own that its runner asks the environment for.  Looked for
 * only in the process that the command has started, and only to say why it has no tests.
 */
#define _GNU_SOURCE
#include "check.h"

#include <link.h>
#include <string.h>

static bool holds_word(const struct dl_phdr_info *program, const ElfW(Phdr) *segment)
{
	static const char word[] = "CK_INCLUDE_TAGS";

	return segment->p_type == PT_LOAD && !(segment->p_flags & PF_W) &&
	       memmem((const char *)program->dlpi_addr + segment->p_vaddr, segment->p_filesz, word,
		      sizeof(word));
}

/* The first module is the program. */
static int look_at_program(struct dl_phdr_info *program, size_t size, void *context)
{
	bool *is_found = context;
	unsigned i;

	(void)size;
	for (i = 0; i < program->dlpi_phnum && !*is_found; i++)
		*is_found = (program->dlpi_phdr[i].p_flags & PF_R) &&
			    holds_word(program, &program->dlpi_phdr[i]);
	return 1;
}

bool fl_check_is_hidden(void)
{
	bool is_found = false;

	dl_iterate_phdr(look_at_program, &is_found);
	return is_found;
}
