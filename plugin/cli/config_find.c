/* SPDX-License-Identifier: MIT */
/*
 * config_find.c - which configuration file is read: the next one up the tree, or the user's.
 *
 * A file may name commands (--wrapper).  One that somebody else has put into a folder
 * above ours, such as /tmp, is therefore passed over.
 */
#include "config.h"

#include <sys/stat.h>

static const char file_name[] = ".flicker.ini";

static bool is_there(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0;
}

/* Ours, the system's, or of whom the folder is in which we work anyway. */
static bool is_trusted(const char *path)
{
	struct stat status, here;

	if (stat(path, &status) < 0)
		return false;
	return status.st_uid == geteuid() || status.st_uid == 0 ||
	       (stat(".", &here) == 0 && status.st_uid == here.st_uid);
}

/* Goes one up; false at the root. */
static bool ascend(char *directory)
{
	char *slash = strrchr(directory, '/');

	if (!*directory || !slash)
		return false;
	*slash = '\0';
	return true;
}

/* "" is the root directory. */
static char *find_upwards(struct fl_config *config, char *directory)
{
	do {
		autofree char *path = fl_base_format("%s/%s", directory, file_name);
		autofree char *git = fl_base_format("%s/.git", directory);

		if (is_there(path) && is_trusted(path))
			return take(path);
		if (is_there(path))
			fl_config_warn(config, "'%s' belongs to another user and is not read; name "
				       "it with '--config' if you trust it", path);
		if (is_there(git))
			break;
	} while (ascend(directory));
	return NULL;
}

static char *users_own(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (base && *base == '/')
		return fl_base_format("%s/flicker/config.ini", base);
	return home && *home == '/' ? fl_base_format("%s/.config/flicker/config.ini", home) : NULL;
}

char *fl_config_find(struct fl_config *config)
{
	autofree char *directory = getcwd(NULL, 0);
	autofree char *own = users_own();
	char *path = NULL;

	if (directory && strcmp(directory, "/") == 0)
		*directory = '\0';
	if (directory)                  /* a working directory may have been removed */
		path = find_upwards(config, directory);
	if (!path && own && is_there(own))
		path = take(own);
	return path;
}
