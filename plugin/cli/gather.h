/* SPDX-License-Identifier: MIT */
/*
 * gather.h - the reports that `flicker report --merge` is given, by name or by folder.
 */
#ifndef FL_GATHER_H
#define FL_GATHER_H

#include "../base/base.h"
#include "../engine/model.h"

/*
 * Reads all of `paths` (NULL-terminated): of a folder every `*.json`, `*.jsonl` and `*.part`
 * below it that begins as a report does, in the order of names; links are not followed.
 * *ret_runs is the caller's, each to be cleared.  -ENOENT where there is none; what
 * fl_json_read says of one that cannot be read.
 */
int fl_gather_runs(char *const *paths, struct fl_run **ret_runs, size_t *ret_count,
		   struct fl_error *error);

#endif
