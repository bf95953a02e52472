/* SPDX-License-Identifier: MIT */
/*
 * symbolfiles.c - files appear by rename(2), and each build leaves one: the oldest go.
 *
 * A folder that somebody else could write to is not used: names from there would
 * stand in reports.
 */
#define _GNU_SOURCE
#include "symbolfiles.h"

#include "../../base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { FILES_LIMIT = 256 };

/* As the XDG base directory specification says: a relative path counts as none. */
static char *default_directory(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && cache[0] == '/')
		return fl_base_format("%s/flicker", cache);
	return home && home[0] == '/' ? fl_base_format("%s/.cache/flicker", home) : NULL;
}

static bool make_all(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		(void)mkdir(path, 0700);                /* the last one tells */
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool is_ours_alone(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

char *fl_symbolfiles_directory(const char *setting)
{
	autofree char *base = NULL, *path = NULL;

	if (setting && (!*setting || strcmp(setting, "none") == 0))
		return NULL;
	base = setting ? fl_base_copy(setting) : default_directory();
	if (!base)
		return NULL;
	path = fl_base_format("%s/symbols", base);
	return make_all(path) && is_ours_alone(path) ? take(path) : NULL;
}

/* The name of the oldest file, the caller's; NULL: there are not too many. */
static char *find_surplus(const char *directory)
{
	DIR *folder = opendir(directory);
	struct dirent *entry;
	struct timespec oldest = { 0 };
	autofree char *name = NULL;
	size_t count = 0;

	while (folder && (entry = readdir(folder))) {
		struct stat st;

		if (fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		if (count++ > 0 && (st.st_mtim.tv_sec > oldest.tv_sec ||
				    (st.st_mtim.tv_sec == oldest.tv_sec &&
				     st.st_mtim.tv_nsec >= oldest.tv_nsec)))
			continue;
		oldest = st.st_mtim;
		free(name);
		name = fl_base_copy(entry->d_name);
	}
	if (folder)
		closedir(folder);
	return count > FILES_LIMIT ? take(name) : NULL;
}

static void remove_surplus(const char *directory)
{
	char *name;

	while ((name = find_surplus(directory))) {
		autofree char *path = fl_base_format("%s/%s", directory, name);
		bool is_gone = unlink(path) == 0;

		free(name);
		if (!is_gone)
			return;
	}
}

static int write_and_rename(const char *trial, int fd, const char *path, const void *bytes,
			    size_t size)
{
	int r = fl_file_write_all(fd, bytes, size);

	if (r == 0 && rename(trial, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(trial);
	return r;
}

int fl_symbolfiles_write(const char *directory, const char *name, const void *bytes, size_t size)
{
	autofree char *path = fl_base_format("%s/%s", directory, name);
	autofree char *trial = fl_base_format("%s/.XXXXXX", directory);
	autoclose int fd = mkostemp(trial, O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = write_and_rename(trial, fd, path, bytes, size);
	if (r == 0)
		remove_surplus(directory);
	return r;
}
