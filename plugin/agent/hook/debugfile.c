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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct wanted {
	const unsigned char *id;
	size_t id_size;
	const char *link;               /* or NULL */
	uint32_t crc;
	int folder;                     /* length of `program` up to its last slash; 0: not known */
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

static bool try_beside(struct fl_elf *debug, const char *folder, const struct wanted *wanted)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.*s%s%s", wanted->folder, wanted->program, folder, wanted->link);
	return try(debug, path, wanted);
}

static bool try_id(struct fl_elf *debug, const char *directory, int length, const struct wanted *wanted)
{
	char path[PATH_MAX];
	size_t used, i;

	used = (size_t)snprintf(path, sizeof(path), "%.*s/.build-id/%02x/", length, directory,
				wanted->id[0]);
	for (i = 1; i < wanted->id_size && used < sizeof(path); i++)
		used += (size_t)snprintf(path + used, sizeof(path) - used, "%02x", wanted->id[i]);
	if (used < sizeof(path))
		used += (size_t)snprintf(path + used, sizeof(path) - used, ".debug");
	return used < sizeof(path) && try(debug, path, wanted);
}

static bool try_directory(struct fl_elf *debug, const char *directory, int length,
			  const struct wanted *wanted)
{
	char path[2 * PATH_MAX];

	if (wanted->id && try_id(debug, directory, length, wanted))
		return true;
	if (!wanted->link || wanted->folder == 0)
		return false;
	snprintf(path, sizeof(path), "%.*s%.*s%s", length, directory, wanted->folder, wanted->program,
		 wanted->link);
	return try(debug, path, wanted);
}

static bool try_directories(struct fl_elf *debug, const struct wanted *wanted)
{
	const char *list = getenv("FLICKER_DEBUG_DIR");
	bool is_found = false;

	if (!list || !*list)
		list = "/usr/lib/debug";
	while (*list && !is_found) {
		size_t length = strcspn(list, ":");

		if (length > 0 && length < PATH_MAX)
			is_found = try_directory(debug, list, (int)length, wanted);
		list += length + (list[length] == ':');
	}
	return is_found;
}

bool fl_debugfile_open(struct fl_elf *debug, const struct fl_elf *program)
{
	struct wanted wanted = { 0 };
	ssize_t length;

	wanted.id = fl_elf_build_id(program, &wanted.id_size);
	wanted.link = fl_elf_debug_link(program, &wanted.crc);
	if (!wanted.id && !wanted.link)
		return false;
	length = readlink("/proc/self/exe", wanted.program, sizeof(wanted.program) - 1);
	while (length > 0 && wanted.program[length - 1] != '/')
		length--;
	wanted.folder = length > 0 ? (int)length : 0;
	if (wanted.link && wanted.folder > 0 &&
	    (try_beside(debug, "", &wanted) || try_beside(debug, ".debug/", &wanted)))
		return true;
	return try_directories(debug, &wanted);
}
