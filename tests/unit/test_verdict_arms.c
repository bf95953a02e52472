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

static void both_modes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(modes); i++) {
		struct fl_test test = test_with_host(modes[i].host);
		struct fl_evidence evidence = {
			.test = &test, .planned = modes[i].how & RUNS_20 ? 20 : 300, .base = RANDOM,
			.mode = modes[i].how & IN_FORK_MODE ? FL_MODE_FORK : FL_MODE_MIX,
			.has_exec = !(modes[i].how & CANNOT_EXEC),
			.is_exec_like_host = !(modes[i].how & UNLIKE_HOST),
			.has_predecessors = modes[i].how & AFTER_OTHERS,
		};
		struct fl_judgement got;

		add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &modes[i].fork);
		add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .mode = FL_MODE_EXEC },
			&modes[i].exec);
		check(modes[i].story, &evidence, &modes[i].want);
		fl_verdict_judge(&evidence, &got);
		if (fl_verdict_modes_differ(&test) != modes[i].is_split ||
		    got.has_interval != (got.has_rate && !modes[i].is_split))
			fail_msg("%s: the interval is of one rate, not of two", modes[i].story);
	}
}

/* A rate that forks alone have shown is not believed yet. */
static void fresh_processes_are_asked(void **state)
{
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
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		struct fl_test test = test_with_host(PASS);
		struct fl_evidence evidence = {
			.test = &test, .planned = 300, .base = RANDOM, .mode = rows[i].mode,
			.until = FL_UNTIL_CONFIDENT, .has_exec = true, .is_exec_like_host = true,
		};

		add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &rows[i].fork);
		add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .mode = FL_MODE_EXEC },
			&rows[i].exec);
		if (fl_verdict_is_settled(&evidence) != rows[i].is_settled ||
		    fl_verdict_wants_exec(&evidence) != rows[i].wants_exec)
			fail_msg("%s", rows[i].story);
	}
}

/* With predecessors exec attempts are made as the host run was, with others before it. */
static void modes_after_predecessors(void **state)
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

	(void)state;
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

static void other_arms(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(perturbed); i++) {
		struct fl_test test = test_with_host(perturbed[i].host);
		struct fl_evidence evidence = {
			.test = &test, .planned = 300, .base = perturbed[i].base,
		};
		uint32_t base = perturbed[i].base;
		struct fl_judgement got;
		struct fl_counts rated;

		add_arm(&test, (struct fl_arm){ .perturbations = base | OTHER },
			&perturbed[i].other);
		add_arm(&test, (struct fl_arm){ .perturbations = base }, &perturbed[i].rated);
		check(perturbed[i].story, &evidence, &perturbed[i].want);
		fl_verdict_judge(&evidence, &got);
		if (got.seen_under != perturbed[i].seen_under ||
		    (got.seen_under && got.has_interval))
			fail_msg("%s: seen under %#x", perturbed[i].story, got.seen_under);
		rated = fl_verdict_rated(&test);
		assert_int_equal(fl_counts_total(&rated),
				 perturbed[i].rated.pass + perturbed[i].rated.fail);
	}
}

/* Alone it fails, under whatever: no comparison with attempts that had predecessors. */
static void other_arms_have_other_predecessors(void **state)
{
	static const struct counts fail = { .fail = 20 }, pass = { .pass = 260 };
	static const struct want want = { FL_VERDICT_STABLE, NOTE(ORDER_DEPENDENT), 0 };
	struct fl_test test = test_with_host(PASS);
	struct fl_evidence evidence = {
		.test = &test, .planned = 300, .base = RANDOM, .has_predecessors = true,
	};

	(void)state;
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &fail);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM | OTHER }, &fail);
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM, .has_prefix = true }, &pass);
	check("alone it fails", &evidence, &want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_modes),
		cmocka_unit_test(fresh_processes_are_asked),
		cmocka_unit_test(modes_after_predecessors),
		cmocka_unit_test(other_arms),
		cmocka_unit_test(other_arms_have_other_predecessors),
	};

	return cmocka_run_group_tests_name("verdict_arms", tests, NULL, NULL);
}
