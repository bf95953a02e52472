/* SPDX-License-Identifier: MIT */
/*
 * oom.h - how many processes the kernel has ended for want of memory.
 *
 * Of our cgroup: `oom_kill` of memory.events (v2; counts any kind of OOM kill) or of
 * memory.oom_control (v1, Linux 4.13).  Where neither can be read, of the whole system
 * (/proc/vmstat).  A counter that rose while a process died of a SIGKILL that nobody
 * sent says what it died of.  No allocation; both sides use it.
 */
#ifndef FLICKER_OOM_H
#define FLICKER_OOM_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reads up to `room` - 1 bytes of a small file; "" where it cannot be read. */
static inline void fl_oom_read(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n = 1;

	while (fd >= 0 && used < room - 1 && (n = read(fd, text + used, room - 1 - used)) > 0)
		used += (size_t)n;
	if (fd >= 0)
		close(fd);
	text[used] = '\0';
}

/* The number behind "oom_kill " at a line's start; -1: there is none. */
static inline int64_t fl_oom_count(const char *path)
{
	static const char key[] = "oom_kill ";
	char text[16384], *at;
	int64_t count = 0;

	fl_oom_read(path, text, sizeof(text));
	for (at = text; (at = strstr(at, key)); at++)
		if (at == text || at[-1] == '\n')
			break;
	if (!at)
		return -1;
	for (at += sizeof(key) - 1; *at >= '0' && *at <= '9'; at++)
		count = count * 10 + (*at - '0');
	return count;
}

/*
 * The counter's file of one line of /proc/PID/cgroup ("4:memory:/a", "0::/a").  `is_root`: as
 * a container sees it whose own cgroup is mounted at the root.
 */
static inline int fl_oom_path(const char *line, size_t length, int is_root, char *path, size_t room)
{
	const char *controllers = (const char *)memchr(line, ':', length);
	const char *place = controllers ? strchr(controllers + 1, ':') : NULL;
	int is_v1, n;

	if (!place || place >= line + length)
		return 0;
	is_v1 = strncmp(controllers + 1, "memory:", 7) == 0;
	if (!is_v1 && place != controllers + 1)
		return 0;
	n = snprintf(path, room, "/sys/fs/cgroup%s%.*s/memory.%s", is_v1 ? "/memory" : "",
		     is_root ? 0 : (int)(line + length - place - 1), place + 1,
		     is_v1 ? "oom_control" : "events");
	return n > 0 && (size_t)n < room;
}

/* Fills `path` with the file to give to fl_oom_count() from now on. */
static inline void fl_oom_find(char *path, size_t room)
{
	char text[4096];
	int is_root;

	fl_oom_read("/proc/self/cgroup", text, sizeof(text));
	for (is_root = 0; is_root < 2; is_root++) {
		const char *line = text;

		while (*line) {
			size_t length = strcspn(line, "\n");

			if (fl_oom_path(line, length, is_root, path, room) &&
			    fl_oom_count(path) >= 0)
				return;
			line += length + (line[length] == '\n');
		}
	}
	snprintf(path, room, "/proc/vmstat");
}

#endif
