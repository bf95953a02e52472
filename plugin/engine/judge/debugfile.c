/* SPDX-License-Identifier: MIT */
/*
 * debugfile.c - of the same build, from the usual places, or not at all.
 *
 * dwfl_standard_find_debuginfo would do the same and ask debuginfod servers where
 * DEBUGINFOD_URLS is set: a network in a test run, and minutes.  So the search is
 * done here; what the client of debuginfod once fetched is read from its cache.
 * A file of another build would name wrong lines: it must have the same build id,
 * or the checksum of the link where the module has no id.
 */
#include "debugfile.h"

#include "../../base/base.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { SHORTEST_ID = 3 };               /* one byte names the folder, the others the file */

/* Where separate debug files are kept.  One for the process: libdwfl passes no context. */
static char *directories;

/* What is looked for: a build, in a file that may have this name. */
struct wanted {
	const unsigned char *id;
	size_t id_size;                 /* 0: the module has none, the checksum decides */
	uint32_t crc;
	const char *link;               /* or NULL */
	const char *beside;             /* the file that the link stands in */
};

void fl_debugfile_directories(const char *list)
{
	free(directories);
	directories = fl_base_copy(list);
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
	bool is_same = bits && n == (ssize_t)size && memcmp(bits, want, size) == 0;

	if (elf)
		elf_end(elf);
	return is_same;
}

/* The C library is never what a test is about, and its 5 MB take 130 ms. */
static bool is_libc(const char *file)
{
	static const char *const starts[] = { "libc.so.", "libc-2.", "ld-linux", "ld-2." };
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	size_t i;

	for (i = 0; i < FL_COUNT(starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool is_wanted(int fd, const struct wanted *wanted)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	if (wanted->id_size > 0)
		return has_build_id(fd, wanted->id, wanted->id_size);
	return wanted->crc != 0 && has_crc(fd, wanted->crc);
}

/* The descriptor of a file that fits, or -1.  Takes `path`, *ret_path is the caller's. */
static int try(const struct wanted *wanted, char *path, char **ret_path)
{
	autofree char *own = path;
	int fd = open(own, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (!is_wanted(fd, wanted)) {
		close(fd);
		return -1;
	}
	*ret_path = take(own);
	return fd;
}

/* The folder of `file` with its last slash, as a length. */
static int folder_length(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? (int)(slash - file) + 1 : 0;
}

static int search_beside(const struct wanted *wanted, char **ret_path)
{
	static const char *const places[] = { "", ".debug/" };
	int length = folder_length(wanted->beside), fd = -1;
	size_t i;

	for (i = 0; i < FL_COUNT(places) && fd < 0; i++)
		fd = try(wanted, fl_base_format("%.*s%s%s", length, wanted->beside, places[i],
						wanted->link), ret_path);
	return fd;
}

/* One folder of debug files: by id, then as the whole path of the module beneath it. */
static int search_directory(const struct wanted *wanted, const char *directory, int length,
			    char **ret_path)
{
	int fd = -1;

	if (wanted->id_size >= SHORTEST_ID) {
		autofree char *id = fl_base_hex(wanted->id, wanted->id_size);

		fd = try(wanted, fl_base_format("%.*s/.build-id/%.2s/%s.debug", length, directory,
						id, id + 2), ret_path);
	}
	if (fd < 0 && wanted->link && wanted->beside[0] == '/')
		fd = try(wanted, fl_base_format("%.*s%.*s%s", length, directory,
						folder_length(wanted->beside), wanted->beside,
						wanted->link), ret_path);
	return fd;
}

static int search_directories(const struct wanted *wanted, char **ret_path)
{
	const char *list = directories ? directories : FL_DEBUGFILE_DIRECTORIES;
	int fd = -1;

	while (*list && fd < 0) {
		size_t length = strcspn(list, ":");

		if (length > 0)
			fd = search_directory(wanted, list, (int)length, ret_path);
		list += length + (list[length] == ':');
	}
	return fd;
}

/* debuginfod_find_debuginfo(3), "CACHE": where its client keeps what it fetched. */
static int search_fetched(const struct wanted *wanted, char **ret_path)
{
	const char *cache = getenv("DEBUGINFOD_CACHE_PATH"), *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	autofree char *id = NULL;

	if (wanted->id_size < SHORTEST_ID)
		return -1;
	id = fl_base_hex(wanted->id, wanted->id_size);
	if (cache && *cache)
		return try(wanted, fl_base_format("%s/%s/debuginfo", cache, id), ret_path);
	if (xdg && *xdg)
		return try(wanted, fl_base_format("%s/debuginfod_client/%s/debuginfo", xdg, id),
			   ret_path);
	if (!home || !*home)
		return -1;
	return try(wanted, fl_base_format("%s/.cache/debuginfod_client/%s/debuginfo", home, id),
		   ret_path);
}

static int search(const struct wanted *wanted, char **ret_path)
{
	int fd = wanted->link && !strchr(wanted->link, '/') ? search_beside(wanted, ret_path) : -1;

	if (fd < 0)
		fd = search_directories(wanted, ret_path);
	if (fd < 0)
		fd = search_fetched(wanted, ret_path);
	return fd;
}

/*
 * What several debug files have in common dwz(1) moves into one more, which is named by
 * a path and has an id of its own.
 */
static int search_common(Dwfl_Module *module, const char *file, char **ret_path)
{
	struct wanted wanted = { .beside = file };
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(module, &bias);
	const void *id = NULL;
	ssize_t size = dwarf ? dwelf_dwarf_gnu_debugaltlink(dwarf, &wanted.link, &id) : -1;
	const char *name = wanted.link;
	int fd;

	if (size <= 0 || !name)
		return -1;
	wanted.id = id;
	wanted.id_size = (size_t)size;
	fd = try(&wanted, name[0] == '/' ? fl_base_copy(name)
			  : fl_base_format("%.*s%s", folder_length(file), file, name), ret_path);
	wanted.link = NULL;
	return fd < 0 ? search(&wanted, ret_path) : fd;
}

/* A link whose checksum happens to be 0 looks the same: there is no DWARF yet, and no end. */
static int search_once(Dwfl_Module *module, void **is_busy, const char *file, char **ret_path)
{
	int fd;

	if (*is_busy)
		return -1;
	*is_busy = module;
	fd = search_common(module, file, ret_path);
	*is_busy = NULL;
	return fd;
}

/*
 * libdwfl asks a second time once it has the DWARF, for what that has in common with
 * others; then there is a name and no checksum.
 */
int fl_debugfile_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		      const char *file, const char *debuglink, GElf_Word crc, char **ret_path)
{
	struct wanted wanted = { .crc = crc, .link = debuglink, .beside = file };
	const unsigned char *bits = NULL;
	GElf_Addr at;
	int size;

	(void)name;
	(void)base;
	if (!file || is_libc(file))
		return -1;
	if (debuglink && crc == 0)
		return search_once(module, userdata, file, ret_path);
	size = dwfl_module_build_id(module, &bits, &at);
	if (size > 0) {
		wanted.id = bits;
		wanted.id_size = (size_t)size;
	}
	return search(&wanted, ret_path);
}
