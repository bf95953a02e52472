/* SPDX-License-Identifier: MIT */
/*
 * main.c - the table of commands, and the way to each.
 *
 * A command starts with its options read and ends with standard output checked:
 * output that could not be written is an error, however the command fared.
 */
#define _GNU_SOURCE
#include "command.h"
#include "config.h"
#include "help.h"
#include "message.h"

#include <flicker/seed.h>

#include <sys/random.h>
#include <time.h>

#ifndef FL_VERSION
#define FL_VERSION "0.1.0"
#endif

const struct fl_command *const fl_commands[] = {
	&fl_cmd_run,
	&fl_cmd_replay,
	&fl_cmd_list,
	&fl_cmd_report,
	&fl_cmd_exec,
	&fl_cmd_adopt,
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

/* What the command line and the environment say of it; a command without --config reads none. */
static int read_config(const struct fl_options_source *source, struct fl_config *ret_config,
		       struct fl_error *error)
{
	struct fl_options_source trial = *source;
	struct fl_options options = { 0 };
	int first = 0, r;

	trial.is_trial = true;
	r = fl_options_parse(&trial, &options, &first, error);
	if (r >= 0 && !options.is_help && fl_option_find("config", source->commands))
		r = fl_config_load(options.config, ret_config, error);
	fl_options_clear(&options);
	return r;
}

static void warn_of_config(const struct fl_config *config)
{
	size_t i;

	for (i = 0; i < config->warning_count; i++)
		fl_message_warn("%s", config->warnings[i]);
}

static int read_settings(const struct fl_command *command, char **arguments,
			 struct fl_config *ret_config, struct fl_options *ret_options)
{
	struct fl_options_source source = {
		.command = command->name, .commands = command->options,
		.arguments = arguments, .environment = environ, .seed = random_seed(),
	};
	struct fl_error error = { "" };
	int first = 0, r;

	r = read_config(&source, ret_config, &error);
	source.entries = ret_config->entries;
	source.entry_count = ret_config->entry_count;
	if (r >= 0)
		r = fl_options_parse(&source, ret_options, &first, &error);
	if (r >= 0 && !ret_options->is_help)
		r = fl_config_quarantine(ret_options->quarantine, ret_config, &error);
	if (r < 0) {
		fl_message_say("%s", error.text);
		return r;
	}
	ret_options->config_path = ret_config->path;
	ret_options->rules = ret_config->rules;
	ret_options->rule_count = ret_config->rule_count;
	return first;
}

static int run_command(const struct fl_command *command, char **arguments)
{
	struct fl_config config = { 0 };
	struct fl_options options = { 0 };
	int first = read_settings(command, arguments, &config, &options);
	int code = first < 0 ? FL_EXIT_USAGE : FL_EXIT_CLEAN;

	if (first >= 0 && options.is_help) {
		fl_help_page(stdout, command);
	} else if (first >= 0) {
		warn_of_variables();
		warn_of_config(&config);
		code = command->run(&options, arguments + first);
	}
	fl_options_clear(&options);
	fl_config_clear(&config);
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
	int error = fl_message_flush();

	if (!error)
		return code;
	fl_message_say("cannot write to standard output: %s", strerror(error));
	return FL_EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
	return close_output(dispatch(argv + (argc > 0)));
}
