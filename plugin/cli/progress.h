/* SPDX-License-Identifier: MIT */
/*
 * progress.h - the live line on a terminal: test, attempts, failures, what is left.
 *
 * There is a line only between the first attempt of a test and its verdict.  While
 * the program itself runs the terminal is the program's.
 */
#ifndef FL_PROGRESS_H
#define FL_PROGRESS_H

#include "../engine/session/session.h"

#include <stdio.h>

enum { FL_PROGRESS_WIDTH = 256 };

/*
 * Writes the line, at most `width` columns (and sizeof buffer - 1 bytes): plain
 * ASCII, a byte a column.  Where room is short the id is cut first.
 */
void fl_progress_format(char buffer[FL_PROGRESS_WIDTH], size_t width,
			const struct fl_progress *progress);

struct fl_progress_line {
	bool is_on;
	bool is_shown;
	uint64_t drawn_ns;
};

/* On only where `is_wanted` and standard error is a terminal that can clear a line. */
void fl_progress_init(struct fl_progress_line *line, bool is_wanted);

/* Draws it anew, ten times a second at most; progress->test NULL clears it. */
void fl_progress_draw(struct fl_progress_line *line, const struct fl_progress *progress);

/* Before anything else is written to standard error. */
void fl_progress_clear(struct fl_progress_line *line);

#endif
