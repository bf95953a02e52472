/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - what the evidence about one test allows to say.  Pure.
 *
 * flaky    a pass and a non-pass in one arm; or the host run contradicted by 20
 *          unanimous attempts that had the same predecessors.
 * failing  at least 20 attempts (or 3 timeouts), none passing, and the host run,
 *          if it got that far, not passing.
 * stable   no non-pass, and all planned attempts made.
 * skipped, not-suspect, unknown: see the words in docs.
 */
#ifndef FL_VERDICT_H
#define FL_VERDICT_H

#include "../model.h"

enum {
	FL_VERDICT_ENOUGH = 20,         /* unanimous attempts that outweigh one host run */
	FL_VERDICT_TIMEOUTS = 3,        /* a test that hangs is judged after so many */
};

struct fl_evidence {
	const struct fl_test *test;     /* its host, suspicion and arms */
	uint64_t planned;               /* attempts */
	bool has_predecessors;          /* tests that the host ran before it in its group */
	bool is_unseeded;               /* its failures vanish when unseeded generators stay so */
};

/* Verdict, notes, rate, interval, miss. */
void fl_verdict_judge(const struct fl_evidence *evidence, struct fl_judgement *ret_judgement);

/*
 * The attempts that the rate is the rate of: those made as the host run was made.  Where
 * the first ones, alone, contradicted it, these are the ones with predecessors.
 */
struct fl_counts fl_verdict_rated(const struct fl_test *test);

/* Do these attempts, unanimously and enough of them, say other than the host run did? */
bool fl_verdict_contradicts(const struct fl_test *test, const struct fl_counts *counts);

#endif
