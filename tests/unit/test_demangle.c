/* SPDX-License-Identifier: MIT */
/*
 * test_demangle.c - names of C++ functions; those of C stay.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/demangle.h"

#include <dlfcn.h>
#include <setjmp.h>

#include <cmocka.h>

static void as_they_are_written(void **state)
{
	static const struct { const char *name, *want; } rows[] = {
		{ "_ZN3net5Queue3popEi", "net::Queue::pop" },
		{ "_ZN12_GLOBAL__N_14goneEPKc", "(anonymous namespace)::gone" },
		{ "_ZZN14net_sends_Test8TestBodyEvENKUlvE_clEv", "net_sends_Test::TestBody()::{lambda()#1}::operator()" },
		{ "_ZNK1XclEi", "X::operator()" }, { "_ZL4failv.cold", "fail" },
	};
	size_t i;

	(void)state;
	if (!dlopen("libstdc++.so.6", RTLD_LAZY) && !dlopen("libc++abi.so.1", RTLD_LAZY))
		skip();
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *text = fl_demangle(rows[i].name);

		assert_string_equal(text, rows[i].want);
	}
}

static void others_stay(void **state)
{
	static const char *const rows[] = { "main", "_Z?", "_Z", "", "Queue::pop(int)" };
	size_t i;

	(void)state;
	assert_null(fl_demangle(NULL));
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *text = fl_demangle(rows[i]);

		assert_string_equal(text, rows[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_they_are_written),
		cmocka_unit_test(others_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
