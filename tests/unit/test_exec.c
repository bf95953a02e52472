/* SPDX-License-Identifier: MIT */
/*
 * test_exec.c - libflicker-exec as a program uses it.
 */
#define _GNU_SOURCE
#include <flicker/xunit.h>

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
	ASSERT_LT(i, MOST);
	seen.outcomes[i] = attempt->outcome;
	seen.codes[i] = attempt->exit_code;
	seen.signals[i] = attempt->signal;
	seen.errors[i] = attempt->error;
	seen.stragglers[i] = attempt->stragglers;
	seen.ports[i] = attempt->port;
	snprintf(seen.out[i], sizeof(seen.out[i]), "%s", attempt->out.bytes);
	snprintf(seen.err[i], sizeof(seen.err[i]), "%s", attempt->err.bytes);
	EXPECT_EQ(strlen(attempt->err.bytes), attempt->err.size);
	return ++seen.count == seen.stop_at;
}

static struct flicker_exec_counts run_settings(struct flicker_exec_settings *settings)
{
	struct flicker_exec_counts counts = { 0 };
	struct flicker_exec *exec;

	settings->on_attempt = see;
	seen.count = 0;
	ASSERT_EQ(flicker_exec_new(settings, &exec), 0);
	ASSERT_EQ(flicker_exec_run(exec, &counts), 0);
	flicker_exec_free(exec);
	EXPECT_EQ(counts.started, counts.passed + counts.failed + counts.cancelled);
	EXPECT_EQ(counts.started, seen.count);
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

TEST(exec, every_way_to_end_is_told)
{
	static const char script[] = "echo out$1; echo err$1 >&2; case $1 in 2) exit 7;; "
				     "3) kill -SEGV $$;; 4) sleep 30;; esac";
	struct flicker_exec_counts counts;

	counts = run_script(script, (struct flicker_exec_settings){ .runs = 5, .timeout_ms = 300 });
	EXPECT_EQ(counts.passed, 2);
	EXPECT_EQ(counts.failed, 3);
	EXPECT_EQ(seen.outcomes[0], FLICKER_EXEC_PASS);
	EXPECT_EQ(seen.codes[0], 0);
	EXPECT_EQ(seen.outcomes[1], FLICKER_EXEC_FAIL);
	EXPECT_EQ(seen.codes[1], 7);
	EXPECT_EQ(seen.outcomes[2], FLICKER_EXEC_CRASH);
	EXPECT_EQ(seen.signals[2], SIGSEGV);
	EXPECT_EQ(seen.codes[2], -1);
	EXPECT_EQ(seen.outcomes[3], FLICKER_EXEC_TIMEOUT);
	EXPECT_STREQ(seen.out[1], "out2\n");
	EXPECT_STREQ(seen.err[3], "err4\n");
}

TEST(exec, what_cannot_be_executed_is_an_error)
{
	char *argv[] = { "/nowhere/at/all", NULL };
	struct flicker_exec_settings settings = { .argv = argv, .runs = 2 };

	ASSERT_EQ(run_settings(&settings).failed, 2);
	EXPECT_EQ(seen.outcomes[1], FLICKER_EXEC_ERROR);
	EXPECT_EQ(seen.errors[1], ENOENT);
	argv[0] = "true";
	settings.directory = "/nowhere";
	ASSERT_EQ(run_settings(&settings).failed, 2);
	EXPECT_EQ(seen.errors[0], ENOENT);
	settings.directory = NULL;
	settings.path = "/bin/false";
	ASSERT_EQ(run_settings(&settings).failed, 2);
	EXPECT_EQ(seen.outcomes[0], FLICKER_EXEC_FAIL);
}

TEST(exec, settings_of_no_sense_are_refused)
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

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ASSERT_EQ(flicker_exec_new(&rows[i], &exec), -EINVAL);
	ASSERT_EQ(flicker_exec_new(&too_much, &exec), -ENOMEM);
	EXPECT_EQ(exec, NULL);
	flicker_exec_free(NULL);
}

TEST(exec, failures_and_the_callback_end_it)
{
	struct flicker_exec_counts counts;

	counts = run_script("test $1 -lt 4",
			    (struct flicker_exec_settings){ .runs = 50, .max_failures = 2 });
	EXPECT_EQ(counts.started, 5);
	EXPECT_EQ(counts.failed, 2);
	seen.stop_at = 3;
	counts = run_script(":", (struct flicker_exec_settings){ .runs = 50 });
	seen.stop_at = 0;
	EXPECT_EQ(counts.passed, 3);
	EXPECT_EQ(counts.started, 3);
}

TEST(exec, runs_ahead_of_the_callback_are_told_and_bounded)
{
	struct flicker_exec_counts counts;

	seen.stop_at = 3;
	counts = run_script(":", (struct flicker_exec_settings){ .runs = 50, .ahead = 4 });
	seen.stop_at = 0;
	EXPECT_GE(counts.started, 3);
	EXPECT_LE(counts.started, 3 + 4 + 1);
	counts = run_script("test $1 -lt 9", (struct flicker_exec_settings){
				    .runs = 50, .ahead = 9, .max_failures = 1 });
	EXPECT_EQ(counts.started, 9);            /* failures are never late */
	EXPECT_EQ(counts.passed, 8);
}

TEST(exec, those_that_still_run_are_cancelled)
{
	struct flicker_exec_counts counts;
	unsigned i;

	counts = run_script("test $1 != 3 || exit 1; sleep 30",
			    (struct flicker_exec_settings){
				    .runs = 50, .jobs = 6, .max_failures = 1 });
	EXPECT_EQ(counts.failed, 1);
	EXPECT_EQ(counts.passed, 0);
	EXPECT_EQ(seen.outcomes[2], FLICKER_EXEC_FAIL);
	for (i = 0; i < counts.started; i++)
		if (i != 2)
			EXPECT_EQ(seen.outcomes[i], FLICKER_EXEC_CANCELLED);
}

TEST(exec, ports_differ)
{
	char *argv[] = { "sh", "-c", "echo #port#; sleep 0.05", NULL };
	struct flicker_exec_settings settings = {
		.argv = argv, .runs = 8, .jobs = 8, .port_token = "#port#",
	};
	unsigned i, j;

	ASSERT_EQ(run_settings(&settings).passed, 8);
	for (i = 0; i < 8; i++) {
		EXPECT_EQ(seen.ports[i], atoi(seen.out[i]));
		for (j = 0; j < i; j++)
			EXPECT_NE(seen.ports[i], seen.ports[j]);
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

TEST(exec, the_caller_notices_nothing)
{
	struct sigaction action = { .sa_handler = hear_child }, before;
	unsigned descriptors = count_descriptors();
	sigset_t mask, same;

	sigaction(SIGCHLD, &action, &before);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	run_script(":", (struct flicker_exec_settings){ .runs = 40, .jobs = 4 });
	sigprocmask(SIG_SETMASK, NULL, &same);
	sigaction(SIGCHLD, &before, NULL);
	EXPECT_EQ(children_heard, 0);
	EXPECT_EQ(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	EXPECT_EQ(errno, ECHILD);
	EXPECT_EQ(count_descriptors(), descriptors);
	EXPECT_MEMEQ(&mask, &same, sizeof(mask) < 8 ? sizeof(mask) : 8);
}

TEST(exec, ignored_children_change_nothing)
{
	struct sigaction action = { .sa_handler = SIG_IGN }, before;

	sigaction(SIGCHLD, &action, &before);
	EXPECT_EQ(run_script("exit 5", (struct flicker_exec_settings){ .runs = 3 }).failed, 3);
	sigaction(SIGCHLD, &before, NULL);
	EXPECT_EQ(seen.codes[2], 5);
}

TEST(exec, what_is_left_is_ended_and_counted)
{
	run_script("setsid sleep 30 & sleep 30 & exit 0",
		   (struct flicker_exec_settings){ .runs = 3 });
	EXPECT_EQ(seen.outcomes[2], FLICKER_EXEC_PASS);
	ASSERT_GE(seen.stragglers[2], 2);
}

TEST(exec, a_helper_that_is_killed_costs_one_run)
{
	struct flicker_exec_counts counts;

	counts = run_script("test $1 != 2 || { kill -KILL $PPID; sleep 30; }",
			    (struct flicker_exec_settings){ .runs = 4 });
	EXPECT_EQ(counts.passed, 3);
	EXPECT_EQ(counts.failed, 1);
	EXPECT_EQ(seen.outcomes[1], FLICKER_EXEC_ERROR);
	EXPECT_EQ(seen.errors[1], ECHILD);
}

static void *stop_soon(void *exec)
{
	struct timespec moment = { 0, 100000000 };

	nanosleep(&moment, NULL);
	flicker_exec_stop(exec);
	return NULL;
}

TEST(exec, another_thread_may_stop_it)
{
	char *argv[] = { "sleep", "30", NULL };
	struct flicker_exec_settings settings = {
		.argv = argv, .runs = 9, .jobs = 3, .on_attempt = see,
	};
	struct flicker_exec_counts counts;
	struct flicker_exec *exec;
	pthread_t thread;

	seen.count = 0;
	ASSERT_EQ(flicker_exec_new(&settings, &exec), 0);
	ASSERT_EQ(pthread_create(&thread, NULL, stop_soon, exec), 0);
	ASSERT_EQ(flicker_exec_run(exec, &counts), 0);
	pthread_join(thread, NULL);
	EXPECT_EQ(counts.started, 3);
	EXPECT_EQ(counts.cancelled, 3);
	ASSERT_EQ(flicker_exec_run(exec, &counts), 0);
	EXPECT_EQ(counts.started, 0);
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

TEST(exec, several_threads_may_run_their_own)
{
	struct flicker_exec_counts counts[4] = { { 0 } };
	pthread_t threads[4];
	int i;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, run_one, &counts[i]);
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_EQ(counts[i].failed, 20);
	}
}

FLICKER_XUNIT_MAIN();
