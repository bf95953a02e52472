/* SPDX-License-Identifier: MIT */
/*
 * internal.h - the rooms of libflicker-exec.
 *
 *     exec.c      the public face: which run is next, and when it is enough
 *     lane.c      our end of a lane: a helper process that makes one run at a time
 *     runner.c    the helper's end: goes from run to run
 *     child.c     one run: starts the command, listens, waits
 *     tree.c      ends all that a run left behind
 *     capture.c   the first and the last of what it wrote
 *     fill.c      tokens in arguments
 *     port.c      a port that is free
 *
 * A lane is a copy of the caller made by a raw clone(2) without an exit signal: no wait(2) of
 * the caller's meets it, and no handler of pthread_atfork(3) runs.  The caller may have
 * threads, so nothing in a lane allocates, prints or takes a lock.
 *
 * Lanes go from run to run by themselves: they take the next number from a board that all
 * share, and put what they saw into slots, which the caller's process empties.  Nobody waits for
 * the other unless all slots are full; a byte on a socket wakes who does.
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

/* ---- the board: shared by the caller's process and all lanes ---- */

struct fl_board {
	uint64_t next;                  /* runs that were started; atomic, as all that follow */
	uint64_t failures;
	bool is_ending;                 /* no run is to be started any more */
	unsigned port_offset;
	unsigned ports[];               /* that are in use, a lane each, or 0 */
};

/* ---- port.c ---- */

/* A port that nobody has, for TCP and UDP, nor any lane.  0: none was found. */
unsigned fl_port_find(struct fl_board *board, size_t lanes);

/* Where to begin differs between processes. */
unsigned fl_port_first_offset(void);

/* ---- lane.c ---- */

enum { FL_LANE_GO = 'g', FL_LANE_CANCEL = 'c' };

/* What is the same for all lanes. */
struct fl_lane_plan {
	const struct flicker_exec_settings *settings;
	struct fl_board *board;
	size_t board_size;
	char *const *envp;
	size_t argument_bytes, argument_count;
	size_t text_limit;
	bool has_ports;
};

/* One run, as the lane saw it. */
struct fl_slot {
	uint64_t number;
	unsigned port;
	volatile pid_t pid;             /* 0: it was not started */
	volatile int error;
	int status;
	bool is_out_of_time, is_cancelled;
	unsigned stragglers, left;
	uint64_t duration_ns;
	struct fl_capture out, err;
};

/* Shared by both sides. */
struct fl_lane_memory {
	const struct fl_lane_plan *plan;
	unsigned index;                 /* of the lane */
	char **argv;                    /* of the run that is made, and its texts */
	char *texts;
	sigset_t mask;                  /* of the caller: the command gets it */
	uint64_t written, emptied;      /* slots; atomic, as the flags */
	bool is_told;                   /* the caller's process has been woken, and not come yet */
	bool is_waiting;                /* the lane, for a slot to be emptied */
	bool is_running;                /* the lane, in the next slot */
	unsigned slot_count;
	struct fl_slot slots[];
};

struct fl_lane {
	pid_t helper;                   /* 0: there is none */
	int socket;
	struct fl_lane_memory *memory;
	size_t size;                    /* of the memory */
};

/* Negative errno.  A lane that is all zeroes is closed. */
int fl_lane_open(struct fl_lane *lane, const struct fl_lane_plan *plan, unsigned index);

/* Ends what runs there; the board says that nothing else is to be started. */
void fl_lane_cancel(const struct fl_lane *lane);

/* When its socket is readable: there may be something to take.  False: the helper is gone. */
bool fl_lane_hear(struct fl_lane *lane);

/* The next run that is over; false: there is none yet.  It stays until fl_lane_empty(). */
bool fl_lane_take(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt);
void fl_lane_empty(struct fl_lane *lane);

/* Of one whose helper is gone: the run that this cost, if any.  It is the last to be taken. */
bool fl_lane_take_lost(struct fl_lane *lane, struct flicker_exec_attempt *ret_attempt);

/* Its helper is gone when this returns; what it described is not to be looked at any more. */
void fl_lane_close(struct fl_lane *lane);

/* Did the run fail, as far as the end of all runs is concerned? */
bool fl_lane_has_failed(const struct fl_slot *slot);

/* ---- runner.c: the helper ---- */

_Noreturn void fl_runner_main(struct fl_lane_memory *memory, int socket);

/* ---- child.c ---- */

/* What a run needs of its helper. */
struct fl_child {
	struct fl_lane_memory *memory;
	struct fl_slot *slot;           /* where the run is described */
	int socket, signals, null;
	bool ignores_children;          /* the caller does, and so shall the command */
	uint64_t begin_ns;
	int out[2], err[2];
};

/* From the start of the command until nothing of it is left. */
void fl_child_run(struct fl_child *child);

uint64_t fl_child_now_ns(void);

/* ---- tree.c ---- */

/*
 * Ends and reaps all children of this process, and theirs; how many had not ended by
 * themselves.  *ret_left: those that could not be ended.
 */
unsigned fl_tree_end(pid_t group, unsigned *ret_left);

/* Closes all descriptors that an exec would close, but this one. */
void fl_tree_close_others(int kept);

#endif
