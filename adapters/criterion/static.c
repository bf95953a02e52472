/* SPDX-License-Identifier: MIT */
/*
 * static.c - Criterion linked into the program, taken over by its functions' entries.
 *
 * What interposition does where Criterion is a library, patches do here: a call of one of its
 * functions lands in ours of the same name, which call the real one by way of this file.  A
 * worker is the same program, started anew: it finds the same symbols and is patched by
 * itself.  All that are there are taken over, or none: an attempt that is forked in a worker
 * must not have a word go to the runner.
 *
 * What the compiler has put into its callers is not taken over (-flto).  So in such an attempt
 * the one way to the runner is closed, too: who comes there is made by the runner.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include "../next.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

/* Those with a patch come first; the last only show how far Criterion's code reaches. */
enum {
	RUN, SETUP, MAIN, TEARDOWN, SEND_ASSERT, NODE_SEND, ABORT, SKIP, DIE, THEORY, INPUT, LOG, PATCHES,
	SEND = PATCHES, OPTIONS, TEST, SUITE, IS_2_4, EXTENT,
};

struct fl_symbol fl_criterion_symbols[] = {
	[RUN] = { .name = "criterion_run_all_tests" },
	[SETUP] = { .name = "criterion_internal_test_setup" },
	[MAIN] = { .name = "criterion_internal_test_main" },
	[TEARDOWN] = { .name = "criterion_internal_test_teardown" },
	[SEND_ASSERT] = { .name = "criterion_send_assert" },
	[NODE_SEND] = { .name = "cri_assert_node_send" },
	[ABORT] = { .name = "criterion_abort_test" },
	[SKIP] = { .name = "criterion_skip_test" },
	[DIE] = { .name = "criterion_test_die" },
	[THEORY] = { .name = "cr_theory_main" },
	[INPUT] = { .name = "cr_get_redirected_stdin" },
	[LOG] = { .name = "cr_log" },
	[SEND] = { .name = "cr_send_to_runner" },
	[OPTIONS] = { .name = "criterion_options" },
	[TEST] = { .name = "criterion_current_test" },
	[SUITE] = { .name = "criterion_current_suite" },
	[IS_2_4] = { .name = "cri_asserts_passed_incr" },
	[EXTENT] = { .name = "criterion_initialize" }, { .name = "run_test_child" },
	{ .name = "criterion_handle_args" }, { .name = "handle_message" },
	{ .name = "insert_ordered_set" }, { .name = NULL },
};

#define PATCH(row, function) \
	{ .symbol = &fl_criterion_symbols[row], .replacement = (const void *)(function) }

/* Calls of the program's land in ours. */
static struct fl_patch patches[PATCHES] = {
	[RUN] = PATCH(RUN, criterion_run_all_tests),
	[SETUP] = PATCH(SETUP, criterion_internal_test_setup),
	[MAIN] = PATCH(MAIN, criterion_internal_test_main),
	[TEARDOWN] = PATCH(TEARDOWN, criterion_internal_test_teardown),
	[SEND_ASSERT] = PATCH(SEND_ASSERT, criterion_send_assert),
	[NODE_SEND] = PATCH(NODE_SEND, cri_assert_node_send),
	[ABORT] = PATCH(ABORT, criterion_abort_test),
	[SKIP] = PATCH(SKIP, criterion_skip_test),
	[DIE] = PATCH(DIE, criterion_test_die),
	[THEORY] = PATCH(THEORY, cr_theory_main),
	[INPUT] = PATCH(INPUT, cr_get_redirected_stdin),
	[LOG] = PATCH(LOG, cr_log),
};

static struct fl_patch way_to_runner = PATCH(SEND, fl_criterion_send);

static const struct fl_services *services;      /* NULL: not linked into this program */

/* ---- ours land in the program's ---- */

static const void *original(int row)
{
	services->patch_off(&patches[row]);
	return (const void *)fl_criterion_symbols[row].address;
}

/* A number that is as high as there are threads here; 0: not known. */
static unsigned long count_threads(void)
{
	struct stat task;
	int saved = errno;
	unsigned long links = stat("/proc/self/task", &task) == 0 ? (unsigned long)task.st_nlink : 0;

	errno = saved;
	return links;
}

static unsigned long threads_before;            /* nanomsg's, who call none of these functions */

/* What is called again and again in a test.  Where the test has threads the first word has to do. */
static void take_again(int row)
{
	if (threads_before && count_threads() == threads_before)
		services->patch_on(&patches[row]);
}

static int run_all_tests(struct test_set *set)
{
	int result = ((int (*)(struct test_set *))original(RUN))(set);

	services->patch_on(&patches[RUN]);
	return result;
}

/* Once in a worker, or of no interest where the test runs in it: off for good. */
static void test_setup(void)
{
	threads_before = count_threads();
	((void (*)(void))original(SETUP))();
}

static void test_main(void (*function)(void))
{
	((void (*)(void (*)(void)))original(MAIN))(function);
}

static void test_teardown(void)
{
	((void (*)(void))original(TEARDOWN))();
}

static void abort_test(void)
{
	((void (*)(void))original(ABORT))();
}

/* These are only ever called with "%s" and a text; or with "". */
static void print(int row, const char *format, va_list arguments)
{
	void (*go_on)(const char *, ...) = (void (*)(const char *, ...))original(row);

	go_on(format, *format ? va_arg(arguments, const char *) : "");
}

static void skip_test(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(SKIP, format, arguments);
	va_end(arguments);
}

static void test_die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(DIE, format, arguments);
	va_end(arguments);
}

static void log_text(int severity, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	((void (*)(int, const char *, ...))original(LOG))(severity, format, va_arg(arguments, const char *));
	va_end(arguments);
}

static void theory_main(void *points, size_t count, void (*function)(void))
{
	((void (*)(void *, size_t, void (*)(void)))original(THEORY))(points, count, function);
}

static FILE *redirected_stdin(void)
{
	return ((FILE *(*)(void))original(INPUT))();
}

/* These are called again and again. */
static void send_assert(struct assert_stats *stats)
{
	((void (*)(struct assert_stats *))original(SEND_ASSERT))(stats);
	take_again(SEND_ASSERT);
}

static void node_send(const char *file, size_t line, void *node)
{
	((void (*)(const char *, size_t, void *))original(NODE_SEND))(file, line, node);
	take_again(NODE_SEND);
}

/* ---- attachment ---- */

static bool has(int row)
{
	return fl_criterion_symbols[row].address != 0;
}

static void find_extent(uintptr_t *ret_low, uintptr_t *ret_high)
{
	const struct fl_symbol *symbol;

	*ret_low = UINTPTR_MAX;
	*ret_high = 0;
	for (symbol = fl_criterion_symbols; symbol->name; symbol++) {
		size_t row = (size_t)(symbol - fl_criterion_symbols);

		if (!symbol->address || row == OPTIONS || row == TEST || row == SUITE)
			continue;
		if (symbol->address < *ret_low)
			*ret_low = symbol->address;
		if (symbol->address + symbol->size_bytes > *ret_high)
			*ret_high = symbol->address + symbol->size_bytes;
	}
}

static void fill_real(void)
{
	const struct fl_symbol *symbols = fl_criterion_symbols;

	fl_criterion_real = (struct fl_criterion_real){
		.run_all_tests = run_all_tests,
		.test_setup = test_setup,
		.test_main = test_main,
		.test_teardown = test_teardown,
		.send_assert = send_assert,
		.node_send = node_send,
		.abort_test = abort_test,
		.skip_test = skip_test,
		.test_die = test_die,
		.theory_main = theory_main,
		.log = log_text,
		.redirected_stdin = redirected_stdin,
		.options = (struct options *)symbols[OPTIONS].address,
		.current_test = (const struct test **)symbols[TEST].address,
		.current_suite = (const struct suite **)symbols[SUITE].address,
	};
	fl_criterion_is_2_4 = has(IS_2_4);
}

/* What is not in the program is called by nobody. */
static int take_over(const struct fl_services *agent)
{
	int row, r;

	for (row = 0; row < PATCHES; row++) {
		if (row > TEARDOWN && !has(row))
			continue;
		r = agent->patch_on(&patches[row]);
		if (r < 0) {
			while (row > 0)
				agent->patch_off(&patches[--row]);
			return r;
		}
	}
	return 0;
}

bool fl_criterion_attach_static(const struct fl_services *agent)
{
	static const char refused[] = "Criterion is linked into the program, and the system does "
				      "not let its code be changed: its tests are not seen";
	static const char unknown[] = "Criterion is linked into the program in an unknown way: "
				      "its tests are not seen";
	uintptr_t low, high;
	int r = has(OPTIONS) && has(TEST) && has(SUITE) ? take_over(agent) : -ENOENT;

	if (r < 0) {
		agent->warn(r == -EACCES ? refused : unknown);
		return false;
	}
	services = agent;
	fill_real();
	find_extent(&low, &high);
	services->own_range(low, high);
	return true;
}

bool fl_criterion_is_static(void)
{
	return has(RUN);
}

/* One of its functions' words, which the runner asks the environment for. */
bool fl_criterion_is_hidden(void)
{
	static const char word[] = "CRITERION_TEST_PATTERN";

	return !has(RUN) && fl_adapter_program_holds(word, sizeof(word));
}

bool fl_criterion_seal(void)
{
	return !services || services->patch_on(&way_to_runner) == 0;
}
