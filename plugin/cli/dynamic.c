/* SPDX-License-Identifier: MIT */
/*
 * dynamic.c - the dynamic section of a file, read by libelf.
 */
#include "dynamic.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>

static void end_elf(Elf **elf)
{
	elf_end(*elf);
}

static void add(struct fl_dynamic *dynamic, const char *name)
{
	size_t capacity = dynamic->count;

	dynamic->needed = fl_base_grow(dynamic->needed, &capacity, dynamic->count + 1,
				       sizeof(*dynamic->needed));
	dynamic->needed[dynamic->count++] = fl_base_copy(name);
}

static void read_section(Elf *elf, Elf_Scn *section, struct fl_dynamic *dynamic)
{
	GElf_Shdr header;
	GElf_Dyn entry;
	int i;

	if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC)
		return;
	for (i = 0; gelf_getdyn(elf_getdata(section, NULL), i, &entry); i++) {
		const char *text = entry.d_tag == DT_NEEDED ?
			elf_strptr(elf, header.sh_link, entry.d_un.d_val) : NULL;

		if (entry.d_tag == DT_NULL)
			return;
		if (text)
			add(dynamic, text);
		dynamic->is_library |= entry.d_tag == DT_SONAME || entry.d_tag == DT_NEEDED;
	}
}

static void read_segments(Elf *elf, struct fl_dynamic *dynamic)
{
	size_t count = 0, i;
	GElf_Phdr segment;

	elf_getphdrnum(elf, &count);
	for (i = 0; i < count && gelf_getphdr(elf, (int)i, &segment); i++)
		dynamic->has_loader |= segment.p_type == PT_INTERP;
}

int fl_dynamic_read(const char *path, struct fl_dynamic *ret_dynamic, struct fl_error *error)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	__attribute__((cleanup(end_elf))) Elf *elf = NULL;
	struct fl_dynamic dynamic = { 0 };
	Elf_Scn *section = NULL;

	if (fd < 0)
		return fl_error_set(error, -errno, "cannot open '%s': %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	dynamic.is_elf = elf && elf_kind(elf) == ELF_K_ELF;
	if (dynamic.is_elf) {
		read_segments(elf, &dynamic);
		while ((section = elf_nextscn(elf, section)))
			read_section(elf, section, &dynamic);
	}
	dynamic.is_library &= !dynamic.has_loader;
	*ret_dynamic = dynamic;
	return 0;
}

void fl_dynamic_clear(struct fl_dynamic *dynamic)
{
	size_t i;

	for (i = 0; i < dynamic->count; i++)
		free(dynamic->needed[i]);
	free(dynamic->needed);
	*dynamic = (struct fl_dynamic){ 0 };
}

const char *fl_dynamic_find(const struct fl_dynamic *dynamic, const char *start)
{
	size_t i;

	for (i = 0; i < dynamic->count; i++) {
		const char *slash = strrchr(dynamic->needed[i], '/');
		const char *file = slash ? slash + 1 : dynamic->needed[i];

		if (strncmp(file, start, strlen(start)) == 0)
			return dynamic->needed[i];
	}
	return NULL;
}
