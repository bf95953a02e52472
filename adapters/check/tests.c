/* SPDX-License-Identifier: MIT */
/*
 * tests.c - a test's process, its phases, and what Check says of it.
 *
 * Under CK_FORK each test has a child of its own, and its exit code or signal, against what
 * the test expects, is the verdict.  The host's children follow() and the host itself tells
 * the verdict, from the runner's results.  In an attempt the fork of the test that counts
 * is left out: the attempt is Check's child, and its end is its outcome.  Only where the
 * case has an unchecked teardown, which runs in the parent and may take away what the setup
 * has left outside, there is a child, and the attempt ends at last as that one did.
 *
 * Under CK_NOFORK a failure is a jump out of the test, and nothing else.
 */
#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

FL_HOT static struct {
	struct fl_group *group;
	const struct check_runner *runner;      /* NULL: none runs */
	pid_t pid;                      /* where it does */
	uint32_t at;                    /* the row that was begun last, or NONE */
	uint32_t target;                /* in an attempt */
	unsigned results;               /* of Check's, that were looked at */
	unsigned results_inside;        /* how many there were when the program's code was entered */
	bool is_inside;                 /* the program's own code is on the stack */
	bool is_child;                  /* this process is the test alone */
	bool is_passed_over;            /* none of its functions is called */
	bool is_over;                   /* the test was in a child, which has ended: */
	siginfo_t end;
	const struct check_case *setting_up;    /* whose unchecked setup was entered last */
} run;

void fl_check_watch(struct fl_group *group, struct check_runner *runner, uint32_t target)
{
	memset(&run, 0, sizeof(run));
	run.group = group;
	run.runner = runner;
	run.pid = getpid();
	run.at = FL_CHECK_NONE;
	run.target = target;
	run.results = runner->results->count;
}

static bool is_attempt(void)
{
	return run.target != FL_CHECK_NONE;
}

/* A failure that leaves by a jump does not come back to the trampoline; but there is a result. */
static bool is_inside(void)
{
	return run.is_inside && run.results_inside == run.runner->results->count;
}

static void enter_code(enum fl_phase phase)
{
	run.is_inside = true;
	run.results_inside = run.runner->results->count;
	if (!run.is_over)               /* where it was when it was ended, its parent does not change */
		fl_check_flicker->phase(phase);
}

/* ---- what Check says ---- */

static enum fl_phase phase_of(const struct check_result *result)
{
	switch (result->context) {
	case CHECK_IN_SETUP:
		return FL_PHASE_SETUP;
	case CHECK_IN_TEARDOWN:
		return FL_PHASE_TEARDOWN;
	default:
		return FL_PHASE_TEST;
	}
}

static void tell_failure(const struct check_result *result)
{
	if (fl_check_flicker->has_failure())
		return;
	fl_check_flicker->place(result->file, result->line);
	if (result->message)
		fl_check_flicker->message(result->message, strlen(result->message));
	fl_check_flicker->failed(false);
}

/* What has no other form than its words (check_run.c: signal_msg, exit_msg). */
static const char caught[] = "Received signal ", late[] = "Test timeout expired";
static const char early[] = "Early exit with return value ";

static void tell_error(const struct check_result *result)
{
	const char *words = result->message ? result->message : "";

	if (strncmp(words, late, sizeof(late) - 1) == 0)
		fl_check_flicker->timed_out();
	else if (strncmp(words, caught, sizeof(caught) - 1) == 0)
		fl_check_flicker->caught(atoi(words + sizeof(caught) - 1));
	else if (strncmp(words, early, sizeof(early) - 1) == 0)
		fl_check_flicker->exited(atoi(words + sizeof(early) - 1) & 0xff);
	else
		tell_failure(result);
}

/* No test of the case is run. */
static void tell_failed_setup(const struct check_result *result)
{
	uint32_t row;

	if (is_attempt()) {
		tell_failure(result);
		return;
	}
	for (row = 0; row < fl_check_count(); row++) {
		if (!fl_check_has_row(run.setting_up, row) ||
		    !fl_check_flicker->is_selected(run.group, row))
			continue;
		fl_check_flicker->begin(run.group, row);
		fl_check_flicker->phase(FL_PHASE_SETUP);
		tell_failure(result);
	}
}

/* Check does not say which: in the words of an attempt, which has its status only. */
static void tell_survival(const struct check_result *result, int signal)
{
	char words[128];

	if (fl_check_flicker->has_failure() || !signal || !result->message ||
	    strncmp(result->message, early, sizeof(early) - 1) != 0)
		return;
	snprintf(words, sizeof(words), "exit code %d, signal %d (%s) was expected",
		 atoi(result->message + sizeof(early) - 1), signal, strsignal(signal));
	fl_check_flicker->message(words, strlen(words));
	fl_check_flicker->failed(false);
}

static struct fl_expectation expectation(void)
{
	struct fl_check_view test = fl_check_view(fl_check_row(run.at)->test);

	return (struct fl_expectation){ .signal = test.signal, .exit_code = test.exit_code & 0xff,
					.skip_code = -1, .error_code = -1 };
}

static void tell_verdict(const struct check_result *result)
{
	switch (result->verdict) {
	case CHECK_PASS:
		if (!run.is_passed_over)
			fl_check_flicker->passed();
		break;
	case CHECK_FAILURE:
		fl_check_flicker->phase(phase_of(result));
		tell_survival(result, expectation().signal);
		tell_failure(result);
		break;
	case CHECK_ERROR:
		tell_error(result);
		break;
	}
}

void fl_check_settle(void)
{
	const struct check_list *results = run.runner->results;
	const struct check_result *result;

	if (results->count == run.results || run.pid != getpid())
		return;
	run.results = results->count;
	result = results->items[results->count - 1];
	if (run.at == FL_CHECK_NONE)
		tell_failed_setup(result);
	else
		tell_verdict(result);
}

/* ---- trampolines ---- */

static void begin(uint32_t row)
{
	if (run.is_child || row == run.at || row == FL_CHECK_NONE)
		return;
	fl_check_settle();
	run.at = row;
	fl_check_flicker->begin(run.group, row);
	run.is_passed_over = fl_check_flicker->is_passed_over();
}

void fl_check_run_test(int turn)
{
	uint32_t row = fl_check_row_now();

	begin(row);
	enter_code(FL_PHASE_TEST);
	if (!run.is_passed_over)
		fl_check_view(fl_check_row(row)->test).function(turn);
	run.is_inside = false;
	fl_check_flicker->phase(FL_PHASE_AFTER);
}

void fl_check_run_setup(void)
{
	begin(fl_check_row_now());
	enter_code(FL_PHASE_SETUP);
	if (!run.is_passed_over)
		fl_check_fixture_now(fl_check_case_now()->setup)();
	run.is_inside = false;
}

void fl_check_run_teardown(void)
{
	enter_code(FL_PHASE_TEARDOWN);
	if (!run.is_passed_over)
		fl_check_fixture_now(fl_check_case_now()->teardown)();
	run.is_inside = false;
	fl_check_flicker->returned();
}

void fl_check_run_unchecked_setup(void)
{
	const struct check_case *in = fl_check_case_now();

	fl_check_settle();
	run.at = FL_CHECK_NONE;
	run.setting_up = in;
	if (is_attempt())               /* of another case than the one that counts it is nobody's */
		fl_check_flicker->begin(run.group, fl_check_first_row(in));
	enter_code(FL_PHASE_GROUP_SETUP);
	fl_check_fixture_now(in->unchecked_setup)();
	run.is_inside = false;
	fl_check_flicker->returned();
}

void fl_check_run_unchecked_teardown(void)
{
	fl_check_settle();
	enter_code(FL_PHASE_GROUP_TEARDOWN);
	fl_check_fixture_now(fl_check_case_now()->unchecked_teardown)();
	run.is_inside = false;
	fl_check_flicker->returned();
}

/* ---- processes ---- */

static pid_t fork_follower(pid_t (*real)(void))
{
	pid_t child = real();

	if (child == 0) {
		run.pid = getpid();
		run.is_child = true;
		fl_check_flicker->follow();
	}
	return child;
}

/* The attempt is Check's child, or else has it: then it waits, as Check is to meet it, too. */
static pid_t become_test(pid_t (*real)(void))
{
	struct fl_expectation expected = expectation();
	pid_t child;

	fl_check_flicker->expects(&expected);
	if (!fl_check_case_now()->unchecked_teardown->count) {
		run.is_child = true;
		fl_check_flicker->follow();
		return 0;
	}
	child = fork_follower(real);
	if (child <= 0)
		return child;
	fl_check_flicker->followed(child);
	while (waitid(P_PID, (id_t)child, &run.end, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	fl_check_flicker->followed(0);
	run.is_over = true;
	return child;
}

pid_t fl_check_forks(pid_t (*real)(void))
{
	uint32_t row;

	if (!run.runner || run.is_child || run.pid != getpid() || is_inside())
		return real();
	row = fl_check_row_now();
	if (row == FL_CHECK_NONE)
		return real();
	begin(row);
	if (!is_attempt())
		return fork_follower(real);
	return row == run.target ? become_test(real) : real();
}

/* A failed assertion, as it leaves the test: here the test is on the stack. */
static bool tell_message(void)
{
	struct fl_check_message message;

	if (fl_check_flicker->has_failure())    /* a teardown's behind it is not told by Check, either */
		return true;
	if (!fl_check_message(&message))
		return false;
	fl_check_flicker->place(message.file, message.line);
	fl_check_flicker->message(message.text, strlen(message.text));
	fl_check_flicker->failed(true);
	return true;
}

/* Of a test that is to die of a signal the parent has all to say. */
bool fl_check_ends(int code)
{
	struct fl_expectation expected;

	if (!run.is_child)
		return run.is_over;
	expected = expectation();
	return expected.signal || (code & 0xff) == expected.exit_code || tell_message();
}

void fl_check_jumps(const void *env, const void *caller)
{
	(void)env, (void)caller;
	if (!run.runner || run.pid != getpid() || run.is_child || !fl_check_flicker->is_recording())
		return;
	tell_message();
	fl_check_flicker->returned();
}

void fl_check_unwatch(void)
{
	run.runner = NULL;
	if (!run.is_over)
		return;
	if (run.end.si_code == CLD_EXITED)
		_exit(run.end.si_status);
	signal(run.end.si_status, SIG_DFL);
	kill(run.pid, run.end.si_status);
}
