/* SPDX-License-Identifier: MIT */
/*
 * dynamic.c - the program as the loader has brought it to memory.
 *
 * The loader has gone through the same tables a moment ago: their pages are there.  Imports
 * are in no hash table, and stand before what is; the rest is found by name.
 */
#define _GNU_SOURCE
#include "elf.h"

#include <string.h>

bool fl_program_has(const struct fl_program *program, uint64_t value, uint64_t size)
{
	size_t i;

	for (i = 0; i < program->segment_count; i++) {
		const ElfW(Phdr) *segment = &program->segments[i];

		if (segment->p_type == PT_LOAD && value >= segment->p_vaddr &&
		    value - segment->p_vaddr < segment->p_memsz &&
		    size <= segment->p_memsz - (value - segment->p_vaddr))
			return true;
	}
	return false;
}

/* A value that the loader may have made an address of; NULL: not in the program. */
static const void *at(const struct fl_program *program, uintptr_t value, uint64_t size)
{
	if (value >= program->base && program->base)
		value -= program->base;
	if (!value || !fl_program_has(program, value, size))
		return NULL;
	return (const void *)(program->base + value);
}

/* DT_HASH: as many chains as symbols. */
static size_t count_by_hash(const struct fl_program *program, uintptr_t value)
{
	const uint32_t *hash = at(program, value, 2 * sizeof(*hash));

	return hash ? hash[1] : 0;
}

static void read_dynamic(struct fl_program *program, const ElfW(Dyn) *dynamic, size_t count)
{
	uintptr_t symbols = 0, names = 0, gnu_hash = 0, hash = 0;

	for (; count > 0 && dynamic->d_tag != DT_NULL; dynamic++, count--)
		switch (dynamic->d_tag) {
		case DT_SYMTAB:
			symbols = dynamic->d_un.d_ptr;
			break;
		case DT_STRTAB:
			names = dynamic->d_un.d_ptr;
			break;
		case DT_STRSZ:
			program->names_size = dynamic->d_un.d_val;
			break;
		case DT_GNU_HASH:
			gnu_hash = dynamic->d_un.d_ptr;
			break;
		case DT_HASH:
			hash = dynamic->d_un.d_ptr;
			break;
		}
	program->hash = at(program, gnu_hash, 4 * sizeof(*program->hash));
	program->unhashed = program->hash ? program->hash[1] : count_by_hash(program, hash);
	program->symbols = at(program, symbols, program->unhashed * sizeof(*program->symbols));
	program->names = at(program, names, program->names_size);
	if (!program->names || program->names_size == 0 || program->names[program->names_size - 1])
		program->symbols = NULL;
}

static int keep_first(struct dl_phdr_info *module, size_t size, void *context)
{
	struct fl_program *program = context;

	(void)size;
	program->base = module->dlpi_addr;
	program->segments = module->dlpi_phdr;
	program->segment_count = module->dlpi_phnum;
	return 1;                               /* the program is the first */
}

bool fl_program_find(struct fl_program *program)
{
	size_t i;

	*program = (struct fl_program){ 0 };
	dl_iterate_phdr(keep_first, program);
	for (i = 0; i < program->segment_count; i++) {
		const ElfW(Phdr) *segment = &program->segments[i];

		if (segment->p_type == PT_DYNAMIC &&
		    fl_program_has(program, segment->p_vaddr, segment->p_memsz))
			read_dynamic(program, (const ElfW(Dyn) *)(program->base + segment->p_vaddr),
				     segment->p_memsz / sizeof(ElfW(Dyn)));
	}
	return program->segments != NULL;
}

const unsigned char *fl_program_id(const struct fl_program *program, size_t *ret_size)
{
	const unsigned char *id = NULL;
	size_t i;

	for (i = 0; i < program->segment_count && !id; i++) {
		const ElfW(Phdr) *segment = &program->segments[i];

		if (segment->p_type == PT_NOTE && segment->p_vaddr % 4 == 0 &&
		    fl_program_has(program, segment->p_vaddr, segment->p_memsz))
			id = fl_elf_id_in((const unsigned char *)(program->base + segment->p_vaddr),
					  segment->p_memsz, ret_size);
	}
	return id;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

static bool is_named(const struct fl_program *program, const ElfW(Sym) *symbol, const char *name)
{
	return symbol && symbol->st_name < program->names_size &&
	       strcmp(program->names + symbol->st_name, name) == 0;
}

/* https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html */
const ElfW(Sym) *fl_program_exports(const struct fl_program *program, const char *name)
{
	uint32_t hash = hash_of(name), index;
	const uint32_t *buckets, *chains, *link;

	if (!program->symbols || !program->hash || program->hash[0] == 0)
		return NULL;
	buckets = program->hash + 4 + program->hash[2] * (sizeof(uintptr_t) / sizeof(uint32_t));
	chains = buckets + program->hash[0] - program->hash[1];
	if (!at(program, (uintptr_t)(buckets + hash % program->hash[0]), sizeof(*buckets)))
		return NULL;
	for (index = buckets[hash % program->hash[0]]; index >= program->hash[1]; index++) {
		const ElfW(Sym) *symbol = program->symbols + index;

		link = at(program, (uintptr_t)(chains + index), sizeof(*link));
		if (!link || !at(program, (uintptr_t)symbol, sizeof(*symbol)))
			return NULL;
		if ((*link | 1) == (hash | 1) && is_named(program, symbol, name))
			return symbol;
		if (*link & 1)
			return NULL;
	}
	return NULL;
}
