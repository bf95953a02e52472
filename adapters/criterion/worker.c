/* SPDX-License-Identifier: MIT */
/*
 * worker.c - the process in which Criterion runs one test.
 *
 * In an attempt's own worker all is Criterion's; we watch its phases and assertions.  A
 * server is stopped in the middle of an empty test: its fixtures are kept back, and where
 * its body would run, with its parameter, attempts are forked.  They have no way to the
 * runner (its thread and its sockets are not theirs), so what would send to it is told to
 * flicker instead, and the order of fixtures, test and jumps is as in Criterion's test.c.
 * Theories send from within, and of a redirected input they would share the pipe: these are
 * refused, and made by the runner.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include "../next.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define flicker fl_criterion_flicker

static bool is_served;                  /* this is an attempt that was forked here */
static jmp_buf jump;                    /* out of what runs in it */

static void (*test_function)(void);     /* or one with a parameter */

static struct {
	void (*suite_init)(void);
	void (*suite_fini)(void);
	void (*init)(void);
	void (*fini)(void);
} kept;

static enum fl_worker kind(void)
{
	return flicker->worker();
}

static struct test_data *test_data(void)
{
	return (*REAL(current_test))->data;
}

static struct test_data *suite_data(void)
{
	return (*REAL(current_suite))->data;
}

/* ---- served: the life of an attempt ---- */

static void call(void (*function)(void))
{
	if (function)
		function();
}

static void set_up(void)
{
	if (setjmp(jump))
		flicker->finish();      /* Criterion would abort() */
	call(kept.suite_init);
	call(kept.init);
}

static void run_body(void *parameter)
{
	if (setjmp(jump))
		return;
	((void (*)(void *))test_function)(parameter);
	flicker->phase(FL_PHASE_AFTER);
}

static void tear_down(void)
{
	if (setjmp(jump))
		return;
	call(kept.fini);
	call(kept.suite_fini);
}

static void run_served(void *parameter)
{
	const struct test_data *data = test_data();

	is_served = true;
	if (!fl_criterion_seal())
		flicker->refuse();
	if (data->signal || data->exit_code)
		flicker->expects(&(struct fl_expectation){ data->signal, data->exit_code, -1, -1 });
	flicker->take_over();
	flicker->phase(FL_PHASE_SETUP);
	set_up();
	flicker->phase(FL_PHASE_TEST);
	run_body(parameter);
	flicker->phase(FL_PHASE_TEARDOWN);
	tear_down();
	flicker->finish();
}

/* A word for the runner, from where nothing of ours stands before it. */
void fl_criterion_send(const void *message)
{
	(void)message;
	flicker->refuse();
}

/* In place of a server's test. */
static void serve(void *parameter)
{
	if (flicker->serve())
		run_served(parameter);
}

static void keep_fixtures(void)
{
	struct test_data *test = test_data(), *suite = suite_data();

	kept.init = test->init;
	kept.fini = test->fini;
	test->init = test->fini = NULL;
	if (!suite)
		return;
	kept.suite_init = suite->init;
	kept.suite_fini = suite->fini;
	suite->init = suite->fini = NULL;
}

/* ---- the phases of a worker ---- */

static void watch(void *parameter)
{
	flicker->phase(FL_PHASE_TEST);
	((void (*)(void *))test_function)(parameter);
	flicker->phase(FL_PHASE_AFTER);
}

FL_ADAPTER_INTERPOSE(criterion_internal_test_setup, fl_criterion_flicker);

void criterion_internal_test_setup(void)
{
	void (*go_on)(void) = REAL(test_setup);

	if (kind() == FL_WORKER_SERVER || (kind() != FL_WORKER_NONE && flicker->is_recording()))
		fl_criterion_forget_socket(getppid());  /* we are connected, and nobody else will be */
	if (kind() == FL_WORKER_ATTEMPT) {
		flicker->take_over();
		flicker->phase(FL_PHASE_SETUP);
	}
	if (kind() == FL_WORKER_SERVER)
		keep_fixtures();
	if (go_on)
		go_on();
}

FL_ADAPTER_INTERPOSE(criterion_internal_test_main, fl_criterion_flicker);

void criterion_internal_test_main(void (*function)(void))
{
	void (*go_on)(void (*)(void)) = REAL(test_main);

	test_function = function;
	if (kind() == FL_WORKER_ATTEMPT)
		function = (void (*)(void))watch;
	if (kind() == FL_WORKER_SERVER)
		function = (void (*)(void))serve;
	if (go_on)
		go_on(function);
}

FL_ADAPTER_INTERPOSE(criterion_internal_test_teardown, fl_criterion_flicker);

void criterion_internal_test_teardown(void)
{
	void (*go_on)(void) = REAL(test_teardown);

	if (kind() == FL_WORKER_ATTEMPT)
		flicker->phase(FL_PHASE_TEARDOWN);
	if (go_on)
		go_on();
	if (kind() == FL_WORKER_ATTEMPT)
		flicker->finish();
}

/* exit(0) in a test is a good end to Criterion; behind it there are no fixtures. */
bool fl_criterion_ends(int code)
{
	return code == 0 && flicker->phase_now() == FL_PHASE_TEST;
}

/* ---- assertions ---- */

/* Criterion takes no notice of what fails in a teardown. */
static bool is_told(void)
{
	return (is_served || kind() == FL_WORKER_ATTEMPT) && flicker->is_recording() &&
	       flicker->phase_now() != FL_PHASE_TEARDOWN;
}

static void say(const char *text)
{
	if (text)
		flicker->message(text, strlen(text));
}

static void tell_failure(const char *file, unsigned long line, const char *message)
{
	flicker->place(file, (int)line);
	say(message);
	say("\n");
	flicker->failed(true);
}

FL_ADAPTER_INTERPOSE(criterion_send_assert, fl_criterion_flicker);

void criterion_send_assert(struct assert_stats *stats)
{
	void (*go_on)(struct assert_stats *) = REAL(send_assert);

	if (is_told() && !stats->has_passed)
		tell_failure(stats->file, stats->line, stats->message);
	if (!is_served && go_on)
		go_on(stats);
}

/* struct cri_assert_node of 2.4: a tree of what was compared. */
struct node_of_2_4 {
	const char *text, *message;
	struct assert_parameter parameters[4];
	uint32_t has_passed : 1, is_dynamic : 1, count : 30;
	uint32_t room;
	struct node_of_2_4 *children;
};

enum { DEEP = 4 };

static void say_parameter(const struct assert_parameter *parameter)
{
	if (parameter->type != 1)
		return;
	say(" ");
	say(parameter->name);
	say("=");
	say(parameter->data);
}

static void say_node(const struct node_of_2_4 *node, int depth)
{
	bool is_first = depth == 0 && !(node->message && *node->message);
	uint32_t i, k;

	for (i = 0; i < node->count && depth < DEEP; i++) {
		const struct node_of_2_4 *child = &node->children[i];

		if (child->has_passed)
			continue;
		say(child->text && !is_first ? " " : NULL);
		say(child->text);
		is_first = is_first && !child->text;
		say(child->message ? ": " : NULL);
		say(child->message);
		for (k = 0; k < 4 && child->parameters[k].name; k++)
			say_parameter(&child->parameters[k]);
		say_node(child, depth + 1);
	}
}

FL_ADAPTER_INTERPOSE(cri_assert_node_send, fl_criterion_flicker);

void cri_assert_node_send(const char *file, size_t line, void *node)
{
	void (*go_on)(const char *, size_t, void *) = REAL(node_send);

	if (is_told()) {
		flicker->place(file, (int)line);
		say(((struct node_of_2_4 *)node)->message);
		say_node(node, 0);
		say("\n");
		flicker->failed(true);
	}
	if (!is_served && go_on)
		go_on(file, line, node);
}

FL_ADAPTER_INTERPOSE(criterion_abort_test, fl_criterion_flicker);

void criterion_abort_test(void)
{
	void (*go_on)(void) = REAL(abort_test);

	if (is_served)
		longjmp(jump, 1);
	if (kind() == FL_WORKER_ATTEMPT && flicker->phase_now() == FL_PHASE_SETUP)
		flicker->gives_up(SIGABRT);     /* there is nowhere to jump to yet */
	if (go_on)
		go_on();
}

/* ---- ends, and words for the runner ---- */

enum { TEXT = 4096 };

#define FORMAT(text, format) \
	do { \
		va_list arguments; \
		va_start(arguments, format); \
		vsnprintf(text, sizeof(text), format, arguments); \
		va_end(arguments); \
	} while (0)

typedef void (*print_function)(const char *, ...);

FL_ADAPTER_INTERPOSE(criterion_skip_test, fl_criterion_flicker);

void criterion_skip_test(const char *format, ...)
{
	print_function go_on = REAL(skip_test);
	char text[TEXT];

	FORMAT(text, format);
	if (is_served || kind() == FL_WORKER_ATTEMPT) {
		flicker->skipped();
		say(text);
		flicker->phase(FL_PHASE_AFTER);
	}
	if (is_served)
		flicker->finish();
	if (go_on)
		go_on(*text ? "%s" : "", text);
}

FL_ADAPTER_INTERPOSE(criterion_test_die, fl_criterion_flicker);

void criterion_test_die(const char *format, ...)
{
	print_function go_on = REAL(test_die);
	char text[TEXT];

	FORMAT(text, format);
	if (is_told()) {
		say(text);
		flicker->failed(true);
		if (flicker->phase_now() == FL_PHASE_TEST)
			flicker->phase(FL_PHASE_AFTER);
	}
	if (is_served)
		flicker->finish();
	if (go_on)
		go_on("%s", text);
}

FL_ADAPTER_INTERPOSE(cr_theory_main, fl_criterion_flicker);

void cr_theory_main(void *points, size_t count, void (*function)(void))
{
	void (*go_on)(void *, size_t, void (*)(void)) = REAL(theory_main);

	if (is_served)
		flicker->refuse();
	if (go_on)
		go_on(points, count, function);
}

/* A pipe's end that the server would keep open, when the test waits for its end. */
FL_ADAPTER_INTERPOSE(cr_get_redirected_stdin, fl_criterion_flicker);

FILE *cr_get_redirected_stdin(void)
{
	FILE *(*go_on)(void) = REAL(redirected_stdin);

	if (is_served)
		flicker->refuse();
	return go_on ? go_on() : NULL;
}

FL_ADAPTER_INTERPOSE(cr_log, fl_criterion_flicker);

void cr_log(int severity, const char *format, ...)
{
	void (*go_on)(int, const char *, ...) = REAL(log);
	char text[TEXT];

	FORMAT(text, format);
	if (is_served)
		dprintf(STDERR_FILENO, "%s\n", text);
	else if (go_on)
		go_on(severity, "%s", text);
}
