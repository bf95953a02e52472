/* SPDX-License-Identifier: MIT */
/*
 * guard.c - would a fork of this process be a faithful copy of it?
 *
 * Not with more than one thread (they vanish), with sockets or epoll among its
 * descriptors, or with writable shared maps (what an attempt does to them reaches
 * the host and every other attempt).  Read from /proc without allocating.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dirent.h>
#include <fcntl.h>
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

static bool is_shared_state(int fd)
{
	char path[32] = "/proc/self/fd/", target[32] = "";
	char digits[12];
	struct stat st;
	int n = 0, value = fd;

	if (fd <= STDERR_FILENO || fl_guard_is_ours(fd) || fstat(fd, &st) < 0)
		return false;
	if (S_ISSOCK(st.st_mode))
		return true;
	if (st.st_mode & S_IFMT)
		return false;
	do
		digits[n++] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	while (n)
		strncat(path, &digits[--n], 1);
	return readlink(path, target, sizeof(target) - 1) > 0 && strstr(target, "[eventpoll]");
}

static bool has_sockets(void)
{
	_Alignas(struct entry) char buffer[2048];
	int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_found = false;
	long n;

	while (directory >= 0 && !is_found &&
	       (n = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0) {
		long at;

		for (at = 0; at < n && !is_found;) {
			const struct entry *entry = (const struct entry *)(buffer + at);
			int fd = 0;
			const char *digit;

			for (digit = entry->name; *digit >= '0' && *digit <= '9'; digit++)
				fd = fd * 10 + (*digit - '0');
			is_found = digit != entry->name && fd != directory && is_shared_state(fd);
			at += entry->size;
		}
	}
	if (directory >= 0)
		close(directory);
	return is_found;
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
	if (has_threads())
		return "threads are running before its tests";
	if (has_sockets())
		return "sockets are open before its tests";
	if (has_shared_maps())
		return "memory is shared with others before its tests";
	return NULL;
}
