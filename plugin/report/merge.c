/* SPDX-License-Identifier: MIT */
/*
 * merge.c - unites runs.
 *
 * Tests stand in the order in which they came first.
 */
#include "merge.h"

#include "../base/base.h"
#include "status.h"

/* Is `a` newer than `b`, which came before it? */
static bool is_newer(const struct fl_run *a, const struct fl_run *b)
{
	return strcmp(a->started, b->started) >= 0;
}

static bool was_run(const struct fl_test *test)
{
	struct fl_counts counts = fl_test_counts(test);

	return test->has_host || fl_counts_total(&counts);
}

static struct fl_program copy_program(const struct fl_program *from)
{
	struct fl_program to = *from;

	to.path = fl_base_copy(from->path);
	to.args = fl_base_copy_words(from->args);
	to.build_id = fl_base_copy(from->build_id);
	to.framework = fl_base_copy(from->framework);
	to.framework_version = fl_base_copy(from->framework_version);
	to.linkage = fl_base_copy(from->linkage);
	return to;
}

struct union_of {
	struct fl_run run;
	const char **started;           /* of each test's run, which is the run's */
	size_t capacity, started_capacity;
};

/* Where that test is, or where it would be added. */
static size_t find(const struct union_of *all, const struct fl_test *test)
{
	size_t i;

	for (i = 0; i < all->run.test_count; i++)
		if (strcmp(all->run.tests[i]->id, test->id) == 0 &&
		    strcmp(all->run.tests[i]->program->path, test->program->path) == 0)
			break;
	return i;
}

static void add_test(struct union_of *all, struct fl_test *test, const char *started)
{
	struct fl_run *run = &all->run;
	size_t i = find(all, test);

	if (i < run->test_count) {
		struct fl_test *there = run->tests[i];
		bool is_newer_run = strcmp(started, all->started[i]) >= 0;

		if (was_run(test) == was_run(there) ? !is_newer_run : was_run(there)) {
			fl_test_free(test);
			return;
		}
		fl_test_free(there);
	} else {
		run->tests = fl_base_grow(run->tests, &all->capacity, i + 1, sizeof(test));
		all->started = fl_base_grow(all->started, &all->started_capacity, i + 1,
					    sizeof(started));
		run->test_count++;
	}
	run->tests[i] = test;
	all->started[i] = started;
}

static void add_run(struct union_of *all, struct fl_run *run)
{
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		struct fl_test *test = take(run->tests[i]);

		if (!test->program) {
			test->program = fl_base_alloc(1, sizeof(*test->program));
			*test->program = copy_program(&run->program);
		}
		add_test(all, test, run->started);
	}
	run->test_count = 0;
}

/* What the run says of itself, out of all of them. */
static void add_head(struct union_of *all, struct fl_run *runs, size_t count)
{
	struct fl_run *newest = &runs[0], *oldest = &runs[0];
	struct fl_run *run = &all->run;
	size_t i;

	for (i = 0; i < count; i++) {
		newest = is_newer(&runs[i], newest) ? &runs[i] : newest;
		oldest = is_newer(&runs[i], oldest) ? oldest : &runs[i];
		run->duration_ms += runs[i].duration_ms;
		run->is_partial |= runs[i].is_partial;
	}
	run->started = fl_base_copy(oldest->started);
	run->os = take(newest->os);
	run->id = take(newest->id);
	run->cpus = newest->cpus;
	run->seed = newest->seed;
	run->settings = newest->settings;
	newest->settings.wrapper = newest->settings.adapters = NULL;
}

static size_t count_programs(const struct fl_run *run)
{
	size_t i, k, count = 0;

	for (i = 0; i < run->test_count; i++) {
		for (k = 0; k < i; k++)
			if (strcmp(run->tests[i]->program->path, run->tests[k]->program->path) == 0)
				break;
		count += k == i;
	}
	return count;
}

/* One program is the run's; of several each test keeps its own. */
static void settle_program(struct fl_run *run, const struct fl_run *any)
{
	size_t programs = count_programs(run), i;

	if (programs > 1) {
		run->program.path = fl_base_format("%zu programs", programs);
		run->program.args = fl_base_copy_words(NULL);
		return;
	}
	run->program = copy_program(run->test_count ? run->tests[0]->program : &any->program);
	for (i = 0; i < run->test_count; i++) {
		fl_program_clear(run->tests[i]->program);
		free(take(run->tests[i]->program));
	}
}

/* As flicker run would end: of what gates the worst. */
static int exit_code(const struct fl_run *run)
{
	int code = 0;
	size_t i;

	for (i = 0; i < run->test_count; i++) {
		const struct fl_judgement *j = &run->tests[i]->judgement;

		if (j->verdict == FL_VERDICT_FAILING)
			return 1;
		if (j->gates)
			code = 2;
	}
	return code;
}

void fl_merge_runs(struct fl_run *runs, size_t count, struct fl_run *ret_run)
{
	struct union_of all = { 0 };
	size_t i;

	for (i = 0; i < count; i++)
		add_run(&all, &runs[i]);
	settle_program(&all.run, &runs[0]);
	add_head(&all, runs, count);
	all.run.exit_code = exit_code(&all.run);
	free(all.started);
	for (i = 0; i < count; i++)
		fl_run_clear(&runs[i]);
	*ret_run = all.run;
}

void fl_merge_keep_program(struct fl_run *run, const char *path)
{
	size_t i, kept = 0;

	for (i = 0; i < run->test_count; i++) {
		struct fl_test *test = run->tests[i];

		if (test->program && strcmp(fl_status_base(test->program->path),
					    fl_status_base(path)) != 0)
			fl_test_free(test);
		else
			run->tests[kept++] = test;
	}
	run->test_count = kept;
}
