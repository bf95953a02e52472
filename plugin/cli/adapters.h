/* SPDX-License-Identifier: MIT */
/*
 * adapters.h - are the files of --adapter adapters that this flicker can use?
 *
 * Asked before the program is started: in there a wrong one could only step aside.
 */
#ifndef FL_ADAPTERS_H
#define FL_ADAPTERS_H

#include "../base/base.h"

/*
 * `files`: a path each line, or NULL.  *ret_paths: the same, absolute, or NULL; the
 * caller's.  -ENOENT, -ENOEXEC, -EINVAL with a message for one that cannot be used.
 */
int fl_adapters_check(const char *files, char **ret_paths, struct fl_error *error);

#endif
