/* SPDX-License-Identifier: MIT */
/*
 * proc.c - what /proc says of processes and descriptors.
 *
 * /proc/PID/task/TID/children would tell of children in one file, but many kernels are built
 * without it (CONFIG_PROC_CHILDREN), and it knows those of one thread only.
 */
#define _GNU_SOURCE
#include "proc.h"

#include "look/look.h"

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

/* Of the digits at *text, which then stands behind them. */
static int take_number(const char **text)
{
	int number = 0;

	for (; **text >= '0' && **text <= '9'; ++*text)
		number = number * 10 + (**text - '0');
	return number;
}

/* -1: the name is no number. */
static int number_of(const char *name)
{
	const char *end = name;
	int number = take_number(&end);

	return end == name || *end ? -1 : number;
}

bool fl_proc_each(const char *folder, bool (*visit)(int number, void *context), void *context)
{
	_Alignas(struct entry) char buffer[4096];
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int directory = (int)syscall(SYS_openat, AT_FDCWD, folder, flags);
	bool goes_on = true;
	long n, at;

	if (directory < 0)
		return false;
	while (goes_on && (n = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0)
		for (at = 0; at < n && goes_on; at += ((struct entry *)(buffer + at))->size) {
			int number = number_of(((struct entry *)(buffer + at))->name);

			goes_on = number < 0 || visit(number, context);
		}
	close(directory);
	return true;
}

/* "PID (name) S PARENT GROUP ...": the name may hold anything, its last parenthesis ends it. */
bool fl_proc_kin(pid_t pid, struct fl_kin *ret_kin)
{
	struct fl_line path = { "", 0 };
	char text[256];
	const char *at;

	fl_line_add(&path, "/proc/");
	fl_line_add_number(&path, (uint64_t)pid, 10);
	fl_line_add(&path, "/stat");
	fl_line_read(path.text, text, sizeof(text));
	at = strrchr(text, ')');
	if (!at || strlen(at) < 5)
		return false;
	at += 4;
	ret_kin->parent = take_number(&at);
	at += *at == ' ';
	ret_kin->group = take_number(&at);
	return true;
}

struct list {
	pid_t parent;                   /* 0: all that are there */
	pid_t *numbers;
	size_t count, room;
};

static bool add(int number, void *context)
{
	struct list *list = context;
	struct fl_kin kin;

	if (!list->parent || (fl_proc_kin(number, &kin) && kin.parent == list->parent))
		list->numbers[list->count++] = number;
	return list->count < list->room;
}

size_t fl_proc_children(pid_t parent, pid_t *pids, size_t room)
{
	struct list list = { .parent = parent, .numbers = pids, .room = room };

	fl_proc_each("/proc", add, &list);
	return list.count;
}

size_t fl_proc_threads(pid_t *ids, size_t room)
{
	struct list list = { .numbers = ids, .room = room };

	fl_proc_each("/proc/self/task", add, &list);
	return list.count;
}

bool fl_proc_is_heir(void)
{
	int is_subreaper = 0;

	return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper) == 0 && is_subreaper);
}

bool fl_proc_is_locked(int fd)
{
	struct fl_line path = { "", 0 };
	char text[1024];

	fl_line_add(&path, "/proc/self/fdinfo/");
	fl_line_add_number(&path, (uint64_t)fd, 10);
	fl_line_read(path.text, text, sizeof(text));
	return strstr(text, "\nlock:") != NULL;
}
