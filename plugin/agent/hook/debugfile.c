/* SPDX-License-Identifier: MIT */
/*
 * debugfile.c - the separate debug file of the program: of the same build, or not at all.
 *
 * Places and order are those of the command (engine/judge/debugfile.c), but for what a client
 * of debuginfod has fetched.  A function's entry would be overwritten where a file of another
 * build says: both must have the same build id, or the checksum of the link where the program
 * has no id.
 */
#define _GNU_SOURCE
#include "elf.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct wanted {
	const unsigned char *id;
	size_t id_size;
	const char *link;               /* "" none */
	uint32_t crc;
	size_t folder;                  /* length of `program` up to its last slash; 0: not known */
	char program[PATH_MAX];
};

/* CRC-32 as in ISO 3309, four bits at a time. */
static uint32_t crc_of(const unsigned char *bytes, size_t size)
{
	uint32_t table[16], crc = UINT32_MAX, i, bit;
	size_t k;

	for (i = 0; i < 16; i++)
		for (table[i] = i, bit = 0; bit < 4; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
	for (k = 0; k < size; k++) {
		crc ^= bytes[k];
		crc = table[crc & 15] ^ (crc >> 4);
		crc = table[crc & 15] ^ (crc >> 4);
	}
	return ~crc;
}

static bool is_wanted(const struct fl_elf *debug, const struct wanted *wanted)
{
	size_t size;
	const unsigned char *id;

	if (!wanted->id)
		return crc_of(debug->bytes, debug->size) == wanted->crc;
	id = fl_elf_build_id(debug, &size);
	return id && size == wanted->id_size && memcmp(id, wanted->id, size) == 0;
}

static bool try(struct fl_elf *debug, const char *path, const struct wanted *wanted)
{
	if (!fl_elf_open(debug, path))
		return false;
	if (is_wanted(debug, wanted))
		return true;
	fl_elf_close(debug);
	return false;
}

/* ---- paths ---- */

struct path {
	char text[PATH_MAX];
	size_t length;                  /* PATH_MAX: too long */
};

static void add(struct path *path, const char *text, size_t length)
{
	if (length >= sizeof(path->text) - path->length) {
		path->length = sizeof(path->text);
		return;
	}
	memcpy(path->text + path->length, text, length);
	path->length += length;
	path->text[path->length] = '\0';
}

static void add_hex(struct path *path, const unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		char digits[] = { "0123456789abcdef"[bytes[i] >> 4],
				  "0123456789abcdef"[bytes[i] & 15] };

		add(path, digits, sizeof(digits));
	}
}

static bool try_path(struct fl_elf *debug, const struct path *path, const struct wanted *wanted)
{
	return path->length < sizeof(path->text) && try(debug, path->text, wanted);
}

static bool try_beside(struct fl_elf *debug, const char *folder, const struct wanted *wanted)
{
	struct path path;

	path.length = 0;
	add(&path, wanted->program, wanted->folder);
	add(&path, folder, strlen(folder));
	add(&path, wanted->link, strlen(wanted->link));
	return try_path(debug, &path, wanted);
}

static bool try_id(struct fl_elf *debug, const char *directory, size_t length,
		   const struct wanted *wanted)
{
	struct path path;

	path.length = 0;
	add(&path, directory, length);
	add(&path, "/.build-id/", 11);
	add_hex(&path, wanted->id, 1);
	add(&path, "/", 1);
	add_hex(&path, wanted->id + 1, wanted->id_size - 1);
	add(&path, ".debug", 6);
	return try_path(debug, &path, wanted);
}

static bool try_directory(struct fl_elf *debug, const char *directory, size_t length,
			  const struct wanted *wanted)
{
	struct path path;

	if (wanted->id && try_id(debug, directory, length, wanted))
		return true;
	if (!*wanted->link || wanted->folder == 0)
		return false;
	path.length = 0;
	add(&path, directory, length);
	add(&path, wanted->program, wanted->folder);
	add(&path, wanted->link, strlen(wanted->link));
	return try_path(debug, &path, wanted);
}

static bool try_directories(struct fl_elf *debug, const struct wanted *wanted)
{
	const char *list = getenv("FLICKER_DEBUG_DIR");
	bool is_found = false;

	if (!list || !*list)
		list = "/usr/lib/debug";
	while (*list && !is_found) {
		size_t length = strcspn(list, ":");

		if (length > 0)
			is_found = try_directory(debug, list, length, wanted);
		list += length + (list[length] == ':');
	}
	return is_found;
}

/* Of /proc/self/exe. */
static size_t find_folder(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size);

	while (length > 0 && path[length - 1] != '/')
		length--;
	return length > 0 ? (size_t)length : 0;
}

bool fl_debugfile_open(struct fl_elf *debug, const struct fl_program *program,
		       const struct fl_outline *outline)
{
	struct wanted wanted;

	wanted.id = fl_program_id(program, &wanted.id_size);
	wanted.link = outline->link;
	wanted.crc = outline->crc;
	if (!wanted.id && !*wanted.link)
		return false;
	wanted.folder = *wanted.link ? find_folder(wanted.program, sizeof(wanted.program)) : 0;
	if (wanted.folder > 0 &&
	    (try_beside(debug, "", &wanted) || try_beside(debug, ".debug/", &wanted)))
		return true;
	return try_directories(debug, &wanted);
}
