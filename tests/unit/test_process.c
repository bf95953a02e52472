/* SPDX-License-Identifier: MIT */
/*
 * test_process.c - programs under a supervisor: how they end, and what they leave.
 */
#define _GNU_SOURCE
#include <flicker/xunit.h>

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
		FAIL("%s", error.text);
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

TEST(process, ends_by_itself)
{
	struct fl_process process = start("echo out; echo err >&2; exit 3");
	struct fl_process_end end;
	char text[64];

	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	EXPECT_STREQ(text, "out\nerr\n");
	ASSERT_TRUE(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 3);
	EXPECT_FALSE(end.is_stopped);
	EXPECT_EQ(end.stragglers, 0);
	EXPECT_EQ(process.output, -1);
}

TEST(process, ends_by_a_signal)
{
	struct fl_process process = start("kill -SEGV $$");
	struct fl_process_end end;

	fl_process_finish(&process, &end);
	ASSERT_TRUE(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
}

TEST(process, stops)
{
	struct fl_process process = start("kill -STOP $$");
	struct fl_process_end end;

	fl_process_finish(&process, &end);
	ASSERT_TRUE(end.is_stopped);
	ASSERT_TRUE(WIFSTOPPED(end.status) && WSTOPSIG(end.status) == SIGSTOP);
}

/* In a session of its own, with our pipe in its hands: both are ended, the pipe too. */
TEST(process, leaves_a_daemon)
{
	struct fl_process process = start(
		"setsid sleep 1000 & p=$!; echo $p; "
		"while [ $(ps -o pgid= -p $p) != $p ]; do sleep 0.01; done");
	struct fl_process_end end;
	char text[64];

	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	ASSERT_GE(end.stragglers, 1);
	ASSERT_TRUE(kill(atoi(text), 0) < 0 && errno == ESRCH);
}

TEST(process, is_ended)
{
	struct fl_process process = start("trap '' TERM INT; while :; do sleep 1000; done");
	struct fl_process_end end;

	fl_process_kill(&process);
	fl_process_finish(&process, &end);
	ASSERT_TRUE(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL);
}

TEST(process, is_not_there)
{
	static const char *const argv[] = { "no-such-program", NULL };
	struct fl_process_spec spec = {
		.path = "no-such-program", .argv = (char *const *)(uintptr_t)argv, .envp = environ,
	};
	struct fl_process process;
	struct fl_error error = { "" };

	ASSERT_EQ(fl_process_start(&spec, &process, &error), -ENOENT);
	EXPECT_NE(strstr(error.text, "cannot run 'no-such-program'"), NULL);
	spec.path = "sh";
	spec.cwd = "/no/such/directory";
	ASSERT_EQ(fl_process_start(&spec, &process, &error), -ENOENT);
}

/* More than any one look shows, each in a session of its own. */
TEST(process, leaves_very_many)
{
	struct fl_process process = start("i=0; while [ $i -lt 1100 ]; do i=$((i+1));"
					  " setsid sleep 1000 & echo $!; done; sleep 1");
	static char text[32768];
	struct fl_process_end end;
	char *at = text, *next;
	int seen = 0;

	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	for (; *at; at = next, seen++) {
		ASSERT_TRUE(kill((pid_t)strtol(at, &next, 10), 0) < 0 && errno == ESRCH);
		next += *next == '\n';
	}
	EXPECT_EQ(seen, 1100);
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
TEST(process, loses_its_supervisor)
{
	struct fl_process process = start("sleep 1000 & echo $!; wait");
	struct fl_process_end end;
	char text[64] = "";
	int looks;

	ASSERT_GT(read(process.output, text, sizeof(text) - 1), 0);
	kill(process.supervisor, SIGKILL);
	fl_process_finish(&process, &end);
	ASSERT_TRUE(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL);
	for (looks = 0; looks < 1000 && runs(atoi(text)); looks++)
		usleep(10000);
	EXPECT_FALSE(runs(atoi(text)));
}

/* As a caller may have left it to us; the program finds it so. */
TEST(process, ignores_its_children)
{
	static const char *const argv[] = { "grep", "SigIgn", "/proc/self/status", NULL };
	struct fl_process_spec spec = {         /* no shell: it has a handler of its own */
		.path = "grep", .argv = (char *const *)(uintptr_t)argv, .envp = environ,
	};
	struct fl_process_end end;
	struct fl_process process;
	struct fl_error error = { "" };
	char text[64];

	signal(SIGCHLD, SIG_IGN);
	fl_process_hear_children();
	ASSERT_EQ(fl_process_start(&spec, &process, &error), 0);
	read_all(&process, text, sizeof(text));
	fl_process_finish(&process, &end);
	ASSERT_TRUE(strtoull(text + sizeof("SigIgn:"), NULL, 16) & 1ull << (SIGCHLD - 1));
	ASSERT_TRUE(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0);
}

FLICKER_XUNIT_MAIN();
