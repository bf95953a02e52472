/* SPDX-License-Identifier: MIT */
/*
 * proc.h - what /proc says of processes and descriptors.
 *
 * Read by system calls, past all interposers; no allocation, no stdio, no locale, so that
 * all of it may run in a signal handler and between a fork and a test.
 */
#ifndef FL_PROC_H
#define FL_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Tells `visit` of each number in `folder`, until it says false.  False: not readable. */
bool fl_proc_each(const char *folder, bool (*visit)(int number, void *context), void *context);

struct fl_kin {
	pid_t parent, group;
};
bool fl_proc_kin(pid_t pid, struct fl_kin *ret_kin);    /* false: there is no such process */

/* Process ids of children, zombies too, and those of our threads; at most `room`. */
size_t fl_proc_children(pid_t parent, pid_t *pids, size_t room);
size_t fl_proc_threads(pid_t *ids, size_t room);

bool fl_proc_is_heir(void);             /* do orphans become children of this process? */
bool fl_proc_is_locked(int fd);         /* by this process, or through this open file? */

#endif
