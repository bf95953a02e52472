/* SPDX-License-Identifier: MIT */
/*
 * progress.c - draws the live line.
 *
 * One write(2) a time, and no wrapping: a line that wraps cannot be cleared.
 */
#include "progress.h"

#include <inttypes.h>
#include <sys/ioctl.h>

enum { INTERVAL_NS = 100 * 1000 * 1000, USUAL_WIDTH = 80 };

static const char clear_line[] = "\r\033[K";

/* Attempts still to come, as far as is known now: later suspects count as many as this one. */
static double attempts_left(const struct fl_progress *progress)
{
	double left = progress->done < progress->planned
		      ? (double)(progress->planned - progress->done) : 0;

	if (progress->suspects > progress->suspects_done + 1)
		left += (double)(progress->suspects - progress->suspects_done - 1) *
			(double)progress->planned;
	return left;
}

static void format_eta(char *buffer, size_t size, const struct fl_progress *progress)
{
	double seconds;

	buffer[0] = '\0';
	if (!(progress->attempts_per_s > 0))
		return;
	seconds = attempts_left(progress) / progress->attempts_per_s + 0.5;
	if (seconds < 100 * 3600.0)
		snprintf(buffer, size, ", ETA %u:%02u", (unsigned)seconds / 60,
			 (unsigned)seconds % 60);
}

void fl_progress_format(char buffer[FL_PROGRESS_WIDTH], size_t width,
			const struct fl_progress *progress)
{
	const char *id = progress->test->id ? progress->test->id : "";
	char rest[FL_PROGRESS_WIDTH], eta[32];
	int length, room;

	if (width > FL_PROGRESS_WIDTH - 1)
		width = FL_PROGRESS_WIDTH - 1;
	format_eta(eta, sizeof(eta), progress);
	length = snprintf(rest, sizeof(rest),
			  "  %" PRIu64 "/%" PRIu64 ", %" PRIu64 " failed, %.0f/s%s  [%zu/%zu]",
			  progress->done, progress->planned, progress->non_pass,
			  progress->attempts_per_s, eta,
			  progress->suspects_done + (progress->suspects_done < progress->suspects),
			  progress->suspects);
	room = (int)width - length;
	if (room < 8)                   /* numbers without a name say too little: cut those */
		room = (int)width < 24 ? (int)width : 24;
	snprintf(buffer, width + 1, "%.*s%s", room, id, rest);
}

void fl_progress_init(struct fl_progress_line *line, bool is_wanted)
{
	const char *terminal = getenv("TERM");

	*line = (struct fl_progress_line){
		.is_on = is_wanted && isatty(STDERR_FILENO) && terminal &&
			 strcmp(terminal, "dumb") != 0,
	};
}

/* A column less than there are: the last one makes some terminals wrap. */
static size_t terminal_width(void)
{
	struct winsize window = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) < 0 || window.ws_col == 0)
		return USUAL_WIDTH - 1;
	return window.ws_col - 1u;
}

void fl_progress_draw(struct fl_progress_line *line, const struct fl_progress *progress)
{
	char text[FL_PROGRESS_WIDTH];
	autofree char *bytes = NULL;
	uint64_t now;

	if (!line->is_on || !progress->test) {
		fl_progress_clear(line);
		return;
	}
	now = fl_clock_ns();
	if (line->drawn_ns && now - line->drawn_ns < INTERVAL_NS)
		return;
	line->drawn_ns = now;
	line->is_shown = true;
	fl_progress_format(text, terminal_width(), progress);
	bytes = fl_base_format("%s%s", clear_line, text);
	(void)fl_file_write_all(STDERR_FILENO, bytes, strlen(bytes));
}

void fl_progress_clear(struct fl_progress_line *line)
{
	if (line->is_shown)
		(void)fl_file_write_all(STDERR_FILENO, clear_line, sizeof(clear_line) - 1);
	line->is_shown = false;
}
