/* SPDX-License-Identifier: MIT */
/*
 * exec.h - run a command again and again, several at a time, and hear how each run ended.
 *
 *     static int seen(void *context, const struct flicker_exec_attempt *attempt)
 *     {
 *         printf("run %u: %s\n", (unsigned)attempt->number, flicker_exec_word(attempt->outcome));
 *         return 0;
 *     }
 *
 *     char *argv[] = { "./test_net", "--port", "#port#", NULL };
 *     struct flicker_exec_settings settings = {
 *         .argv = argv, .runs = 100, .jobs = 4, .max_failures = 1, .port_token = "#port#",
 *         .on_attempt = seen,
 *     };
 *     struct flicker_exec *exec;
 *     int r = flicker_exec_new(&settings, &exec);
 *
 *     if (r >= 0) {
 *         r = flicker_exec_run(exec, NULL);
 *         flicker_exec_free(exec);
 *     }
 *
 * cc … $(pkg-config --cflags --libs flicker-exec).  Needs libc and nothing else, no flicker at
 * run time either.  Linux.
 *
 * Each run is a process in a group of its own: no terminal, /dev/null as standard input, pipes
 * as output.  When it has ended, or is ended, so is all that it left running, also what
 * made itself a daemon; what changed its user beyond our reach is counted and let be.  Runs
 * are started by small helper processes, one for each that runs at a time.  These are invisible
 * to the caller's wait(2) and SIGCHLD, and end everything should the caller die.  A run that
 * kills its helper is lost (FLICKER_EXEC_ERROR), and only its own process group ends with it.
 *
 * Functions return >= 0 or a negative errno.  Objects are independent: several threads may each
 * run one of their own; one object belongs to one thread at a time, flicker_exec_stop() apart.
 */
#ifndef FLICKER_EXEC_H
#define FLICKER_EXEC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a run ended.  All but the first and FLICKER_EXEC_CANCELLED are failures. */
enum flicker_exec_outcome {
	FLICKER_EXEC_PASS,              /* exit code 0 */
	FLICKER_EXEC_FAIL,              /* another exit code */
	FLICKER_EXEC_CRASH,             /* a signal */
	FLICKER_EXEC_TIMEOUT,           /* ended by us, out of time */
	FLICKER_EXEC_ERROR,             /* it could not be run, or was lost: `error` says why */
	FLICKER_EXEC_CANCELLED          /* ended by us, its outcome was no longer wanted */
};

/*
 * What a run wrote.  `bytes` are `size` bytes and a NUL behind them.  Beyond the limit the first
 * and the last half of it are kept: then `lost` bytes are missing at the offset `lost_at`.
 */
struct flicker_exec_text {
	const char *bytes;
	size_t size;
	uint64_t lost;
	size_t lost_at;
};

/* Belongs to the library, as all that it points to; gone when the callback returns. */
struct flicker_exec_attempt {
	uint64_t number;                /* from 1, in the order of starts */
	enum flicker_exec_outcome outcome;
	int exit_code;                  /* of PASS and FAIL; else -1 */
	int signal;                     /* of CRASH; else 0 */
	int error;                      /* of ERROR: an errno; EADDRINUSE: no port, ECHILD: no helper */
	unsigned port;                  /* what the port token stood for, or 0 */
	unsigned stragglers;            /* processes that it left running, ended since */
	unsigned left;                  /* of these, how many could not be ended */
	uint64_t duration_ns;           /* from before its start until it had ended */
	struct flicker_exec_text out, err;
};

/* 0: go on; anything else: start nothing more, cancel what runs. */
typedef int flicker_exec_callback(void *context, const struct flicker_exec_attempt *attempt);

/*
 * With `ahead` 0 on_attempt() is called between the runs of a job: it may prepare the next.  Else
 * as many runs more may be made before it is called for one, which is faster on a busy machine;
 * what it returns is then late for those.  Failures that end it are never late.
 *
 * Zeroed fields are defaults.  What it points to stays the caller's and must outlive the object.
 */
struct flicker_exec_settings {
	char *const *argv;              /* the command */
	const char *path;               /* the file to execute; NULL: argv[0], as execvp(3) */
	char *const *envp;              /* its environment; NULL: the caller's */
	const char *directory;          /* its working directory; NULL: the caller's */
	uint64_t runs;                  /* most runs; 0 is refused */
	unsigned jobs;                  /* at a time; 0: 1; at most FLICKER_EXEC_JOBS */
	unsigned ahead;                 /* see above; at most FLICKER_EXEC_AHEAD */
	uint64_t max_failures;          /* as many failures end it; 0: none is too many */
	uint64_t timeout_ms;            /* for a run; 0: no limit */
	size_t text_limit;              /* of out and err each; 0: FLICKER_EXEC_TEXT */
	const char *count_token;        /* in arguments, stands for the run's number; or NULL */
	const char *port_token;         /* stands for a port that was free, one a run; or NULL */
	flicker_exec_callback *on_attempt;      /* within flicker_exec_run(); or NULL */
	void *context;
};

#define FLICKER_EXEC_JOBS 256
#define FLICKER_EXEC_AHEAD 64
#define FLICKER_EXEC_TEXT 1048576

/* started == passed + failed + cancelled */
struct flicker_exec_counts {
	uint64_t started, passed, failed, cancelled;
	uint64_t duration_ns;
};

struct flicker_exec;

#pragma GCC visibility push(default)

/*
 * *ret_exec is the caller's, for flicker_exec_free().  -EINVAL: no command, no runs, too many
 * jobs, too far ahead, an empty token; -ENOMEM, also for texts beyond all memory; -EMFILE.
 */
int flicker_exec_new(const struct flicker_exec_settings *settings, struct flicker_exec **ret_exec);

/*
 * Returns when all runs are over that will be made, and none of their processes is left; may be
 * called again.  Each run that was started has been told to the callback.  0, also when it was
 * stopped; a negative errno where no helper could be started for the runs that are left.
 * ret_counts may be NULL.
 */
int flicker_exec_run(struct flicker_exec *exec, struct flicker_exec_counts *ret_counts);

/*
 * Has flicker_exec_run() cancel what runs, start nothing more and return; one that is called
 * later returns at once.  From any thread, and from signal handlers.
 */
void flicker_exec_stop(struct flicker_exec *exec);

/* Not while it runs.  NULL is fine. */
void flicker_exec_free(struct flicker_exec *exec);

/* "pass", "fail", "crash", "timeout", "error", "cancelled" */
const char *flicker_exec_word(enum flicker_exec_outcome outcome);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
