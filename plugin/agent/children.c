/* SPDX-License-Identifier: MIT */
/*
 * children.c - which processes are whose, by what /proc says of each.
 *
 * /proc/PID/task/TID/children would be shorter, but many kernels are built without it
 * (CONFIG_PROC_CHILDREN), and it knows the children of one thread only.
 */
#define _GNU_SOURCE
#include "look.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry {                          /* struct linux_dirent64, getdents(2) */
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* 0: no number. */
static pid_t number_of(const char *text)
{
	pid_t number = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (*text - '0');
	return *text ? 0 : number;
}

/* "PID (name) S PPID ...": the name may hold anything, its last parenthesis ends it. */
static pid_t parent_of(const char *pid)
{
	struct fl_line path = { "", 0 };
	char text[256];
	const char *at;
	pid_t parent = 0;

	fl_line_add(&path, "/proc/");
	fl_line_add(&path, pid);
	fl_line_add(&path, "/stat");
	fl_line_read(path.text, text, sizeof(text));
	at = strrchr(text, ')');
	if (!at || strlen(at) < 5)
		return 0;
	for (at += 4; *at >= '0' && *at <= '9'; at++)
		parent = parent * 10 + (*at - '0');
	return parent;
}

/* The entries of a folder whose names are numbers, of processes of `parent` where that is not 0. */
static size_t list(const char *folder, pid_t parent, pid_t *numbers, size_t room)
{
	_Alignas(struct entry) char buffer[2048];
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int directory = (int)syscall(SYS_openat, AT_FDCWD, folder, flags);
	size_t count = 0;
	long n, at;

	while (directory >= 0 && count < room &&
	       (n = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0)
		for (at = 0; at < n && count < room; at += ((struct entry *)(buffer + at))->size) {
			const char *name = ((struct entry *)(buffer + at))->name;

			if (number_of(name) && (!parent || parent_of(name) == parent))
				numbers[count++] = number_of(name);
		}
	if (directory >= 0)
		close(directory);
	return count;
}

size_t fl_children_list(pid_t parent, pid_t *pids, size_t room)
{
	return list("/proc", parent, pids, room);
}

bool fl_children_is_heir(void)
{
	int is_subreaper = 0;

	return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper) == 0 && is_subreaper);
}

size_t fl_children_threads(pid_t *ids, size_t room)
{
	return list("/proc/self/task", 0, ids, room);
}
