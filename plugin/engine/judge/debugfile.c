/* SPDX-License-Identifier: MIT */
/*
 * debugfile.c - beside the module, of the same build, or not at all.
 *
 * dwfl_standard_find_debuginfo would read /usr/lib/debug for every system library
 * and ask debuginfod servers where DEBUGINFOD_URLS is set: minutes, and a network
 * in a test run.  So the search is done here.  A file of another build would name
 * wrong lines: it must have the same build id, or the checksum of the link.
 */
#include "debugfile.h"

#include "../../base/base.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <sys/stat.h>

static bool is_system(const char *file)
{
	static const char *const places[] = { "/lib/", "/lib32/", "/lib64/", "/libx32/",
					      "/usr/lib/", "/usr/lib32/", "/usr/lib64/",
					      "/usr/libx32/" };
	size_t i;

	for (i = 0; i < FL_COUNT(places); i++)
		if (strncmp(file, places[i], strlen(places[i])) == 0)
			return true;
	return false;
}

/* CRC-32 as in ISO 3309, four bits at a time. */
static uint32_t crc_add(uint32_t crc, const unsigned char *bytes, size_t size)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	size_t i;

	for (i = 0; i < size; i++) {
		crc ^= bytes[i];
		crc = table[crc & 15] ^ (crc >> 4);
		crc = table[crc & 15] ^ (crc >> 4);
	}
	return crc;
}

static bool has_crc(int fd, uint32_t want)
{
	unsigned char bytes[16384];
	uint32_t crc = UINT32_MAX;
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, bytes, sizeof(bytes), at)) > 0) {
		crc = crc_add(crc, bytes, (size_t)n);
		at += n;
	}
	return n == 0 && ~crc == want;
}

static bool has_build_id(int fd, const unsigned char *want, size_t size)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *bits = NULL;
	ssize_t n = elf ? dwelf_elf_gnu_build_id(elf, &bits) : -1;
	bool is_same = n == (ssize_t)size && memcmp(bits, want, size) == 0;

	if (elf)
		elf_end(elf);
	return is_same;
}

static bool is_of_same_build(int fd, Dwfl_Module *module, GElf_Word crc)
{
	const unsigned char *bits;
	GElf_Addr at;
	int size = dwfl_module_build_id(module, &bits, &at);

	return size > 0 ? has_build_id(fd, bits, (size_t)size) : crc != 0 && has_crc(fd, crc);
}

/* The descriptor of a regular file at `path` that fits, or -1. */
static int open_if_same(const char *path, Dwfl_Module *module, GElf_Word crc)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int found;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	if (!is_of_same_build(fd, module, crc))
		return -1;
	found = fd;
	fd = -1;
	return found;
}

static int search(Dwfl_Module *module, const char *file, const char *link, GElf_Word crc,
		  char **ret_path)
{
	static const char *const places[] = { "", ".debug/" };
	const char *slash = strrchr(file, '/');
	int directory = slash ? (int)(slash - file) + 1 : 0, fd = -1;
	size_t i;

	for (i = 0; i < FL_COUNT(places) && fd < 0; i++) {
		autofree char *path = fl_base_format("%.*s%s%s", directory, file, places[i], link);

		fd = open_if_same(path, module, crc);
		if (fd >= 0)
			*ret_path = take(path);
	}
	return fd;
}

int fl_debugfile_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		      const char *file, const char *debuglink, GElf_Word crc, char **ret_path)
{
	(void)userdata;
	(void)name;
	(void)base;
	if (!file || !debuglink || strchr(debuglink, '/') || is_system(file))
		return -1;
	return search(module, file, debuglink, crc, ret_path);
}
