/* SPDX-License-Identifier: MIT */
/*
 * calls_names.c - paths as others see them: absolute, and only those that are somebody's.
 *
 * What the kernel makes up (/proc, /sys, devices, pipes) is nobody's; POSIX shared memory,
 * which shows up in /dev/shm, is.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

static bool is_outside(const char *path)
{
	return path[0] == '/' && !begins(path, "/proc/") && !begins(path, "/sys/") &&
	       (!begins(path, "/dev/") || begins(path, "/dev/shm/"));
}

/* False where it is nobody's. */
static bool resolve(struct fl_line *line, int folder, const char *path)
{
	char here[256] = "";

	if (path[0] != '/') {
		if (folder != AT_FDCWD)
			fl_line_add_target(line, folder);
		else if (syscall(SYS_getcwd, here, sizeof(here)) > 0)
			fl_line_add(line, here);
		if (line->length && line->text[line->length - 1] != '/')
			fl_line_add(line, "/");
		while (path[0] == '.' && path[1] == '/')
			path += 2;
	}
	fl_line_add(line, path);
	return is_outside(line->text);
}

bool fl_calls_is_missing(int folder, const char *path)
{
	struct stat st;
	int saved = errno;
	bool is_missing = path && fstatat(folder, path, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
			  errno == ENOENT;

	errno = saved;
	return is_missing;
}

static void note(int folder, const char *path, void (*tell)(const char *kind, const char *name))
{
	struct fl_line line = { "", 0 };
	int saved = errno;

	if (resolve(&line, folder, path))
		tell("file", line.text);
	errno = saved;
}

void fl_calls_used(int folder, const char *path)
{
	note(folder, path, fl_traces_used);
}

void fl_calls_collided(int folder, const char *path)
{
	note(folder, path, fl_traces_collided);
}

static void tell_new(const char *kind, const char *path)
{
	(void)kind;
	fl_traces_created(path, true);
}

static void tell_old(const char *kind, const char *path)
{
	(void)kind;
	fl_traces_created(path, false);
}

void fl_calls_created(int folder, const char *path, bool is_new)
{
	note(folder, path, is_new ? tell_new : tell_old);
}

void fl_calls_locked(int fd, bool is_refused)
{
	struct fl_line line = { "", 0 };
	int saved = errno;

	fl_line_add_target(&line, fd);
	if (line.text[0])
		note(AT_FDCWD, line.text, is_refused ? fl_traces_collided : fl_traces_used);
	errno = saved;
}
