/* SPDX-License-Identifier: MIT */
/*
 * face_report.c - GoogleTest's report of a run: which tests are in it.
 *
 * Disabled ones are, as long as the filter selects them and no other shard tells of them: each is
 * dealt with the next test that is run (UnitTestImpl::FilterTests, is_reportable).  What the
 * filter leaves out is not.  Names are those of the list.
 */
#include "face.h"

#include "../report/formats.h"
#include "../report/gtest_list.h"

#include <flicker/face.h>

#include <errno.h>

struct view {
	struct fl_run run;              /* whose tests are the copies; all else is the run's */
	struct fl_test *copies;         /* with names of their own */
};

/* What GoogleTest would decide of one test after the other. */
static bool is_reported(const struct fl_face_flags *flags, const char *shown, int32_t *runnable)
{
	bool is_matched = fl_face_matches(flags->filter, strlen(flags->filter), shown);
	bool is_runnable = is_matched && (flags->runs_disabled || !fl_face_is_disabled(shown));
	bool is_elsewhere = flags->shards && *runnable % flags->shards != flags->shard;

	*runnable += is_runnable;
	return is_matched && !is_elsewhere;
}

static void add(struct view *view, const struct fl_test *test, const char *shown)
{
	struct fl_test *copy = &view->copies[view->run.test_count];

	*copy = *test;
	copy->index = -1;               /* it is part of the name */
	fl_gtest_list_split(shown, &copy->suite, &copy->name);
	view->run.tests[view->run.test_count++] = copy;
}

/* A test that was run is told of whatever the flags say: the adapter knows better. */
static void consider(struct view *view, const struct fl_face *face, const struct fl_test *test,
		     bool was_selected, int32_t *runnable)
{
	autofree char *shown = fl_gtest_list_show(test->id);

	if (is_reported(&face->flags, shown, runnable) || was_selected)
		add(view, test, shown);
}

static struct view view_of(const struct fl_face *face, const struct fl_run *run)
{
	size_t most = run->test_count + run->left_out_count, ran, left = 0;
	struct view view = { .run = *run, .copies = fl_base_alloc(most, sizeof(*view.copies)) };
	int32_t runnable = 0;

	view.run.tests = fl_base_alloc(most, sizeof(*view.run.tests));
	view.run.test_count = 0;
	view.run.order_seed = face->flags.shuffles ? face->seed : 0;
	for (ran = 0; ran <= run->test_count; ran++) {
		for (; left < run->left_out_count && run->left_out[left].before <= ran; left++)
			consider(&view, face, run->left_out[left].test, false, &runnable);
		if (ran < run->test_count)
			consider(&view, face, run->tests[ran], true, &runnable);
	}
	return view;
}

static void clear(struct view *view)
{
	size_t i;

	for (i = 0; i < view->run.test_count; i++) {
		free(view->copies[i].suite);
		free(view->copies[i].name);
	}
	free(view->copies);
	free(view->run.tests);
}

/* A device or a pipe is not replaced. */
static int write_into(const struct fl_format *format, const char *path, const struct fl_run *run)
{
	autofclose FILE *out = fopen(path, "we");

	return out ? fl_format_write(format->write, out, run) : -errno;
}

int fl_face_report(const struct fl_face *face, const struct fl_run *run, struct fl_error *error)
{
	autofree char *name = face->report ? fl_base_format("gtest-%s", face->format) : NULL;
	const struct fl_format *format = name ? fl_format_find(name) : NULL;
	struct view view;
	int r;

	if (!format || !face->is_met)
		return 0;
	view = view_of(face, run);
	r = fl_file_check_target(face->report) == -EINVAL
		    ? write_into(format, face->report, &view.run)
		    : fl_format_replace(format->write, face->report, &view.run);
	clear(&view);
	return r < 0 ? fl_error_set(error, r, "cannot write the report '%s': %s", face->report,
				    strerror(-r))
		     : 0;
}
