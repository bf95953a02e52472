/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - what the evidence about one test allows to say.  Pure.
 *
 * An arm is the attempts under one set of perturbations, in one mode, with or without the
 * group's earlier tests before the test (prefix).  The attempts that count are those made
 * as the host run was made: arms with `random` and nothing else (with no perturbation at
 * all where the run has none), both modes; with prefix where there are such attempts,
 * because these are made only after all the others contradicted the host run.
 *
 * flaky    a pass and a non-pass in one arm, any arm; or the host run failed and 20
 *          unanimous attempts that count, with the same predecessors, passed
 *          (not-reproduced); or the attempts that count pass, and others do not.
 * failing  at least 20 attempts that count (or 3 timeouts), none passing, and the host
 *          run, if it got that far, not passing; in mode mix 3 of them are exec (one in 8
 *          where fewer than 24 were planned).
 * stable   no non-pass, nor one met in parallel, and all planned attempts made.
 * skipped, not-suspect, unknown: see the words in docs.
 *
 * Where the host run passed and all attempts fail, it is not chance that was seen but
 * perhaps what the host left behind or still holds: not-repeatable, and unknown.
 *
 * Where all fork attempts go one way and all exec attempts the other, no arm is mixed: it
 * is a difference between two circumstances (what happens before main, what the program did
 * before the test, a descriptor), and no chance was seen.  That is unknown, with a rate but
 * no interval, for there are two rates.  With one exception: the host run failed, at least
 * 20 exec attempts passed, and they were made as the host run was, itself a fresh process
 * (no wrapper, nothing before the test that they lack).  Then one circumstance has a pass
 * and a non-pass: flaky.  Not the other way round, 20 exec attempts that fail where the host
 * run passed: they may collide with the host, which still lives.
 */
#ifndef FL_VERDICT_H
#define FL_VERDICT_H

#include "../model.h"

enum {
	FL_VERDICT_ENOUGH = 20,         /* unanimous attempts that outweigh one host run */
	FL_VERDICT_EXECS = 3,           /* of them exec, before a test is failing in mode mix, */
	FL_VERDICT_EXEC_EVERY = 8,      /* or as many as planned: they are 8, 16, 24 */
	FL_VERDICT_EXEC_LEAST = 12,     /* exec attempts before a rate is settled in mode mix */
	FL_VERDICT_TIMEOUTS = 3,        /* a test that hangs is judged after so many */
};

struct fl_evidence {
	const struct fl_test *test;     /* its host, suspicion, arms and failures */
	enum fl_until until;            /* what may have ended the attempts */
	enum fl_mode mode;              /* as asked for */
	uint64_t planned;               /* --runs; or what --time left, if that was 30 or more */
	uint32_t base;                  /* what every attempt is under: `random` or nothing */
	uint32_t notes;                 /* decided elsewhere, carried into the judgement */
	bool has_predecessors;          /* tests that the host ran before it in its group */
	bool has_exec;                  /* exec attempts of this test are possible */
	bool is_exec_like_host;         /* no wrapper, no tests in groups before */
};

/*
 * Verdict, notes, rate, interval, miss.  With the note mass-failure nothing is evidence; with
 * parallel-only or parallel-unsafe something is only if the host run or an attempt failed
 * with nothing beside it (fl_failure.is_met_in_parallel): else unknown and no rate.
 */
void fl_verdict_judge(const struct fl_evidence *evidence, struct fl_judgement *ret_judgement);

/*
 * Need no more attempts be made?  Under `fail` after the first non-pass, as soon as there
 * is a verdict (one that fails at its first attempt is flaky or failing: a few more tell);
 * under `confident` when more of them cannot change the verdict (of all verdicts a mixed
 * arm alone is final) and half the interval's width is less than half the rate; under
 * `runs` never.
 */
bool fl_verdict_is_settled(const struct fl_evidence *evidence);

/* The attempts that the rate is the rate of: those that count, see above. */
struct fl_counts fl_verdict_rated(const struct fl_test *test);

/* Of these, the ones made in one mode; FL_MODE_MIX: all of them. */
struct fl_counts fl_verdict_rated_in(const struct fl_test *test, enum fl_mode mode);

/*
 * Do fresh processes fail at another rate than forks?  Where all of one kind pass and all of
 * the other fail, or where chance alone would make such a difference once in a hundred
 * (Fisher's test).  Then there are two rates, and one interval would be none.
 */
bool fl_verdict_modes_differ(const struct fl_test *test);

/*
 * In mode mix: shall all further attempts be fresh processes?  Where the modes differ; or
 * where a test would be settled but for want of them: forks share what was drawn before
 * main, so a rate is not believed before FL_VERDICT_EXEC_LEAST fresh ones have agreed.
 */
bool fl_verdict_wants_exec(const struct fl_evidence *evidence);

/* Do these attempts, unanimously and enough of them, say other than the host run did? */
bool fl_verdict_contradicts(const struct fl_test *test, const struct fl_counts *counts);

#endif
