/* SPDX-License-Identifier: MIT */
/*
 * suspects.c - what makes a test suspect before it has run.
 *
 * The annotations of <flicker/flicker.h> are strings in the ELF section
 * `flicker_suspect` of the program.  The section headers are read from the file,
 * the strings from memory, where the section is allocated.  Outside judges; here
 * it is only asked whether there is anything to judge.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <flicker/pattern.h>

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

static const char *section;             /* in the program's memory, or NULL */
static size_t section_bytes;

static int remember_base(struct dl_phdr_info *module, size_t size, void *base)
{
	(void)size;
	*(uintptr_t *)base = module->dlpi_addr;
	return 1;                       /* the first one is the program */
}

static bool read_at(int fd, void *bytes, size_t size, uint64_t offset)
{
	return pread(fd, bytes, size, (off_t)offset) == (ssize_t)size;
}

/* Looks through the section headers of the program's file. */
static bool find_section(int fd, ElfW(Shdr) *ret_header)
{
	static const char wanted[] = "flicker_suspect";
	ElfW(Ehdr) elf;
	ElfW(Shdr) names, header;
	unsigned i;

	if (!read_at(fd, &elf, sizeof(elf), 0) || memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
	    elf.e_shentsize != sizeof(header) || elf.e_shstrndx >= elf.e_shnum ||
	    !read_at(fd, &names, sizeof(names), elf.e_shoff + elf.e_shstrndx * sizeof(names)))
		return false;
	for (i = 0; i < elf.e_shnum; i++) {
		char name[sizeof(wanted)] = "";

		if (read_at(fd, &header, sizeof(header), elf.e_shoff + i * sizeof(header)) &&
		    (header.sh_flags & SHF_ALLOC) && header.sh_size &&
		    read_at(fd, name, sizeof(name), names.sh_offset + header.sh_name) &&
		    memcmp(name, wanted, sizeof(wanted)) == 0) {
			*ret_header = header;
			return true;
		}
	}
	return false;
}

void fl_suspects_find(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ElfW(Shdr) header;
	uintptr_t base = 0;

	if (fd < 0)
		return;
	if (find_section(fd, &header)) {
		dl_iterate_phdr(remember_base, &base);
		section = (const char *)(base + header.sh_addr);
		section_bytes = header.sh_size;
	}
	close(fd);
}

/* The next annotation at or after *at (alignment may leave NUL bytes between), or NULL. */
static const char *next_annotation(size_t *at)
{
	const char *text;

	while (*at < section_bytes && !section[*at])
		++*at;
	if (*at >= section_bytes || !memchr(section + *at, '\0', section_bytes - *at))
		return NULL;
	text = section + *at;
	*at += strlen(text) + 1;
	return text;
}

void fl_suspects_journal(void)
{
	struct fl_record_empty body = { { 0 } };
	const char *text;
	size_t at = 0;

	while (section && (text = next_annotation(&at))) {
		struct fl_piece pieces[] = { { &body, sizeof(body) }, { text, strlen(text) + 1 } };

		fl_shared_append(FL_RECORD_SUSPECT, pieces, 2);
	}
}

static bool is_annotated(const char *id)
{
	static const char prefix[] = "v1;test=";
	size_t length = strlen(id), at = 0;
	const char *text;

	while (section && (text = next_annotation(&at))) {
		if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
			continue;
		text += sizeof(prefix) - 1;
		if (strncmp(text, id, length) == 0 && (!text[length] || text[length] == ';'))
			return true;
	}
	return false;
}

bool fl_suspects_has(const char *id)
{
	const char *all = fl_entry_setting("ALL");
	const char *named = fl_entry_setting("TEST");
	const char *patterns = fl_entry_setting("SUSPECT");

	return (all && strcmp(all, "0") != 0) || (named && fl_pattern_is_line(named, id)) ||
	       (patterns && fl_pattern_match_lines(patterns, id)) || is_annotated(id);
}
