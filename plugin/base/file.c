/* SPDX-License-Identifier: MIT */
/*
 * file.c - whole files in, whole buffers out.
 *
 * Sizes are never taken from stat(2): files of /proc say 0, and others may grow
 * while they are read.
 */
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { FIRST_READ = 16384 };

static ssize_t read_some(int fd, char *bytes, size_t size)
{
	ssize_t n;

	do
		n = read(fd, bytes, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Reads until the end; *text always has room for a byte more than is used. */
static int read_to_end(int fd, size_t limit, char **text, size_t *used)
{
	size_t capacity = 0;
	ssize_t n;

	do {
		*text = fl_base_grow(*text, &capacity, *used + FIRST_READ, 1);
		n = read_some(fd, *text + *used, capacity - *used - 1);
		if (n < 0)
			return (int)n;
		*used += (size_t)n;
		if (*used > limit)
			return -EFBIG;
	} while (n > 0);
	(*text)[*used] = '\0';
	return 0;
}

int fl_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	autofree char *text = NULL;
	size_t used = 0;
	int r;

	if (fd < 0)
		return -errno;
	r = read_to_end(fd, limit, &text, &used);
	if (r < 0)
		return r;
	*ret_text = take(text);
	if (ret_size)
		*ret_size = used;
	return 0;
}

/* /dev/stderr and its like: it may lead to a regular file, and the link must not be replaced. */
static bool leads_to_descriptor(const char *path)
{
	static const char proc[] = "/proc/";
	char target[sizeof(proc) - 1];

	return readlink(path, target, sizeof(target)) == (ssize_t)sizeof(target) &&
	       memcmp(target, proc, sizeof(target)) == 0;
}

int fl_file_check_target(const char *path)
{
	struct stat status;

	if (leads_to_descriptor(path))
		return -EINVAL;
	if (stat(path, &status) < 0 || S_ISREG(status.st_mode))
		return 0;
	return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
}

/* The same for every way to write the path of a file that need not be there. */
static char *plain_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *folder = fl_base_copy_n(path, slash ? (size_t)(slash - path + 1) : 0);
	autofree char *real = realpath(*folder ? folder : ".", NULL);

	return fl_base_format("%s/%s", real ? real : folder, slash ? slash + 1 : path);
}

bool fl_file_is_same(const char *a, const char *b)
{
	autofree char *plain_a = plain_path(a), *plain_b = plain_path(b);
	struct stat one, other;

	if (strcmp(plain_a, plain_b) == 0)
		return true;
	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

int fl_file_make_folders(const char *path)
{
	autofree char *folder = fl_base_copy(path);
	char *slash = folder;

	while (*slash && (slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		if (mkdir(folder, 0777) < 0 && errno != EEXIST) {
			struct stat status;
			int r = -errno;

			/* a file system may refuse to make what is there already */
			if (stat(folder, &status) < 0)
				return r;
		}
		*slash = '/';
	}
	return 0;
}

int fl_file_write_all(int fd, const void *bytes, size_t size)
{
	const char *next = bytes;

	while (size > 0) {
		ssize_t n = write(fd, next, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			next += n;
			size -= (size_t)n;
		}
	}
	return 0;
}
