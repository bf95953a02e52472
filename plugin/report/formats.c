/* SPDX-License-Identifier: MIT */
/*
 * formats.c - the table of formats, and a report in its file.
 */
#define _GNU_SOURCE
#include "formats.h"

#include <errno.h>
#include <fcntl.h>

#define FL_X(id, word, ending, text, environment, appended) \
	{ .name = (word), .suffix = (ending), .summary = (text), .write = fl_write_##id, \
	  .variable = (environment), .append = (appended) },
const struct fl_format fl_formats[] = { FL_FORMAT_LIST(FL_X) };
#undef FL_X

const size_t fl_format_count = FL_COUNT(fl_formats);

const struct fl_format *fl_format_find(const char *text)
{
	size_t length = strcspn(text, "="), i;

	for (i = 0; i < fl_format_count; i++)
		if (strlen(fl_formats[i].name) == length &&
		    memcmp(fl_formats[i].name, text, length) == 0)
			return &fl_formats[i];
	return NULL;
}

int fl_format_write(fl_format_writer *write, FILE *out, const struct fl_run *run)
{
	int r;

	errno = 0;
	r = write(out, run);
	if (fflush(out) == EOF || ferror(out))
		return errno ? -errno : -EIO;
	return r;
}

int fl_format_replace(fl_format_writer *write, const char *path, const struct fl_run *run)
{
	autofree char *temporary = fl_base_format("%s.XXXXXX", path);
	int fd = mkostemp(temporary, O_CLOEXEC), r;
	FILE *out;

	if (fd < 0)
		return -errno;
	out = fdopen(fd, "w");
	r = out ? fl_format_write(write, out, run) : -errno;
	if ((out ? fclose(out) : close(fd)) < 0 && r >= 0)
		r = -errno;
	if (r >= 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary);
	return r;
}
