/* SPDX-License-Identifier: MIT */
/*
 * adapter.h - what flicker must know of a test framework, and what it offers to it.
 *
 * An adapter interposes the framework's runner.  When a group of tests is about
 * to run it calls services->enter(group); from then on it tells what happens
 * through the other services.  The same reporting code serves the host and the
 * attempts: the agent knows in which process it is, the adapter need not.
 *
 *     enter ─▶ PASS      call the real runner, nothing else
 *           ─▶ NOTHING   return as the runner would with no tests and no fixtures
 *           ─▶ OBSERVE   run the selected tests by the real runner, telling of each
 *                        (begin, phase, failed, ...), then leave()
 *
 * Attempts do not come back from enter: in them the agent calls group->run,
 * with the tests to run, and ends the process when it returns.
 *
 * An adapter is a guest: no output, no policy, no allocation once a test may have begun.
 *
 * Those of flicker's own are rows of adapters/table.c.  Anybody else's is a library that
 * defines and exports
 *
 *     const struct fl_adapter flicker_adapter = { .abi = FL_ADAPTER_ABI, ... };
 *
 * and is preloaded behind libflicker.so: `flicker run --adapter FILE.so` does that, under
 * a plain preload LD_PRELOAD names both, in this order.  It interposes its framework by
 * itself, with dlsym(RTLD_NEXT, ...) for the real functions.  Each of several defines a
 * `flicker_adapter` of its own; the first whose attach() says yes is used, and all of them
 * come before the built-in ones.  A file named libflicker-*.so is left out of backtraces,
 * as is lib<name>.so, the framework.  examples/adapter-skeleton.c is a whole one.
 *
 * FL_ADAPTER_ABI changes when a struct here does.  The number is the first word of both
 * structs; of another ABI nothing else is read.  It must be a constant in the file: the
 * command reads it there before it starts the program, and refuses what it does not know.
 */
#ifndef FLICKER_ADAPTER_H
#define FLICKER_ADAPTER_H

#include <flicker/wire.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FL_ADAPTER_ABI 4

/* For a variable that every attempt writes to: on as few pages as may be, each is copied once a fork. */
#define FL_HOT __attribute__((section("fl_hot")))

enum fl_enter { FL_ENTER_PASS, FL_ENTER_NOTHING, FL_ENTER_OBSERVE };

/* One entry of a group.  Texts are the adapter's, and good until the next call. */
struct fl_entry {
	const char *suite;              /* NULL: the group's name */
	const char *name;
	int32_t number;                 /* of a loop or parameter; -1: none.  The id ends in /N */
	uint32_t timeout_ms;            /* the framework's own deadline for it; 0: none */
	const void *code;               /* its function, or NULL */
	const char *file;               /* where it is defined, or NULL */
	int line;
};

/* A group of tests that the framework's runner was asked to run.  Lives on the adapter's stack. */
struct fl_group {
	const char *name;               /* NULL: none */
	uint32_t count;                 /* entries; not all need be tests */
	const void *tests;              /* the adapter's */

	/* Entry `index`, into a cleared struct with number -1; false: the framework would not run it. */
	bool (*describe)(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry);

	/* Called once in a process from which attempts will be forked.  May be NULL. */
	void (*prepare)(struct fl_group *group);

	/*
	 * Runs the entries `indices` (ascending; the last is the one that counts)
	 * by the framework's real runner, with the group's fixtures around them.
	 * Only ever called in processes made for it.
	 */
	void (*run)(struct fl_group *group, const uint32_t *indices, uint32_t count);

	/*
	 * Its tests run in processes that the framework starts anew (exec).  What run() is called
	 * in is the framework's runner then; it calls hand_over() first.
	 */
	bool has_workers;

	uint32_t number;                /* the agent's */
};

/* What a process that the framework has started for one test is, behind hand_over(). */
enum fl_worker {
	FL_WORKER_NONE,                 /* nothing of ours: the host's, or its mark is lost */
	FL_WORKER_ATTEMPT,              /* the test of an attempt runs here */
	FL_WORKER_SERVER,               /* attempts are forked from here: see serve() */
};

/* ---- code of the program itself: a framework that is linked into it ---- */

/*
 * A symbol of the program's file (not of its libraries): in .symtab, .dynsym or its separate
 * debug file; a function's or a variable's, local ones too.  The adapter's own, static; all of
 * them are looked up at once, before attach(), at most 256 of all adapters.
 */
struct fl_symbol {
	const char *name;               /* as in the file: mangled */
	uintptr_t address;              /* 0: not there, or several local ones */
	uint64_t size_bytes;            /* 0: not known */
	bool is_imported;               /* not there, but asked for from a library */
};

/* The entry of a function, where its first bytes are ours while it is on.  The adapter's own, static. */
struct fl_patch {
	const struct fl_symbol *symbol;
	const void *replacement;
	unsigned char saved[32];
	uint8_t saved_bytes;            /* 0: never made */
	bool is_on;
	bool is_often;                  /* made more than once: the agent's affair */
};

/* The registers that a function was called with; x86-64: rdi rsi rdx rcx r8 r9, aarch64: x0 .. x5. */
struct fl_registers {
	uintptr_t argument[6];
	uintptr_t stack;                /* at the call's entry: on x86-64 the return address lies there */
	uintptr_t caller;               /* the return address */
};

/* How a process ends that passed, or did otherwise, by the framework's word. */
struct fl_expectation {
	int signal;                     /* 0: none, it is to exit */
	int exit_code;
	int skip_code, error_code;      /* exit codes that mean so; -1: none */
};

/* What the agent offers.  All keep errno; all are safe in a signal handler, but for enter and leave. */
struct fl_services {
	uint32_t abi;                   /* FL_ADAPTER_ABI */

	enum fl_enter (*enter)(struct fl_group *group);
	void (*leave)(struct fl_group *group);

	/* Do --filter and --test let the host run this entry? */
	bool (*is_selected)(const struct fl_group *group, uint32_t index);

	/* Is something being recorded in this very process (not in a child that a test made)? */
	bool (*is_recording)(void);

	/* Entry `index` begins, with its setup if it has one; the one before it is over. */
	void (*begin)(const struct fl_group *group, uint32_t index);

	/* Where the execution is now; FL_PHASE_AFTER when a test's body has returned. */
	void (*phase)(enum fl_phase phase);
	enum fl_phase (*phase_now)(void);

	/*
	 * The framework gave up on what runs now: a failed assertion, a leak, a
	 * fixture that returned non-zero.  has_stack: the test's code is on the
	 * stack, a backtrace tells something.
	 * Of a signal that the framework caught, caught() is told first: behind
	 * it, and in the handler, nothing is allocated.
	 */
	void (*failed)(bool has_stack);

	/* The test asked to be skipped; why and where is told before.  What is told behind it is not of the skip. */
	void (*skipped)(void);

	/* Text of the failure, or of the skip; appended.  `length` bytes. */
	void (*message)(const char *text, size_t length);

	/* Where in the source that is; the first one told stays. */
	void (*place)(const char *file, int line);

	void (*caught)(int signal);     /* the framework did, in the test */

	/*
	 * The group's setup has just succeeded.  May be where attempts begin: true
	 * means this is one, and `*ret_index` is the entry to run instead of the
	 * one that group->run was called with.
	 */
	bool (*setup_done)(uint32_t *ret_index);

	/* In prepare: what the attempts find in their environment.  `entry` is "NAME=value", or "NAME" to drop it; static text. */
	void (*environment)(const char *entry);

	/* Tell of code that belongs to the framework: the module that holds `address`. */
	void (*own)(const void *address);

	/* The same where only [low, high) of a module is the framework's: it is linked into the program. */
	void (*own_range)(uintptr_t low, uintptr_t high);

	/* Is `address` in the framework's code? */
	bool (*is_own)(const void *address);

	/*
	 * The test that has just failed() in the host: shall the framework show it as a skip?
	 * (Policy quarantine.)  Who can do so answers true with skipped(); who cannot need not ask.
	 */
	bool (*is_excused)(void);

	/* ---- tests that the framework runs in processes that it forks ---- */

	/*
	 * In such a child: here the test runs from now on; what is told here is the test's.  In an
	 * attempt that stands in for the child: what is there now is not what the test leaves.
	 */
	void (*follow)(void);

	/* The framework's last word on the test that runs: it passed, whatever was told before (an expected failure). */
	void (*passed)(void);

	void (*timed_out)(void);        /* the framework has ended the test, at its own deadline */

	/* The framework says that the test's process ended with this code before the test did. */
	void (*exited)(int code);

	/* Has failed() been told of what runs now, by whatever process? */
	bool (*has_failure)(void);

	/*
	 * In an attempt: the test runs in this child, which follow()s; 0: no longer.  Who wants to
	 * know where the attempt hangs asks there.
	 */
	void (*followed)(pid_t child);

	/*
	 * In an attempt (and, where the program itself is the test, in the host): from here on the
	 * process is the test, and how it ends is how the test went.  It ends as it would by
	 * itself, with its exit handlers.
	 */
	void (*expects)(const struct fl_expectation *expectation);

	/*
	 * After failed(): the framework ends the process by this signal now, or when the test is
	 * over.  That is how its failures end, and no crash.
	 */
	void (*gives_up)(int signal);

	/*
	 * In an attempt whose generators are seeded: the seed of one of the framework's own, by
	 * its name.  False elsewhere: it is left alone.
	 */
	bool (*seed)(const char *generator, uint64_t *ret_seed);

	/* ---- getting into the framework.  Before main, or while there is one thread ---- */

	/*
	 * Has calls of patch->symbol land in patch->replacement, a function of the same type.
	 * 0, or a negative errno: ENOENT no such symbol, ENOSPC too short, EACCES the system
	 * does not let code be written, EINVAL the replacement is the function itself (the
	 * program exports one of that name: it comes first, unless ours has protected or
	 * hidden visibility).  To call the original: patch_off, call, patch_on.  While
	 * the function is on the stack it may go on only where the function does not come back
	 * to its first 20 bytes.  Off is safe at any time, also beside other threads; on is not
	 * while one of them may be entering the function.
	 */
	int (*patch_on)(struct fl_patch *patch);
	void (*patch_off)(struct fl_patch *patch);      /* the original bytes are back */

	/*
	 * The same for a function of any type, that may be left by a jump: `look` is called with
	 * what it was called with, the patch is off, and the function goes on as ever.  Once:
	 * patch_on makes it anew.  Of threads that call it at once the first is looked at.  At
	 * most 64; ENOSPC beyond.
	 */
	int (*watch)(struct fl_patch *patch, void (*look)(const struct fl_registers *registers));

	/* Adds a line to the report's warnings; once for each text.  For "attempts are fresh processes: ..." and the like. */
	void (*warn)(const char *text);

	/* In the process that the command has started: the program's name.  Else NULL. */
	const char *(*program)(void);

	/* ---- frameworks without a list of their tests, and jumps ---- */

	/*
	 * Jumps to a jmp_buf in [low, high) are told to the adapter's jumps(), from whatever code
	 * they come: a framework that is linked into the program.  0 ... UINTPTR_MAX: all of them.
	 */
	void (*own_jumps)(uintptr_t low, uintptr_t high);

	/*
	 * The stack as it is now, kept as the place of a failure that may follow.  The next hint
	 * and a failure that has a stack of its own take its place.
	 */
	void (*hint)(void);

	/*
	 * The attempt is complete: ends it.  For a group->run that has left by a jump to where the
	 * group was entered, so that main goes on to the test.  In a rehearsal: ends it.  Comes
	 * back where there is nothing to end.
	 */
	void (*finish)(void);

	/*
	 * Where it takes main to go on to learn what tests there are.  Like fork(): 1 in a copy of
	 * the process, which goes on, silent, and writes down in memory that the adapter has
	 * shared what tests it comes by, without running them.  It ends by finish(), with the
	 * program, after two seconds, and before any call that would leave a trace outside of its
	 * memory, or use a descriptor of the program's: those from 500 on are the adapter's.  Then
	 * the process itself gets 0, or a negative errno where the copy came to no good end.
	 * jumps() is told of jumps there, too.  attach() may rehearse before main.
	 */
	int (*rehearse)(void);

	/* ---- tests that the framework runs in processes that it starts anew (exec) ---- */

	void (*lasted)(uint64_t ns);    /* told of a test when it is over: how long it took */

	/*
	 * In group->run: processes that are started from now on go on with the attempt.  They
	 * find us and a mark in their environment; the last of `count` is the one that counts.
	 * The milliseconds that the test is given, for those before it to be given them, too.
	 */
	uint32_t (*hand_over)(uint32_t count);

	enum fl_worker (*worker)(void); /* in such a process, from before main: what it is */
	void (*take_over)(void);        /* in a worker: its test begins here, with its setup */

	/*
	 * In a server, where its test would begin: makes attempts.  True in each of them, which is
	 * a fork of this process; false in the server itself when no more are wanted.
	 */
	bool (*serve)(void);

	/* In an attempt that serve() made: it cannot be had by a fork.  Ends it; it does not count. */
	void (*refuse)(void);

	/*
	 * Before enter(), of a group whose tests are only known when the framework runs them.  True
	 * where nobody has asked for any of them: the host runs them as without us.  What attempts
	 * would be forked from is parked all the same; prepare() is called there when enter() was,
	 * and sets `count` by what the host has written into the one map that the adapter shares
	 * with it.  Once a test has failed and all are known the host calls enter(), tells of each
	 * test, and leave(); where none has, leave() alone.  False: enter() at once.
	 */
	bool (*postpone)(struct fl_group *group);

	/* ---- GoogleTest's command line, for every other framework: in the host ---- */
	/* The entry that runs as the nth.  Of who never asks the report says that he was not shuffled. */
	uint32_t (*nth)(const struct fl_group *group, uint32_t n);
	/* Behind begin(): left out, as one before it has failed?  None of its functions is called then. */
	bool (*is_passed_over)(void);
	bool (*fails_fast)(void);       /* the same, for who has a switch to end at the first failure */
	/* What is printed up to the next phase() is the framework's own; FL_PHASE_AFTER says so, too. */
	void (*returned)(void);
	bool (*hides_lines)(void);      /* are the framework's own lines hidden? */
};

struct fl_adapter {
	uint32_t abi;                   /* FL_ADAPTER_ABI */
	const char *name;               /* "cmocka" */

	/* Of the program itself; looked up before attach(), ended by a NULL name.  NULL: none. */
	struct fl_symbol *symbols;

	/*
	 * Is the framework in this process, and do its tests run by it?  Called once, before
	 * main.  Keeps `services`; fills version ("" where unknown) and linkage ("shared",
	 * "static"), static text.
	 */
	bool (*attach)(const struct fl_services *services, const char **ret_version,
		       const char **ret_linkage);

	/*
	 * Framework code leaves by longjmp to `env`, called from `caller`.  For the
	 * owner of that code only; NULL: of no interest.
	 */
	void (*jumps)(const void *env, const void *caller);

	/* Called in main's place: calls `real`, and returns what main is to return.  NULL: nothing to do there. */
	int (*main)(int (*real)(int, char **, char **), int argc, char **argv, char **envp);

	/*
	 * The host ends with `code`, by exit() or main's return, while a group is open; or a process
	 * does that is the test alone (follow, expects, worker).  True: that is how the framework's tests
	 * end; what is to be told of it has been told.  May be NULL.
	 */
	bool (*ends)(int code);

	/*
	 * fork() is called while a group is open, by whomever: called in its place, with the real
	 * one.  Calls that one and returns what it says; or returns 0 without it: the process
	 * becomes its own child.  May be NULL.
	 */
	pid_t (*forks)(pid_t (*real)(void));

	/*
	 * No framework: the program itself is the one test.  It is the host only where no other
	 * process comes that runs tests; nothing of it is held, and how it ended says the outside.
	 */
	bool is_program;
	bool has_own_face;              /* the framework reads GoogleTest's command line by itself */
};

/* The built-in adapters; one row each in adapters/table.c, ended by NULL. */
extern const struct fl_adapter *const fl_adapters[];

#endif
