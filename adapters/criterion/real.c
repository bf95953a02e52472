/* SPDX-License-Identifier: MIT */
/*
 * real.c - Criterion's own functions behind our interposers.
 */
#define _GNU_SOURCE
#include "criterion.h"

#include "../next.h"

#include <dlfcn.h>

struct fl_criterion_real fl_criterion_real;
bool fl_criterion_is_2_4;

bool fl_criterion_find_real(void)
{
	void *run = fl_adapter_next("criterion_run_all_tests");

	if (!run)
		return false;
	fl_criterion_real = (struct fl_criterion_real){
		.run_all_tests = (int (*)(struct test_set *))run,
		.test_setup = (void (*)(void))fl_adapter_next("criterion_internal_test_setup"),
		.test_main = (void (*)(void (*)(void)))fl_adapter_next("criterion_internal_test_main"),
		.test_teardown = (void (*)(void))fl_adapter_next("criterion_internal_test_teardown"),
		.send_assert = (void (*)(struct assert_stats *))fl_adapter_next("criterion_send_assert"),
		.node_send = (void (*)(const char *, size_t, void *))fl_adapter_next("cri_assert_node_send"),
		.abort_test = (void (*)(void))fl_adapter_next("criterion_abort_test"),
		.skip_test = (void (*)(const char *, ...))fl_adapter_next("criterion_skip_test"),
		.test_die = (void (*)(const char *, ...))fl_adapter_next("criterion_test_die"),
		.theory_main = (void (*)(void *, size_t, void (*)(void)))fl_adapter_next("cr_theory_main"),
		.log = (void (*)(int, const char *, ...))fl_adapter_next("cr_log"),
		.redirected_stdin = (FILE *(*)(void))fl_adapter_next("cr_get_redirected_stdin"),
		/* A program may have its own copies (copy relocations), which come first. */
		.options = dlsym(RTLD_DEFAULT, "criterion_options"),
		.current_test = dlsym(RTLD_DEFAULT, "criterion_current_test"),
		.current_suite = dlsym(RTLD_DEFAULT, "criterion_current_suite"),
	};
	fl_criterion_is_2_4 = fl_adapter_next("cri_asserts_passed_incr") != NULL;
	return REAL(options) && REAL(current_test) && REAL(current_suite) && REAL(test_setup) &&
	       REAL(test_main) && REAL(test_teardown);
}
