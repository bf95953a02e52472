/* SPDX-License-Identifier: MIT */
/*
 * test_verdict_arms.c - verdicts where there are several arms: modes, perturbations.
 */
#include "verdict_rows.h"

/* ---- fork and exec ---- */

enum { CANNOT_EXEC = 1, UNLIKE_HOST = 2, AFTER_OTHERS = 4, IN_FORK_MODE = 8, RUNS_20 = 16 };

static const struct {
	const char *story;
	enum fl_outcome host;
	struct counts fork, exec;
	unsigned how;
	struct want want;
	bool is_split;
} modes[] = {
	{ "both pass", PASS, { .pass = 289 }, { .pass = 11 }, 0,
	  { FL_VERDICT_STABLE, 0, 0 }, false },
	{ "both fail", FAIL, { .fail = 17 }, { .fail = 3 }, 0,
	  { FL_VERDICT_FAILING, 0, 1 }, false },
	{ "both fail, too few of them exec", FAIL, { .fail = 18 }, { .fail = 2 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 1 }, false },
	{ "both fail, more exec were not planned", FAIL, { .fail = 18 }, { .fail = 2 }, RUNS_20,
	  { FL_VERDICT_FAILING, 0, 1 }, false },
	{ "both fail, one exec of two was made", FAIL, { .fail = 19 }, { .fail = 1 }, RUNS_20,
	  { FL_VERDICT_UNKNOWN, 0, 1 }, false },
	{ "fails always, exec cannot be", FAIL, { .fail = 20 }, { 0 }, CANNOT_EXEC,
	  { FL_VERDICT_FAILING, 0, 1 }, false },
	{ "fails always, exec is not wanted", FAIL, { .fail = 20 }, { 0 }, IN_FORK_MODE,
	  { FL_VERDICT_FAILING, 0, 1 }, false },
	{ "hangs always, judged before the third exec", FAIL, { .timeout = 3 }, { 0 }, 0,
	  { FL_VERDICT_FAILING, 0, 1 }, false },
	{ "both at times", PASS, { .pass = 288, .fail = 1 }, { .pass = 10, .fail = 1 }, 0,
	  { FL_VERDICT_FLAKY, 0, 2.0 / 300 }, false },
	{ "at times under exec only", PASS, { .pass = 289 }, { .pass = 10, .fail = 1 }, 0,
	  { FL_VERDICT_FLAKY, 0, 1.0 / 300 }, false },
	{ "at times under fork only", PASS, { .pass = 280, .fail = 9 }, { .pass = 11 }, 0,
	  { FL_VERDICT_FLAKY, 0, 9.0 / 300 }, false },
	{ "passes under fork, fails under exec", PASS, { .pass = 289 }, { .fail = 11 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 11.0 / 300 }, true },
	{ "the same with many exec: they may collide with the host", PASS, { .pass = 280 },
	  { .fail = 20 }, 0, { FL_VERDICT_UNKNOWN, 0, 20.0 / 300 }, true },
	{ "the same, and the host fails", FAIL, { .pass = 280 }, { .fail = 20 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 20.0 / 300 }, true },
	{ "fails under fork, passes under exec", PASS, { .fail = 289 }, { .pass = 11 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 289.0 / 300 }, true },
	{ "the same, the host fails", FAIL, { .fail = 289 }, { .pass = 11 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 289.0 / 300 }, true },
	{ "the same, the host never got there", NONE, { .fail = 280 }, { .pass = 20 }, 0,
	  { FL_VERDICT_UNKNOWN, 0, 280.0 / 300 }, true },
	{ "the same, 20 fresh processes contradict the host", FAIL, { .fail = 280 },
	  { .pass = 20 }, 0,
	  { FL_VERDICT_FLAKY, 0, 280.0 / 300 }, true },
	{ "the same, but under a wrapper", FAIL, { .fail = 280 }, { .pass = 20 }, UNLIKE_HOST,
	  { FL_VERDICT_UNKNOWN, 0, 280.0 / 300 }, true },
	{ "the same, but the host ran others before", FAIL, { .fail = 280 }, { .pass = 20 },
	  AFTER_OTHERS, { FL_VERDICT_UNKNOWN, 0, 280.0 / 300 }, true },
	{ "only the host failed", FAIL, { .pass = 289 }, { .pass = 11 }, 0,
	  { FL_VERDICT_FLAKY, NOTE(NOT_REPRODUCED), 0 }, false },
	{ "only the host passed", PASS, { .fail = 289 }, { .fail = 11 }, 0,
	  { FL_VERDICT_UNKNOWN, NOTE(NOT_REPEATABLE), -1 }, false },
	{ "fresh processes fail more than forks", PASS, { .pass = 288 }, { .pass = 7, .fail = 5 }, 0,
	  { FL_VERDICT_FLAKY, 0, 5.0 / 300 }, true },
	{ "no more than chance makes it", PASS, { .pass = 273, .fail = 15 }, { .pass = 10, .fail = 2 }, 0,
	  { FL_VERDICT_FLAKY, 0, 17.0 / 300 }, false },
	{ "no exec attempt worked", PASS, { .pass = 300 }, { .infra = 11 }, 0,
	  { FL_VERDICT_STABLE, 0, 0 }, false },
};

TEST_P(verdict_arms, both_modes, modes, story)
{
	struct fl_test test = test_with_host(row->host);
	struct fl_evidence evidence = {
		.test = &test, .planned = row->how & RUNS_20 ? 20 : 300, .base = RANDOM,
		.mode = row->how & IN_FORK_MODE ? FL_MODE_FORK : FL_MODE_MIX,
		.has_exec = !(row->how & CANNOT_EXEC),
		.is_exec_like_host = !(row->how & UNLIKE_HOST),
		.has_predecessors = row->how & AFTER_OTHERS,
	};
	struct fl_judgement got;

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &row->fork);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .mode = FL_MODE_EXEC },
		&row->exec);
	check(row->story, &evidence, &row->want);
	fl_verdict_judge(&evidence, &got);
	if (fl_verdict_modes_differ(&test) != row->is_split ||
	    got.has_interval != (got.has_rate && !row->is_split))
		GTEST_FAIL("%s: the interval is of one rate, not of two", row->story);
}

/* A rate that forks alone have shown is not believed yet. */
static const struct {
	const char *story;
	struct counts fork, exec;
	enum fl_mode mode;
	bool is_settled, wants_exec;
} rows[] = {
	{ "half fails, no fresh ones", { .pass = 50, .fail = 50 }, { 0 }, FL_MODE_MIX, false, true },
	{ "half fails, a few fresh ones", { .pass = 50, .fail = 50 }, { .pass = 2, .fail = 2 },
	  FL_MODE_MIX, false, true },
	{ "half fails, enough of them", { .pass = 50, .fail = 50 }, { .pass = 6, .fail = 6 },
	  FL_MODE_MIX, true, false },
	{ "half fails, forks only", { .pass = 50, .fail = 50 }, { 0 }, FL_MODE_FORK, true, false },
	{ "one layout always fails", { .fail = 14 }, { .pass = 1, .fail = 1 }, FL_MODE_MIX, false, true },
	{ "nothing fails", { .pass = 100 }, { .pass = 3 }, FL_MODE_MIX, false, false },
};

TEST_P(verdict_arms, fresh_processes_are_asked, rows, story)
{
	struct fl_test test = test_with_host(PASS);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = RANDOM, .mode = row->mode,
		.until = FL_UNTIL_CONFIDENT, .has_exec = true, .is_exec_like_host = true,
	};

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &row->fork);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .mode = FL_MODE_EXEC },
		&row->exec);
	if (fl_verdict_is_settled(&evidence) != row->is_settled ||
	    fl_verdict_wants_exec(&evidence) != row->wants_exec)
		GTEST_FAIL("%s", row->story);
}

/* With predecessors exec attempts are made as the host run was, with others before it. */
TEST(verdict_arms, modes_after_predecessors)
{
	static const struct counts alone[] = { { .pass = 18 }, { .pass = 2 } };
	static const struct counts fork = { .fail = 260 }, exec = { .pass = 20 };
	static const struct want unlike = { FL_VERDICT_UNKNOWN, 0, 260.0 / 280 };
	static const struct want like = { FL_VERDICT_FLAKY, 0, 260.0 / 280 };
	struct fl_test test = test_with_host(FAIL);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = RANDOM, .mode = FL_MODE_MIX,
		.has_exec = true, .has_predecessors = true,
	};
	struct fl_arm arm = { .perturbations = RANDOM };
	size_t i;

	for (i = 0; i < 4; i++) {
		arm.mode = i % 2 ? FL_MODE_EXEC : FL_MODE_FORK;
		arm.has_prefix = i >= 2;
		add_arm(&test, arm, i < 2 ? &alone[i] : i == 2 ? &fork : &exec);
	}
	check("fork fails after predecessors, exec passes", &evidence, &unlike);
	evidence.is_exec_like_host = true;
	check("the same, as the host was made", &evidence, &like);
}

/* ---- perturbations ---- */

static const struct {
	const char *story;
	enum fl_outcome host;
	uint32_t base;
	struct counts rated, other;
	struct want want;
	uint32_t seen_under;
} perturbed[] = {
	{ "fails nowhere", PASS, RANDOM, { .pass = 200 }, { .pass = 100 },
	  { FL_VERDICT_STABLE, 0, 0 }, 0 },
	{ "fails at times under another", PASS, RANDOM, { .pass = 200 }, { .pass = 90, .fail = 10 },
	  { FL_VERDICT_FLAKY, 0, -1 }, OTHER },
	{ "fails always under another", PASS, RANDOM, { .pass = 200 }, { .fail = 100 },
	  { FL_VERDICT_FLAKY, 0, -1 }, OTHER },
	{ "the same without random", PASS, 0, { .pass = 200 }, { .fail = 100 },
	  { FL_VERDICT_FLAKY, 0, -1 }, OTHER },
	{ "fails under both", PASS, RANDOM, { .pass = 199, .fail = 1 }, { .fail = 100 },
	  { FL_VERDICT_FLAKY, 0, 0.005 }, 0 },
	{ "fails always, but not under another", FAIL, RANDOM, { .fail = 200 }, { .pass = 100 },
	  { FL_VERDICT_FAILING, 0, 1 }, 0 },
	{ "the attempts that count were not made", PASS, RANDOM, { 0 }, { .fail = 100 },
	  { FL_VERDICT_UNKNOWN, 0, -1 }, 0 },
	{ "the same, mixed", PASS, RANDOM, { 0 }, { .pass = 50, .fail = 50 },
	  { FL_VERDICT_FLAKY, 0, -1 }, OTHER },
	{ "host and another fail", FAIL, RANDOM, { .pass = 200 }, { .fail = 100 },
	  { FL_VERDICT_FLAKY, 0, -1 }, OTHER },
	{ "only the first run passes, and some under another", PASS, RANDOM, { .fail = 200 },
	  { .pass = 100 }, { FL_VERDICT_UNKNOWN, 0, 1 }, 0 },
};

TEST_P(verdict_arms, other_arms, perturbed, story)
{
	struct fl_test test = test_with_host(row->host);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = row->base,
	};
	uint32_t base = row->base;
	struct fl_judgement got;
	struct fl_counts rated;

	add_arm(&test, (struct fl_arm){ .perturbations = base | OTHER },
		&row->other);
	add_arm(&test, (struct fl_arm){ .perturbations = base }, &row->rated);
	check(row->story, &evidence, &row->want);
	fl_verdict_judge(&evidence, &got);
	if (got.seen_under != row->seen_under ||
	    (got.seen_under && got.has_interval))
		GTEST_FAIL("%s: seen under %#x", row->story, got.seen_under);
	rated = fl_verdict_rated(&test);
	ASSERT_EQ(fl_counts_total(&rated),
		  row->rated.pass + row->rated.fail);
}

/* Alone it fails, under whatever: no comparison with attempts that had predecessors. */
TEST(verdict_arms, other_arms_have_other_predecessors)
{
	static const struct counts fail = { .fail = 20 }, pass = { .pass = 260 };
	static const struct want want = { FL_VERDICT_STABLE, NOTE(ORDER_DEPENDENT), 0 };
	struct fl_test test = test_with_host(PASS);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = RANDOM, .has_predecessors = true,
	};

	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &fail);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM | OTHER }, &fail);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .has_prefix = true }, &pass);
	check("alone it fails", &evidence, &want);
}

FLICKER_XUNIT_MAIN();
