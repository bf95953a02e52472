/* SPDX-License-Identifier: MIT */
/*
 * outline.c - what the program's file has beside that which the loader needs.
 *
 * Read, not mapped: most processes are shells, whose files have nothing for us, and a map
 * with its page faults costs ten times as much.
 */
#define _GNU_SOURCE
#include "elf.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SECTIONS = 64, SEGMENTS = 32, NAMES = 2048 };

static bool read_at(int fd, void *buffer, size_t size, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* Are these the segments that are in memory? */
static bool is_program(int fd, const ElfW(Ehdr) *header, const struct fl_program *program)
{
	ElfW(Phdr) segments[SEGMENTS];
	size_t size = program->segment_count * sizeof(*segments);

	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_phentsize == sizeof(*segments) &&
	       header->e_phnum == program->segment_count && program->segment_count <= SEGMENTS &&
	       read_at(fd, segments, size, header->e_phoff) &&
	       memcmp(segments, program->segments, size) == 0;
}

static void read_link(int fd, const ElfW(Shdr) *section, struct fl_outline *outline)
{
	char bytes[sizeof(outline->link) + 8];
	size_t length, crc_at;

	if (section->sh_size > sizeof(bytes) ||
	    !read_at(fd, bytes, section->sh_size, section->sh_offset))
		return;
	length = strnlen(bytes, section->sh_size);
	crc_at = (length + 1 + 3) & ~(size_t)3;
	if (length >= sizeof(outline->link) || crc_at + sizeof(outline->crc) > section->sh_size ||
	    memchr(bytes, '/', length))
		return;
	memcpy(outline->link, bytes, length);
	outline->link[length] = '\0';
	memcpy(&outline->crc, bytes + crc_at, sizeof(outline->crc));
}

static void find_link(int fd, const ElfW(Shdr) *sections, size_t count, const ElfW(Shdr) *names,
		      struct fl_outline *outline)
{
	static const char link[] = ".gnu_debuglink";
	char text[NAMES];
	size_t i;

	if (names->sh_size > sizeof(text) || !read_at(fd, text, names->sh_size, names->sh_offset))
		return;
	for (i = 0; i < count; i++)
		if (sections[i].sh_name < names->sh_size &&
		    names->sh_size - sections[i].sh_name >= sizeof(link) &&
		    memcmp(text + sections[i].sh_name, link, sizeof(link)) == 0)
			read_link(fd, &sections[i], outline);
}

static void read_sections(int fd, const ElfW(Ehdr) *header, struct fl_outline *outline)
{
	ElfW(Shdr) sections[SECTIONS];
	size_t i, count = header->e_shnum;

	outline->has_symbols = count > SECTIONS;        /* who maps it will see */
	if (count == 0 || count > SECTIONS || header->e_shentsize != sizeof(*sections) ||
	    !read_at(fd, sections, count * sizeof(*sections), header->e_shoff))
		return;
	for (i = 0; i < count; i++)
		if (sections[i].sh_type == SHT_SYMTAB)
			outline->has_symbols = true;
	if (!outline->has_symbols && header->e_shstrndx < count)
		find_link(fd, sections, count, &sections[header->e_shstrndx], outline);
}

bool fl_outline_read(struct fl_outline *outline, const char *path, const struct fl_program *program)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ElfW(Ehdr) header;
	bool is_it;

	if (fd < 0)
		return false;
	outline->has_symbols = false;
	outline->link[0] = '\0';
	is_it = read_at(fd, &header, sizeof(header), 0) && is_program(fd, &header, program);
	if (is_it)
		read_sections(fd, &header, outline);
	close(fd);
	return is_it;
}
