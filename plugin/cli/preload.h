/* SPDX-License-Identifier: MIT */
/*
 * preload.h - is there a program, and can libflicker.so be preloaded into it?
 *
 * Asked before anything is started, so that what cannot work is one clear line
 * and not a run without tests.
 */
#ifndef FL_PRELOAD_H
#define FL_PRELOAD_H

#include "../base/base.h"

/* The file that execvp(3) would run for `name`; the caller's.  -ENOENT, -EACCES, -EISDIR. */
int fl_preload_find_program(const char *name, char **ret_path, struct fl_error *error);

/*
 * Can the loader preload our library there?  -ENOEXEC with a message for another
 * architecture, a static executable or one that changes its user.  What is no ELF
 * file (a script) passes: what it starts may be.
 */
int fl_preload_check(const char *path, struct fl_error *error);

/*
 * The same where the program may be one test as a whole, by its exit code: what can be started
 * and not preloaded into is no error, *ret_obstacle says why it is so (else NULL).
 */
int fl_preload_look(const char *path, const char **ret_obstacle, struct fl_error *error);

/* Is there such a command for fresh processes to run under?  NULL: none is wanted. */
int fl_preload_check_wrapper(const char *wrapper, struct fl_error *error);

/* Is it an ELF file for the machine that this command runs on?  -ENOEXEC with a message. */
int fl_preload_check_library(const char *path, struct fl_error *error);

/* libflicker-plugin.so, beside or installed with this command; the caller's. */
int fl_preload_find_plugin(char **ret_path, struct fl_error *error);

/* libflicker.so, as it lies beside or is installed with this very command; the caller's. */
int fl_preload_find_library(char **ret_path, struct fl_error *error);

#endif
