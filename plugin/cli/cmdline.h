/* SPDX-License-Identifier: MIT */
/*
 * cmdline.h - a command as the user gave it, as the words that are executed.
 *
 * One operand is a command line, as a shell would read it; a shell reads it only where it
 * holds something that nobody else understands.  Several operands are the words themselves.
 */
#ifndef FL_CMDLINE_H
#define FL_CMDLINE_H

#include "../base/base.h"

/* A zeroed one is empty.  fl_cmdline_clear() frees it. */
struct fl_cmdline {
	char **words;                   /* ends with NULL; tokens are not filled in */
	bool is_shell;                  /* they are /bin/sh, -c and the line */
	const char *count_token;        /* what stands in the words for the number of the run, */
	const char *port_token;         /* and for a port */
};

/*
 * `count_token` is what the user calls it; it must outlive the result.  -EINVAL with a message:
 * there is no command, or its quotes do not close.
 */
int fl_cmdline_parse(char *const *operands, const char *count_token,
		     struct fl_cmdline *ret_cmdline, struct fl_error *error);

void fl_cmdline_clear(struct fl_cmdline *cmdline);

/* Does this mean something else to sh(1) than the words that fl_base_split_words() finds? */
bool fl_cmdline_needs_shell(const char *line);

/*
 * The program that a shell would look for first; the caller's.  NULL: it is something of the
 * shell's own, or not to be told without being one.
 */
char *fl_cmdline_first_program(const char *line);

#endif
