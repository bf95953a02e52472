/* SPDX-License-Identifier: MIT */
/*
 * nest.c - the private directory of a session.
 */
#define _GNU_SOURCE
#include "nest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

static const char prefix[] = "flicker-";

enum { SETTLED_S = 60 };                /* a younger one may not be locked yet */

/* A socket's path is short by nature: a long TMPDIR is of no use to us. */
static const char *parent_directory(void)
{
	const char *parent = getenv("TMPDIR");

	return !parent || strlen(parent) > 40 || access(parent, W_OK | X_OK) < 0 ? "/tmp" : parent;
}

static bool is_left_over(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 0777) == 0700 &&
	       time(NULL) - st.st_mtime > SETTLED_S && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void remove_left_over(int parent, const char *name)
{
	autoclose int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || !is_left_over(fd))
		return;
	unlinkat(fd, "socket", 0);
	unlinkat(parent, name, AT_REMOVEDIR);   /* fails where something else is in it: not ours */
}

static void sweep(const char *parent)
{
	DIR *directory = opendir(parent);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (strncmp(entry->d_name, prefix, sizeof(prefix) - 1) == 0 &&
		    strlen(entry->d_name) == sizeof(prefix) - 1 + 6)
			remove_left_over(dirfd(directory), entry->d_name);
	if (directory)
		closedir(directory);
}

int fl_nest_open(struct fl_nest *nest, struct fl_error *error)
{
	const char *parent = parent_directory();

	*nest = (struct fl_nest){ .lock = -1 };
	sweep(parent);
	snprintf(nest->path, sizeof(nest->path), "%s/%sXXXXXX", parent, prefix);
	if (!mkdtemp(nest->path)) {
		int r = fl_error_set(error, -errno, "cannot make a directory '%s': %s", nest->path,
				     strerror(errno));

		nest->path[0] = '\0';
		return r;
	}
	nest->lock = open(nest->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (nest->lock >= 0)
		flock(nest->lock, LOCK_EX | LOCK_NB);
	return 0;
}

void fl_nest_close(struct fl_nest *nest)
{
	autofree char *socket = fl_base_format("%s/socket", nest->path);

	if (!nest->path[0])
		return;
	unlink(socket);
	rmdir(nest->path);
	fl_base_close(&nest->lock);
	*nest = (struct fl_nest){ .lock = -1 };
}
