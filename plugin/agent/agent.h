/* SPDX-License-Identifier: MIT */
/*
 * agent.h - what the files of the agent share.
 *
 * Inside is a guest: no policy, no output, no allocation between fork and test,
 * errno kept.  All state is in `fl_agent`, static or mapped before it is needed.
 * When anything surprises, the role becomes FL_AGENT_ASIDE and the tests run as if
 * we were absent.
 *
 *   entry      constructor; main          exits     exit and its relatives
 *   adapters   whose tests these are      arguments `--plugin`, not for main
 *   services   what adapters are offered  record    facts of one execution
 *   unwind     program counters             author    what tests of xunit.h say
 *   shared     shared memory, journal     channel   the socket
 *   next       the real functions behind our interposers
 *   proc.h     what /proc says of processes and descriptors
 *
 *   host/      group (enter, leave), ids, suspects (annotations), attach (starts the command),
 *              postpone (enter when tests have been run), rehearse (a copy that finds out what
 *              tests there are)
 *   face/      GoogleTest's command line: face (which tests, in which order, how far), lines,
 *              words, sums and say (what it writes), mute (what the framework writes instead),
 *              handover (to the command, under plain preload)
 *   hook/      how an adapter gets into its framework: symbols (of the program's own code, by
 *              elf and debugfile), patch (their entries), watch (what they are called with),
 *              bind (lazy calls, before attempts make them), jumps (longjmp and its relatives), forks, own (which code is the framework's)
 *   attempt/   template (parked, its orders), guard (is a fork safe here?), batch (forks,
 *              deadlines), output, ending (stopped, out of memory), warm (behind the setup),
 *              purity (may that be shared?), server (in a process that the framework started),
 *              relay (its orders, and warm's), worker (such a process), ordered (a process of
 *              its own), attempt (the child), crash, kills, limits, streams, waits, stop (where a debugger waits)
 *   look/      what an attempt leaves behind, and what it uses that has a name outside
 */
#ifndef FL_AGENT_H
#define FL_AGENT_H

#include "next.h"

#include <flicker/adapter.h>
#include <flicker/wire.h>

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FL_EXPORT __attribute__((visibility("default")))

enum fl_agent_role {
	FL_AGENT_IDLE,          /* no framework here, or no group entered yet */
	FL_AGENT_HOST,
	FL_AGENT_TEMPLATE,
	FL_AGENT_ATTEMPT,
	FL_AGENT_ASIDE,         /* stepped aside for good */
	FL_AGENT_REHEARSAL,     /* a copy that goes on in silence, see rehearse.c */
};

struct fl_agent {
	enum fl_agent_role role;
	pid_t pid;                      /* of this role's process; children of tests differ */
	const struct fl_adapter *adapter;
	const char *framework_version, *linkage;
	uintptr_t own_low, own_high;    /* the framework's code */
	uintptr_t jumps_low, jumps_high; /* where its jmp_bufs are */

	struct fl_shared *shared;
	int shared_fd;                  /* -1: none */
	struct fl_facts *facts;         /* being recorded, or NULL */

	int channel;                    /* to the outside; -1: none */
	char channel_path[108];         /* sun_path; "" while there is no outside */
	pid_t summoner;                 /* the thread that starts the outside now; 0: none */

	struct fl_group *group;         /* the one the host is in, or NULL */
	int entered_errno;              /* errno as it was entered */
	uint32_t groups;                /* entered so far */
	bool has_selected;              /* --filter and --test have let a test run */
	bool has_failures;              /* of tests in the host, in this group */

	int line;                       /* host's and template's ends of their pair; -1: none */
	pid_t template_pid;             /* 0: none */

	bool is_follower;               /* forked by the framework: the test runs here */
	bool is_ordered;                /* this process is an attempt from its start: see ordered.c */
	uint32_t target;                /* in an attempt: the entry that counts */
	uint64_t seed;                  /* in an attempt */
};

extern struct fl_agent fl_agent;

/* Is this the process that `role` speaks of, not a child that a test forked? */
bool fl_agent_is_here(enum fl_agent_role role);

/* Gives up for good; why is told in the journal where there is one. */
void fl_agent_step_aside(const char *why);

/* CLOCK_MONOTONIC, past any interposer. */
uint64_t fl_agent_now_ns(void);

/* Ends this process at once, past our own interposers. */
void fl_agent_end(int code) __attribute__((noreturn));

/* fd moved to 500 or above (or near the soft limit), close-on-exec; the old one is closed. */
int fl_agent_lift(int fd);

extern const struct fl_services fl_services;

/* entry */
const char *fl_entry_setting(const char *name);         /* FLICKER_<name>, or NULL; "" counts as unset */
const char *fl_entry_setting_as_is(const char *name);   /* the same, where "" has a meaning of its own */
char **fl_entry_environment(const char *adapters);      /* of the command; takes no lock of libc */
const char *fl_entry_program(void);                     /* adapter.h: program */
void fl_entry_hide(void);                               /* what is ours in the environment, from the tests */
const char *fl_entry_library(void);                     /* our own file, absolute */
const char *fl_entry_directory(void);                   /* in which the program was started; "" unknown */

/* adapters */
bool fl_adapters_attach(void);                          /* the first that knows the framework, into fl_agent */
bool fl_adapters_has(const char *path, size_t length);  /* is it the file of somebody's adapter? */
void fl_adapters_warn(const char *text);                /* static text, for the journal */
void fl_adapters_journal(void);                         /* which could not be used, and warnings so far */
const char *fl_adapters_setting(void);                  /* FLICKER_ADAPTER=...; NULL: none */

/* symbols: of the program's own file */
void fl_symbols_find(struct fl_symbol *const *lists, size_t count);     /* each ended by a NULL name */

/* bind: in a process that attempts will be forked from */
void fl_bind_now(void);

/* patch, watch: see adapter.h */
int fl_patch_on(struct fl_patch *patch);
void fl_patch_off(struct fl_patch *patch);
bool fl_patch_take_off(struct fl_patch *patch);         /* true: it was on, and nobody else takes it off */
int fl_patch_watch(struct fl_patch *patch, void (*look)(const struct fl_registers *registers));

/* arguments */
void fl_arguments_settle(void);                         /* after a new start for --plugin */
int fl_arguments_take(int argc, char **argv);           /* --plugin=US and --gtest_*, out of main's; the new argc */

/* shared */
struct fl_piece {
	const void *bytes;
	size_t size;
};
#define FL_PIECES(pieces) (sizeof(pieces) / sizeof((pieces)[0]))
bool fl_shared_reserve(void);
bool fl_shared_is_there(void);                          /* is its descriptor still ours? */
bool fl_shared_restore(void);                           /* from the template, where a test has closed it */
void fl_shared_append(enum fl_record_kind kind, const struct fl_piece *pieces, size_t count);
void fl_shared_warn(const char *text);                  /* a line for the report */
void fl_shared_append_group(enum fl_record_kind kind, uint32_t group, uint32_t tests, const char *text);

/* channel: >= 0, or a negative errno */
int fl_channel_open(const char *path, enum fl_role role, uint32_t group);
int fl_channel_send(int fd, enum fl_record_kind kind, const void *body, size_t size);
int fl_channel_receive(int fd, void *record, size_t size);     /* bytes; 0: the other side is gone */
void fl_channel_close(void);
int fl_channel_restore(void);                           /* connects again where a test has closed it */
bool fl_channel_is_in_reach(void);
pid_t fl_channel_peer(void);                            /* the command; 0: not known */

/* ids */
bool fl_ids_assign(const struct fl_group *group);
bool fl_ids_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry);
const char *fl_ids_get(uint32_t index);                 /* of the present group; NULL: no test */
bool fl_ids_is_selected(uint32_t index);
bool fl_ids_is_disabled(uint32_t index);                /* by GoogleTest's prefix; left out for that */
size_t fl_ids_suite_length(uint32_t index);             /* of the id; 0: none */
bool fl_ids_is_same_suite(uint32_t one, uint32_t other);
void fl_ids_adopt(uint32_t index, const char *id);      /* in a worker, of its test alone; static text */
bool fl_ids_is_news(uint32_t index, bool has_failed);   /* of a test that may run again and again */
void fl_ids_release(void);

/* suspects */
void fl_suspects_find(void);                            /* reads the program's annotations once */
void fl_suspects_journal(void);
bool fl_suspects_has(const char *id);
bool fl_suspects_are_asked_for(void);                   /* any, or some tests alone: by whomever */
bool fl_suspects_excuses(const char *id, bool has_crashed);     /* by its annotation or entry */

/* group */
enum fl_enter fl_group_enter(struct fl_group *group);
void fl_group_leave(struct fl_group *group);
void fl_group_summon(void);                             /* the command, if it is not there yet */
void fl_group_ask(enum fl_record_kind kind, const void *body, size_t size, int *ret_code);
bool fl_group_become_host(void);                        /* at the first group */
void fl_group_park(struct fl_group *group, unsigned maps_of_adapter);   /* attempts are copies of what is now */
void fl_group_tell(const struct fl_group *group);       /* the journal, which tests there are */
void fl_group_tell_refusal(const struct fl_group *group);       /* behind it: if there is no template, why */
enum fl_role fl_group_role(void);                       /* as which the host says hello */

/* postpone: see adapter.h */
bool fl_postpone(struct fl_group *group);
bool fl_postpone_is_on(void);                           /* in the template: it was when that was parked */
enum fl_enter fl_postpone_enter(struct fl_group *group);        /* the tests are known, and one has failed */
void fl_postpone_leave(void);                           /* none has */

/* rehearse: see adapter.h */
int fl_rehearse(void);

/* template */
void fl_template_park(struct fl_group *group);          /* returns in the host only */
bool fl_template_wake(void);                            /* have it connect */
void fl_template_release(void);
bool fl_template_may_leave(void);                       /* children: will nobody meet them? */

/* output: of attempts, see output.c */
bool fl_output_open(void);
int fl_output_reader(void);
int fl_output_writer(void);
void fl_output_begin(void);                             /* what was kept is forgotten */
void fl_output_drain(void);                             /* takes in what is there */
void fl_output_store(struct fl_facts *facts);

/* batch */
bool fl_batch_open(void);                               /* the pipe of its output; once, in a template */
void fl_batch_adopt(pid_t child);                       /* be a subreaper; `child` is ours to keep, 0: none */
bool fl_batch_make(const struct fl_record_order *order);        /* true in each attempt, false when all are made */
void fl_batch_finish(pid_t child, uint32_t timeout_ms, struct fl_facts *facts);

/* ending */
void fl_ending_prepare(struct sigaction *ret_sigchld);  /* in the template, once; what the host had */
const sigset_t *fl_ending_mask(void);                   /* to wait with for a child */
void fl_ending_begin(void);                             /* of a batch */
int fl_ending_watch(pid_t child, uint64_t *since_ns, struct fl_facts *facts);  /* ms until to look again, or -1 */
void fl_ending_look(int status, struct fl_facts *facts);

/* relay: an order, handed on to a process that is not the template */
struct fl_relay {
	int to, from;                   /* descriptors; the other side's */
	pid_t pid;                      /* a child of ours with whom it ends */
};
uint32_t fl_relay_await(const struct fl_relay *relay, int timeout_ms);  /* the kind of its answer; 0: it is gone */
uint32_t fl_relay_order(const struct fl_relay *relay, const struct fl_record_order *order);     /* the same */

/* server: as warm, for tests that run in workers */
bool fl_server_carry_out(struct fl_group *group, const struct fl_record_order *order);
void fl_server_release(void);

/* worker: a process that the framework has started for a test */
void fl_worker_note(const struct fl_record_order *order);       /* in an attempt, while all is as its template's */
uint32_t fl_worker_announce(uint32_t count);            /* in its runner: adapter.h, hand_over */
void fl_worker_announce_server(const struct fl_record_order *order, int orders, int answers);
void fl_worker_begin(void);                             /* in itself, before main */
enum fl_worker fl_worker_kind(void);
void fl_worker_take_over(void);
bool fl_worker_serve(void);
void fl_worker_refuse(void);
void fl_worker_translate(struct fl_facts *facts);       /* addresses as its owner would have them */
pid_t fl_worker_of_ours(void);                          /* in its runner: it; 0: there is none yet */

/* warm: true: it was carried out there; false: nothing was done */
bool fl_warm_carry_out(struct fl_group *group, const struct fl_record_order *order);
bool fl_warm_setup_done(uint32_t *ret_index);

/* ordered: an attempt in a process of its own */
void fl_ordered_begin(void);                            /* before main */
enum fl_enter fl_ordered_enter(struct fl_group *group);
void fl_ordered_keep_maps(void);                        /* for those who will look up addresses */

/* attempt */
void fl_attempt_prepare_alone(void);                    /* the same where the process is the attempt */
void fl_attempt_take_over(const struct fl_record_order *order, struct fl_facts *facts);
void fl_attempt_seed(const struct fl_record_order *order);
void fl_attempt_run(struct fl_group *group, const struct fl_record_order *order) __attribute__((noreturn));
void fl_attempt_prepare(void);                          /* in the template, once */
void fl_attempt_prepare_here(void);                     /* the same, but for its standard input */
void fl_attempt_restore(void);                          /* in a fork of it that is no attempt */
void fl_attempt_stay(void);                             /* on the processor where we are, for a batch */
void fl_attempt_roam(void);
void fl_attempt_begin(const struct fl_record_order *order, uint32_t n, int output);
void fl_attempt_end(void) __attribute__((noreturn));
void fl_attempt_environment(const char *entry);         /* adapter.h: environment */
void fl_attempt_remember_mask(const sigset_t *mask);    /* of the host, at the group's entry */

/* record */
void fl_record_finish_host(void);
void fl_record_drop_hint(void);                         /* here is a stack that tells more */
void fl_record_clear(struct fl_facts *facts, uint64_t attempt, uint64_t seed, uint32_t test);

/* record, for adapters: see adapter.h */
bool fl_record_is_recording(void);
void fl_record_begin(const struct fl_group *group, uint32_t index);
void fl_record_phase(enum fl_phase now);
enum fl_phase fl_record_phase_now(void);
void fl_record_hint(void);
void fl_record_failed(bool has_stack);
void fl_record_skipped(void);
void fl_record_message(const char *text, size_t length);
/* The same of the test's own, each with its place; where the framework repeats one of them it is not kept again. */
void fl_record_own_words(const char *file, int line, const char *text);
void fl_record_place(const char *file, int line);
void fl_record_caught(int signal);
bool fl_record_setup_done(uint32_t *ret_index);
void fl_record_follow(void);
void fl_record_passed(void);
void fl_record_timed_out(void);
void fl_record_lasted(uint64_t ns);
void fl_record_exited(int code);
bool fl_record_has_failure(void);
void fl_record_expects(const struct fl_expectation *expectation);
void fl_record_gives_up(int signal);

/* own: the framework's code, see adapter.h */
void fl_own_module(const void *address);
void fl_own_range(uintptr_t low, uintptr_t high);
void fl_own_jumps(uintptr_t low, uintptr_t high);
bool fl_own_has(const void *address);

/* stop */
void fl_stop_arm(bool is_wanted);
void fl_stop_here(const struct fl_facts *facts);        /* the test has failed; once, where it is wanted */

/* crash */
void fl_crash_prepare(void);
void fl_crash_arm(void);
void fl_crash_let_die(bool is_wanted);                  /* whatever the framework would do of a crash */
int fl_crash_hang_signal(void);
void fl_crash_pass_on(pid_t child);                     /* adapter.h: followed */

/* limits */
void fl_limits_refuse_cores(void);                      /* in the template, once */
void fl_limits_allow_cores(void);

/* streams */
void fl_streams_forget(void);                           /* what is buffered is not ours to write */

/* kills */
void fl_kills_begin(void);                              /* in an attempt */

/* unwind */
void fl_unwind_warm(void);
void fl_unwind_here(struct fl_facts *facts);
void fl_unwind_context(struct fl_facts *facts, void *ucontext);
bool fl_unwind_is_ours(int fd);                         /* does it keep this descriptor open? */

/* guard: NULL, or why a fork of this process would not be faithful */
const char *fl_guard_refusal(unsigned maps_of_adapter);  /* shared ones, which attempts may write to */
bool fl_guard_is_ours(int fd);
bool fl_guard_has_threads(void);
unsigned fl_guard_shared_maps(void);                    /* writable ones, but for our own memory */

/* purity: from here on, this process dies at the first call that leaves a trace outside of its memory */
bool fl_purity_enforce(void);
/* The same at a use of descriptors 3 ... highest, whose open files are the parent's, too. */
bool fl_purity_keep_off(int highest);

/* attach: starts the command; its socket's path into fl_agent.channel_path */
bool fl_attach_start(void);
char *fl_attach_command(void);                          /* its path; NULL: told, once, that there is none */
void fl_attach_complain(const char *what);              /* the one line: "flicker: WHAT 'command'; ..." */

/* exits */
int fl_exits_hold(int code);                            /* main has returned, or exit was called */

/* perturb/random: the attempt's generators */
void fl_random_begin(uint64_t seed, bool leave_unseeded);
bool fl_random_seed(const char *generator, uint64_t *ret_seed);     /* adapter.h: seed */
void fl_random_forget(void);                            /* from here on: */
bool fl_random_has_drawn(void);                         /* has this process drawn from any generator? */

#endif
