/* SPDX-License-Identifier: MIT */
/*
 * attach.c - under plain preload: starting `flicker attach`, the outside.
 *
 * Looked for as $FLICKER_COMMAND, beside this library, in ../bin, ../../bin and ../../../bin;
 * never along PATH.  A double fork whose first child has no exit signal, so that
 * neither is ever met by a wait() of the tests.  Both are raw clones, and up to the
 * exec there are system calls only: threads of the host's, which tests leave behind, may
 * hold any of libc's locks at that moment.  The command answers with the path of its
 * socket.  Where that fails, the one line that the agent ever prints.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "../proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_MS = 10000, READY_FD = 3 };

static char command[PATH_MAX];

static bool try_beside(const char *own, int directory_length, const char *rest)
{
	int n = snprintf(command, sizeof(command), "%.*s%s", directory_length, own, rest);

	return n > 0 && (size_t)n < sizeof(command) && access(command, X_OK) == 0;
}

static bool find_command(void)
{
	const char *named = fl_entry_setting("COMMAND");
	const char *own = fl_entry_library();
	const char *slash = strrchr(own, '/');
	int length = slash ? (int)(slash - own + 1) : 0;

	if (named) {
		snprintf(command, sizeof(command), "%s", named);
		return access(command, X_OK) == 0;
	}
	return try_beside(own, length, "flicker") || try_beside(own, length, "../bin/flicker") ||
	       try_beside(own, length, "../../bin/flicker") ||
	       try_beside(own, length, "../../../bin/flicker");     /* lib/x86_64-linux-gnu/flicker */
}

/* In the grandchild: a clean process but for the descriptor that it answers on. */
static void become_command(int ready)
{
	static char here[PATH_MAX];
	char number[16];
	char *arguments[] = { command, (char *)"attach", (char *)"--ready-fd", number, NULL };
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	ready = dup2(ready, READY_FD);          /* and nothing else of the host's goes along */
	syscall(SYS_close_range, READY_FD + 1u, ~0u, 0u);
	snprintf(number, sizeof(number), "%d", ready);
	/* A report wants a directory that is there. */
	if (!getcwd(here, sizeof(here)) && chdir(fl_entry_directory()) < 0)
		fl_agent_end(127);
	execve(command, arguments, fl_entry_environment(fl_adapters_setting()));
	fl_agent_end(127);
}

/*
 * Whose orphans become the host's own children, as those of a namespace's first process do,
 * must not have the command for one: its parent stays, which no wait() meets.
 */
static void stay_between(int ready)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	close(ready);
	syscall(SYS_close_range, 0u, ~0u, 0u);
	while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
		;
}

static void start(int ready)
{
	bool is_heir = fl_proc_is_heir();
	long pid = syscall(SYS_clone, 0ul, 0ul, 0ul, 0ul, 0ul);

	if (pid == 0) {
		if (syscall(SYS_clone, (unsigned long)SIGCHLD, 0ul, 0ul, 0ul, 0ul) == 0)
			become_command(ready);
		if (is_heir)
			stay_between(ready);
		fl_agent_end(0);
	}
	while (pid > 0 && !is_heir && waitpid((pid_t)pid, NULL, __WCLONE) < 0 && errno == EINTR)
		;
}

/* The socket's path, as the command writes it: up to the end of the pipe. */
static bool read_path(int ready, char *path, size_t size)
{
	struct pollfd waiting = { ready, POLLIN, 0 };
	size_t used = 0;

	for (;;) {
		ssize_t n;

		if (poll(&waiting, 1, READY_MS) == 0)
			return false;
		n = read(ready, path + used, size - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	path[used] = '\0';
	return used > 0;
}

static void complain(const char *what, const char *advice)
{
	char line[PATH_MAX + 128];
	int n = snprintf(line, sizeof(line), "flicker: %s '%s'; %sthe tests go on without it\n", what,
			 command[0] ? command : "flicker", advice);

	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

/* Nobody has named it: where it was looked for, for the last of these places says little. */
static void complain_lost(void)
{
	char line[PATH_MAX + 256];
	int n = snprintf(line, sizeof(line), "flicker: cannot find the command 'flicker' beside '%s', or in a "
			 "bin folder above it; set FLICKER_COMMAND to its path; the tests go on without it\n",
			 fl_entry_library());

	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

void fl_attach_complain(const char *what)
{
	complain(what, "");
}

char *fl_attach_command(void)
{
	static bool is_told;

	if (find_command())
		return command;
	if (!is_told && !fl_entry_setting("COMMAND"))
		complain_lost();
	else if (!is_told)
		complain("cannot find the command", "set FLICKER_COMMAND to its path; ");
	is_told = true;
	return NULL;
}

bool fl_attach_start(void)
{
	int pair[2];
	bool is_ready;

	if (!fl_attach_command())
		return false;
	if (pipe2(pair, O_CLOEXEC) < 0)
		return false;
	pair[0] = fl_agent_lift(pair[0]);
	pair[1] = fl_agent_lift(pair[1]);
	start(pair[1]);
	close(pair[1]);
	is_ready = read_path(pair[0], fl_agent.channel_path, sizeof(fl_agent.channel_path));
	close(pair[0]);
	if (!is_ready) {
		fl_agent.channel_path[0] = '\0';
		fl_attach_complain("no answer from the command");
	}
	return is_ready;
}
