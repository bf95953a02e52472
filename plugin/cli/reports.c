/* SPDX-License-Identifier: MIT */
/*
 * reports.c - the reports of a run, each in its file.
 */
#include "reports.h"

#include "options.h"

#include "../report/status.h"

#include <errno.h>
#include <fcntl.h>

static void add(struct fl_reports *reports, size_t *capacity, const char *line)
{
	reports->items = fl_base_grow(reports->items, capacity, reports->count + 1,
				      sizeof(*reports->items));
	reports->items[reports->count++] = (struct fl_reports_item){
		.format = fl_format_find(line),
		.wanted = fl_base_copy(fl_option_report_path(line)),
	};
}

static bool is_stream(const struct fl_reports_item *item)
{
	return strcmp(item->wanted, "-") == 0;
}

void fl_reports_init(struct fl_reports *reports, const char *lines)
{
	size_t capacity = 0;

	*reports = (struct fl_reports){ 0 };
	while (lines && *lines) {
		autofree char *line = fl_base_copy_n(lines, strcspn(lines, "\n"));

		if (*line)
			add(reports, &capacity, line);
		lines += strlen(line);
		lines += *lines == '\n';
	}
	if (!reports->count)
		add(reports, &capacity, "json");
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

static int refuse_twin(const struct fl_reports_item *item, struct fl_error *error)
{
	return fl_error_set(error, -EINVAL, "the report '%s' is asked for twice; name another "
			    "with '--report %s=PATH'", item->wanted, item->format->name);
}

int fl_reports_refuse_twin(const struct fl_reports *reports, const char *path,
			   struct fl_error *error)
{
	size_t i;

	for (i = 0; i < reports->count; i++)
		if (!is_stream(&reports->items[i]) &&
		    fl_file_is_same(reports->items[i].wanted, path))
			return refuse_twin(&reports->items[i], error);
	return 0;
}

static int refuse_twins(const struct fl_reports *reports, struct fl_error *error)
{
	size_t i, k;

	for (i = 0; i < reports->count; i++)
		for (k = 0; k < i; k++)
			if (!is_stream(&reports->items[i]) && !is_stream(&reports->items[k]) &&
			    fl_file_is_same(reports->items[i].wanted, reports->items[k].wanted))
				return refuse_twin(&reports->items[i], error);
	return 0;
}

int fl_reports_name(struct fl_reports *reports, const char *program, struct fl_error *error)
{
	size_t i;

	for (i = 0; i < reports->count; i++) {
		struct fl_reports_item *item = &reports->items[i];

		if (!item->wanted && item->format->suffix)
			item->wanted = fl_base_format("%s%s", fl_status_base(program),
						      item->format->suffix);
		else if (!item->wanted)
			item->wanted = fl_base_copy("-");
	}
	return refuse_twins(reports, error);
}

int fl_reports_spare(const struct fl_reports *reports, const char *what, const char *spared,
		     struct fl_error *error)
{
	size_t i;

	for (i = 0; i < reports->count; i++) {
		const struct fl_reports_item *item = &reports->items[i];
		autofree char *other = fl_base_format("--report %s=PATH", item->format->name);
		int r = !item->wanted || is_stream(item)
				? 0
				: fl_reports_spare_file(item->wanted, other, what, spared, error);

		if (r < 0)
			return r;
	}
	return 0;
}

int fl_reports_spare_file(const char *path, const char *other, const char *what, const char *spared,
			  struct fl_error *error)
{
	if (fl_file_check_target(path) == -EINVAL || !fl_file_is_same(path, spared))
		return 0;               /* a device is not replaced */
	return fl_error_set(error, -EINVAL, "the report '%s' would replace %s: name another with '%s'",
			    path, what, other);
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

static int refuse(const char *noun, const char *path, const char *other, int r,
		  struct fl_error *error)
{
	return fl_error_set(error, r, "cannot write the %s '%s': %s; name another with '%s'", noun,
			    path, strerror(-r), other);
}

int fl_reports_check_file(const char *noun, const char *path, const char *other,
			  struct fl_error *error)
{
	int r = fl_file_check_target(path);

	if (r < 0)
		return fl_error_set(error, r, "cannot write the %s '%s': it is no regular file; name "
				    "another with '%s'", noun, path, other);
	r = try_directory(path);
	return r < 0 ? refuse(noun, path, other, r, error) : 0;
}

int fl_reports_check(const struct fl_reports *reports, struct fl_error *error)
{
	size_t i;
	int r = 0;

	for (i = 0; i < reports->count && r >= 0; i++) {
		const struct fl_reports_item *item = &reports->items[i];
		autofree char *other = fl_base_format("--report %s=PATH", item->format->name);

		if (is_stream(item))
			continue;
		r = fl_file_make_folders(item->wanted);
		if (r < 0)
			return refuse("report", item->wanted, other, r, error);
		r = fl_reports_check_file("report", item->wanted, other, error);
	}
	return r;
}

/* The program that the path was made of may be known only now, under a plain preload. */
static int open_file(struct fl_reports_item *item, const struct fl_run *run,
		     struct fl_error *error)
{
	int r = fl_file_make_folders(item->wanted);

	if (r < 0)
		return fl_error_set(error, r, "cannot write the report '%s': %s", item->wanted,
				    strerror(-r));
	return fl_json_open(item->wanted, run, &item->writer, &item->path, error);
}

int fl_reports_open(struct fl_reports *reports, const struct fl_run *run, struct fl_error *error)
{
	size_t i;
	int r = 0;

	for (i = 0; i < reports->count && r >= 0; i++) {
		struct fl_reports_item *item = &reports->items[i];

		item->is_stream = is_stream(item);
		if (!item->is_stream)
			r = open_file(item, run, error);
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

static int write_stream(const struct fl_format *format, const struct fl_run *run,
			struct fl_error *error)
{
	int r = fl_format_write(format->write, stdout, run);

	return r >= 0 ? 0 : fl_error_set(error, r, "cannot write the report to standard output: %s",
					 strerror(-r));
}

/* In one write(2): others may append to it at the same time. */
static int append(const char *path, const struct fl_format *format, const struct fl_run *run)
{
	autoclose int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = fd < 0 ? NULL : open_memstream(&text, &size);
	int r = out ? format->append(out, run) : -errno;

	if (out && fclose(out) == EOF && r >= 0)
		r = -errno;
	return r < 0 ? r : fl_file_write_all(fd, text, size);
}

static int append_by_variable(const struct fl_format *format, const struct fl_run *run,
			      struct fl_error *error)
{
	const char *path = format->variable ? getenv(format->variable) : NULL;
	int r = path && *path ? append(path, format, run) : 0;

	return r >= 0 ? 0 : fl_error_set(error, r, "cannot write '%s' (%s): %s", path,
					 format->variable, strerror(-r));
}

int fl_reports_finish(struct fl_reports *reports, size_t n, const struct fl_run *run,
		      struct fl_error *error)
{
	struct fl_reports_item *item = &reports->items[n];
	int r = 0;

	if (!item->writer && !item->is_stream)
		return 0;
	if (item->writer)
		r = fl_json_finish(take(item->writer), item->format->write, run, error);
	else
		r = write_stream(item->format, run, error);
	if (r < 0)
		free(take(item->path));
	return r < 0 ? r : append_by_variable(item->format, run, error);
}

static int render(const struct fl_reports_item *item, const struct fl_run *run,
		  struct fl_error *error)
{
	int r;

	if (is_stream(item))
		r = write_stream(item->format, run, error);
	else
		r = fl_format_replace(item->format->write, item->wanted, run);
	if (r < 0 && !is_stream(item))
		fl_error_set(error, r, "cannot write the report '%s': %s", item->wanted,
			     strerror(-r));
	return r < 0 ? r : append_by_variable(item->format, run, error);
}

int fl_reports_render(struct fl_reports *reports, const struct fl_run *run, bool *ret_is_written,
		      struct fl_error *error)
{
	size_t i;
	int r;

	for (i = 0; i < reports->count; i++)
		if (!reports->items[i].wanted)
			reports->items[i].wanted = fl_base_copy("-");
	r = refuse_twins(reports, error);
	if (r >= 0)
		r = fl_reports_check(reports, error);
	*ret_is_written = r >= 0;
	for (i = 0; i < reports->count && r >= 0; i++)
		r = render(&reports->items[i], run, error);
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
