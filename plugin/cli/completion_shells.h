/* SPDX-License-Identifier: MIT */
/*
 * completion_shells.h - a script for each shell, and what they have in common.
 */
#ifndef FL_COMPLETION_SHELLS_H
#define FL_COMPLETION_SHELLS_H

#include "command.h"

void fl_completion_bash(FILE *out);
void fl_completion_zsh(FILE *out);
void fl_completion_fish(FILE *out);

/* Does the command have the option, for users? */
bool fl_completion_has(const struct fl_command *command, const struct fl_option *option);

/* The words that a value may be, blanks between; are there any? */
bool fl_completion_has_values(const struct fl_option *option);
void fl_completion_values(FILE *out, const struct fl_option *option);

/* The names of the commands, blanks between. */
void fl_completion_commands(FILE *out);

#endif
