/* SPDX-License-Identifier: MIT */
/*
 * test_exec.c - libflicker-exec as a program uses it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flicker/exec.h>

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64 };

static struct {
	unsigned count, stop_at;
	enum flicker_exec_outcome outcomes[MOST];
	int codes[MOST], signals[MOST], errors[MOST];
	unsigned stragglers[MOST], ports[MOST];
	char out[MOST][64], err[MOST][64];
} seen;

static int see(void *context, const struct flicker_exec_attempt *attempt)
{
	unsigned i = (unsigned)attempt->number - 1;

	(void)context;
	assert_true(i < MOST);
	seen.outcomes[i] = attempt->outcome;
	seen.codes[i] = attempt->exit_code;
	seen.signals[i] = attempt->signal;
	seen.errors[i] = attempt->error;
	seen.stragglers[i] = attempt->stragglers;
	seen.ports[i] = attempt->port;
	snprintf(seen.out[i], sizeof(seen.out[i]), "%s", attempt->out.bytes);
	snprintf(seen.err[i], sizeof(seen.err[i]), "%s", attempt->err.bytes);
	assert_int_equal(strlen(attempt->err.bytes), attempt->err.size);
	return ++seen.count == seen.stop_at;
}

static struct flicker_exec_counts run_settings(struct flicker_exec_settings *settings)
{
	struct flicker_exec_counts counts = { 0 };
	struct flicker_exec *exec;

	settings->on_attempt = see;
	seen.count = 0;
	assert_int_equal(flicker_exec_new(settings, &exec), 0);
	assert_int_equal(flicker_exec_run(exec, &counts), 0);
	flicker_exec_free(exec);
	assert_int_equal(counts.started, counts.passed + counts.failed + counts.cancelled);
	assert_int_equal(counts.started, seen.count);
	return counts;
}

static struct flicker_exec_counts run_script(const char *script,
					     struct flicker_exec_settings settings)
{
	char *argv[] = { "sh", "-c", (char *)script, "sh", "#count#", NULL };

	settings.argv = argv;
	settings.count_token = "#count#";
	return run_settings(&settings);
}

static void every_way_to_end_is_told(void **state)
{
	static const char script[] = "echo out$1; echo err$1 >&2; case $1 in 2) exit 7;; "
				     "3) kill -SEGV $$;; 4) sleep 30;; esac";
	struct flicker_exec_counts counts;

	(void)state;
	counts = run_script(script, (struct flicker_exec_settings){ .runs = 5, .timeout_ms = 300 });
	assert_int_equal(counts.passed, 2);
	assert_int_equal(counts.failed, 3);
	assert_int_equal(seen.outcomes[0], FLICKER_EXEC_PASS);
	assert_int_equal(seen.codes[0], 0);
	assert_int_equal(seen.outcomes[1], FLICKER_EXEC_FAIL);
	assert_int_equal(seen.codes[1], 7);
	assert_int_equal(seen.outcomes[2], FLICKER_EXEC_CRASH);
	assert_int_equal(seen.signals[2], SIGSEGV);
	assert_int_equal(seen.codes[2], -1);
	assert_int_equal(seen.outcomes[3], FLICKER_EXEC_TIMEOUT);
	assert_string_equal(seen.out[1], "out2\n");
	assert_string_equal(seen.err[3], "err4\n");
}

static void what_cannot_be_executed_is_an_error(void **state)
{
	char *argv[] = { "/nowhere/at/all", NULL };
	struct flicker_exec_settings settings = { .argv = argv, .runs = 2 };

	(void)state;
	assert_int_equal(run_settings(&settings).failed, 2);
	assert_int_equal(seen.outcomes[1], FLICKER_EXEC_ERROR);
	assert_int_equal(seen.errors[1], ENOENT);
	argv[0] = "true";
	settings.directory = "/nowhere";
	assert_int_equal(run_settings(&settings).failed, 2);
	assert_int_equal(seen.errors[0], ENOENT);
	settings.directory = NULL;
	settings.path = "/bin/false";
	assert_int_equal(run_settings(&settings).failed, 2);
	assert_int_equal(seen.outcomes[0], FLICKER_EXEC_FAIL);
}

static void settings_of_no_sense_are_refused(void **state)
{
	char *argv[] = { "true", NULL }, *none[] = { NULL };
	const struct flicker_exec_settings rows[] = {
		{ .runs = 1 }, { .argv = none, .runs = 1 }, { .argv = argv },
		{ .argv = argv, .runs = 1, .jobs = FLICKER_EXEC_JOBS + 1 },
		{ .argv = argv, .runs = 1, .ahead = FLICKER_EXEC_AHEAD + 1 },
		{ .argv = argv, .runs = 1, .count_token = "" },
		{ .argv = argv, .runs = 1, .port_token = "" },
	};
	const struct flicker_exec_settings too_much = { .argv = argv, .runs = 1, .text_limit = SIZE_MAX };
	struct flicker_exec *exec = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(flicker_exec_new(&rows[i], &exec), -EINVAL);
	assert_int_equal(flicker_exec_new(&too_much, &exec), -ENOMEM);
	assert_null(exec);
	flicker_exec_free(NULL);
}

static void failures_and_the_callback_end_it(void **state)
{
	struct flicker_exec_counts counts;

	(void)state;
	counts = run_script("test $1 -lt 4",
			    (struct flicker_exec_settings){ .runs = 50, .max_failures = 2 });
	assert_int_equal(counts.started, 5);
	assert_int_equal(counts.failed, 2);
	seen.stop_at = 3;
	counts = run_script(":", (struct flicker_exec_settings){ .runs = 50 });
	seen.stop_at = 0;
	assert_int_equal(counts.passed, 3);
	assert_int_equal(counts.started, 3);
}

static void runs_ahead_of_the_callback_are_told_and_bounded(void **state)
{
	struct flicker_exec_counts counts;

	(void)state;
	seen.stop_at = 3;
	counts = run_script(":", (struct flicker_exec_settings){ .runs = 50, .ahead = 4 });
	seen.stop_at = 0;
	assert_in_range(counts.started, 3, 3 + 4 + 1);
	counts = run_script("test $1 -lt 9", (struct flicker_exec_settings){
				    .runs = 50, .ahead = 9, .max_failures = 1 });
	assert_int_equal(counts.started, 9);            /* failures are never late */
	assert_int_equal(counts.passed, 8);
}

static void those_that_still_run_are_cancelled(void **state)
{
	struct flicker_exec_counts counts;
	unsigned i;

	(void)state;
	counts = run_script("test $1 != 3 || exit 1; sleep 30",
			    (struct flicker_exec_settings){
				    .runs = 50, .jobs = 6, .max_failures = 1 });
	assert_int_equal(counts.failed, 1);
	assert_int_equal(counts.passed, 0);
	assert_int_equal(seen.outcomes[2], FLICKER_EXEC_FAIL);
	for (i = 0; i < counts.started; i++)
		if (i != 2)
			assert_int_equal(seen.outcomes[i], FLICKER_EXEC_CANCELLED);
}

static void ports_differ(void **state)
{
	char *argv[] = { "sh", "-c", "echo #port#; sleep 0.05", NULL };
	struct flicker_exec_settings settings = {
		.argv = argv, .runs = 8, .jobs = 8, .port_token = "#port#",
	};
	unsigned i, j;

	(void)state;
	assert_int_equal(run_settings(&settings).passed, 8);
	for (i = 0; i < 8; i++) {
		assert_int_equal(seen.ports[i], atoi(seen.out[i]));
		for (j = 0; j < i; j++)
			assert_int_not_equal(seen.ports[i], seen.ports[j]);
	}
}

static unsigned count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static volatile sig_atomic_t children_heard;

static void hear_child(int number)
{
	(void)number;
	children_heard++;
}

static void the_caller_notices_nothing(void **state)
{
	struct sigaction action = { .sa_handler = hear_child }, before;
	unsigned descriptors = count_descriptors();
	sigset_t mask, same;

	(void)state;
	sigaction(SIGCHLD, &action, &before);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	run_script(":", (struct flicker_exec_settings){ .runs = 40, .jobs = 4 });
	sigprocmask(SIG_SETMASK, NULL, &same);
	sigaction(SIGCHLD, &before, NULL);
	assert_int_equal(children_heard, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(count_descriptors(), descriptors);
	assert_memory_equal(&mask, &same, sizeof(mask) < 8 ? sizeof(mask) : 8);
}

static void ignored_children_change_nothing(void **state)
{
	struct sigaction action = { .sa_handler = SIG_IGN }, before;

	(void)state;
	sigaction(SIGCHLD, &action, &before);
	assert_int_equal(run_script("exit 5", (struct flicker_exec_settings){ .runs = 3 }).failed, 3);
	sigaction(SIGCHLD, &before, NULL);
	assert_int_equal(seen.codes[2], 5);
}

static void what_is_left_is_ended_and_counted(void **state)
{
	(void)state;
	run_script("setsid sleep 30 & sleep 30 & exit 0",
		   (struct flicker_exec_settings){ .runs = 3 });
	assert_int_equal(seen.outcomes[2], FLICKER_EXEC_PASS);
	assert_true(seen.stragglers[2] >= 2);
}

static void a_helper_that_is_killed_costs_one_run(void **state)
{
	struct flicker_exec_counts counts;

	(void)state;
	counts = run_script("test $1 != 2 || { kill -KILL $PPID; sleep 30; }",
			    (struct flicker_exec_settings){ .runs = 4 });
	assert_int_equal(counts.passed, 3);
	assert_int_equal(counts.failed, 1);
	assert_int_equal(seen.outcomes[1], FLICKER_EXEC_ERROR);
	assert_int_equal(seen.errors[1], ECHILD);
}

static void *stop_soon(void *exec)
{
	struct timespec moment = { 0, 100000000 };

	nanosleep(&moment, NULL);
	flicker_exec_stop(exec);
	return NULL;
}

static void another_thread_may_stop_it(void **state)
{
	char *argv[] = { "sleep", "30", NULL };
	struct flicker_exec_settings settings = {
		.argv = argv, .runs = 9, .jobs = 3, .on_attempt = see,
	};
	struct flicker_exec_counts counts;
	struct flicker_exec *exec;
	pthread_t thread;

	(void)state;
	seen.count = 0;
	assert_int_equal(flicker_exec_new(&settings, &exec), 0);
	assert_int_equal(pthread_create(&thread, NULL, stop_soon, exec), 0);
	assert_int_equal(flicker_exec_run(exec, &counts), 0);
	pthread_join(thread, NULL);
	assert_int_equal(counts.started, 3);
	assert_int_equal(counts.cancelled, 3);
	assert_int_equal(flicker_exec_run(exec, &counts), 0);
	assert_int_equal(counts.started, 0);
	flicker_exec_free(exec);
}

static void *run_one(void *context)
{
	char *argv[] = { "sh", "-c", "exit 3", NULL };
	struct flicker_exec_settings settings = { .argv = argv, .runs = 20, .jobs = 2 };
	struct flicker_exec_counts *counts = context;
	struct flicker_exec *exec;

	if (flicker_exec_new(&settings, &exec) == 0) {
		flicker_exec_run(exec, counts);
		flicker_exec_free(exec);
	}
	return NULL;
}

static void several_threads_may_run_their_own(void **state)
{
	struct flicker_exec_counts counts[4] = { { 0 } };
	pthread_t threads[4];
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, run_one, &counts[i]);
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(counts[i].failed, 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_end_is_told),
		cmocka_unit_test(what_cannot_be_executed_is_an_error),
		cmocka_unit_test(settings_of_no_sense_are_refused),
		cmocka_unit_test(failures_and_the_callback_end_it),
		cmocka_unit_test(runs_ahead_of_the_callback_are_told_and_bounded),
		cmocka_unit_test(those_that_still_run_are_cancelled),
		cmocka_unit_test(ports_differ),
		cmocka_unit_test(the_caller_notices_nothing),
		cmocka_unit_test(ignored_children_change_nothing),
		cmocka_unit_test(what_is_left_is_ended_and_counted),
		cmocka_unit_test(a_helper_that_is_killed_costs_one_run),
		cmocka_unit_test(another_thread_may_stop_it),
		cmocka_unit_test(several_threads_may_run_their_own),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
