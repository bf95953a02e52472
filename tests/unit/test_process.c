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
	struct fl_process process = start("setsid sleep 1000 & echo $!");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_by_itself),
		cmocka_unit_test(ends_by_a_signal),
		cmocka_unit_test(stops),
		cmocka_unit_test(leaves_a_daemon),
		cmocka_unit_test(is_ended),
		cmocka_unit_test(is_not_there),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
