/* SPDX-License-Identifier: MIT */
/*
 * spare.c - asks of each file that a run needs whether a report is about to replace it.
 */
#include "spare.h"

static int spare_one(const struct fl_spare *spare, const char *what, const char *path,
		     struct fl_error *error)
{
	const char *report = spare->face ? spare->face->report : NULL;
	autofree char *other = NULL;
	int r = path ? fl_reports_spare(spare->reports, what, path, error) : 0;

	if (r < 0 || !path || !report)
		return r;
	other = fl_base_format("--gtest_output=%s:PATH", spare->face->format);
	return fl_reports_spare_file(report, other, what, path, error);
}

/* `paths`: a line each, or NULL. */
static int spare_lines(const struct fl_spare *spare, const char *what, const char *paths,
		       struct fl_error *error)
{
	autofree char *copy = fl_base_copy(paths);
	char *rest = copy, *path;
	int r = 0;

	while (r >= 0 && (path = strsep(&rest, "\n")))
		if (*path)
			r = spare_one(spare, what, path, error);
	return r;
}

int fl_spare_all(const struct fl_spare *spare, struct fl_error *error)
{
	const struct fl_options *options = spare->options;
	int r = spare_one(spare, "the program that is run", spare->program, error);

	if (r >= 0)
		r = spare_lines(spare, "a file of '--quarantine'", options->quarantine, error);
	if (r >= 0)
		r = spare_one(spare, "the configuration file", options->config_path, error);
	if (r >= 0)
		r = spare_one(spare, "the one of '--new-only'", options->new_only, error);
	if (r >= 0 && spare->face && spare->face->report)
		r = fl_reports_refuse_twin(spare->reports, spare->face->report, error);
	return r;
}
