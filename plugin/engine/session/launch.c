/* SPDX-License-Identifier: MIT */
/*
 * launch.c - starting the test program under the agent.
 *
 * The agent comes behind preloads that are there already: they keep their place.
 * Settings that the agent itself must know travel as FLICKER_* variables, as they
 * would under a plain preload.
 */
#define _GNU_SOURCE
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void set_or_unset(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void prepare_environment(const struct fl_session_settings *settings, const char *channel)
{
	const char *there = getenv("LD_PRELOAD");
	autofree char *preload = there && *there ? fl_base_format("%s:%s", there, settings->agent) :
						   fl_base_copy(settings->agent);

	setenv("LD_PRELOAD", preload, 1);
	setenv("FLICKER_CHANNEL", channel, 1);
	set_or_unset("FLICKER_FILTER", settings->filter);
	set_or_unset("FLICKER_TEST", settings->test);
	set_or_unset("FLICKER_LIST", settings->is_list ? "1" : NULL);
}

/* Standard output is for the list alone. */
static void silence_stdout(void)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
		close(null);
}

/* In the child; does not return. */
static void become_program(const struct fl_session_settings *settings, const char *channel,
			   int failure)
{
	int code;

	if (settings->is_list)
		silence_stdout();
	prepare_environment(settings, channel);
	execvp(settings->argv[0], settings->argv);
	code = errno;
	if (write(failure, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

pid_t fl_launch(const struct fl_session_settings *settings, const char *channel,
		struct fl_error *error)
{
	int pair[2], code = 0;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return fl_error_set(error, -errno, "cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		become_program(settings, channel, pair[1]);
	close(pair[1]);
	if (pid < 0)
		code = errno;
	else if (read(pair[0], &code, sizeof(code)) < 0)
		code = errno;
	close(pair[0]);
	if (code)
		return fl_error_set(error, -code, "cannot run '%s': %s", settings->argv[0], strerror(code));
	return pid;
}
