/* SPDX-License-Identifier: MIT */
/*
 * elf.h - the program, as a file and in memory, and its separate debug file.
 *
 * Nothing in a file is believed: whatever lies outside of it is not there.  No allocation
 * but the map.
 */
#ifndef FL_AGENT_HOOK_ELF_H
#define FL_AGENT_HOOK_ELF_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- elf: a file of this machine's own kind, mapped ---- */

struct fl_elf {
	const unsigned char *bytes;
	size_t size;
	const ElfW(Shdr) *sections;
	size_t section_count;
};

/* What a section holds: `count` entries of the size that was asked for. */
struct fl_elf_table {
	const void *entries;
	size_t count;
};

bool fl_elf_open(struct fl_elf *elf, const char *path);
void fl_elf_close(struct fl_elf *elf);

/* The first section of this type, or NULL. */
const ElfW(Shdr) *fl_elf_find(const struct fl_elf *elf, uint32_t type);

/* Its entries; none where one would lie outside of the file, or not at a multiple of `align`. */
struct fl_elf_table fl_elf_read(const struct fl_elf *elf, const ElfW(Shdr) *section,
				size_t entry_size, size_t align);

/* The strings that go with a table of symbols; the last one is ended. */
struct fl_elf_table fl_elf_strings(const struct fl_elf *elf, const ElfW(Shdr) *section);

/* The build id; NULL: none. */
const unsigned char *fl_elf_build_id(const struct fl_elf *elf, size_t *ret_size);

/* The build id among `size` bytes of notes; NULL: none. */
const unsigned char *fl_elf_id_in(const unsigned char *notes, size_t size, size_t *ret_size);

/* ---- dynamic: the program as the loader has brought it to memory ---- */

struct fl_program {
	ElfW(Addr) base;
	const ElfW(Phdr) *segments;
	size_t segment_count;

	const ElfW(Sym) *symbols;       /* .dynsym; NULL: none */
	const char *names;
	size_t names_size;
	size_t unhashed;                /* so many of them are in no hash table, all imports among these */
	const uint32_t *hash;           /* DT_GNU_HASH, or NULL: there are no others */
};

/* What is in memory of the program; false: nothing that could be understood. */
bool fl_program_find(struct fl_program *program);

/* Is [value, value + size) of the file in one of its segments?  Writable, executable or neither. */
bool fl_program_has(const struct fl_program *program, uint64_t value, uint64_t size);

/* The one that others may link to by this name, or NULL. */
const ElfW(Sym) *fl_program_exports(const struct fl_program *program, const char *name);

/* The build id; NULL: none. */
const unsigned char *fl_program_id(const struct fl_program *program, size_t *ret_size);

/* ---- outline: the program's file, not mapped ---- */

struct fl_outline {
	bool has_symbols;               /* it has .symtab, or may have */
	char link[256];                 /* .gnu_debuglink: a file's name; "" none */
	uint32_t crc;                   /* of what is in it */
};

/* False: the file is not this program's. */
bool fl_outline_read(struct fl_outline *outline, const char *path,
		     const struct fl_program *program);

/* ---- debugfile ---- */

/* The separate debug file; false: none that fits. */
bool fl_debugfile_open(struct fl_elf *debug, const struct fl_program *program,
		       const struct fl_outline *outline);

#endif
