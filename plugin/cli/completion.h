/* SPDX-License-Identifier: MIT */
/*
 * completion.h - completions for shells, made from the tables of commands and options.
 */
#ifndef FL_COMPLETION_H
#define FL_COMPLETION_H

#include "options.h"

/* The whole script, for `shell` to read. */
void fl_completion_print(FILE *out, enum fl_shell shell);

#endif
