/* SPDX-License-Identifier: MIT */
/*
 * command.h - a command: one file, one const struct, one line in main.c's table.
 *
 * main.c has the options read and the standard output checked; a command gets
 * finished options and its operands, prints through message.h and returns the
 * exit code.
 */
#ifndef FL_COMMAND_H
#define FL_COMMAND_H

#include "options.h"

#include <stddef.h>

enum {
	FL_EXIT_CLEAN    = 0,
	FL_EXIT_FAILED   = 1,           /* exec: a run failed */
	FL_EXIT_REFUSED  = 1,           /* adopt: the program cannot be adopted */
	FL_EXIT_NOT_REPRODUCED = 1,     /* replay */
	FL_EXIT_OTHER_BINARY = 2,       /* replay: not reproduced, and not the same program */
	FL_EXIT_USAGE    = 64,
	FL_EXIT_INTERNAL = 70,
	FL_EXIT_SIGNAL   = 128,         /* plus the signal */
};

struct fl_command {
	const char *name;
	const char *usage;              /* a line each form; also the synopsis of the man page */
	const char *summary;            /* a few words: the list of commands */
	const char *text;               /* a paragraph: its page of help; lines end with \n */
	const char *exits;              /* its exit codes, in words */
	enum fl_option_command options; /* which rows of the options table are its own */
	bool is_internal;               /* not listed, has no page */
	int (*run)(const struct fl_options *options, char **operands);
};

/* Every command, in the order of help; ends with NULL.  In main.c. */
extern const struct fl_command *const fl_commands[];

/* The command of that name, or NULL. */
const struct fl_command *fl_command_find(const char *name);

/* Say `unknown command` with the nearest one; what is wrong, and the usage.  Both FL_EXIT_USAGE. */
int fl_command_unknown(const char *name);
int fl_command_misused(const struct fl_command *command, const char *what);

extern const struct fl_command fl_cmd_run, fl_cmd_replay, fl_cmd_list, fl_cmd_report, fl_cmd_help,
	fl_cmd_attach, fl_cmd_adopt, fl_cmd_exec;

#endif
