/* SPDX-License-Identifier: MIT */
/*
 * main.c - the table of commands, and the way to each.
 *
 * A command starts with its options read and ends with standard output checked:
 * output that could not be written is an error, however the command fared.
 */
#define _GNU_SOURCE
#include "command.h"
#include "help.h"
#include "message.h"

#include <flicker/seed.h>

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#ifndef FL_VERSION
#define FL_VERSION "0.1.0"
#endif

const struct fl_command *const fl_commands[] = {
	&fl_cmd_run,
	&fl_cmd_list,
	&fl_cmd_report,
	&fl_cmd_help,
	&fl_cmd_attach,
	NULL,
};

/* getrandom(2) fails only where a seccomp filter knows it not; the clock will do there. */
static uint64_t random_seed(void)
{
	uint64_t seed;
	struct timespec now;

	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		return seed;
	clock_gettime(CLOCK_REALTIME, &now);
	return fl_seed_mix((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec ^
			   (uint64_t)getpid() << 48);
}

static void warn_of_variables(void)
{
	char **entry;

	for (entry = environ; entry && *entry; entry++) {
		autofree char *warning = fl_options_variable_warning(*entry);

		if (warning)
			fl_message_warn("%s", warning);
	}
}

static int run_command(const struct fl_command *command, char **arguments)
{
	struct fl_options_source source = {
		.command = command->name, .commands = command->options,
		.arguments = arguments, .environment = environ, .seed = random_seed(),
	};
	struct fl_options options = { 0 };
	struct fl_error error = { "" };
	int first = 0, code = FL_EXIT_CLEAN;

	if (fl_options_parse(&source, &options, &first, &error) < 0) {
		fl_message_say("%s", error.text);
		return FL_EXIT_USAGE;
	}
	if (options.is_help) {
		fl_help_page(stdout, command);
	} else {
		warn_of_variables();
		code = command->run(&options, arguments + first);
	}
	fl_options_clear(&options);
	return code;
}

static int dispatch(char **arguments)
{
	const char *name = arguments[0];
	const struct fl_command *command = name ? fl_command_find(name) : NULL;

	if (command)
		return run_command(command, arguments + 1);
	if (!name) {
		fl_help_overview(stderr);
		return FL_EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		fl_help_overview(stdout);
		return FL_EXIT_CLEAN;
	}
	if (strcmp(name, "--version") == 0) {
		puts("flicker " FL_VERSION);
		return FL_EXIT_CLEAN;
	}
	return fl_command_unknown(name);
}

static int close_output(int code)
{
	bool has_failed = ferror(stdout);

	errno = 0;
	if (fflush(stdout) == 0 && !has_failed)
		return code;
	fl_message_say("cannot write to standard output: %s", strerror(errno ? errno : EIO));
	return FL_EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
	return close_output(dispatch(argv + (argc > 0)));
}
