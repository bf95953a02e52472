/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the rooms of libflicker-exec.
 *
 *     exec.c      the public face: which run is next, and when it is enough
 *     lane.c      our end of a lane: a helper process that makes one run at a time
 *     runner.c    the helper's end: starts the command, listens, waits
 *     tree.c      ends all that a run left behind
 *     capture.c   the first and the last of what it wrote
 *     fill.c      tokens in arguments
 *     port.c      a port that is free
 *
 * A lane is a copy of the caller made by a raw clone(2) without an exit signal: no wait(2) of
 * the caller's meets it, and no handler of pthread_atfork(3) runs.  The caller may have
 * threads, so nothing in a lane allocates, prints or takes a lock.  Order and outcome are in
 * shared memory, mapped at the same address on both sides; a byte on a socket says that one
 * is there.
 */
#ifndef FL_AUTHOR_EXEC_INTERNAL_H
#define FL_AUTHOR_EXEC_INTERNAL_H

#include <flicker/exec.h>

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- capture.c ---- */

/* Room for `room` bytes and a NUL. */
struct fl_capture {
	char *bytes;
	size_t room;
	uint64_t total;                 /* what came, kept or not */
};

void fl_capture_add(struct fl_capture *capture, const char *bytes, size_t size);

/* Brings what was kept into order and describes it. */
struct flicker_exec_text fl_capture_finish(struct fl_capture *capture);

/* ---- fill.c ---- */

struct fl_fill {
	const char *token;              /* NULL: there is none */
	uint64_t number;                /* what takes its place */
};

/* The bytes that `text` takes with every token filled in, NUL included, whatever the numbers. */
size_t fl_fill_size(const char *text, const struct fl_fill fills[2]);

/* Writes it to `room`; the place behind the NUL.  The first of the two goes before the second. */
char *fl_fill_text(const char *text, const struct fl_fill fills[2], char *room);

/* ---- port.c ---- */

/* A port that nobody has, for TCP and UDP, and that is not in `taken`.  0: none was found. */
unsigned fl_port_find(const unsigned *taken, size_t count);

/* ---- lane.c ---- */

enum { FL_LANE_RUN = 'r', FL_LANE_CANCEL = 'c' };

/* What is the same for all runs. */
struct fl_lane_plan {
	const struct flicker_exec_settings *settings;
	char *const *envp;
	size_t argument_bytes, argument_count;
	size_t text_limit;
};

/* Shared by both sides; never both at a time. */
struct fl_lane_memory {
	/* the order */
	char **argv;                    /* behind this struct, and its texts behind it */
	char *texts;
	const char *path;               /* NULL: argv[0] */
	char *const *envp;
	const char *directory;
	uint64_t timeout_ms;
	sigset_t mask;                  /* of the caller: the command gets it */
	/* the outcome */
	volatile pid_t pid;             /* 0: none runs */
	volatile int error;
	int status;
	bool is_out_of_time, is_cancelled;
	unsigned stragglers, left;
	uint64_t duration_ns;
	struct fl_capture out, err;
};

struct fl_lane {
	pid_t helper;                   /* 0: there is none */
	int socket;
	struct fl_lane_memory *memory;
	size_t size;                    /* of the memory */
	uint64_t number;                /* of the run, 0: idle */
	unsigned port;
};

/* Negative errno.  A lane that is all zeroes is closed. */
int fl_lane_open(struct fl_lane *lane, const struct fl_lane_plan *plan);

/* Starts the run with the lane's number and port. */
void fl_lane_start(struct fl_lane *lane, const struct fl_lane_plan *plan);

void fl_lane_cancel(struct fl_lane *lane);

/* When its socket is readable: how the run ended.  The lane is idle then, or closed. */
void fl_lane_finish(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt);

/* Its helper is gone when this returns; what it described is not to be looked at any more. */
void fl_lane_close(struct fl_lane *lane);

/* ---- runner.c: the helper ---- */

_Noreturn void fl_runner_main(struct fl_lane_memory *memory, int socket);

uint64_t fl_runner_now_ns(void);

/* ---- tree.c ---- */

/*
 * Ends and reaps all children of this process, and theirs; how many there were.  *ret_left:
 * those that could not be ended.
 */
unsigned fl_tree_end(pid_t group, unsigned *ret_left);

/* Closes all descriptors that an exec would close, but this one. */
void fl_tree_close_others(int kept);

#endif
