/* SPDX-License-Identifier: MIT */
/*
 * adapters.c - reading a third party's adapter: its ABI, from the file alone.
 *
 * The number is the first word of `flicker_adapter` (struct fl_adapter), constant and
 * without relocation: it stands in the file as it will stand in memory.
 */
#include "adapters.h"

#include "preload.h"

#include <flicker/adapter.h>

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>

static const char name[] = "flicker_adapter";

static void end_elf(Elf **elf)
{
	elf_end(*elf);
}

/* The address of the symbol, among those that are exported. */
static bool find_symbol(Elf *elf, uint64_t *ret_address)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;
	int i;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM)
			continue;
		for (i = 0; gelf_getsym(elf_getdata(section, NULL), i, &symbol); i++) {
			const char *text = elf_strptr(elf, header.sh_link, symbol.st_name);

			if (symbol.st_shndx != SHN_UNDEF && text && strcmp(text, name) == 0) {
				*ret_address = symbol.st_value;
				return true;
			}
		}
	}
	return false;
}

/* The word at an address that the file gives a value to. */
static bool read_word(Elf *elf, uint64_t address, uint32_t *ret_word)
{
	GElf_Phdr segment;
	size_t count = 0, i, size;
	const char *bytes = elf_rawfile(elf, &size);

	elf_getphdrnum(elf, &count);
	for (i = 0; bytes && i < count && gelf_getphdr(elf, (int)i, &segment); i++) {
		uint64_t at = address - segment.p_vaddr;

		if (segment.p_type != PT_LOAD || address < segment.p_vaddr ||
		    segment.p_filesz < sizeof(*ret_word) || segment.p_offset > size ||
		    at > segment.p_filesz - sizeof(*ret_word) ||
		    size - segment.p_offset < at + sizeof(*ret_word))
			continue;
		memcpy(ret_word, bytes + segment.p_offset + at, sizeof(*ret_word));
		return true;
	}
	return false;
}

static int check_abi(const char *path, uint32_t abi, struct fl_error *error)
{
	if (abi == FL_ADAPTER_ABI)
		return 0;
	return fl_error_set(error, -EINVAL, "adapter '%s' speaks ABI %u, this flicker ABI %u; %s",
			    path, abi, FL_ADAPTER_ABI, abi > FL_ADAPTER_ABI ?
			    "a newer flicker is needed" : "build it with this flicker's headers");
}

static int check_file(const char *path, struct fl_error *error)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	__attribute__((cleanup(end_elf))) Elf *elf = NULL;
	uint64_t address;
	uint32_t abi;

	if (fd < 0)
		return fl_error_set(error, -errno, "cannot open the adapter '%s': %s", path,
				    strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!find_symbol(elf, &address) || !read_word(elf, address, &abi))
		return fl_error_set(error, -EINVAL, "'%s' is no adapter: it does not export "
				    "'%s', see <flicker/adapter.h>", path, name);
	return check_abi(path, abi, error);
}

static int check(const char *file, char **ret_path, struct fl_error *error)
{
	autofree char *path = realpath(file, NULL);
	int r;

	if (!path)
		return fl_error_set(error, -errno, "cannot open the adapter '%s': %s", file,
				    strerror(errno));
	if (strpbrk(path, ": \n"))
		return fl_error_set(error, -EINVAL, "cannot preload the adapter '%s': its path "
				    "holds a space, a colon or a line's end", path);
	r = fl_preload_check_library(path, error);
	if (r >= 0)
		r = check_file(path, error);
	if (r >= 0)
		*ret_path = take(path);
	return r;
}

int fl_adapters_check(const char *files, char **ret_paths, struct fl_error *error)
{
	autofree char *paths = NULL;
	size_t length;

	for (; files && *files; files += length + (files[length] == '\n')) {
		autofree char *file = NULL, *path = NULL, *former = take(paths);
		int r;

		length = strcspn(files, "\n");
		file = fl_base_copy_n(files, length);
		r = check(file, &path, error);
		if (r < 0)
			return r;
		paths = former ? fl_base_format("%s\n%s", former, path) : take(path);
	}
	*ret_paths = take(paths);
	return 0;
}
