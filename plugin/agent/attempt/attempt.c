/* SPDX-License-Identifier: MIT */
/*
 * attempt.c - the forked child in which one test runs once.
 *
 * What can be done beforehand is done in the template, so that the child starts
 * with few system calls and no allocation: the environment is copied to an array
 * of our own whose FLICKER_ATTEMPT, FLICKER_ATTEMPT_SEED and TEST_SEED are written
 * over in each child.  It ends with _exit: no atexit handler, no sanitizer's or
 * coverage's epilogue runs twice.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../look/look.h"

#include <flicker/perturb.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EXTRA_ENTRIES = 16 };

extern char **environ;

FL_HOT static sigset_t host_mask;
FL_HOT static struct sigaction host_sigchld;
FL_HOT static cpu_set_t host_processors;
FL_HOT static bool is_staying;
FL_HOT static char **entries;                  /* environ, ours */
static size_t entry_room;

FL_HOT static char seed_entry[] = "FLICKER_ATTEMPT_SEED=0x0000000000000000";
FL_HOT static char number_entry[] = "FLICKER_ATTEMPT=00000000000000000000";
FL_HOT static char test_seed_entry[] = "TEST_SEED=0000000000";

void fl_attempt_remember_mask(const sigset_t *mask)
{
	host_mask = *mask;
}

/* ---- the environment ---- */

static bool has_name(const char *entry, const char *name, size_t length)
{
	return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

void fl_attempt_environment(const char *entry)
{
	size_t length = strcspn(entry, "=");
	char **at = entries;

	if (!entries)
		return;
	while (*at && !has_name(*at, entry, length))
		at++;
	if (entry[length] == '=') {
		if (!*at && (size_t)(at - entries) + 1 < entry_room)
			at[1] = NULL;
		else if (!*at)
			return;
		*at = (char *)(uintptr_t)entry;
		return;
	}
	for (; *at; at++)
		at[0] = at[1];
}

static void copy_environment(void)
{
	size_t count = 0;

	while (environ && environ[count])
		count++;
	entry_room = count + EXTRA_ENTRIES;
	entries = mmap(NULL, entry_room * sizeof(*entries), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (entries == MAP_FAILED) {
		entries = NULL;
		return;
	}
	if (count > 0)
		memcpy(entries, environ, count * sizeof(*entries));
	environ = entries;
	fl_attempt_environment(seed_entry);
	fl_attempt_environment(number_entry);
	fl_attempt_environment(test_seed_entry);
}

/* Writes `value` in base 10 or 16 behind the `=` of an entry, left-aligned. */
static void write_number(char *entry, uint64_t value, unsigned base)
{
	char digits[24];
	char *to = strchr(entry, '=') + 1;
	size_t n = 0;

	if (base == 16)
		to += 2;                /* 0x */
	do
		digits[n++] = (char)(value % base + (value % base < 10 ? '0' : 'a' - 10));
	while ((value /= base) != 0);
	while (n)
		*to++ = digits[--n];
	*to = '\0';
}

/* ---- in the template ---- */

static void replace_stdin(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* The host's input is the host's: reading it here would take it away, or stop us at a terminal. */
	if (null > STDIN_FILENO && fcntl(STDIN_FILENO, F_GETFD) >= 0)
		dup2(null, STDIN_FILENO);
	if (null >= 0)
		close(null);
}

/*
 * The template only waits while an attempt runs: on one processor neither has to wake
 * the other's, which costs more than the test does.  Each attempt gets the host's
 * processors back before its test; between batches the template has them, too.
 */
void fl_attempt_stay(void)
{
	cpu_set_t here;
	int processor = sched_getcpu();

	if (processor < 0 || sched_getaffinity(0, sizeof(host_processors), &host_processors) < 0)
		return;
	CPU_ZERO(&here);
	CPU_SET((unsigned)processor, &here);
	is_staying = sched_setaffinity(0, sizeof(here), &here) == 0;
}

void fl_attempt_roam(void)
{
	if (is_staying)
		sched_setaffinity(0, sizeof(host_processors), &host_processors);
	is_staying = false;
}

void fl_attempt_prepare_alone(void)
{
	copy_environment();
	fl_crash_prepare();
	fl_unwind_warm();
}

/* For a process whose standard input is its own. */
void fl_attempt_prepare_here(void)
{
	fl_bind_now();
	fl_limits_refuse_cores();
	fl_ending_prepare(&host_sigchld);
	/* Output that the host has not written yet is the host's to write. */
	fl_streams_forget();
	fl_attempt_prepare_alone();
}

void fl_attempt_prepare(void)
{
	replace_stdin();
	fl_attempt_prepare_here();
}

/* What a fork of the template that is no attempt gets back of the host. */
void fl_attempt_restore(void)
{
	fl_attempt_roam();
	sigaction(SIGCHLD, &host_sigchld, NULL);
	sigprocmask(SIG_SETMASK, &host_mask, NULL);
}

/* ---- in the child ---- */

static void close_ours(void)
{
	int fds[] = { fl_agent.channel, fl_agent.line, fl_agent.shared_fd };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	fl_agent.channel = fl_agent.line = fl_agent.shared_fd = -1;
}

static void redirect_output(int output)
{
	if (fcntl(STDOUT_FILENO, F_GETFD) >= 0)
		dup2(output, STDOUT_FILENO);
	if (fcntl(STDERR_FILENO, F_GETFD) >= 0)
		dup2(output, STDERR_FILENO);
	close(output);
}

/* This process is the attempt from here on. */
void fl_attempt_take_over(const struct fl_record_order *order, struct fl_facts *facts)
{
	fl_kills_begin();
	fl_agent.role = FL_AGENT_ATTEMPT;
	fl_agent.pid = getpid();
	fl_worker_note(order);
	fl_agent.target = order->test;
	fl_agent.seed = facts->seed;
	if (order->flags & FL_ORDER_PREFIX)
		facts->flags |= FL_FACT_PREFIX;
	fl_stop_arm(order->flags & FL_ORDER_STOP);
	write_number(seed_entry, facts->seed, 16);
	write_number(number_entry, facts->attempt, 10);
	write_number(test_seed_entry, facts->seed & 0x7fffffff, 10);
	fl_crash_let_die(order->flags & FL_ORDER_CORE);
	if (!(order->flags & FL_ORDER_AS_FORK))
		fl_attempt_seed(order);
}

void fl_attempt_seed(const struct fl_record_order *order)
{
	if (order->perturb & FL_PERTURB_BIT(RANDOM))
		fl_random_begin(fl_agent.seed, order->flags & FL_ORDER_LEAVE_UNSEEDED);
}

void fl_attempt_begin(const struct fl_record_order *order, uint32_t n, int output)
{
	struct fl_facts *facts = &fl_agent.shared->slots[n];

	fl_attempt_take_over(order, facts);
	fl_agent.facts = facts;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	redirect_output(output);
	close_ours();
	fl_crash_arm();
	if (order->flags & FL_ORDER_CORE)
		fl_limits_allow_cores();
	fl_attempt_roam();
	sigaction(SIGCHLD, &host_sigchld, NULL);
	sigprocmask(SIG_SETMASK, &host_mask, NULL);
	fl_look_begin(facts, order->flags & FL_ORDER_LOOK);
}

/* The group's tests up to the target, or the target alone. */
void fl_attempt_run(struct fl_group *group, const struct fl_record_order *order)
{
	enum { MOST = 1 << 16 };
	static uint32_t many[MOST];
	FL_HOT static uint32_t one;
	uint32_t *indices = order->flags & FL_ORDER_PREFIX ? many : &one;
	uint32_t i, count = 0;

	if (indices == many)
		for (i = 0; i < order->test && count < MOST - 1; i++)
			if (fl_ids_is_selected(i))
				indices[count++] = i;
	indices[count++] = order->test;
	errno = fl_agent.entered_errno;
	group->run(group, indices, count);
	fl_attempt_end();
}

void fl_attempt_end(void)
{
	struct fl_facts *facts = fl_agent.facts;

	fflush(stdout);
	fflush(stderr);
	if (facts && fl_agent.pid == getpid()) {
		if (!(facts->flags & FL_FACT_DONE))     /* else its worker has told */
			facts->duration_ns = fl_agent_now_ns() - facts->started_ns;
		facts->flags |= FL_FACT_DONE;
		fl_agent.facts = NULL;          /* nothing more is recorded */
		fl_look_end();
	}
	fl_agent_end(0);
}

/* ---- <flicker/flicker.h> ---- */

FL_EXPORT __attribute__((weak)) void flicker_note_text(const char *text);

/* To where the attempt's output goes; in the host there is nobody to keep it. */
FL_EXPORT __attribute__((weak)) void flicker_note_text(const char *text)
{
	int saved = errno;

	if (fl_agent.role == FL_AGENT_ATTEMPT && text)
		dprintf(STDERR_FILENO, "note: %s\n", text);
	errno = saved;
}
