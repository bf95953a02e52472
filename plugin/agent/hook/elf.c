/* SPDX-License-Identifier: MIT */
/*
 * elf.c - an ELF file, read only, of this machine's own kind.
 *
 * The file may be cut short or made to mislead: every offset is checked against its
 * size before anything is read there.
 */
#define _GNU_SOURCE
#include "elf.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if __ELF_NATIVE_CLASS == 64
#define OUR_CLASS ELFCLASS64
#else
#define OUR_CLASS ELFCLASS32
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ORDER ELFDATA2LSB
#else
#define OUR_ORDER ELFDATA2MSB
#endif

/* NULL where [offset, offset + size) is not all in the file, or not at a multiple of `align`. */
static const void *at(const struct fl_elf *elf, uint64_t offset, uint64_t size, size_t align)
{
	if (offset > elf->size || size > elf->size - offset || offset % align != 0)
		return NULL;
	return elf->bytes + offset;
}

static bool read_header(struct fl_elf *elf)
{
	const ElfW(Ehdr) *header = at(elf, 0, sizeof(*header), _Alignof(ElfW(Ehdr)));

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != OUR_CLASS || header->e_ident[EI_DATA] != OUR_ORDER)
		return false;
	if (header->e_shentsize == sizeof(*elf->sections))
		elf->sections =
			at(elf, header->e_shoff, (uint64_t)header->e_shnum * sizeof(*elf->sections),
			   _Alignof(ElfW(Shdr)));
	elf->section_count = elf->sections ? header->e_shnum : 0;
	return true;
}

bool fl_elf_open(struct fl_elf *elf, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	void *bytes = MAP_FAILED;
	struct stat st;

	*elf = (struct fl_elf){ 0 };
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return false;
	elf->bytes = bytes;
	elf->size = (size_t)st.st_size;
	if (read_header(elf))
		return true;
	fl_elf_close(elf);
	return false;
}

void fl_elf_close(struct fl_elf *elf)
{
	if (elf->bytes)
		munmap((void *)(uintptr_t)elf->bytes, elf->size);
	*elf = (struct fl_elf){ 0 };
}

const ElfW(Shdr) *fl_elf_find(const struct fl_elf *elf, uint32_t type)
{
	size_t i;

	for (i = 0; i < elf->section_count; i++)
		if (elf->sections[i].sh_type == type)
			return &elf->sections[i];
	return NULL;
}

struct fl_elf_table fl_elf_read(const struct fl_elf *elf, const ElfW(Shdr) *section,
				size_t entry_size, size_t align)
{
	struct fl_elf_table table = { 0 };

	if (!section || section->sh_type == SHT_NOBITS)
		return table;
	table.entries = at(elf, section->sh_offset, section->sh_size, align);
	table.count = table.entries ? section->sh_size / entry_size : 0;
	return table;
}

struct fl_elf_table fl_elf_strings(const struct fl_elf *elf, const ElfW(Shdr) *section)
{
	struct fl_elf_table strings = { 0 };

	if (section->sh_link >= elf->section_count ||
	    elf->sections[section->sh_link].sh_type != SHT_STRTAB)
		return strings;
	strings = fl_elf_read(elf, &elf->sections[section->sh_link], 1, 1);
	if (strings.count > 0 && ((const char *)strings.entries)[strings.count - 1] != '\0')
		strings.count = 0;
	return strings;
}

/* The next note of [*from, end), with name and description; NULL: no more that are whole. */
static const ElfW(Nhdr) *next_note(const unsigned char **from, const unsigned char *end)
{
	const ElfW(Nhdr) *note = (const void *)*from;
	size_t room = (size_t)(end - *from);
	uint64_t size;

	if (room < sizeof(*note))
		return NULL;
	size = sizeof(*note) + (((uint64_t)note->n_namesz + 3) & ~3ull) +
	       (((uint64_t)note->n_descsz + 3) & ~3ull);
	if (size > room)
		return NULL;
	*from += size;
	return note;
}

const unsigned char *fl_elf_id_in(const unsigned char *notes, size_t size, size_t *ret_size)
{
	const unsigned char *end = notes + size;
	const ElfW(Nhdr) *note;

	while (notes && (note = next_note(&notes, end)) != NULL) {
		const unsigned char *name = (const unsigned char *)(note + 1);

		if (note->n_type != NT_GNU_BUILD_ID || note->n_namesz != sizeof("GNU") ||
		    memcmp(name, "GNU", sizeof("GNU")) != 0 || note->n_descsz == 0)
			continue;
		*ret_size = note->n_descsz;
		return name + sizeof("GNU");
	}
	return NULL;
}

const unsigned char *fl_elf_build_id(const struct fl_elf *elf, size_t *ret_size)
{
	const unsigned char *id = NULL;
	size_t i;

	for (i = 0; i < elf->section_count && !id; i++) {
		struct fl_elf_table notes = { 0 };

		if (elf->sections[i].sh_type == SHT_NOTE)
			notes = fl_elf_read(elf, &elf->sections[i], 1, 4);
		if (notes.count > 0)
			id = fl_elf_id_in(notes.entries, notes.count, ret_size);
	}
	return id;
}
