/* SPDX-License-Identifier: MIT */
/*
 * reports.c - the reports of a run, each in its file.
 */
#include "reports.h"

#include "options.h"

#include <errno.h>
#include <limits.h>

static void add(struct fl_reports *reports, size_t *capacity, const char *path)
{
	reports->items = fl_base_grow(reports->items, capacity, reports->count + 1,
				      sizeof(*reports->items));
	reports->items[reports->count++].wanted = fl_base_copy(path);
}

void fl_reports_init(struct fl_reports *reports, const char *lines)
{
	size_t capacity = 0;

	*reports = (struct fl_reports){ 0 };
	while (lines && *lines) {
		autofree char *line = fl_base_copy_n(lines, strcspn(lines, "\n"));

		if (*line)
			add(reports, &capacity, fl_option_report_path(line));
		lines += strlen(line);
		lines += *lines == '\n';
	}
	if (!reports->count)
		add(reports, &capacity, NULL);
}

void fl_reports_clear(struct fl_reports *reports)
{
	size_t i;

	for (i = 0; i < reports->count; i++) {
		fl_json_abandon(reports->items[i].writer);
		free(reports->items[i].wanted);
		free(reports->items[i].path);
	}
	free(reports->items);
	*reports = (struct fl_reports){ 0 };
}

/* The same for every way to write the path of a file that need not be there. */
static char *plain_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *directory = fl_base_copy_n(path, slash ? (size_t)(slash - path + 1) : 0);
	autofree char *real = realpath(*directory ? directory : ".", NULL);

	return fl_base_format("%s/%s", real ? real : directory, slash ? slash + 1 : path);
}

static int refuse_twins(const struct fl_reports *reports, struct fl_error *error)
{
	size_t i, k;

	for (i = 0; i < reports->count; i++)
		for (k = 0; k < i; k++) {
			autofree char *a = plain_path(reports->items[i].wanted);
			autofree char *b = plain_path(reports->items[k].wanted);

			if (strcmp(a, b) == 0)
				return fl_error_set(error, -EINVAL,
						    "the report '%s' is asked for twice; name "
						    "another with '--report json=PATH'",
						    reports->items[i].wanted);
		}
	return 0;
}

int fl_reports_name(struct fl_reports *reports, const char *program, struct fl_error *error)
{
	const char *slash = strrchr(program, '/');
	size_t i;

	for (i = 0; i < reports->count; i++)
		if (!reports->items[i].wanted)
			reports->items[i].wanted = fl_base_format("%s.flicker.json",
								  slash ? slash + 1 : program);
	return refuse_twins(reports, error);
}

int fl_reports_spare(const struct fl_reports *reports, const char *earlier, struct fl_error *error)
{
	autofree char *spared = plain_path(earlier);
	size_t i;

	for (i = 0; i < reports->count; i++) {
		autofree char *path = plain_path(reports->items[i].wanted);

		if (strcmp(path, spared) == 0)
			return fl_error_set(error, -EINVAL, "the report '%s' would replace the one of '--new-only':"
					    " name another with '--report json=PATH'", reports->items[i].wanted);
	}
	return 0;
}

/* A report, or capsule, appears by rename(2): the directory decides. */
static int try_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *trial = fl_base_format("%.*s.flicker-XXXXXX",
					      slash ? (int)(slash - path + 1) : 0, path);
	autoclose int fd = mkstemp(trial);

	if (fd < 0)
		return -errno;
	unlink(trial);
	return 0;
}

int fl_reports_check_file(const char *noun, const char *path, const char *other,
			  struct fl_error *error)
{
	int r = fl_file_check_target(path);

	if (r < 0)
		return fl_error_set(error, r, "cannot write the %s '%s': it is no regular file; name "
				    "another with '%s'", noun, path, other);
	r = try_directory(path);
	if (r < 0)
		return fl_error_set(error, r, "cannot write the %s '%s': %s; name another with '%s'",
				    noun, path, strerror(-r), other);
	return 0;
}

int fl_reports_check(const struct fl_reports *reports, struct fl_error *error)
{
	size_t i;
	int r = 0;

	for (i = 0; i < reports->count && r >= 0; i++)
		r = fl_reports_check_file("report", reports->items[i].wanted,
					  "--report json=PATH", error);
	return r;
}

int fl_reports_open(struct fl_reports *reports, const struct fl_run *run, struct fl_error *error)
{
	size_t i;
	int r = 0;

	for (i = 0; i < reports->count && r >= 0; i++) {
		struct fl_reports_item *item = &reports->items[i];

		r = fl_json_open(item->wanted, run, &item->writer, &item->path, error);
	}
	return r;
}

int fl_reports_append(struct fl_reports *reports, const struct fl_test *test,
		      struct fl_error *error)
{
	int worst = 0;
	size_t i;

	for (i = 0; i < reports->count; i++) {
		struct fl_json_writer *writer = reports->items[i].writer;
		int r = writer ? fl_json_append(writer, test, error) : 0;

		worst = r < 0 ? r : worst;
	}
	return worst;
}

int fl_reports_finish(struct fl_reports *reports, size_t n, const struct fl_run *run,
		      struct fl_error *error)
{
	struct fl_reports_item *item = &reports->items[n];
	int r = item->writer ? fl_json_finish(take(item->writer), run, error) : 0;

	if (r < 0)
		free(take(item->path));
	return r;
}

char *fl_reports_paths(const struct fl_reports *reports)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < reports->count; i++) {
		autofree char *before = NULL;

		if (!reports->items[i].path)
			continue;
		before = text;
		text = fl_base_format("%s%s%s", before ? before : "", before ? ", " : "",
				      reports->items[i].path);
	}
	return text;
}
