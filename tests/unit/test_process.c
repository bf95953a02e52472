/* SPDX-License-Identifier: MIT */
/*
 * test_process.c - programs under a supervisor: how they end, and what they leave.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "../../plugin/base/process.h"

extern char **environ;

static struct fl_process start(const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct fl_process_spec spec = {
		.path = "sh", .argv = (char *const *)(uintptr_t)argv, .envp = environ,
	};
	struct fl_process process;
	struct fl_error error = { "" };

	if (fl_process_start(&spec, &process, &error) < 0)
		fail_msg("%s", error.text);
	return process;
}

/* Up to the end of its output. */
static void read_all(const struct fl_process *process, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size - 1 && (n = read(process->output, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
}

static void ends_by_itself(void **state)
{
	struct fl_process process = start("echo out; echo err >&2; exit 3");
	struct fl_process_end end;
	char text[64];

	(void)state;
	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	assert_string_equal(text, "out\nerr\n");
	assert_true(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 3);
	assert_false(end.is_stopped);
	assert_int_equal(end.stragglers, 0);
	assert_int_equal(process.output, -1);
}

static void ends_by_a_signal(void **state)
{
	struct fl_process process = start("kill -SEGV $$");
	struct fl_process_end end;

	(void)state;
	fl_process_finish(&process, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
}

static void stops(void **state)
{
	struct fl_process process = start("kill -STOP $$");
	struct fl_process_end end;

	(void)state;
	fl_process_finish(&process, &end);
	assert_true(end.is_stopped);
	assert_true(WIFSTOPPED(end.status) && WSTOPSIG(end.status) == SIGSTOP);
}

/* In a session of its own, with our pipe in its hands: both are ended, the pipe too. */
static void leaves_a_daemon(void **state)
{
	struct fl_process process = start(
		"setsid sleep 1000 & p=$!; echo $p; "
		"while [ $(ps -o pgid= -p $p) != $p ]; do sleep 0.01; done");
	struct fl_process_end end;
	char text[64];

	(void)state;
	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	assert_true(end.stragglers >= 1);
	assert_true(kill(atoi(text), 0) < 0 && errno == ESRCH);
}

static void is_ended(void **state)
{
	struct fl_process process = start("trap '' TERM INT; while :; do sleep 1000; done");
	struct fl_process_end end;

	(void)state;
	fl_process_kill(&process);
	fl_process_finish(&process, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL);
}

static void is_not_there(void **state)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct fl_process_spec spec = {
		.path = "no-such-program", .argv = (char *const *)(uintptr_t)argv, .envp = environ,
	};
	struct fl_process process;
	struct fl_error error = { "" };

	(void)state;
	assert_int_equal(fl_process_start(&spec, &process, &error), -ENOENT);
	assert_non_null(strstr(error.text, "cannot run 'no-such-program'"));
	spec.path = "sh";
	spec.cwd = "/no/such/directory";
	assert_int_equal(fl_process_start(&spec, &process, &error), -ENOENT);
}

/* More than any one look shows, each in a session of its own. */
static void leaves_very_many(void **state)
{
	struct fl_process process = start("i=0; while [ $i -lt 1100 ]; do i=$((i+1));"
					  " setsid sleep 1000 & echo $!; done; sleep 1");
	static char text[32768];
	struct fl_process_end end;
	char *at = text, *next;
	int seen = 0;

	(void)state;
	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	for (; *at; at = next, seen++) {
		assert_true(kill((pid_t)strtol(at, &next, 10), 0) < 0 && errno == ESRCH);
		next += *next == '\n';
	}
	assert_int_equal(seen, 1100);
}

static bool runs(pid_t pid)
{
	char path[64], text[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return file && !strstr(text, ") Z");
}

/* Nobody is left to reap: the program and its group are ended all the same. */
static void loses_its_supervisor(void **state)
{
	struct fl_process process = start("sleep 1000 & echo $!; wait");
	struct fl_process_end end;
	char text[64] = "";
	int looks;

	(void)state;
	assert_true(read(process.output, text, sizeof(text) - 1) > 0);
	kill(process.supervisor, SIGKILL);
	fl_process_finish(&process, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL);
	for (looks = 0; looks < 1000 && runs(atoi(text)); looks++)
		usleep(10000);
	assert_false(runs(atoi(text)));
}

/* As a caller may have left it to us; the program finds it so. */
static void ignores_its_children(void **state)
{
	static const char *const argv[] = { "grep", "SigIgn", "/proc/self/status", NULL };
	struct fl_process_spec spec = {         /* no shell: it has a handler of its own */
		.path = "grep", .argv = (char *const *)(uintptr_t)argv, .envp = environ,
	};
	struct fl_process_end end;
	struct fl_process process;
	struct fl_error error = { "" };
	char text[64];

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	fl_process_hear_children();
	assert_int_equal(fl_process_start(&spec, &process, &error), 0);
	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	assert_true(strtoull(text + sizeof("SigIgn:"), NULL, 16) & 1ull << (SIGCHLD - 1));
	assert_true(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_by_itself),
		cmocka_unit_test(ends_by_a_signal),
		cmocka_unit_test(stops),
		cmocka_unit_test(leaves_a_daemon),
		cmocka_unit_test(is_ended),
		cmocka_unit_test(is_not_there),
		cmocka_unit_test(leaves_very_many),
		cmocka_unit_test(loses_its_supervisor),
		cmocka_unit_test(ignores_its_children),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
