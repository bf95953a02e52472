/* SPDX-License-Identifier: MIT */
/*
 * classify.c - from the raw facts of one execution to its outcome.
 */
#define _GNU_SOURCE
#include "classify.h"

#include "../../base/base.h"

#include <string.h>
#include <sys/wait.h>

static const uint32_t unknown_flags = ~FL_FACT_ALL;

/* Nobody sets a flag that means nothing, but a test that writes where it should not. */
static bool is_written_over(const struct fl_facts *facts)
{
	return facts->flags & unknown_flags;
}

/* Nothing of it is believed but which attempt it is, which others check. */
static void forget(struct fl_facts *facts)
{
	*facts = (struct fl_facts){
		.attempt = facts->attempt,
		.seed = facts->seed,
		.started_ns = facts->started_ns,
		.test = facts->test,
		.flags = facts->flags & (unknown_flags | FL_FACT_MADE),
	};
}

void fl_classify_copy(const void *from, size_t kept, struct fl_facts *ret_facts)
{
	struct fl_facts *facts = ret_facts;

	memset(facts, 0, sizeof(*facts));
	memcpy(facts, from, kept < sizeof(*facts) ? kept : sizeof(*facts));
	if (is_written_over(facts))
		forget(facts);
	facts->file[FL_WIRE_FILE - 1] = '\0';
	facts->message[FL_WIRE_MESSAGE - 1] = '\0';
	facts->traces[FL_WIRE_TRACES - 1] = '\0';
	if (facts->pcs > FL_WIRE_PCS)
		facts->pcs = FL_WIRE_PCS;
	if (facts->output_kept > FL_WIRE_OUTPUT)
		facts->output_kept = FL_WIRE_OUTPUT;
	if (facts->phase >= FL_PHASE_COUNT)
		facts->phase = FL_PHASE_NONE;
	if (facts->failed_phase >= FL_PHASE_COUNT)
		facts->failed_phase = FL_PHASE_NONE;
}

static bool is_in_test(uint32_t phase)
{
	return phase == FL_PHASE_TEST || phase == FL_PHASE_AFTER || phase == FL_PHASE_NONE;
}

/* The runner came back. */
static enum fl_outcome outcome_of_finished(const struct fl_facts *facts)
{
	bool is_clean = !facts->failures && !facts->signal;

	/* cmocka prints a failed group teardown and does not count it: nor do we. */
	if (is_clean || facts->failed_phase == FL_PHASE_GROUP_TEARDOWN) {
		if (!(facts->flags & FL_FACT_REACHED))
			return FL_OUTCOME_INFRA;
		return facts->flags & FL_FACT_SKIPPED ? FL_OUTCOME_SKIP : FL_OUTCOME_PASS;
	}
	/* In a process that the framework started for the test nothing catches a signal. */
	if (facts->signal && facts->worker > 0)
		return FL_OUTCOME_CRASH;
	if (!is_in_test(facts->failed_phase))
		return FL_OUTCOME_ERROR;
	return facts->signal ? FL_OUTCOME_CRASH : FL_OUTCOME_FAIL;
}

/* A wrapper, such as valgrind, has found fault with an attempt that ended well. */
static bool has_objection(const struct fl_facts *facts)
{
	return (facts->flags & FL_FACT_EXEC) && WIFEXITED(facts->status) &&
	       WEXITSTATUS(facts->status) != 0;
}

/* The process was the test: how it ended is how that went. */
static enum fl_outcome outcome_by_status(const struct fl_facts *facts)
{
	int signal = WIFSIGNALED(facts->status) ? WTERMSIG(facts->status) : 0;
	int code = WIFEXITED(facts->status) ? WEXITSTATUS(facts->status) : -1;

	if (signal && signal != facts->expected_signal)
		return FL_OUTCOME_CRASH;
	if (facts->failures)
		return is_in_test(facts->failed_phase) ? FL_OUTCOME_FAIL : FL_OUTCOME_ERROR;
	if (signal)
		return FL_OUTCOME_PASS;
	if (facts->flags & FL_FACT_EXITED)
		return FL_OUTCOME_EARLY_EXIT;
	if (code == facts->skip_exit || (facts->flags & FL_FACT_SKIPPED))
		return FL_OUTCOME_SKIP;
	if (code == facts->error_exit)
		return FL_OUTCOME_ERROR;
	return code == facts->expected_exit && !facts->expected_signal ? FL_OUTCOME_PASS :
									 FL_OUTCOME_FAIL;
}

enum fl_outcome fl_classify_outcome(const struct fl_facts *facts)
{
	if (is_written_over(facts) || (facts->flags & FL_FACT_NO_FORK))
		return FL_OUTCOME_INFRA;
	/* A predecessor ended the process: the test never had its turn. */
	if ((facts->flags & FL_FACT_PREFIX) && !(facts->flags & FL_FACT_REACHED))
		return FL_OUTCOME_INFRA;
	/* Its program ended before the tests: by chance, by its environment; not by the test. */
	if ((facts->flags & FL_FACT_EXEC) && !(facts->flags & FL_FACT_REACHED) &&
	    facts->phase == FL_PHASE_NONE)
		return FL_OUTCOME_INFRA;
	if (facts->flags & FL_FACT_STOPPED)
		return FL_OUTCOME_STOPPED;
	if (facts->flags & FL_FACT_TIMED_OUT)
		return FL_OUTCOME_TIMEOUT;
	if (facts->flags & FL_FACT_OOM)
		return FL_OUTCOME_OOM;
	if (facts->flags & FL_FACT_PASSED)
		return FL_OUTCOME_PASS;
	if (facts->flags & FL_FACT_BY_STATUS)
		return outcome_by_status(facts);
	if (WIFSIGNALED(facts->status) && !(facts->flags & FL_FACT_LOOKING))
		return FL_OUTCOME_CRASH;
	if (!(facts->flags & FL_FACT_DONE) || (facts->flags & FL_FACT_EXITED))
		return FL_OUTCOME_EARLY_EXIT;
	if (has_objection(facts))
		return FL_OUTCOME_FAIL;
	return outcome_of_finished(facts);
}

static int signal_of(const struct fl_facts *facts)
{
	if (facts->signal)
		return facts->signal;
	return WIFSIGNALED(facts->status) ? WTERMSIG(facts->status) : 0;
}

static const char *words_of_infra(const struct fl_facts *facts)
{
	if (is_written_over(facts))
		return "the attempt has written over flicker's memory";
	return facts->flags & FL_FACT_NO_FORK ? strerror(facts->status) : "the test was not reached";
}

static char *words_of_status(const struct fl_facts *facts)
{
	int code = WIFEXITED(facts->status) ? WEXITSTATUS(facts->status) : facts->exit_code & 0xff;

	if (facts->expected_signal)
		return fl_base_format("exit code %d, signal %d (%s) was expected", code,
				      facts->expected_signal, strsignal(facts->expected_signal));
	return facts->expected_exit ? fl_base_format("exit code %d, %d was expected", code,
						     facts->expected_exit) :
				      fl_base_format("exit code %d", code);
}

/* Where the framework said nothing. */
static char *own_words(const struct fl_facts *facts, enum fl_outcome outcome)
{
	static const char *const phases[] = {
#define FL_X(id, name) name,
		FL_PHASES(FL_X)
#undef FL_X
	};
	int number = signal_of(facts);

	switch (outcome) {
	case FL_OUTCOME_CRASH:
		return fl_base_format("signal %d (%s)", number, number ? strsignal(number) : "unknown");
	case FL_OUTCOME_STOPPED:
		return fl_base_format("stopped by signal %d (%s)", number,
				      number ? strsignal(number) : "unknown");
	case FL_OUTCOME_OOM:
		return fl_base_copy("ended by the kernel: out of memory");
	case FL_OUTCOME_TIMEOUT:
		return fl_base_format("no end in sight in phase '%s'", phases[facts->phase]);
	case FL_OUTCOME_EARLY_EXIT:
		return fl_base_format("the process ended with exit code %d before the test did",
				      facts->flags & FL_FACT_EXITED ? facts->exit_code & 0xff :
				      WEXITSTATUS(facts->status));
	case FL_OUTCOME_ERROR:
		return facts->flags & FL_FACT_BY_STATUS && !facts->failures ? words_of_status(facts) :
			fl_base_format("%s failed", phases[facts->failed_phase]);
	case FL_OUTCOME_FAIL:
		if (facts->flags & FL_FACT_BY_STATUS)
			return facts->failures ? NULL : words_of_status(facts);
		return has_objection(facts) && !facts->failures ?
			fl_base_format("the wrapper ended with exit code %d",
				       WEXITSTATUS(facts->status)) : NULL;
	case FL_OUTCOME_INFRA:
		return fl_base_copy(words_of_infra(facts));
	default:
		return NULL;
	}
}

/* What the test said last under "ERROR: ", as cmocka's fail_msg() does on standard error. */
static char *said_by_test(const struct fl_facts *facts)
{
	static const char mark[] = "ERROR: ";
	autofree char *output = fl_base_copy_n(facts->output, facts->output_kept);
	const char *found = NULL, *at;

	for (at = output; (at = strstr(at, mark)); at++)
		if (at == output || at[-1] == '\n')
			found = at + sizeof(mark) - 1;
	return found ? fl_base_copy_n(found, strcspn(found, "\n")) : NULL;
}

static char *message_of(const struct fl_facts *facts, enum fl_outcome outcome)
{
	size_t length = strlen(facts->message);
	char *said;

	while (length && strchr(" \t\r\n", facts->message[length - 1]))
		length--;
	if (length)
		return fl_base_copy_n(facts->message, length);
	said = outcome == FL_OUTCOME_FAIL ? said_by_test(facts) : NULL;
	return said ? said : own_words(facts, outcome);
}

void fl_classify(const struct fl_facts *facts, struct fl_observation *ret_observation)
{
	enum fl_outcome outcome = fl_classify_outcome(facts);

	*ret_observation = (struct fl_observation){
		.outcome = outcome,
		.message = outcome == FL_OUTCOME_PASS ? NULL : message_of(facts, outcome),
		.file = facts->file[0] ? fl_base_copy(facts->file) : NULL,
		.line = facts->line,
		.signal = outcome == FL_OUTCOME_CRASH || outcome == FL_OUTCOME_STOPPED ?
			signal_of(facts) : 0,
		.duration_ms = (double)facts->duration_ns / 1e6,
		.is_quarantined = (facts->flags & FL_FACT_SKIPPED) &&
				  (outcome == FL_OUTCOME_FAIL || outcome == FL_OUTCOME_CRASH),
	};
}
