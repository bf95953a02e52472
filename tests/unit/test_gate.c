/* SPDX-License-Identifier: MIT */
/*
 * test_gate.c - what counts against the exit code, and that code: tables.
 *
 * Bit 1 stands for a stress here, whatever the perturbations really are.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/gate.h"

#include <stdarg.h>
#include <string.h>

#include <flicker/xunit.h>

#define STRESS UINT32_C(2)
#define HEAP "==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n"

enum { NONE = -1, PASS = FL_OUTCOME_PASS, FAIL = FL_OUTCOME_FAIL, CRASH = FL_OUTCOME_CRASH };
enum { FLAKY = FL_VERDICT_FLAKY, FAILING = FL_VERDICT_FAILING, STABLE = FL_VERDICT_STABLE,
       UNKNOWN = FL_VERDICT_UNKNOWN };

/* ---- one test ---- */

struct story {
	const char *what;
	int verdict, host;
	unsigned fail, crash;           /* attempts, beside 10 that passed */
	unsigned stress_fail, stress_crash;
	const char *until, *output;
	bool may_crash, is_unseeded, is_quarantined;
	int policy, gate;
	int then;                       /* verdict in the earlier report; NONE: not in it */
	bool crashed_then;
	bool gates;
	int excuse;
	bool is_expired;
};

#define POLICY(word) .policy = FL_POLICY_##word
#define EXCUSE(word) .excuse = FL_EXCUSE_##word

static const struct story stories[] = {
	{ "stable", STABLE, PASS, .then = NONE },
	{ "failing", FAILING, FAIL, 20, .then = NONE, .gates = true },
	{ "failing, tolerated", FAILING, FAIL, 20, POLICY(TOLERATE), .then = FLAKY, .gates = true },
	{ "flaky", FLAKY, PASS, 3, .then = NONE, .gates = true },
	{ "unknown, failed in its place", UNKNOWN, FAIL, POLICY(TOLERATE), .then = NONE },
	{ "flaky, tolerated", FLAKY, FAIL, 3, POLICY(TOLERATE), .then = NONE, EXCUSE(POLICY) },
	{ "under our seeds alone", FLAKY, FAIL, 3, .is_unseeded = true, POLICY(TOLERATE), .then = NONE,
	  .gates = true },
	{ "the same, passes in its place", FLAKY, PASS, 3, .is_unseeded = true, POLICY(TOLERATE),
	  .then = NONE, EXCUSE(POLICY) },
	{ "flaky, in quarantine", FLAKY, FAIL, 3, POLICY(QUARANTINE), .then = NONE, EXCUSE(POLICY) },
	{ "its last day", FLAKY, FAIL, 3, .until = "2026-11-21", POLICY(TOLERATE), .then = NONE,
	  EXCUSE(POLICY) },
	{ "the day after", FLAKY, FAIL, 3, .until = "2026-11-20", POLICY(TOLERATE), .then = NONE,
	  .gates = true, .is_expired = true },
	{ "years after", FLAKY, FAIL, 3, .until = "2025-12-31", POLICY(QUARANTINE), .then = NONE,
	  .gates = true, .is_expired = true },
	{ "stable and expired", STABLE, PASS, .until = "2025-12-31", .then = NONE, .is_expired = true },
	{ "crashes in an attempt", FLAKY, PASS, 3, 1, POLICY(TOLERATE), .then = NONE, .gates = true },
	{ "crashes in its place", FLAKY, CRASH, 3, POLICY(TOLERATE), .then = NONE, .gates = true },
	{ "may crash", FLAKY, CRASH, 3, 1, .may_crash = true, POLICY(TOLERATE), .then = NONE,
	  EXCUSE(POLICY) },
	{ "may crash, expired", FLAKY, CRASH, 3, 1, .until = "2026-01-01", .may_crash = true,
	  POLICY(TOLERATE), .then = NONE, .gates = true, .is_expired = true },
	{ "a sanitizer complains", FLAKY, FAIL, 3, .output = "a\n" HEAP, POLICY(TOLERATE), .then = NONE,
	  .gates = true },
	{ "UBSan complains", FLAKY, FAIL, 3, .output = "x.c:1:2: runtime error: shift\n",
	  POLICY(TOLERATE), .then = NONE, .gates = true },
	{ "it only speaks of errors", FLAKY, FAIL, 3, .output = "runtime error\nSanitizer\n",
	  POLICY(TOLERATE), .then = NONE, EXCUSE(POLICY) },
	{ "a sanitizer may complain", FLAKY, FAIL, 3, .output = HEAP, .may_crash = true,
	  POLICY(TOLERATE), .then = NONE, EXCUSE(POLICY) },
	{ "listed", FLAKY, FAIL, 3, .is_quarantined = true, .then = NONE, EXCUSE(QUARANTINE) },
	{ "listed, tolerated", FLAKY, FAIL, 3, .is_quarantined = true, POLICY(TOLERATE), .then = NONE,
	  EXCUSE(QUARANTINE) },
	{ "listed and failing", FAILING, FAIL, 20, .is_quarantined = true, .then = NONE, .gates = true },
	{ "listed, not known", UNKNOWN, FAIL, .is_quarantined = true, .then = NONE },
	{ "listed, its last day", FLAKY, FAIL, 3, .until = "2026-11-21", .is_quarantined = true,
	  .then = NONE, EXCUSE(QUARANTINE) },
	{ "listed, the day after", FLAKY, FAIL, 3, .until = "2026-11-20", .is_quarantined = true,
	  .then = NONE, .gates = true, .is_expired = true },
	{ "listed, crashes", FLAKY, FAIL, 3, 1, .is_quarantined = true, .then = NONE, .gates = true },
	{ "listed, may crash", FLAKY, FAIL, 3, 1, .may_crash = true, .is_quarantined = true,
	  .then = NONE, EXCUSE(QUARANTINE) },
	{ "listed, a sanitizer complains", FLAKY, FAIL, 3, .output = HEAP, .is_quarantined = true,
	  .then = NONE, .gates = true },
	{ "listed, under our seeds alone", FLAKY, FAIL, 3, .is_unseeded = true, .is_quarantined = true,
	  .then = NONE, .gates = true },
	{ "listed and known", FLAKY, FAIL, 3, 1, .is_quarantined = true, .then = FLAKY,
	  .crashed_then = true, EXCUSE(KNOWN) },
	{ "under stress only", FLAKY, PASS, .stress_fail = 3, .then = NONE, EXCUSE(STRESS) },
	{ "under stress only, any", FLAKY, PASS, .stress_fail = 3, .gate = FL_GATE_ANY, .then = NONE,
	  .gates = true },
	{ "crashes under stress only", FLAKY, PASS, .stress_crash = 3, .then = NONE, EXCUSE(STRESS) },
	{ "fails, and crashes under stress only", FLAKY, PASS, 1, .stress_crash = 3, POLICY(TOLERATE),
	  .then = NONE, EXCUSE(POLICY) },
	{ "the same, any", FLAKY, PASS, 1, .stress_crash = 3, POLICY(TOLERATE), .gate = FL_GATE_ANY,
	  .then = NONE, .gates = true },
	{ "under stress and once without", FLAKY, PASS, 1, .stress_fail = 3, .then = NONE, .gates = true },
	{ "under stress and in its place", FLAKY, FAIL, .stress_fail = 3, .then = NONE, .gates = true },
	{ "only in its place", FLAKY, FAIL, .then = NONE, .gates = true },
	{ "flaky before", FLAKY, FAIL, 3, .then = FLAKY, EXCUSE(KNOWN) },
	{ "stable before", FLAKY, FAIL, 3, .then = STABLE, .gates = true },
	{ "failing before", FLAKY, FAIL, 3, .then = FAILING, .gates = true },
	{ "flaky before, the crash is new", FLAKY, PASS, 3, 1, .then = FLAKY, .gates = true },
	{ "flaky before, with crashes", FLAKY, PASS, 3, 1, .then = FLAKY, .crashed_then = true,
	  EXCUSE(KNOWN) },
	{ "flaky before, then mended, then broken", FAILING, FAIL, 20, .then = FLAKY, .gates = true },
};

static void tell(const struct story *story, struct fl_test *test, struct fl_failure *failure)
{
	struct fl_counts *counts = &test->arms[0].counts;

	*failure = (struct fl_failure){ .output_tail = (char *)(uintptr_t)story->output };
	*test = (struct fl_test){
		.id = (char *)(uintptr_t)"a.b", .has_host = story->host != NONE, .arm_count = 2,
		.failures = failure, .failure_count = 1,
	};
	test->host.outcome = (enum fl_outcome)story->host;
	test->judgement.verdict = (enum fl_verdict)story->verdict;
	test->suspicion.until = (char *)(uintptr_t)story->until;
	test->suspicion.may_crash = story->may_crash;
	test->suspicion.is_quarantined = story->is_quarantined;
	test->judgement.notes = story->is_unseeded ? UINT32_C(1) << FL_NOTE_UNSEEDED : 0;
	counts->by[PASS] = 10;
	counts->by[FAIL] = story->fail;
	counts->by[CRASH] = story->crash;
	test->arms[1].perturbations = STRESS;
	test->arms[1].counts.by[PASS] = 10;
	test->arms[1].counts.by[FAIL] = story->stress_fail;
	test->arms[1].counts.by[CRASH] = story->stress_crash;
}

static void judge(const struct story *story, struct fl_test *ret_test, struct fl_failure *failure)
{
	struct fl_test before = { .id = (char *)(uintptr_t)"a.b", .arm_count = 1 };
	struct fl_test other = { .id = (char *)(uintptr_t)"a.bc" };
	struct fl_test *tests[] = { &other, &before };
	struct fl_run earlier = { .tests = tests, .test_count = story->then == NONE ? 1 : 2 };
	struct fl_gate_terms terms = {
		.policy = (enum fl_policy)story->policy, .gate = (enum fl_gate)story->gate,
		.stress = STRESS, .today = "2026-11-21T10:11:12Z", .earlier = &earlier,
	};

	other.judgement.verdict = FL_VERDICT_FLAKY;
	before.judgement.verdict = (enum fl_verdict)story->then;
	before.arms[0].counts.by[CRASH] = story->crashed_then;
	tell(story, ret_test, failure);
	fl_gate_judge(&terms, ret_test);
}

TEST_P(gate, says_what_gates, stories)
{
	uint32_t expired = UINT32_C(1) << FL_NOTE_EXPIRED;
	const struct story *story = row;
	struct fl_failure failure;
	struct fl_test test;

	judge(story, &test, &failure);
	if (test.judgement.gates != story->gates ||
	    (int)test.judgement.excuse != story->excuse ||
	    (test.judgement.notes & expired) != (story->is_expired ? expired : 0))
		FAIL("%s: gates %d, excuse %s, notes %#x", story->what,
		     test.judgement.gates, fl_excuse_name(test.judgement.excuse),
		     test.judgement.notes);
}

TEST(gate, takes_terms_from_the_run)
{
	struct fl_run run = {
		.started = (char *)(uintptr_t)"2026-11-21T10:11:12Z",
		.settings = { .policy = FL_POLICY_TOLERATE, .gate = FL_GATE_ANY },
	};
	struct fl_gate_terms terms = fl_gate_terms_of(&run, &run);

	EXPECT_EQ(terms.policy, FL_POLICY_TOLERATE);
	EXPECT_EQ(terms.gate, FL_GATE_ANY);
	EXPECT_STREQ(terms.today, run.started);
	EXPECT_EQ(terms.earlier, &run);
	EXPECT_FALSE(terms.stress & FL_PERTURB_BIT(RANDOM));
}

/* ---- a run ---- */

struct kind {
	int verdict, host;
	bool gates;
	int excuse;
	bool is_quarantined, is_outlived;
};

#define END_ROW { -1, 0, false, 0, false, false }
#define S  { STABLE, PASS, false, 0, false, false }
#define N  { FL_VERDICT_NOT_SUSPECT, PASS, false, 0, false, false }
#define A  { FAILING, FAIL, true, 0, false, false }
#define Aq { FAILING, FAIL, true, 0, true, false }
#define F  { FLAKY, FAIL, true, 0, false, false }
#define Fp { FLAKY, PASS, true, 0, false, false }
#define E  { FLAKY, FAIL, false, FL_EXCUSE_POLICY, false, false }
#define Ep { FLAKY, PASS, false, FL_EXCUSE_POLICY, false, false }
#define Eq { FLAKY, FAIL, false, FL_EXCUSE_POLICY, true, false }
#define Ek { FLAKY, FAIL, false, FL_EXCUSE_KNOWN, false, false }
#define Ef { FLAKY, FAIL, false, FL_EXCUSE_QUARANTINE, false, false }
#define Ec { FLAKY, CRASH, false, FL_EXCUSE_POLICY, false, false }
#define Ex { FLAKY, FL_OUTCOME_EARLY_EXIT, false, FL_EXCUSE_POLICY, false, false }
#define Exo { FLAKY, FL_OUTCOME_EARLY_EXIT, false, FL_EXCUSE_POLICY, false, true }
#define Et { FLAKY, FL_OUTCOME_TIMEOUT, false, FL_EXCUSE_POLICY, false, false }
#define U  { UNKNOWN, FAIL, false, 0, false, false }
#define Uq { UNKNOWN, FAIL, false, 0, true, false }
#define Up { UNKNOWN, PASS, false, 0, false, false }
#define K  { FL_VERDICT_SKIPPED, FL_OUTCOME_SKIP, false, 0, false, false }

static const struct {
	const char *what;
	struct kind tests[4];
	int own, signal;
	bool has_missing;
	int run, preload;
} runs[] = {
	{ "nothing", { END_ROW }, 0, 0, false, 0, 0 },
	{ "all stable", { S, N, K, END_ROW }, 0, 0, false, 0, 0 },
	{ "77 survives", { S, END_ROW }, 77, 0, false, 77, 77 },
	{ "a signal after the tests", { S, END_ROW }, -1, 6, false, 134, 134 },
	{ "failing", { A, F, END_ROW }, 5, 0, true, 1, 5 },
	{ "failing, and the program does not say so", { A, END_ROW }, 0, 0, false, 1, 1 },
	{ "failing, shown as a skip", { Aq, END_ROW }, 0, 0, false, 1, 1 },
	{ "failing, and it died", { A, END_ROW }, -1, 11, false, 1, 139 },
	{ "flaky, failed in its place", { F, S, END_ROW }, 5, 0, true, 2, 2 },
	{ "flaky, passed in its place", { Fp, END_ROW }, 0, 0, false, 2, 2 },
	{ "flaky, one excused, one not", { E, F, END_ROW }, 5, 0, false, 2, 2 },
	{ "attempts missing", { S, Up, END_ROW }, 0, 0, true, 3, 3 },
	{ "attempts missing before the own code", { U, END_ROW }, 5, 0, true, 3, 3 },
	{ "nothing failed and too little known", { Up, END_ROW }, 0, 0, false, 0, 0 },
	{ "failed and too little known", { U, END_ROW }, 5, 0, false, 5, 5 },
	{ "the same, the program is silent", { U, END_ROW }, 0, 0, false, 1, 1 },
	{ "the same, shown as a skip", { Uq, END_ROW }, 0, 0, false, 1, 1 },
	{ "excused", { E, S, END_ROW }, 5, 0, false, 0, 0 },
	{ "excused by the earlier report", { Ek, END_ROW }, 5, 0, false, 0, 0 },
	{ "excused, passed in its place", { Ep, S, END_ROW }, 0, 0, false, 0, 0 },
	{ "excused, the own code is of something else", { Ep, S, END_ROW }, 7, 0, false, 7, 7 },
	{ "a skip, the own code is of something else", { Eq, S, END_ROW }, 77, 0, false, 77, 77 },
	{ "a skip", { Eq, S, END_ROW }, 0, 0, false, 0, 0 },
	{ "a skip and one excused", { Eq, E, END_ROW }, 5, 0, false, 0, 0 },
	{ "excused beside too little known", { E, U, END_ROW }, 5, 0, false, 5, 5 },
	{ "excused, attempts missing elsewhere", { E, Up, END_ROW }, 5, 0, true, 3, 3 },
	{ "an excused crash that was caught", { Ec, END_ROW }, 5, 0, false, 0, 0 },
	{ "an excused crash that was not", { Ec, END_ROW }, -1, 6, false, 134, 134 },
	{ "excused, and it ended the program", { Ex, END_ROW }, 9, 0, false, 9, 9 },
	{ "excused, and it ended the program in silence", { Ex, END_ROW }, 0, 0, false, 1, 1 },
	{ "excused, and it ended a process of its own", { Exo, END_ROW }, 9, 0, false, 0, 0 },
	{ "excused, and it hung", { Et, END_ROW }, -1, 9, false, 137, 137 },
	{ "excused, and a signal after the tests", { E, S, END_ROW }, -1, 6, false, 134, 134 },
};

static void become(struct fl_test *test, const struct kind *kind)
{
	test->has_host = true;
	test->host.outcome = (enum fl_outcome)kind->host;
	test->host.is_quarantined = kind->is_quarantined;
	test->host.is_outlived = kind->is_outlived;
	test->judgement.verdict = (enum fl_verdict)kind->verdict;
	test->judgement.gates = kind->gates;
	test->judgement.excuse = (enum fl_excuse)kind->excuse;
}

TEST_P(gate, says_the_exit_code, runs)
{
	size_t n;
	struct fl_test tests[4] = { { 0 } }, *list[4];
	struct fl_run run = {
		.tests = list, .has_attempts_missing = row->has_missing,
		.program = { .has_exit = true, .exit_code = row->own,
			     .exit_signal = row->signal },
	};
	int got[2];

	for (n = 0; row->tests[n].verdict >= 0; n++) {
		list[n] = &tests[n];
		become(&tests[n], &row->tests[n]);
	}
	run.test_count = n;
	got[0] = fl_gate_exit_code(&run, false);
	got[1] = fl_gate_exit_code(&run, true);
	if (got[0] != row->run || got[1] != row->preload)
		FAIL("%s: %d, under preload %d", row->what, got[0], got[1]);
}

/* For runners that know skipped programs: one thing that passed, and it is no skip. */
static const struct {
	struct kind tests[4];
	int policy;
	bool is_skipped;
} rows[] = {
	{ { END_ROW }, FL_POLICY_QUARANTINE, false },
	{ { K, END_ROW }, FL_POLICY_FAIL, true },
	{ { K, S, END_ROW }, FL_POLICY_FAIL, false },
	{ { N, K, END_ROW }, FL_POLICY_FAIL, false },
	{ { E, END_ROW }, FL_POLICY_TOLERATE, false },
	{ { E, Eq, K, END_ROW }, FL_POLICY_QUARANTINE, true },
	{ { Ef, END_ROW }, FL_POLICY_FAIL, true },
	{ { Ep, END_ROW }, FL_POLICY_QUARANTINE, false },
	{ { Ek, END_ROW }, FL_POLICY_QUARANTINE, false },
	{ { Aq, END_ROW }, FL_POLICY_QUARANTINE, false },
	{ { Uq, END_ROW }, FL_POLICY_QUARANTINE, false },
};

TEST_P(gate, says_what_is_a_skip, rows)
{
	size_t n;
	struct fl_test tests[4] = { { 0 } }, *list[4];
	struct fl_run run = { .tests = list,
			      .settings = { .policy = (enum fl_policy)row->policy } };

	for (n = 0; row->tests[n].verdict >= 0; n++) {
		list[n] = &tests[n];
		become(&tests[n], &row->tests[n]);
	}
	run.test_count = n;
	EXPECT_EQ(fl_gate_is_skipped(&run), row->is_skipped, "%d", !row->is_skipped);
}

/* Whose program died unseen, under preload: nobody knows how, but not well. */
TEST(gate, believes_in_no_unseen_end)
{
	struct fl_test test = {
		.has_host = true, .host.outcome = FL_OUTCOME_CRASH,
		.judgement = { .verdict = FL_VERDICT_FLAKY, .excuse = FL_EXCUSE_POLICY },
	};
	struct fl_test *list[] = { &test };
	struct fl_run run = { .tests = list, .test_count = 1 };

	ASSERT_EQ(fl_gate_exit_code(&run, true), 1);
}

FLICKER_XUNIT_MAIN();
