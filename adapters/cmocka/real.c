/* SPDX-License-Identifier: MIT */
/*
 * real.c - cmocka's own functions behind our interposers.
 *
 * Versions are told apart by symbols: 2.0 kept the SONAME of 1.1.
 */
#define _GNU_SOURCE
#include "cmocka.h"

struct fl_cmocka_real fl_cmocka_real;

void fl_cmocka_find_real(void)
{
	if (fl_cmocka_is_static())
		return;
	fl_cmocka_real = (struct fl_cmocka_real){
		.run = (run_function)fl_adapter_next("_cmocka_run_group_tests"),
		.fail = (any_function)fl_adapter_next("_fail"),
		.skip = (any_function)fl_adapter_next("_skip"),
		.cm_print_error = (print_function)fl_adapter_next("cm_print_error"),
		.cmocka_print_error = (print_function)fl_adapter_next("cmocka_print_error"),
		.print_error = (print_function)fl_adapter_next("print_error"),
	};
}

const void *fl_cmocka_find(const char *name)
{
	return fl_cmocka_is_static() ? fl_cmocka_find_static(name) : fl_adapter_next(name);
}
