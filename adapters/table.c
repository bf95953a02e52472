/* SPDX-License-Identifier: MIT */
/*
 * table.c - the adapters that are built in.  The first one that attaches is used.
 */
#include <flicker/adapter.h>

extern const struct fl_adapter fl_adapter_cmocka;
extern const struct fl_adapter fl_adapter_check;
extern const struct fl_adapter fl_adapter_criterion;
extern const struct fl_adapter fl_adapter_gtest;
extern const struct fl_adapter fl_adapter_glib;
extern const struct fl_adapter fl_adapter_cunit;
extern const struct fl_adapter fl_adapter_unity;
extern const struct fl_adapter fl_adapter_process;

const struct fl_adapter *const fl_adapters[] = {
	&fl_adapter_cmocka,
	&fl_adapter_check,
	&fl_adapter_criterion,
	&fl_adapter_gtest,
	&fl_adapter_glib,
	&fl_adapter_cunit,
	&fl_adapter_unity,
	&fl_adapter_process,
	NULL,
};
