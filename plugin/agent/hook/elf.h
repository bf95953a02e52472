/* SPDX-License-Identifier: MIT */
/*
 * elf.h - an ELF file, read only, of this machine's own kind.
 *
 * Nothing in the file is believed: whatever lies outside of it is not there.  No
 * allocation but the map.
 */
#ifndef FL_AGENT_HOOK_ELF_H
#define FL_AGENT_HOOK_ELF_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_elf {
	const unsigned char *bytes;
	size_t size;
	const ElfW(Ehdr) *header;
	const ElfW(Phdr) *segments;
	size_t segment_count;
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

/* Its entries; none where any of them would lie outside of the file, or not at a multiple of `align`. */
struct fl_elf_table fl_elf_read(const struct fl_elf *elf, const ElfW(Shdr) *section,
				size_t entry_size, size_t align);

/* The strings that go with a table of symbols; the last one is ended.  No entries: none. */
struct fl_elf_table fl_elf_strings(const struct fl_elf *elf, const ElfW(Shdr) *section);

/* The build id; NULL: none. */
const unsigned char *fl_elf_build_id(const struct fl_elf *elf, size_t *ret_size);

/* What .gnu_debuglink says: a file's name, and the checksum of what is in it.  NULL: nothing. */
const char *fl_elf_debug_link(const struct fl_elf *elf, uint32_t *ret_crc);

/* debugfile: the separate debug file of `program`, whose path is /proc/self/exe's; false: none that fits. */
bool fl_debugfile_open(struct fl_elf *debug, const struct fl_elf *program);

#endif
