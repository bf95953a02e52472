/* SPDX-License-Identifier: MIT */
/*
 * wire.h - what passes between the agent (inside) and the command (outside).
 *
 * Two ways, one set of records:
 *  - shared memory, a memfd that the host reserves once: a control part, the
 *    facts of the host's test in flight, slots for the facts of attempts, and the
 *    journal, to which the host appends a record for all that the outside must
 *    know even if the host dies at the next instruction;
 *  - a UNIX socket (SOCK_SEQPACKET; one record, one packet), for the few moments
 *    in which one side waits for the other.
 *
 * The outside never trusts what it reads here: a test may have written over it.
 * Lengths are clamped, text is cut at its buffer's end.  All integers are in the
 * byte order of the machine, both sides run on it.  FL_WIRE_VERSION changes with
 * every change of this file; sides of different versions refuse each other.
 */
#ifndef FLICKER_WIRE_H
#define FLICKER_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define FL_WIRE_VERSION 3
#define FL_WIRE_MAGIC   0x72656b63696c6601ULL     /* "\1flicker", little endian */

/*
 * Records.  X(ENUM, "name", struct of the body, "who writes it: meaning").
 * A body may be followed by NUL-terminated strings, as its comment says.
 */
#define FL_RECORDS(X) \
	X(PROGRAM,    "program",    fl_record_program,  "journal: the program and its framework") \
	X(SUSPECT,    "suspect",    fl_record_empty,    "journal: one annotation; the string follows") \
	X(GROUP,      "group",      fl_record_group,    "journal: a group is entered; its name follows") \
	X(TEST,       "test",       fl_record_test,     "journal: a test of it; id, suite, name, file follow") \
	X(REFUSED,    "refused",    fl_record_group,    "journal: no template for this group; why follows") \
	X(RAN,        "ran",        fl_record_ran,      "journal: the host ran a test; its facts") \
	X(GROUP_END,  "group-end",  fl_record_group,    "journal: the host left the group") \
	X(WARNING,    "warning",    fl_record_empty,    "journal: something the user should know; text follows") \
	X(EXITING,    "exiting",    fl_record_exit,     "journal: the host is about to end by itself") \
	X(HELLO,      "hello",      fl_record_hello,    "socket, agent: who is here; shared memory attached") \
	X(GROUP_DONE, "group-done", fl_record_group,    "socket, host: left the group, waits for GO or SERVE") \
	X(EXIT,       "exit",       fl_record_exit,     "socket, host: about to end, waits for GO or SERVE") \
	X(BATCH_DONE, "batch-done", fl_record_batch,    "socket, template: the order is carried out") \
	X(GO,         "go",         fl_record_exit,     "socket, command: go on; with EXIT: this exit code") \
	X(SERVE,      "serve",      fl_record_empty,    "socket, command: have the template connect") \
	X(ORDER,      "order",      fl_record_order,    "socket, command: make these attempts") \
	X(QUIT,       "quit",       fl_record_empty,    "socket, command: no more attempts of this group") \
	X(HUNG,       "hung",       fl_record_hung,     "socket, template: about to end this one, waits for GO")

enum fl_record_kind {
	FL_RECORD_NONE,
#define FL_X(id, name, body, text) FL_RECORD_##id,
	FL_RECORDS(FL_X)
#undef FL_X
	FL_RECORD_COUNT
};

/*
 * An ATTEMPT is one in a process of its own (exec): it brings shared memory of its own.  A
 * PROGRAM is a host in which no framework was found: it counts only where no HOST comes.
 */
enum fl_role { FL_ROLE_HOST = 1, FL_ROLE_TEMPLATE = 2, FL_ROLE_ATTEMPT = 3, FL_ROLE_PROGRAM = 4 };

/* Every record: this head, a body of `size - sizeof(head)` bytes, padded to 8 in the journal. */
struct fl_record {
	uint32_t kind;
	uint32_t size;                  /* head, body and strings, without padding */
};

struct fl_record_empty { char none[1]; };

/*
 * followed by: framework, its version ("" unknown), linkage ("shared", "static"), path of the
 * program, the directory it was started in, and its arguments as far as 8 KiB hold them, the first of them its name
 */
struct fl_record_program {
	uint32_t pid;
	uint32_t arguments;
};

struct fl_record_group {
	uint32_t group;                 /* number, from 0, in order of entry */
	uint32_t tests;                 /* how many it has */
};

struct fl_record_test {
	uint64_t pc;                    /* entry of its function; 0: unknown */
	uint32_t group;
	uint32_t index;                 /* in the group */
	uint32_t is_selected;           /* --filter and --test let it run */
	int32_t number;                 /* of a loop or parameter; -1: none */
	int32_t line;                   /* of its definition; 0: unknown */
	uint32_t timeout_ms;            /* the framework's own deadline; 0: none */
	uint32_t padding;
};

struct fl_record_exit { int32_t code; };

struct fl_record_hello {
	uint32_t version;               /* FL_WIRE_VERSION */
	uint32_t role;                  /* enum fl_role */
	uint32_t pid;
	uint32_t group;                 /* of a template */
};

/*
 * Makes attempts first ... first + count - 1 of one test; their facts go to slots
 * 0 ... count - 1, which are MADE when they are complete.  Ends early after a timeout.
 */
struct fl_record_order {
	uint64_t run_seed;
	uint64_t first;                 /* attempt number, from 1 */
	uint64_t seed;                  /* under SAME_SEED: of each of them; their number is `first` */
	uint64_t id_hash;               /* fl_seed_hash() of the test's id */
	uint32_t count;                 /* at most FL_WIRE_SLOTS */
	uint32_t group;                 /* number of its group */
	uint32_t test;                  /* index in the group */
	uint32_t timeout_ms;            /* per attempt */
	uint32_t flags;                 /* FL_ORDER_* */
	uint32_t perturb;               /* FL_PERTURB_BIT() each */
	uint32_t jobs;                  /* attempts at a time, at least 1 */
	uint32_t group_setup_ms;        /* what the host's group setup took */
};

#define FL_ORDER_PREFIX      1u         /* run the group's earlier tests before it */
#define FL_ORDER_LEAVE_UNSEEDED 2u      /* do not reseed a generator that the program never seeded */
#define FL_ORDER_SAME_SEED   4u
#define FL_ORDER_LOOK        8u         /* look for what the test leaves behind: see `left` of the facts */
#define FL_ORDER_STOP        16u        /* for a debugger: stop where the test fails */
#define FL_ORDER_AS_FORK     32u        /* exec in a fork's place: seeded at the group, not before main */
#define FL_ORDER_CORE        64u        /* a crash may leave its core */

struct fl_record_batch { uint32_t count; };

struct fl_record_hung {
	uint64_t attempt;
	uint32_t pid;
	uint32_t padding;
};

/* How far an execution got.  X(ENUM, "name"). */
#define FL_PHASES(X) \
	X(NONE, "before") X(GROUP_SETUP, "group setup") X(SETUP, "setup") X(TEST, "test") \
	X(AFTER, "after the test") X(TEARDOWN, "teardown") X(GROUP_TEARDOWN, "group teardown")

enum fl_phase {
#define FL_X(id, name) FL_PHASE_##id,
	FL_PHASES(FL_X)
#undef FL_X
	FL_PHASE_COUNT
};

#define FL_FACT_DONE      0x01u         /* the framework's runner came back */
#define FL_FACT_SKIPPED   0x02u
#define FL_FACT_TIMED_OUT 0x04u         /* the template ended it at its deadline */
#define FL_FACT_EXITED    0x08u         /* the test ended the process itself; see exit_code */
#define FL_FACT_UNSEEDED  0x10u         /* drew from a generator that the program never seeded */
#define FL_FACT_PREFIX    0x20u
#define FL_FACT_REACHED   0x40u         /* the test itself (or its setup) was begun */
#define FL_FACT_EXACT_PC  0x80u         /* pc[0] is where it stopped, not a return address */
#define FL_FACT_NO_FORK   0x100u        /* the template could not make the child; errno in status */
#define FL_FACT_UNSTACKED 0x200u        /* pc[] came from frame pointers, not from libunwind */
#define FL_FACT_MADE      0x400u        /* the template's: the attempt has come to its end */
#define FL_FACT_STOPPED   0x800u        /* stopped by a signal, and ended where it stood */
#define FL_FACT_OOM       0x1000u       /* ended by the kernel for want of memory */
#define FL_FACT_LOOKED    0x2000u       /* `left` says what was found */
#define FL_FACT_EXEC      0x8000u       /* made in a process of its own */
#define FL_FACT_LOOKING   0x10000u      /* its test is over, and is looked at: a signal is not the test's */
#define FL_FACT_COLLIDED  0x4000u       /* something outside the process was in use by somebody else */
#define FL_FACT_CONTAINED 0x20000u      /* a signal of the test's was kept from other processes */
#define FL_FACT_PASSED    0x40000u      /* the framework's last word: whatever else is said, it passed */
#define FL_FACT_BY_STATUS 0x80000u      /* how the process ended is how the test went: see `expected_exit` */
#define FL_FACT_ALL       0xfffffu      /* the bits of all above: others mean that it was written over */

enum {
	FL_WIRE_SLOTS   = 64,
	FL_WIRE_PCS     = 64,
	FL_WIRE_FILE    = 256,
	FL_WIRE_MESSAGE = 2048,
	FL_WIRE_OUTPUT  = 4096,
	FL_WIRE_ID      = 512,          /* the longest id; longer ones are cut */
	FL_WIRE_TRACES  = 1024,
};

/* What an attempt may leave behind.  X(ENUM, "words of the report"). */
#define FL_LEAVINGS(X) \
	X(CHILDREN, "child") X(DESCRIPTORS, "descriptor") X(THREADS, "thread") X(FILES, "file") \
	X(HANDLERS, "signal handler") X(ENVIRONMENT, "environment") X(DIRECTORY, "working directory") \
	X(UMASK, "umask") X(LOCKS, "lock")

enum fl_leaving {
#define FL_X(id, name) FL_LEAVING_##id,
	FL_LEAVINGS(FL_X)
#undef FL_X
	FL_LEAVING_COUNT
};

/*
 * The raw facts of one execution, in the host or in an attempt.  No judgement:
 * that is the outside's (engine/judge/classify).  The child writes all but
 * `status`, TIMED_OUT, NO_FORK and the output, which are the template's.
 * Everything up to `file` is cleared before each use; text and pc[] are valid
 * only as far as the counts and first bytes say.
 */
struct fl_facts {
	uint64_t attempt;               /* from 1; 0: the host run */
	uint64_t seed;
	uint64_t started_ns;            /* CLOCK_MONOTONIC */
	uint64_t duration_ns;           /* setup, test and teardown */
	uint32_t test;                  /* index in the group */
	uint32_t flags;                 /* FL_FACT_* */
	int32_t status;                 /* as of waitpid(2); attempts only */
	int32_t signal;                 /* caught inside the process; 0: none */
	int32_t exit_code;
	int32_t line;
	uint32_t failures;              /* times the framework gave up on the test or a fixture */
	uint32_t phase;                 /* enum fl_phase: where it was last */
	uint32_t failed_phase;          /* where it first failed; NONE: nowhere */
	uint32_t pcs;
	uint32_t output_kept;           /* bytes in output[] */
	uint32_t output_total;          /* bytes the attempt wrote */
	uint32_t left;                  /* 1 << FL_LEAVING_*: what was there after the test and not before */
	uint32_t stragglers;            /* processes that the template had to end after it */
	int32_t expected_signal;        /* under BY_STATUS; 0: none */
	int32_t expected_exit;
	int32_t skip_exit, error_exit;  /* exit codes that mean so; -1: none */
	uint32_t workers;               /* processes started so far to run tests of this attempt */
	int32_t worker;                 /* the last of them */
	char file[FL_WIRE_FILE];
	char message[FL_WIRE_MESSAGE];
	uint64_t pc[FL_WIRE_PCS];
	char output[FL_WIRE_OUTPUT];    /* the last bytes written to descriptors 1 and 2 */
	/*
	 * Lines.  Of a call that failed as somebody else had the name: "collided port 8080".
	 * Under LOOK also "left WHAT" for each thing left behind, WHAT beginning with words of
	 * FL_LEAVINGS, and "used port 8080", "used file /tmp/x", "used memory /name", "used
	 * socket @name" for what has a name outside.  Where the room ends lines are left out.
	 */
	char traces[FL_WIRE_TRACES];
};

#define FL_FACTS_HEAD offsetof(struct fl_facts, file)
#define FL_FACTS_HOST offsetof(struct fl_facts, output)

/*
 * followed by the first `kept` bytes of struct fl_facts: FL_FACTS_HEAD, FL_FACTS_HOST if it failed, or up to
 * its message's end if it was skipped with a reason or a place
 */
struct fl_record_ran {
	uint32_t group;
	uint32_t kept;
};

/* What the outside sends a hung attempt: it says where it is, and ends. */
#define FL_WIRE_HANG_SIGNAL (SIGRTMAX - 3)

/* In FLICKER_CHANNEL before the socket's path: this process is an attempt. */
#define FL_WIRE_ATTEMPT "attempt:"

/*
 * FLICKER_EXCUSES: what entries of files excuse in its place, so that the framework can show a
 * skip.  A line each: one of these, then the pattern; the first line that matches counts.
 */
#define FL_EXCUSES_NOTHING '0'          /* its date is past */
#define FL_EXCUSES_FAILURE '1'
#define FL_EXCUSES_CRASH   '2'          /* and a failure */

enum fl_in_flight { FL_IN_FLIGHT_NOTHING, FL_IN_FLIGHT_TEST, FL_IN_FLIGHT_FIXTURE };

/* The shared memory.  `journal` fills the rest of `size_bytes`. */
struct fl_shared {
	uint64_t magic;
	uint32_t version;
	uint32_t host_pid;
	uint64_t size_bytes;
	uint64_t journal_used;          /* atomic; published after the record is whole */
	uint64_t journal_lost;          /* records that did not fit */
	uint32_t in_flight;             /* what `host` is being filled by: enum fl_in_flight */
	uint32_t group;
	uint32_t attempts_done;         /* atomic; of the current order */
	uint32_t padding;
	uint64_t group_setup_ns;        /* what the group's setup took in the host */
	char channel_path[108];         /* the outside's socket; "" while there is none */
	struct fl_facts host;
	struct fl_facts slots[FL_WIRE_SLOTS];
	char journal[];
};

#endif
