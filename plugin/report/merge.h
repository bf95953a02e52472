/* SPDX-License-Identifier: MIT */
/*
 * merge.h - several reports as one run: what the tests of a project say today.
 *
 * A program is its path, as it was started.  Of a test (program and id) the newest report
 * counts in which it was run or attempted, by the start of its run; where two started in
 * the same second, the later one here.
 */
#ifndef FL_MERGE_H
#define FL_MERGE_H

#include "../engine/model.h"

/*
 * Takes the runs apart; each is cleared, *ret_run is the caller's.  `count` is at least 1.
 * Machine, seed, settings and id are those of the newest run, the start is that of the
 * oldest, durations are summed.  Where there are several programs each test has its own,
 * and the run's names how many there are.
 */
void fl_merge_runs(struct fl_run *runs, size_t count, struct fl_run *ret_run);

/*
 * Drops tests that are said to be of a program of another name, folders left aside: an id
 * means little beside the wrong program.
 */
void fl_merge_keep_program(struct fl_run *run, const char *path);

#endif
