/* SPDX-License-Identifier: MIT */
/*
 * test_merge.c - several runs as one: which test of which run is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/base/base.h"
#include "../../plugin/report/merge.h"

/* A run of `program` that started then, and has no tests yet. */
static struct fl_run make_run(const char *program, const char *started)
{
	return (struct fl_run){
		.program = { .path = fl_base_copy(program), .args = fl_base_copy_words(NULL) },
		.os = fl_base_copy("os"), .id = fl_base_copy(started),
		.started = fl_base_copy(started), .duration_ms = 10,
	};
}

static struct fl_test *add(struct fl_run *run, const char *id, enum fl_verdict verdict,
			   bool was_run)
{
	struct fl_test *test = fl_base_alloc(1, sizeof(*test));

	test->id = fl_base_copy(id);
	test->name = fl_base_copy(id);
	test->judgement.verdict = verdict;
	test->has_host = was_run;
	run->tests = realloc(run->tests, (run->test_count + 1) * sizeof(test));
	return run->tests[run->test_count++] = test;
}

static void is_test(const struct fl_run *run, size_t i, const char *id, enum fl_verdict verdict)
{
	assert_in_range(i + 1, 1, run->test_count);
	assert_string_equal(run->tests[i]->id, id);
	assert_int_equal(run->tests[i]->judgement.verdict, verdict);
}

static void takes_the_newest(void **state)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:02Z"),
				 make_run("./a", "2026-11-21T10:00:01Z"),
				 make_run("./a", "2026-11-21T10:00:03Z") }, all;

	(void)state;
	add(&runs[0], "x", FL_VERDICT_FLAKY, true);
	add(&runs[1], "x", FL_VERDICT_FAILING, true);
	add(&runs[1], "y", FL_VERDICT_STABLE, true);
	add(&runs[2], "x", FL_VERDICT_UNKNOWN, false);          /* it was not run there */
	add(&runs[2], "z", FL_VERDICT_UNKNOWN, false);
	fl_merge_runs(runs, 3, &all);
	assert_int_equal(all.test_count, 3);
	is_test(&all, 0, "x", FL_VERDICT_FLAKY);
	is_test(&all, 1, "y", FL_VERDICT_STABLE);
	is_test(&all, 2, "z", FL_VERDICT_UNKNOWN);
	assert_string_equal(all.program.path, "./a");
	assert_null(all.tests[0]->program);
	assert_string_equal(all.id, "2026-11-21T10:00:03Z");
	assert_string_equal(all.started, "2026-11-21T10:00:01Z");
	assert_int_equal((int)all.duration_ms, 30);
	fl_run_clear(&all);
}

static void keeps_programs_apart(void **state)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:02Z"),
				 make_run("./b", "2026-11-21T10:00:01Z") }, all;

	(void)state;
	add(&runs[0], "x", FL_VERDICT_STABLE, true);
	add(&runs[1], "x", FL_VERDICT_FLAKY, true)->judgement.gates = true;
	runs[1].is_partial = true;
	fl_merge_runs(runs, 2, &all);
	assert_int_equal(all.test_count, 2);
	assert_string_equal(all.program.path, "2 programs");
	assert_string_equal(all.tests[0]->program->path, "./a");
	assert_string_equal(fl_test_program(&all, all.tests[1])->path, "./b");
	assert_int_equal(all.exit_code, 2);
	assert_true(all.is_partial);
	fl_merge_keep_program(&all, "/elsewhere/b");
	assert_int_equal(all.test_count, 1);
	is_test(&all, 0, "x", FL_VERDICT_FLAKY);
	fl_run_clear(&all);
}

/* What was united before is united again, by the programs of its tests. */
static void takes_what_was_united(void **state)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:01Z"),
				 make_run("./b", "2026-11-21T10:00:01Z") };
	struct fl_run more[2], all;

	(void)state;
	add(&runs[0], "x", FL_VERDICT_STABLE, true);
	add(&runs[1], "x", FL_VERDICT_FLAKY, true);
	fl_merge_runs(runs, 2, &more[0]);
	more[1] = make_run("./b", "2026-11-21T10:00:01Z");
	add(&more[1], "x", FL_VERDICT_FAILING, true);           /* the same second: the later one */
	fl_merge_runs(more, 2, &all);
	assert_int_equal(all.test_count, 2);
	is_test(&all, 0, "x", FL_VERDICT_STABLE);
	is_test(&all, 1, "x", FL_VERDICT_FAILING);
	assert_string_equal(all.tests[1]->program->path, "./b");
	assert_int_equal(all.exit_code, 1);
	fl_run_clear(&all);
}

static void takes_a_single_one(void **state)
{
	struct fl_run run = make_run("./a", "2026-11-21T10:00:01Z"), all;

	(void)state;
	fl_merge_runs(&run, 1, &all);
	assert_int_equal(all.test_count, 0);
	assert_string_equal(all.program.path, "./a");
	assert_null(run.id);
	fl_run_clear(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_newest),
		cmocka_unit_test(keeps_programs_apart),
		cmocka_unit_test(takes_what_was_united),
		cmocka_unit_test(takes_a_single_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
