/* SPDX-License-Identifier: MIT */
/*
 * help.h - pages of help, made from the tables of commands and options.
 */
#ifndef FL_HELP_H
#define FL_HELP_H

#include "command.h"

void fl_help_overview(FILE *out);
void fl_help_page(FILE *out, const struct fl_command *command);

#endif
