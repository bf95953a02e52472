/* SPDX-License-Identifier: MIT */
/*
 * face.c - from GoogleTest's flags to what is told to the agent, and the files around a run.
 *
 * Order, names and numbers are GoogleTest's (gtest.cc: GetRandomSeedFromFlag,
 * WriteToShardStatusFile, ScopedPrematureExitFile, UnitTestOptions::GetAbsolutePathToOutputFile).
 */
#define _GNU_SOURCE
#include "face.h"

#include "command.h"
#include "message.h"
#include "reports.h"

#include "../report/status.h"

#include <flicker/face.h>

#include <errno.h>
#include <fcntl.h>
#include <strings.h>

enum {
	MOST_SEED = 99999,
	LONGEST_TEST = 150,             /* in the name of a file; with all endings 255 do */
};

/* ---- names and paths of reports ---- */

static bool is_for_one(const struct fl_face_flags *flags)
{
	const char *filter = flags->filter;

	return flags->has_flags && *filter && !strpbrk(filter, "*?:-\n") &&
	       strlen(filter) <= LONGEST_TEST;
}

char *fl_face_stem(const struct fl_face *face, const char *program)
{
	char *stem, *at;

	if (!face || !is_for_one(&face->flags))
		return fl_base_copy(fl_status_base(program));
	stem = fl_base_format("%s.%s", fl_status_base(program), face->flags.filter);
	for (at = stem; *at; at++)
		if (*at == '/')                 /* of a parameter */
			*at = '_';
	return stem;
}

/* In a directory every run gets a file of its own: prog.xml, prog_1.xml, ... */
static char *free_name(const char *directory, const char *program, const char *format)
{
	char *path = fl_base_format("%s%s.%s", directory, fl_status_base(program), format);
	unsigned number;

	for (number = 1; access(path, F_OK) == 0; number++) {
		free(path);
		path = fl_base_format("%s%s_%u.%s", directory, fl_status_base(program), number, format);
	}
	return path;
}

static char *report_path(const char *output, const char *program, const char *format)
{
	const char *colon = strchr(output, ':'), *path = colon ? colon + 1 : NULL;

	if (!path)
		return fl_base_format("test_detail.%s", format);
	if (*path && path[strlen(path) - 1] != '/')
		return fl_base_copy(path);
	return free_name(path, program, format);
}

static void choose_report(struct fl_face *face)
{
	static const char *const formats[] = { "xml", "json" };
	const char *output = face->flags.output;
	size_t length = strcspn(output, ":"), i;

	for (i = 0; i < FL_COUNT(formats); i++)
		if (strlen(formats[i]) == length && memcmp(formats[i], output, length) == 0)
			face->format = formats[i];
	if (face->format)
		face->report = report_path(output, face->program, face->format);
}

static int prepare_report(const struct fl_face *face, struct fl_error *error)
{
	autofree char *other = NULL;

	if (!face->report || fl_file_check_target(face->report) == -EINVAL)
		return 0;               /* none, or a device */
	other = fl_base_format("--gtest_output=%s:PATH", face->format);
	(void)fl_file_make_folders(face->report);       /* where it cannot, the check says why */
	return fl_reports_check_file("report", face->report, other, error);
}

/* ---- from start to end ---- */

/* 0 is the clock, and whatever is given lies between 1 and MOST_SEED. */
static uint32_t seed_of(int32_t given)
{
	struct timespec now;
	uint32_t raw = (uint32_t)given;

	if (given == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		raw = (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
	}
	return (raw - 1) % MOST_SEED + 1;
}

void fl_face_init(struct fl_face *face, char *const *operands)
{
	struct fl_error error = { "" };

	*face = (struct fl_face){ .program = operands[0] };
	fl_face_flags_read(operands + 1, environ, &face->flags);
	choose_report(face);
	face->seed = seed_of(face->flags.random_seed);
	if (!face->flags.fault && prepare_report(face, &error) < 0)
		face->flags.fault = fl_base_copy(error.text);
}

void fl_face_clear(struct fl_face *face)
{
	fl_face_flags_clear(&face->flags);
	free(face->report);
	free(face->lines);
	*face = (struct fl_face){ 0 };
}

const char *fl_face_no_lines(char *const *operands)
{
	for (; *operands; operands++)
		if (fl_face_is_flag(*operands))
			return "";
	return NULL;
}

/* Empty, or with a byte that says no more than that it is there. */
static int put_file(const char *noun, const char *path, const char *byte, struct fl_error *error)
{
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int r = fd < 0 ? -errno : fl_file_write_all(fd, byte, strlen(byte));

	return r < 0 ? fl_error_set(error, r, "cannot write the %s '%s': %s", noun, path,
				    strerror(-r))
		     : 0;
}

static void warn(const struct fl_face *face)
{
	const struct fl_face_flags *flags = &face->flags;
	const char *line = flags->warnings;

	for (; line && *line; line += strcspn(line, "\n"), line += *line == '\n')
		fl_message_warn("%.*s", (int)strcspn(line, "\n"), line);
	if (*flags->output && !face->format)
		fl_message_warn("GoogleTest's report is xml or json: '%.*s' is ignored",
				(int)strcspn(flags->output, ":"), flags->output);
	if (*flags->stream)
		fl_message_warn("'--gtest_stream_result_to' is ignored: nothing is sent to '%s'",
				flags->stream);
}

int fl_face_meet(struct fl_face *face, struct fl_error *error)
{
	const struct fl_face_flags *flags = &face->flags;
	int r = 0;

	if (face->is_met)
		return 0;
	face->is_met = true;
	warn(face);
	if (flags->shard_status)
		r = put_file("shard status file", flags->shard_status, "", error);
	if (r >= 0 && flags->premature_exit && !flags->is_list)
		r = put_file("premature exit file", flags->premature_exit, "0", error);
	face->is_refused = r < 0;
	return r;
}

void fl_face_end(const struct fl_face *face)
{
	const char *path = face->flags.premature_exit;

	if (face->is_met && path && unlink(path) < 0 && errno != ENOENT)
		fl_message_warn("cannot remove the premature exit file '%s': %s", path,
				strerror(errno));
}

/* ---- an iteration ---- */

static bool is_colour_wanted(const char *word)
{
	static const char *const yes[] = { "yes", "true", "t", "1" };
	size_t i;

	if (strcasecmp(word, "auto") == 0)
		return fl_message_has_colour(stdout);
	for (i = 0; i < FL_COUNT(yes); i++)
		if (strcasecmp(yes[i], word) == 0)
			return true;
	return false;
}

/* No id holds a line's end, so none is lost with it. */
static char *filter_line(const char *filter)
{
	char *line = fl_base_copy(filter), *p;

	for (p = line; (p = strchr(p, '\n')) != NULL;)
		*p = ' ';
	return line;
}

static char *lines_of(const struct fl_face *face)
{
	const struct fl_face_flags *flags = &face->flags;
	autofree char *filter = filter_line(flags->filter);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "filter=%s\n", filter);
	if (flags->runs_disabled)
		fputs("disabled=1\n", out);
	if (flags->shards)
		fprintf(out, "shards=%d\nshard=%d\n", flags->shards, flags->shard);
	if (flags->shuffles)
		fprintf(out, "shuffle=%u\n", face->seed);
	if (flags->fails_fast)
		fputs("fail_fast=1\n", out);
	if (flags->breaks)
		fputs("break=1\n", out);
	if (flags->has_flags)
		fprintf(out, "lines=%s\n", flags->is_brief ? "brief" : "all");
	if (is_colour_wanted(flags->colour))
		fputs("color=1\n", out);
	if (!flags->has_time)
		fputs("time=0\n", out);
	return fclose(out) == 0 ? text : NULL;
}

void fl_face_iterate(struct fl_face *face, int32_t iteration)
{
	if (iteration && face->flags.shuffles)
		face->seed = face->seed % MOST_SEED + 1;
	free(face->lines);
	face->lines = lines_of(face);
}

void fl_face_tell_iteration(const struct fl_face *face, int32_t iteration)
{
	if (face->flags.repeat == 1 || !face->flags.has_flags || face->flags.is_brief)
		return;
	printf("\nRepeating all tests (iteration %d) . . .\n\n", iteration + 1);
	fflush(stdout);
}

/*
 * The rule of one run, over several: an own error, tests that fail, flaky ones, attempts
 * missing, the program's own.
 */
int fl_face_worse(int code, int other)
{
	static const int ranks[] = { FL_EXIT_INTERNAL, FL_EXIT_FAILED, 2, 3 };
	size_t i;

	for (i = 0; i < FL_COUNT(ranks); i++)
		if (code == ranks[i] || other == ranks[i])
			return ranks[i];
	return code ? code : other;
}
