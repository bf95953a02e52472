/* SPDX-License-Identifier: MIT */
/*
 * reported.c - reads the ids of flaky tests out of reports.
 */
#include "reported.h"

#include "../report/json.h"

/* An id is a line: what holds a newline is none of ours. */
static void add_flaky(const struct fl_run *run, char **ids)
{
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_test *test = run->tests[i];
		autofree char *before = NULL;

		if (test->judgement.verdict != FL_VERDICT_FLAKY || strchr(test->id, '\n'))
			continue;
		before = *ids;
		*ids = before ? fl_base_format("%s\n%s", before, test->id) : fl_base_copy(test->id);
	}
}

static int read_one(const char *path, char **ids, struct fl_error *error)
{
	struct fl_run run = { 0 };
	int r = fl_json_read(path, &run, error);

	if (r < 0)
		return r;
	add_flaky(&run, ids);
	fl_run_clear(&run);
	return 0;
}

int fl_reported_read(const char *paths, char **ret_ids, struct fl_error *error)
{
	autofree char *ids = NULL;
	int r = 0;

	while (paths && *paths && r >= 0) {
		autofree char *path = fl_base_copy_n(paths, strcspn(paths, "\n"));

		r = *path ? read_one(path, &ids, error) : 0;
		paths += strlen(path);
		paths += *paths == '\n';
	}
	if (r < 0)
		return r;
	*ret_ids = take(ids);
	return 0;
}
