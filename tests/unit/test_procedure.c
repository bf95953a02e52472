/* SPDX-License-Identifier: MIT */
/*
 * test_procedure.c - tests of known rate through all of it: batches, stopping, verdict, interval.
 *
 * Each cell (a rate, a rule of stopping) is done twice.  Drawn: 10^4 tests, each with a host
 * run and attempts, from seeds that are written here.  Added up: the probability of every
 * course that the attempts can take, without any chance.
 *
 * None of this can alarm by chance: the draws are a pure function of the seeds, the same in
 * every run and on every machine, so an assertion that held once fails only when the code
 * has changed.  Drawn and added up must agree within 5 standard deviations; under new seeds
 * (a change of seed.h) some comparison would be off with odds below 1e-3, once.
 */
#include "verdict_rows.h"

#include "../../plugin/engine/judge/stats.h"

#include <flicker/seed.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	TESTS = 10000, RUNS = 300,
	FIRST = 32, TURN = 8, MOMENTS = FIRST + (RUNS - FIRST + TURN - 1) / TURN,
};

static const double rates[] = { 0, 0.001, 0.01, 0.05, 0.3, 1 };

/* ---- the procedure: what is decided at a moment, by counts alone ---- */

/*
 * The moments at which the plan asks whether that is enough: after each of the first 32
 * attempts, then after every eighth.  Turns may be longer: then it asks less often.
 */
static uint64_t made_at(size_t moment)
{
	uint64_t made = moment < FIRST ? moment + 1 : FIRST + TURN * (moment - FIRST + 1);

	return made < RUNS ? made : RUNS;
}

struct look {
	bool is_known, is_settled;
	struct fl_judgement judgement;  /* where it is settled, or the runs are over */
};

static struct look looks[FL_UNTIL_COUNT][2][MOMENTS][RUNS + 1];

/* Asked once for the same counts: judging is pure, and there are millions of looks. */
static const struct look *look(enum fl_until until, bool has_host_failed, size_t moment,
			       uint64_t non_pass)
{
	struct look *found = &looks[until][has_host_failed][moment][non_pass];
	struct fl_test test = test_with_host(has_host_failed ? FAIL : PASS);
	struct fl_evidence evidence = {
		.test = &test, .until = until, .planned = RUNS, .base = RANDOM,
	};
	struct counts counts = { .pass = made_at(moment) - non_pass, .fail = non_pass };

	if (found->is_known)
		return found;
	add_arm(&test, (struct fl_arm){ .perturbations = RANDOM }, &counts);
	found->is_known = true;
	found->is_settled = fl_verdict_is_settled(&evidence);
	if (found->is_settled || moment == MOMENTS - 1)
		fl_verdict_judge(&evidence, &found->judgement);
	return found;
}

/* ---- what came of it ---- */

/* Shares of the tests; sums while it is being added up. */
struct cell {
	double verdicts[FL_VERDICT_COUNT];
	double with_interval, covered, width;
	double attempts;
};

static void add(struct cell *cell, double weight, const struct fl_judgement *judgement,
		double rate, uint64_t attempts)
{
	const struct fl_interval *interval = &judgement->interval;

	cell->verdicts[judgement->verdict] += weight;
	cell->attempts += weight * (double)attempts;
	if (!judgement->has_interval)
		return;
	cell->with_interval += weight;
	cell->width += weight * (interval->high - interval->low);
	if (interval->low <= rate && rate <= interval->high)
		cell->covered += weight;
}

/* ---- drawn ---- */

static bool draw(uint64_t seed, uint64_t n, double rate)
{
	return (double)(fl_seed_word(seed, 0, n) >> 11) * 0x1p-53 < rate;
}

/* non_pass[n] of the first n attempts; the host run's draw comes first. */
static bool draw_test(uint64_t seed, double rate, uint64_t non_pass[RUNS + 1])
{
	uint64_t n;

	non_pass[0] = 0;
	for (n = 1; n <= RUNS; n++)
		non_pass[n] = non_pass[n - 1] + draw(seed, n, rate);
	return draw(seed, 0, rate);
}

static void attempt(struct cell *cell, enum fl_until until, double rate, bool has_host_failed,
		    const uint64_t non_pass[RUNS + 1])
{
	const struct look *seen;
	size_t moment = 0;

	do
		seen = look(until, has_host_failed, moment, non_pass[made_at(moment)]);
	while (!seen->is_settled && ++moment < MOMENTS);
	if (moment == MOMENTS)
		moment--;
	add(cell, 1.0 / TESTS, &seen->judgement, rate, made_at(moment));
}

static void draw_cells(size_t row, struct cell ret_cells[FL_UNTIL_COUNT])
{
	uint64_t non_pass[RUNS + 1], test;
	int until;

	memset(ret_cells, 0, sizeof(*ret_cells) * FL_UNTIL_COUNT);
	for (test = 0; test < TESTS; test++) {
		uint64_t seed = fl_seed_attempt(0x5eed, "procedure", row * TESTS + test);
		bool has_host_failed = draw_test(seed, rates[row], non_pass);

		for (until = 0; until < FL_UNTIL_COUNT; until++)
			attempt(&ret_cells[until], (enum fl_until)until, rates[row],
				has_host_failed, non_pass);
	}
}

/* ---- added up ---- */

static void one_attempt(double odds[RUNS + 1], uint64_t made, double rate)
{
	uint64_t k;

	for (k = made; k > 0; k--)
		odds[k] = odds[k] * (1 - rate) + odds[k - 1] * rate;
	odds[0] *= 1 - rate;
}

/* All courses after one host run, each with its odds; what is settled leaves. */
static void add_courses(struct cell *cell, enum fl_until until, double rate, bool has_host_failed)
{
	double odds[RUNS + 1] = { has_host_failed ? rate : 1 - rate };
	uint64_t made = 0, k;
	size_t moment;

	for (moment = 0; moment < MOMENTS; moment++) {
		while (made < made_at(moment))
			one_attempt(odds, ++made, rate);
		for (k = 0; k <= made; k++) {
			const struct look *seen = look(until, has_host_failed, moment, k);

			if (!seen->is_settled && made < RUNS)
				continue;
			add(cell, odds[k], &seen->judgement, rate, made);
			odds[k] = 0;
		}
	}
}

static struct cell exact_cell(enum fl_until until, double rate)
{
	struct cell cell = { .attempts = 0 };

	add_courses(&cell, until, rate, false);
	add_courses(&cell, until, rate, true);
	return cell;
}

/* ---- what must be true ---- */

static void expect(bool is_true, const char *what, enum fl_until until, double rate)
{
	if (!is_true)
		GTEST_FAIL("rate %g until %s: %s", rate, fl_until_name(until), what);
}

static bool agrees(double drawn, double exact)
{
	return fabs(drawn - exact) <= 5 * sqrt(fmax(exact * (1 - exact), 0) / TESTS) + 1e-9;
}

static void print_cell(enum fl_until until, double rate, const struct cell *drawn,
		       const struct cell *exact)
{
	printf("# %-9s %5g  %7.4f %7.4f  %7.4f %7.4f %7.4f %7.4f  %7.4f  %7.1f\n",
	       fl_until_name(until), rate, drawn->covered / drawn->with_interval,
	       exact->covered / exact->with_interval, drawn->verdicts[FL_VERDICT_FLAKY],
	       drawn->verdicts[FL_VERDICT_STABLE], drawn->verdicts[FL_VERDICT_FAILING],
	       drawn->verdicts[FL_VERDICT_UNKNOWN], drawn->width / drawn->with_interval,
	       drawn->attempts);
}

static void check_cell(enum fl_until until, double rate, const struct cell *drawn,
		       const struct cell *exact)
{
	double missed = pow(1 - rate, RUNS + 1);        /* by the attempts, and by the host run */
	int i;

	expect(drawn->covered >= 0.95 * drawn->with_interval, "drawn coverage", until, rate);
	expect(exact->covered >= 0.95 * exact->with_interval, "coverage", until, rate);
	expect(agrees(drawn->covered, exact->covered), "drawn as added up: coverage", until, rate);
	for (i = 0; i < FL_VERDICT_COUNT; i++)
		expect(agrees(drawn->verdicts[i], exact->verdicts[i]),
		       "drawn as added up: verdicts", until, rate);
	if (rate == 0 || rate == 1)
		expect(drawn->verdicts[FL_VERDICT_FLAKY] == 0, "false flaky", until, rate);
	expect(fabs(exact->verdicts[FL_VERDICT_STABLE] - missed) < 1e-9, "missed", until, rate);
	expect(missed <= fl_stats_miss(rate, RUNS).probability, "miss is the bound", until, rate);
	if (rate < 1)
		expect(exact->verdicts[FL_VERDICT_FAILING] < 1e-9, "false failing", until, rate);
}

TEST(procedure, keeps_its_promises)
{
	struct cell drawn[FL_UNTIL_COUNT], exact;
	size_t row;
	int until;

	printf("# %d tests a row, %d runs.  covered: drawn, and added up\n", TESTS, RUNS);
	printf("# until      rate  covered           flaky   stable failing unknown"
	       "    width attempts\n");
	for (row = 0; row < FL_COUNT(rates); row++) {
		draw_cells(row, drawn);
		for (until = 0; until < FL_UNTIL_COUNT; until++) {
			exact = exact_cell((enum fl_until)until, rates[row]);
			print_cell((enum fl_until)until, rates[row], &drawn[until], &exact);
			check_cell((enum fl_until)until, rates[row], &drawn[until], &exact);
		}
	}
}

/* All rates, not only the six: where the coverage is least nobody would have looked. */
TEST(procedure, covers_all_rates)
{
	double rate, least[FL_UNTIL_COUNT] = { 1, 1, 1 };
	int until;

	for (rate = 0.0005; rate < 1; rate += rate < 0.05 ? 0.001 : 0.01)
		for (until = 0; until < FL_UNTIL_COUNT; until++) {
			struct cell cell = exact_cell((enum fl_until)until, rate);

			least[until] = fmin(least[until], cell.covered / cell.with_interval);
			expect(cell.covered >= 0.95 * cell.with_interval, "coverage",
			       (enum fl_until)until, rate);
		}
	for (until = 0; until < FL_UNTIL_COUNT; until++)
		printf("# least coverage until %s: %.4f\n", fl_until_name((enum fl_until)until),
		       least[until]);
}

/* A host run that contradicts all attempts by construction. */
TEST(procedure, contradicted_hosts)
{
	const struct fl_judgement *never =
		&look(FL_UNTIL_CONFIDENT, true, MOMENTS - 1, 0)->judgement;
	const struct fl_judgement *always =
		&look(FL_UNTIL_CONFIDENT, false, MOMENTS - 1, RUNS)->judgement;

	EXPECT_EQ(never->verdict, FL_VERDICT_FLAKY);
	EXPECT_EQ(never->notes, NOTE(NOT_REPRODUCED));
	EXPECT_EQ(always->verdict, FL_VERDICT_UNKNOWN);
	EXPECT_EQ(always->notes, NOTE(NOT_REPEATABLE));
}

FLICKER_XUNIT_MAIN();
