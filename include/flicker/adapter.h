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
 * An adapter is a guest: no output, no allocation once a test may have begun, no
 * policy.
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

#define FL_ADAPTER_ABI 2

enum fl_enter { FL_ENTER_PASS, FL_ENTER_NOTHING, FL_ENTER_OBSERVE };

/* A group of tests that the framework's runner was asked to run.  Lives on the adapter's stack. */
struct fl_group {
	const char *name;               /* NULL: none */
	uint32_t count;                 /* entries; not all need be tests */
	const void *tests;              /* the adapter's */

	/* The name of entry `index`, or NULL where the framework would not run it. */
	const char *(*test_name)(const struct fl_group *group, uint32_t index);

	/* The code of entry `index`, or NULL.  May be NULL itself. */
	const void *(*test_code)(const struct fl_group *group, uint32_t index);

	/* Called once in a process from which attempts will be forked.  May be NULL. */
	void (*prepare)(struct fl_group *group);

	/*
	 * Runs the entries `indices` (ascending; the last is the one that counts)
	 * by the framework's real runner, with the group's fixtures around them.
	 * Only ever called in processes made for it.
	 */
	void (*run)(struct fl_group *group, const uint32_t *indices, uint32_t count);

	uint32_t number;                /* the agent's */
};

/* What the agent offers.  All are safe in a signal handler and keep errno, but for enter and leave. */
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

	/* The test asked to be skipped. */
	void (*skipped)(void);

	/* Text of the failure; appended.  `length` bytes. */
	void (*message)(const char *text, size_t length);

	/* Where in the source the failure is; the first one told stays. */
	void (*place)(const char *file, int line);

	/* The framework caught this signal in the test. */
	void (*caught)(int signal);

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

	/* Is `address` in the framework's code? */
	bool (*is_own)(const void *address);

	/*
	 * The test that has just failed() in the host: shall the framework show it as a skip?
	 * (Policy quarantine.)  Who can do so answers true with skipped(); who cannot need not ask.
	 */
	bool (*is_excused)(void);
};

struct fl_adapter {
	uint32_t abi;                   /* FL_ADAPTER_ABI */
	const char *name;               /* "cmocka" */

	/*
	 * Is the framework in this process?  Called once, before main.  Keeps
	 * `services`; fills version ("" where unknown) and linkage, static text.
	 */
	bool (*attach)(const struct fl_services *services, const char **ret_version,
		       const char **ret_linkage);

	/*
	 * Framework code leaves by longjmp to `env`, called from `caller`.  For the
	 * owner of that code only; NULL: of no interest.
	 */
	void (*jumps)(const void *env, const void *caller);
};

/* The built-in adapters; one row each in adapters/table.c, ended by NULL. */
extern const struct fl_adapter *const fl_adapters[];

#endif
