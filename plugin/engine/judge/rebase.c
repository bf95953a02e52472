/* SPDX-License-Identifier: MIT */
/*
 * rebase.c - addresses of one process, said in terms of another that runs the same files.
 *
 * A file's base is the start of its mapping with offset 0, so a distance from it is the
 * same in every process.
 */
#include "rebase.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct mapping {
	uint64_t low, high, offset;
	const char *path;               /* up to the line's end; "" for none */
	size_t path_length;
};

/* Reads the line at *at and moves on; false at the end. */
static bool next_mapping(const char **at, struct mapping *ret)
{
	const char *line = *at, *end = strchr(line, '\n');
	int path = 0;

	if (!*line)
		return false;
	if (!end)
		end = line + strlen(line);
	*at = *end ? end + 1 : end;
	*ret = (struct mapping){ .path = "" };
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &ret->low, &ret->high,
		   &ret->offset, &path) < 3 || path <= 0 || line + path > end || line[path] != '/')
		return true;
	ret->path = line + path;
	ret->path_length = (size_t)(end - ret->path);
	return true;
}

static bool find_address(const char *maps, uint64_t pc, struct mapping *ret)
{
	while (next_mapping(&maps, ret))
		if (pc >= ret->low && pc < ret->high)
			return ret->path_length > 0;
	return false;
}

static bool find_base(const char *maps, const struct mapping *file, uint64_t *ret_base)
{
	struct mapping mapping;

	while (next_mapping(&maps, &mapping))
		if (mapping.offset == 0 && mapping.path_length == file->path_length &&
		    memcmp(mapping.path, file->path, file->path_length) == 0) {
			*ret_base = mapping.low;
			return true;
		}
	return false;
}

void fl_rebase(const char *from_maps, const char *to_maps, uint64_t *pcs, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct mapping file;
		uint64_t from, to;

		/* A return address may be the first after its mapping's last call. */
		if ((find_address(from_maps, pcs[i], &file) ||
		     find_address(from_maps, pcs[i] - 1, &file)) &&
		    find_base(from_maps, &file, &from) && find_base(to_maps, &file, &to))
			pcs[i] = pcs[i] - from + to;
	}
}
