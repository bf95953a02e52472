/* SPDX-License-Identifier: MIT */
/*
 * mute.c - the framework's own lines, where GoogleTest's stand in their place.
 *
 * Between tests descriptors 1 and 2 lead to /dev/null; while code of the program runs they
 * are its own.  What they are is looked at each time, for a test may have changed it.  Where
 * there is no room for a copy, or no /dev/null, nothing is muted.
 */
#define _GNU_SOURCE
#include "face.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

enum { STREAMS = 2 };

static int kept[STREAMS] = { -1, -1 };          /* of descriptors 1 and 2; -1: not muted */

static void flush(void)
{
	fflush(stdout);
	fflush(stderr);
}

/*
 * Whether it is written line by line libc decides when stdout is first used, by what it is
 * then: that would be /dev/null, and what is said before a crash on a terminal would be lost.
 */
static void settle_buffering(void)
{
	if (fileno(stdout) == STDOUT_FILENO && __fbufsize(stdout) == 0 && isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOLBF, 0);
}

/* One that is closed stays so: opened first, /dev/null would take its place. */
static void lead_away(int fd, int *ret_kept)
{
	int null;

	*ret_kept = fl_agent_lift(dup(fd));
	if (*ret_kept < 0)
		return;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0) {
		close(*ret_kept);
		*ret_kept = -1;
		return;
	}
	dup2(null, fd);
	close(null);
}

static void lead_back(int fd, int *ret_kept)
{
	dup2(*ret_kept, fd);
	close(*ret_kept);
	*ret_kept = -1;
}

void fl_mute_on(void)
{
	int saved = errno, i;

	flush();
	settle_buffering();
	for (i = 0; i < STREAMS; i++)
		if (kept[i] < 0)
			lead_away(i + 1, &kept[i]);
	errno = saved;
}

void fl_mute_off(void)
{
	int saved = errno, i;

	if (kept[0] < 0 && kept[1] < 0)
		return;
	flush();
	for (i = 0; i < STREAMS; i++)
		if (kept[i] >= 0)
			lead_back(i + 1, &kept[i]);
	errno = saved;
}

int fl_mute_stdout(void)
{
	return kept[0] < 0 ? STDOUT_FILENO : kept[0];
}
