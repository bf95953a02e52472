/* SPDX-License-Identifier: MIT */
/*
 * process.h - a program started under a supervisor, and ended with all that it leaves.
 *
 * The supervisor is a small process between us and the program: a subreaper, so that
 * what the program leaves running becomes its child and is ended; it ends the program
 * when we say so or are gone.  The program has a process group of its own.
 */
#ifndef FL_PROCESS_H
#define FL_PROCESS_H

#include "base.h"

#include <sys/types.h>

struct fl_process_spec {
	const char *path;               /* searched as execvp(3) does */
	char *const *argv;
	char *const *envp;
	const char *cwd;                /* NULL: ours */
	bool is_foreground;             /* keeps our terminal and descriptors 0 to 2: for a debugger */
};

struct fl_process {
	pid_t supervisor;
	pid_t pid;                      /* of the program */
	int output;                     /* its descriptors 1 and 2, read end; -1 in the foreground */
	int control;                    /* closed: the supervisor ends the program */
	int report;                     /* readable when it has ended */
};

struct fl_process_end {
	int status;                     /* as of waitpid(2); of a stopped one, what stopped it */
	bool is_stopped;                /* by a signal; it was ended then */
	bool is_lost;                   /* the supervisor itself was ended: how the program did is not known */
	uint32_t stragglers;            /* processes ended after it */
};

/* What is open now goes on to programs; without this, nothing but the standard descriptors. */
void fl_process_keep_descriptors(void);

/*
 * Has SIGCHLD not be ignored, as whoever started us may have left it: once, before the first
 * start.  Programs find it as it was; who forks by themselves calls restore in the child.
 */
void fl_process_hear_children(void);
void fl_process_restore_signals(void);

/* Negative errno with error set, also where the program cannot be executed. */
int fl_process_start(const struct fl_process_spec *spec, struct fl_process *ret_process,
		     struct fl_error *error);

/* Asks the supervisor to end it; fl_process_finish() comes after. */
void fl_process_kill(struct fl_process *process);

/* Waits for the supervisor's report and gives everything back. */
void fl_process_finish(struct fl_process *process, struct fl_process_end *ret_end);

#endif
