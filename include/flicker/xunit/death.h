/* SPDX-License-Identifier: MIT */
/*
 * death.h - EXPECT_DEATH and EXPECT_EXIT: the statement is run in a forked child.
 *
 * The child's standard error goes through a pipe; what has become of the child it says by
 * one byte through another, which only a child that did not die writes.  In the child the
 * signals that cmocka catches during a test have their default action again, else cmocka
 * would take a crash for the test's; and there are no core files.  A statement that jumps
 * out to cmocka, by one of its assertions, is met in TearDown (run.h).
 */
#ifndef FLICKER_XUNIT_DEATH_H
#define FLICKER_XUNIT_DEATH_H

#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "expect.h"

/* How a child is to have ended. */
struct fl_xunit_exit {
	enum { FL_XUNIT_ANYHOW, FL_XUNIT_BY_CODE, FL_XUNIT_BY_SIGNAL } how;
	int number;
};

#define ExitedWithCode(code) ((struct fl_xunit_exit){ FL_XUNIT_BY_CODE, (code) })
#define KilledBySignal(signal) ((struct fl_xunit_exit){ FL_XUNIT_BY_SIGNAL, (signal) })
#define FL_XUNIT_UNSUCCESSFULLY ((struct fl_xunit_exit){ FL_XUNIT_ANYHOW, 0 })

/* ---- the child ---- */

static inline void fl_xunit_become_child(const int output[2], const int end[2])
{
	static const int caught[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS, SIGABRT };
	const struct rlimit none = { 0, 0 };
	size_t i;

	for (i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		signal(caught[i], SIG_DFL);
	setrlimit(RLIMIT_CORE, &none);
	dup2(output[1], STDERR_FILENO);
	close(output[0]);
	close(output[1]);
	close(end[0]);
	fcntl(end[1], F_SETFD, FD_CLOEXEC);
	fl_xunit_state.death_pipe = end[1];
	fl_xunit_state.traces = NULL;
}

/* ---- the parent ---- */

/* Up to the end of what the child writes; what does not fit is read, and dropped. */
static inline void fl_xunit_read(int fd, char *text, size_t size)
{
	char rest[4096];
	size_t used = 0;
	ssize_t n;

	do {
		bool fits = used < size - 1;

		n = fits ? read(fd, text + used, size - 1 - used) : read(fd, rest, sizeof(rest));
		if (fits && n > 0)
			used += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	text[used] = '\0';
	close(fd);
}

static inline void fl_xunit_await(pid_t pid, const int output[2], const int end[2])
{
	struct fl_xunit_state *state = &fl_xunit_state;
	char byte[2] = { FL_XUNIT_DIED, 0 };
	pid_t reaped;

	close(output[1]);
	close(end[1]);
	fl_xunit_read(output[0], state->death_output, sizeof(state->death_output));
	fl_xunit_read(end[0], byte, sizeof(byte));
	state->death_end = (enum fl_xunit_death_end)byte[0];
	do
		reaped = waitpid(pid, &state->death_status, 0);
	while (reaped < 0 && errno == EINTR);
	if (reaped < 0)
		state->death_status = -1;
}

/* True in the child, which is to run the statement; false once that is over. */
static inline bool fl_xunit_is_to_die(void)
{
	int output[2], end[2];
	pid_t pid;

	fflush(NULL);
	if (pipe(output) < 0 || pipe(end) < 0 || (pid = fork()) < 0) {
		fl_xunit_start("Death test: %s", strerror(errno));
		fl_xunit_failed(true, __FILE__, __LINE__);
		return false;
	}
	if (pid == 0)
		fl_xunit_become_child(output, end);
	else
		fl_xunit_await(pid, output, end);
	return pid == 0;
}

/* ---- what is said of it ---- */

static inline bool fl_xunit_ended_as(int status, struct fl_xunit_exit wanted)
{
	switch (wanted.how) {
	case FL_XUNIT_BY_CODE:
		return WIFEXITED(status) && WEXITSTATUS(status) == wanted.number;
	case FL_XUNIT_BY_SIGNAL:
		return WIFSIGNALED(status) && WTERMSIG(status) == wanted.number;
	default:
		return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status));
	}
}

static inline void fl_xunit_put_output(const char *title)
{
	const char *at = fl_xunit_state.death_output;

	fl_xunit_put("\n%s msg:\n[  DEATH   ] ", title);
	for (; *at; at++)
		fl_xunit_put("%c%s", *at, *at == '\n' ? "[  DEATH   ] " : "");
}

static inline void fl_xunit_put_status(int status)
{
	if (status < 0)
		fl_xunit_put("\n            Nobody knows how, wait() did not tell");
	else if (WIFSIGNALED(status))
		fl_xunit_put("\n            Terminated by signal %d", WTERMSIG(status));
	else
		fl_xunit_put("\n            Exited with exit status %d", WEXITSTATUS(status));
}

/* The text is found in what the child has written: a POSIX extended expression. */
static inline bool fl_xunit_matches(const char *pattern)
{
	regex_t expression;
	int result = regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB);
	char why[128];

	if (result) {
		regerror(result, &expression, why, sizeof(why));
		fl_xunit_put("\n    Result: '%s' is no regular expression: %s", pattern, why);
		return false;
	}
	result = regexec(&expression, fl_xunit_state.death_output, 0, NULL, 0);
	regfree(&expression);
	if (result) {
		fl_xunit_put("\n    Result: died but not with expected error."
			     "\n  Expected: contains regular expression \"%s\"", pattern);
		fl_xunit_put_output("Actual");
	}
	return result == 0;
}

/* `statement` is its source. */
static inline bool fl_xunit_died(const char *statement, struct fl_xunit_exit wanted,
				 const char *pattern)
{
	const struct fl_xunit_state *state = &fl_xunit_state;

	fl_xunit_start("Death test: %s", statement);
	if (state->death_end != FL_XUNIT_DIED) {
		fl_xunit_put("\n    Result: %s", state->death_end == FL_XUNIT_LIVED ?
			     "failed to die." : "illegal return in test statement.");
		fl_xunit_put_output(" Error");
		return false;
	}
	if (state->death_status < 0 || !fl_xunit_ended_as(state->death_status, wanted)) {
		fl_xunit_put("\n    Result: died but not with expected exit code:");
		fl_xunit_put_status(state->death_status);
		fl_xunit_put_output("Actual");
		return false;
	}
	return fl_xunit_matches(pattern);
}

/* The expression, then the message. */
#define FL_XUNIT_DEATH(is_fatal, source, statement, wanted, ...) \
	do { \
		if (fl_xunit_is_to_die()) { \
			{ statement; } \
			fl_xunit_end_death(FL_XUNIT_LIVED); \
		} \
		FL_XUNIT_CHECK(is_fatal, FL_XUNIT_DIED(source, wanted, __VA_ARGS__, ~), \
			       FL_XUNIT_SAY(1, __VA_ARGS__)); \
	} while (0)
#define FL_XUNIT_DIED(source, wanted, pattern, ...) fl_xunit_died(source, wanted, pattern)

/*
 * The statement ends its process with a status other than 0, or by a signal, and the
 * expression is found in what it writes to standard error; a message may follow.
 */
#define EXPECT_DEATH(statement, ...) \
	FL_XUNIT_DEATH(false, #statement, statement, FL_XUNIT_UNSUCCESSFULLY, __VA_ARGS__)
#define ASSERT_DEATH(statement, ...) \
	FL_XUNIT_DEATH(true, #statement, statement, FL_XUNIT_UNSUCCESSFULLY, __VA_ARGS__)

/* The same with how it ends: ExitedWithCode(n), KilledBySignal(n). */
#define EXPECT_EXIT(statement, predicate, ...) \
	FL_XUNIT_DEATH(false, #statement, statement, predicate, __VA_ARGS__)
#define ASSERT_EXIT(statement, predicate, ...) \
	FL_XUNIT_DEATH(true, #statement, statement, predicate, __VA_ARGS__)

#endif
