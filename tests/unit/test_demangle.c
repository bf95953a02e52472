/* SPDX-License-Identifier: MIT */
/*
 * test_demangle.c - names of C++ functions; those of C stay.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/demangle.h"

#include <dlfcn.h>
#include <flicker/xunit.h>

static const struct { const char *name, *want; } as_they_are_written_rows[] = {
	{ "_ZN3net5Queue3popEi", "net::Queue::pop" },
	{ "_ZN12_GLOBAL__N_14goneEPKc", "(anonymous namespace)::gone" },
	{ "_ZZN14net_sends_Test8TestBodyEvENKUlvE_clEv", "net_sends_Test::TestBody()::{lambda()#1}::operator()" },
	{ "_ZNK1XclEi", "X::operator()" }, { "_ZL4failv.cold", "fail" },
};

TEST_P(demangle, as_they_are_written, as_they_are_written_rows)
{
	if (!dlopen("libstdc++.so.6", RTLD_LAZY) && !dlopen("libc++abi.so.1", RTLD_LAZY))
		skip();
	autofree char *text = fl_demangle(row->name);

	EXPECT_STREQ(text, row->want);
}

static const char *const others_stay_rows[] = { "main", "_Z?", "_Z", "", "Queue::pop(int)" };

TEST_P(demangle, others_stay, others_stay_rows)
{
	EXPECT_EQ(fl_demangle(NULL), NULL);
	autofree char *text = fl_demangle(*row);

	EXPECT_STREQ(text, *row);
}

FLICKER_XUNIT_MAIN();
