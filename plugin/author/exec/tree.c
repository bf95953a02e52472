/* SPDX-License-Identifier: MIT */
/*
 * tree.c - ends all that a run left behind.
 *
 * The helper is a subreaper: what loses its parent becomes a child of it, whatever session or
 * group it has gone into.  So there is something left as long as there are children, and
 * whatever they leave when they are killed comes next.
 */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SOME = 256,
	GIVE_UP_MS = 5000,              /* what forks faster than we end it */
	FOREIGN_MS = 100,               /* what may not be told anything */
};

/* "/proc/self/task/PID/children": the helper has one thread. */
static int open_children(void)
{
	char path[64] = "/proc/self/task/", *end = path + sizeof("/proc/self/task/") - 1;
	const struct fl_fill fills[2] = { { "PID", (uint64_t)getpid() }, { NULL, 0 } };

	fl_fill_text("PID/children", fills, end);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The first children, as many as there is room for; -1: the kernel does not tell. */
static int list_children(pid_t *pids)
{
	static char bytes[SOME * 12];
	char *at = bytes, *end;
	int fd = open_children(), count = 0;
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes) - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return -1;
	bytes[n] = '\0';
	for (; count < SOME; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at || !*end)         /* none, or cut short: each ends with a blank */
			break;
		pids[count++] = (pid_t)pid;
	}
	return count;
}

/* How many were there to be told, and could be. */
static int kill_children(pid_t group, int *ret_refused)
{
	static pid_t pids[SOME];
	int count = list_children(pids), told = 0, i;

	*ret_refused = 0;
	if (count < 0)
		return group > 0 && kill(-group, SIGKILL) == 0;
	for (i = 0; i < count; i++)
		if (kill(pids[i], SIGKILL) == 0)
			told++;
		else
			++*ret_refused;
	return told;
}

static void nap(void)
{
	struct timespec moment = { 0, 200000 };

	nanosleep(&moment, NULL);
}

unsigned fl_tree_end(pid_t group, unsigned *ret_left)
{
	uint64_t begin_ns = fl_child_now_ns();
	unsigned ended = 0;
	int refused = 0;

	*ret_left = 0;
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);
		uint64_t ms = (fl_child_now_ns() - begin_ns) / 1000000;
		int told;

		if (pid < 0)
			return ended;
		if (pid > 0) {
			ended++;
			continue;
		}
		told = kill_children(group, &refused);
		if (ms >= GIVE_UP_MS || (!told && ms >= FOREIGN_MS))
			break;
		nap();
	}
	*ret_left = refused ? (unsigned)refused : 1;
	return ended + *ret_left;
}

/* ---- descriptors ---- */

struct entry {                          /* of getdents64(2) */
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void close_marked(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0 && (flags & FD_CLOEXEC))
		close(fd);
}

static void close_listed(const char *entries, long size, int kept, int listing)
{
	long at = 0;

	while (at < size) {
		const struct entry *entry = (const struct entry *)(entries + at);
		int fd = atoi(entry->name);

		if (fd != kept && fd != listing)
			close_marked(fd);
		at += entry->length;
	}
}

/*
 * Copies of a lane's sockets in another one would keep its end from being noticed.  They may be
 * 0, 1 or 2, where those were closed.
 */
void fl_tree_close_others(int kept)
{
	static _Alignas(8) char entries[4096];
	int listing = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
	long size;

	for (fd = 0; listing < 0 && fd < 1024; fd++)
		if (fd != kept)
			close_marked(fd);
	while (listing >= 0 &&
	       (size = syscall(SYS_getdents64, listing, entries, sizeof(entries))) > 0)
		close_listed(entries, size, kept, listing);
	if (listing >= 0)
		close(listing);
}
