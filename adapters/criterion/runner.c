/* SPDX-License-Identifier: MIT */
/*
 * runner.c - Criterion's runner: where it begins a run, in the host and in attempts.
 *
 * criterion_run_all_tests() makes threads and sockets first of all, so what attempts are
 * forked from is parked before it.  What is only known behind that - which tests a pattern
 * leaves, how many parameters there are - is found out in a copy of the process, that
 * begins the run and ends where the first test would be; but where nobody has asked for a test
 * the run itself finds it out (postponed.c).  An attempt begins it anew with one test; where the
 * run would write its results it is left, as they are not wanted.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include "../next.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Above all levels that there are; CRITERION_LOG_LEVEL_QUIET would silence the tests, too. */
enum { ASK_MS = 10000, UNHEARD = 3 };

const struct fl_services *fl_criterion_flicker;

#define flicker fl_criterion_flicker
#define now fl_criterion_run

/* Of a run that has been left, or whose runner was killed. */
void fl_criterion_forget_socket(int pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/tmp/criterion_%d.sock", pid);
	unlink(path);
}

/* ---- what is only known behind PRE_ALL ---- */

static void ask_in_copy(struct test_set *set)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	now.mode = FL_CRITERION_ASKING;
	REAL(run_all_tests)(set);
	syscall(SYS_exit_group, 1);
}

/* Has the copy come to its end, and a good one? */
static bool await(pid_t copy)
{
	int pidfd = (int)syscall(SYS_pidfd_open, copy, 0u), status = 0;
	struct pollfd ready = { pidfd, POLLIN, 0 };

	if (pidfd >= 0 && poll(&ready, 1, ASK_MS) <= 0)
		kill(copy, SIGKILL);
	if (pidfd >= 0)
		close(pidfd);
	if (waitpid(copy, &status, 0) != copy)
		return false;
	fl_criterion_forget_socket(copy);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* False: it cannot be known. */
static bool ask(struct test_set *set, size_t *ret_bytes)
{
	sigset_t child, before;
	pid_t copy;
	bool is_known;

	*ret_bytes = (set->tests + 1) * sizeof(*now.found);
	now.found = mmap(NULL, *ret_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (now.found == MAP_FAILED) {
		now.found = NULL;
		return false;
	}
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);             /* nobody is to hear of it */
	sigprocmask(SIG_BLOCK, &child, &before);
	copy = fork();
	if (copy == 0)
		ask_in_copy(set);
	is_known = copy > 0 && await(copy);
	sigtimedwait(&child, NULL, &(struct timespec){ 0, 0 });
	sigprocmask(SIG_SETMASK, &before, NULL);
	return is_known;
}

static bool has_unknown(struct test_set *set)
{
	return REAL(options)->pattern || fl_criterion_has_parameters(set);
}

static bool list(struct test_set *set)
{
	size_t bytes = 0;
	bool is_known = !has_unknown(set) || ask(set, &bytes);
	bool is_listed = is_known && fl_criterion_list(set, now.found, &now.rows);

	if (now.found)
		munmap(now.found, bytes);
	now.found = NULL;
	return is_listed;
}

/* ---- an attempt ---- */

static void *way_out[5];

/* Where its results would be written. */
void fl_criterion_at_end(void)
{
	fl_criterion_forget_socket(getpid());
	__builtin_longjmp(way_out, 1);
}

static void __attribute__((noinline)) run_restricted(void)
{
	if (__builtin_setjmp(way_out) == 0)
		REAL(run_all_tests)(now.set);
}

/* Flicker has its own, and asks where it hangs; what runs before the test that counts is not asked. */
static void set_deadlines(uint32_t timeout_ms)
{
	const struct row *target = &now.rows.rows[now.target], *row;

	for (row = now.rows.rows; row < now.rows.rows + now.rows.count; row++) {
		row->test->data->timeout_s = row->test == target->test ? 0 : timeout_ms / 1e3;
		if (row->suite->data)
			row->suite->data->timeout_s = 0;
	}
	REAL(options)->timeout_s = 0;
}

static void prepare_run(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	now.target = indices[count - 1];
	now.is_alone = count == 1;
	now.mode = FL_CRITERION_ATTEMPT;
	fl_criterion_restrict(group, now.set, &now.rows, indices, count);
	fl_criterion_expand(now.set);
	REAL(options)->jobs = 1;
	REAL(options)->pattern = NULL;
	REAL(options)->fail_fast = false;
	REAL(options)->debug = 0;
	REAL(options)->wait_for_clients = false;
	set_deadlines(flicker->hand_over(count));
}

static void run_entries(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	prepare_run(group, indices, count);
	run_restricted();
}

/* ---- the run ---- */

static bool has_all_selected(const struct fl_group *group)
{
	uint32_t i;

	for (i = 0; i < group->count; i++)
		if (!flicker->is_selected(group, i))
			return false;
	return true;
}

static int run_in_host(struct fl_group *group)
{
	int result;

	now.mode = FL_CRITERION_HOST;
	if (flicker->hides_lines())
		REAL(options)->logging_threshold = UNHEARD;
	if (flicker->fails_fast())
		REAL(options)->fail_fast = true;
	if (!has_all_selected(group))
		fl_criterion_restrict(group, now.set, &now.rows, NULL, 0);
	fl_criterion_expand(now.set);
	result = REAL(run_all_tests)(now.set);
	fl_criterion_contract();
	now.mode = FL_CRITERION_ABSENT;
	flicker->leave(group);
	return result;
}

static int run_group(struct fl_group *group)
{
	switch (flicker->enter(group)) {
	case FL_ENTER_NOTHING:
		return 1;
	case FL_ENTER_OBSERVE:
		return run_in_host(group);
	default:
		return REAL(run_all_tests)(now.set);
	}
}

FL_ADAPTER_INTERPOSE(criterion_run_all_tests, fl_criterion_flicker);

int criterion_run_all_tests(struct test_set *set)
{
	struct fl_group group = { .tests = &now.rows, .describe = fl_criterion_describe,
				  .run = run_entries, .has_workers = true };
	int result;

	if (now.set || flicker->worker() != FL_WORKER_NONE || getenv("BXFI_MAP"))
		return REAL(run_all_tests)(set);
	now.set = set;
	now.group = &group;
	if (has_unknown(set) && fl_criterion_postpone(&group)) {
		result = fl_criterion_run_postponed(&group);
	} else if (list(set)) {
		group.count = now.rows.count;
		result = run_group(&group);
	} else {
		result = REAL(run_all_tests)(set);
	}
	fl_criterion_release(&now.rows);
	now.set = NULL;
	return result;
}

/* ---- behind PRE_ALL ---- */

void fl_criterion_at_start(struct test_set *set)
{
	if (now.mode == FL_CRITERION_POSTPONED)
		fl_criterion_find_disabled(set, now.found);
	if (now.mode != FL_CRITERION_ASKING)
		return;
	fl_criterion_ask(set, now.found);
	syscall(SYS_exit_group, 0);
}

/* ---- the adapter ---- */

/* Under --fail-fast it ends the program in the middle of the run. */
static bool ends(int code)
{
	if (flicker->worker() != FL_WORKER_NONE)
		return fl_criterion_ends(code);
	return now.mode == FL_CRITERION_HOST || now.mode == FL_CRITERION_POSTPONED;
}

static bool attach_shared(const struct fl_services *services)
{
	if (!fl_criterion_find_real())
		return false;
	services->own((const void *)REAL(run_all_tests));
	return true;
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	bool is_static = fl_criterion_is_static();

	if (services->abi != FL_ADAPTER_ABI)
		return false;
	if (!(is_static ? fl_criterion_attach_static(services) : attach_shared(services))) {
		if (services->program() && fl_criterion_is_hidden())
			services->warn("Criterion is linked into the program, which has no symbols: its "
				       "tests are not seen; keep them (strip -g) or their debug file");
		return false;
	}
	*ret_version = fl_criterion_is_2_4 ? "2.4" : "2.3";
	*ret_linkage = is_static ? "static" : "shared";
	fl_criterion_flicker = services;
	return true;
}

const struct fl_adapter fl_adapter_criterion = {
	.abi = FL_ADAPTER_ABI,
	.name = "criterion",
	.symbols = fl_criterion_symbols,
	.attach = attach,
	.ends = ends,
};
