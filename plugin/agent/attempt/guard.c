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
#include "../look/look.h"
#include "../proc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool fl_guard_is_ours(int fd)
{
	return fd >= 0 && (fd == fl_agent.channel || fd == fl_agent.shared_fd ||
			   fd == fl_agent.line || fl_unwind_is_ours(fd));
}

/* /proc/self/task has a link for itself, one for its parent, and one for each thread. */
bool fl_guard_has_threads(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) == 0 && st.st_nlink > 3;
}

static bool is_epoll(int fd)
{
	struct fl_line target = { "", 0 };

	fl_line_add_target(&target, fd);
	return strstr(target.text, "[eventpoll]") != NULL;
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
	/* It belongs to the open file, which a parked copy of us would keep open (flock(2)). */
	if (S_ISREG(st.st_mode) && fl_proc_is_locked(fd))
		return "a file is locked before its tests";
	if (S_ISFIFO(st.st_mode) && is_own_pipe(fd, &st))
		return "a pipe is open before its tests";
	return NULL;
}

static bool look_for_shared(int fd, void *found)
{
	*(const char **)found = shared_by(fd);
	return !*(const char **)found;
}

static const char *shared_by_descriptors(void)
{
	const char *found = NULL;

	is_own_pipe(-1, NULL);
	fl_proc_each("/proc/self/fd", look_for_shared, &found);
	return found;
}

/* One line of /proc/self/maps: "low-high rw-s offset dev inode   name". */
static bool is_shared_map(const char *line)
{
	const char *mode = strchr(line, ' ');

	return mode && strlen(mode) > 4 && mode[2] == 'w' && mode[4] == 's' &&
	       !strstr(line, "/memfd:flicker");
}

unsigned fl_guard_shared_maps(void)
{
	char line[512], bytes[4096];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	unsigned count = 0;
	size_t length = 0;
	ssize_t n, i;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		for (i = 0; i < n; i++) {
			if (bytes[i] != '\n') {
				if (length < sizeof(line) - 1)
					line[length++] = bytes[i];
				continue;
			}
			line[length] = '\0';
			length = 0;
			count += is_shared_map(line);
		}
	if (fd >= 0)
		close(fd);
	return count;
}

const char *fl_guard_refusal(unsigned maps_of_adapter)
{
	const char *shared;

	if (!fl_channel_is_in_reach())
		return "the command is out of its reach: another user or another root";
	if (fl_guard_has_threads())
		return "threads are running before its tests";
	shared = shared_by_descriptors();
	if (shared)
		return shared;
	return fl_guard_shared_maps() > maps_of_adapter ? "memory is shared with others before its tests" : NULL;
}
