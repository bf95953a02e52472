/* SPDX-License-Identifier: MIT */
/*
 * gate.h - which tests count against the exit code, and that code.  Pure.
 *
 * A test gates when it is failing, or flaky and nothing excuses it.  A flaky test is
 * excused by the policy (tolerate, quarantine), by its entry in a file of --quarantine whatever
 * the policy, by an earlier report in which it was flaky already (--new-only), or when it
 * failed under stress only (--gate natural).
 *
 * Neither policy nor entry excuses a test whose annotation or entry is past its date, nor one
 * that crashed or of which a sanitizer complained, unless that says crash=yes.
 */
#ifndef FL_GATE_H
#define FL_GATE_H

#include "../model.h"

struct fl_gate_terms {
	enum fl_policy policy;
	enum fl_gate gate;
	uint32_t stress;                /* perturbation bits of those that can break correct code */
	const char *today;              /* YYYY-MM-DD, in UTC; what follows is not looked at */
	const struct fl_run *earlier;   /* of --new-only, or NULL */
};

/* By the settings of the run and the day it was started on. */
struct fl_gate_terms fl_gate_terms_of(const struct fl_run *run, const struct fl_run *earlier);

/* Of a test that has its verdict: the note expired, gates and excuse. */
void fl_gate_judge(const struct fl_gate_terms *terms, struct fl_test *test);

/*
 * A crash, or a sanitizer's words in what its failures said or wrote?  Crashes in arms under
 * `stress` do not count.
 */
bool fl_gate_has_crashed(const struct fl_test *test, uint32_t stress);

/*
 * Of a run whose tests are judged; without 70, which is the caller's:
 *  1    a test is failing; under preload the program's own code, if that is not 0
 *  2    a test is flaky and gates, also if it failed in its place
 *  3    attempts are missing
 *  0    tests failed in their place, all of them are excused, and the program ran to its end
 *  own  else: the program's code, 128+n where signal n ended it.  Where a test failed and
 *       is not known to be flaky, or ended the program, 1 instead of an own 0.
 */
int fl_gate_exit_code(const struct fl_run *run, bool is_under_preload);

/*
 * Did all of its tests, at least one, skip in their place, or fail there and are excused for
 * being in quarantine, by the policy or a file?  For a runner that knows skipped programs.
 */
bool fl_gate_is_skipped(const struct fl_run *run);

#endif
