/* SPDX-License-Identifier: MIT */
/*
 * test_merge.c - several runs as one: which test of which run is taken.
 */
#include <flicker/xunit.h>

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
	ASSERT_LT(i, run->test_count);
	EXPECT_STREQ(run->tests[i]->id, id);
	EXPECT_EQ(run->tests[i]->judgement.verdict, verdict);
}

TEST(merge, takes_the_newest)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:02Z"),
				 make_run("./a", "2026-11-21T10:00:01Z"),
				 make_run("./a", "2026-11-21T10:00:03Z") }, all;

	add(&runs[0], "x", FL_VERDICT_FLAKY, true);
	add(&runs[1], "x", FL_VERDICT_FAILING, true);
	add(&runs[1], "y", FL_VERDICT_STABLE, true);
	add(&runs[2], "x", FL_VERDICT_UNKNOWN, false);          /* it was not run there */
	add(&runs[2], "z", FL_VERDICT_UNKNOWN, false);
	fl_merge_runs(runs, 3, &all);
	EXPECT_EQ(all.test_count, 3);
	is_test(&all, 0, "x", FL_VERDICT_FLAKY);
	is_test(&all, 1, "y", FL_VERDICT_STABLE);
	is_test(&all, 2, "z", FL_VERDICT_UNKNOWN);
	EXPECT_STREQ(all.program.path, "./a");
	EXPECT_EQ(all.tests[0]->program, NULL);
	EXPECT_STREQ(all.id, "2026-11-21T10:00:03Z");
	EXPECT_STREQ(all.started, "2026-11-21T10:00:01Z");
	EXPECT_EQ((int)all.duration_ms, 30);
	fl_run_clear(&all);
}

TEST(merge, keeps_programs_apart)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:02Z"),
				 make_run("./b", "2026-11-21T10:00:01Z") }, all;

	add(&runs[0], "x", FL_VERDICT_STABLE, true);
	add(&runs[1], "x", FL_VERDICT_FLAKY, true)->judgement.gates = true;
	runs[1].is_partial = true;
	fl_merge_runs(runs, 2, &all);
	EXPECT_EQ(all.test_count, 2);
	EXPECT_STREQ(all.program.path, "2 programs");
	EXPECT_STREQ(all.tests[0]->program->path, "./a");
	EXPECT_STREQ(fl_test_program(&all, all.tests[1])->path, "./b");
	EXPECT_EQ(all.exit_code, 2);
	ASSERT_TRUE(all.is_partial);
	fl_merge_keep_program(&all, "/elsewhere/b");
	EXPECT_EQ(all.test_count, 1);
	is_test(&all, 0, "x", FL_VERDICT_FLAKY);
	fl_run_clear(&all);
}

/* What was united before is united again, by the programs of its tests. */
TEST(merge, takes_what_was_united)
{
	struct fl_run runs[] = { make_run("./a", "2026-11-21T10:00:01Z"),
				 make_run("./b", "2026-11-21T10:00:01Z") };
	struct fl_run more[2], all;

	add(&runs[0], "x", FL_VERDICT_STABLE, true);
	add(&runs[1], "x", FL_VERDICT_FLAKY, true);
	fl_merge_runs(runs, 2, &more[0]);
	more[1] = make_run("./b", "2026-11-21T10:00:01Z");
	add(&more[1], "x", FL_VERDICT_FAILING, true);           /* the same second: the later one */
	fl_merge_runs(more, 2, &all);
	EXPECT_EQ(all.test_count, 2);
	is_test(&all, 0, "x", FL_VERDICT_STABLE);
	is_test(&all, 1, "x", FL_VERDICT_FAILING);
	EXPECT_STREQ(all.tests[1]->program->path, "./b");
	EXPECT_EQ(all.exit_code, 1);
	fl_run_clear(&all);
}

TEST(merge, takes_a_single_one)
{
	struct fl_run run = make_run("./a", "2026-11-21T10:00:01Z"), all;

	fl_merge_runs(&run, 1, &all);
	EXPECT_EQ(all.test_count, 0);
	EXPECT_STREQ(all.program.path, "./a");
	EXPECT_EQ(run.id, NULL);
	fl_run_clear(&all);
}

FLICKER_XUNIT_MAIN();
