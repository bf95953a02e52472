/* SPDX-License-Identifier: MIT */
/*
 * help.h - pages of help, made from the tables of commands and options.
 */
#ifndef FL_HELP_H
#define FL_HELP_H

#include "command.h"

void fl_help_overview(FILE *out);
void fl_help_page(FILE *out, const struct fl_command *command);
void fl_help_settings(FILE *out);                       /* the page `settings` */

/* A name and what it takes (or NULL), up to the column of texts; a text from there on. */
void fl_help_item(FILE *out, const char *name, const char *metavar);
void fl_help_wrapped(FILE *out, const char *text);
void fl_help_option_text(FILE *out, const struct fl_option *option);

#endif
