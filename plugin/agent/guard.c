/* SPDX-License-Identifier: MIT */
/*
 * guard.c - would a fork of this process be a faithful copy of it?
 *
 * Not with more than one thread (they vanish), with sockets, epoll, locked files or both
 * ends of a pipe among its descriptors (a parked copy keeps them open), or with writable
 * shared maps (what an attempt does to them reaches the host and every other attempt).
 * Read from /proc without allocating.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry {                          /* struct linux_dirent64, getdents(2) */
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

bool fl_guard_is_ours(int fd)
{
	return fd >= 0 && (fd == fl_agent.channel || fd == fl_agent.shared_fd || fd == fl_agent.line);
}

/* /proc/self/task has a link for itself, one for its parent, and one for each thread. */
static bool has_threads(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) == 0 && st.st_nlink > 3;
}

/* "/proc/self/<folder>/<fd>" */
static void path_of(char *path, size_t size, const char *folder, int fd)
{
	char digits[12];
	int n = 0;

	strncpy(path, "/proc/self/", size);
	strncat(path, folder, size - strlen(path) - 1);
	do
		digits[n++] = (char)('0' + fd % 10);
	while ((fd /= 10) != 0);
	while (n)
		strncat(path, &digits[--n], 1);
}

static bool is_epoll(int fd)
{
	char path[48], target[32] = "";

	path_of(path, sizeof(path), "fd/", fd);
	return readlink(path, target, sizeof(target) - 1) > 0 && strstr(target, "[eventpoll]");
}

/* A lock belongs to the open file, which a parked copy of us would keep open (flock(2)). */
static bool is_locked(int fd)
{
	char path[48], text[512];
	int file;
	ssize_t n;

	path_of(path, sizeof(path), "fdinfo/", fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	n = file < 0 ? -1 : read(file, text, sizeof(text) - 1);
	if (file >= 0)
		close(file);
	text[n > 0 ? n : 0] = '\0';
	return strstr(text, "\nlock:") != NULL;
}

/*
 * Has this process both ends of a pipe?  Then a test may close one to see the end at the
 * other, which a parked copy of us would keep away.  make's job server is such a pipe, and
 * nobody waits for its end.
 */
static bool is_own_pipe(int fd, const struct stat *st)
{
	enum { ENDS = 32 };
	static struct { ino_t inode; int mode; } ends[ENDS];
	static int count;
	const char *make = getenv("MAKEFLAGS");
	int mode = fcntl(fd, F_GETFL) & O_ACCMODE, i;

	if (fd < 0) {                   /* a new look */
		count = 0;
		return false;
	}
	if (make && strstr(make, "jobserver"))
		return false;
	for (i = 0; i < count; i++)
		if (ends[i].inode == st->st_ino && ends[i].mode != mode)
			return true;
	if (count < ENDS) {
		ends[count].inode = st->st_ino;
		ends[count++].mode = mode;
	}
	return false;
}

/* What this descriptor would have a fork share with the host, or NULL. */
static const char *shared_by(int fd)
{
	struct stat st;

	if (fd <= STDERR_FILENO || fl_guard_is_ours(fd) || fstat(fd, &st) < 0)
		return NULL;
	if (S_ISSOCK(st.st_mode) || (!(st.st_mode & S_IFMT) && is_epoll(fd)))
		return "sockets are open before its tests";
	if (S_ISREG(st.st_mode) && is_locked(fd))
		return "a file is locked before its tests";
	if (S_ISFIFO(st.st_mode) && is_own_pipe(fd, &st))
		return "a pipe is open before its tests";
	return NULL;
}

static const char *shared_by_descriptors(void)
{
	_Alignas(struct entry) char buffer[2048];
	int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *found = NULL;
	long n;

	is_own_pipe(-1, NULL);
	while (directory >= 0 && !found &&
	       (n = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0) {
		long at;

		for (at = 0; at < n && !found;) {
			const struct entry *entry = (const struct entry *)(buffer + at);
			const char *digit;
			int fd = 0;

			for (digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
				fd = fd * 10 + (*digit - '0');
			if (digit != entry->name && fd != directory)
				found = shared_by(fd);
			at += entry->size;
		}
	}
	if (directory >= 0)
		close(directory);
	return found;
}

/* One line of /proc/self/maps: "low-high rw-s offset dev inode   name". */
static bool is_shared_map(const char *line)
{
	const char *mode = strchr(line, ' ');

	return mode && strlen(mode) > 4 && mode[2] == 'w' && mode[4] == 's' &&
	       !strstr(line, "/memfd:flicker");
}

static bool has_shared_maps(void)
{
	char line[512], bytes[4096];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	bool is_found = false;
	size_t length = 0;
	ssize_t n, i;

	while (fd >= 0 && !is_found && (n = read(fd, bytes, sizeof(bytes))) > 0)
		for (i = 0; i < n && !is_found; i++) {
			if (bytes[i] != '\n') {
				if (length < sizeof(line) - 1)
					line[length++] = bytes[i];
				continue;
			}
			line[length] = '\0';
			length = 0;
			is_found = is_shared_map(line);
		}
	if (fd >= 0)
		close(fd);
	return is_found;
}

const char *fl_guard_refusal(void)
{
	const char *shared;

	if (!fl_channel_is_in_reach())
		return "the command is out of its reach: another user or another root";
	if (has_threads())
		return "threads are running before its tests";
	shared = shared_by_descriptors();
	if (shared)
		return shared;
	return has_shared_maps() ? "memory is shared with others before its tests" : NULL;
}
