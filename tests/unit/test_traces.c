/* SPDX-License-Identifier: MIT */
/*
 * test_traces.c - lines of traces to what is left and what is shared; lines written over.
 */
#include <flicker/xunit.h>

#include "../../plugin/base/base.h"
#include "../../plugin/engine/judge/traces.h"

#define LEFT(kind) (1u << FL_LEAVING_##kind)

/* "a|b|c"; the caller's */
static char *joined(char *const *names, size_t count)
{
	char *text = fl_base_copy("");
	size_t i;

	for (i = 0; i < count; i++) {
		char *longer = fl_base_format("%s%s%s", text, i ? "|" : "", names[i]);

		free(text);
		text = longer;
	}
	return text;
}

static const struct {
	const char *story, *traces;
	uint32_t flags, left, stragglers;
	const char *want;
} leak_rows[] = {
	{ "nothing", "", FL_FACT_LOOKED, 0, 0, "" },
	{ "used is not left", "used file /tmp/x\ncollided port 80\n", FL_FACT_LOOKED, 0, 0, "" },
	{ "in their order", "left umask 077\nused port 1\nleft descriptor 7 (/tmp/x)\n", FL_FACT_LOOKED,
	  LEFT(UMASK) | LEFT(DESCRIPTORS), 0, "umask 077|descriptor 7 (/tmp/x)" },
	{ "each once", "left umask 077\nleft umask 077\n", FL_FACT_LOOKED, LEFT(UMASK), 0, "umask 077" },
	{ "no room for the line", "left umask 077\n", FL_FACT_LOOKED, LEFT(UMASK) | LEFT(THREADS), 0,
	  "umask 077|thread" },
	{ "the last line is cut", "left lock /tm", FL_FACT_LOOKED, LEFT(LOCKS), 0, "lock /tm" },
	{ "no word of ours", "left elephants 3\nleft \nleft", FL_FACT_LOOKED, 0, 0, "" },
	{ "the beginning of a word of ours", "left filecabinet\n", FL_FACT_LOOKED, 0, 0, "" },
	{ "not looked at: what stands there is old", "left umask 077\n", 0, LEFT(UMASK), 0, "" },
	{ "stragglers, not looked at", "", 0, 0, 2, "child, still running" },
	{ "stragglers with a name", "left child 12 (sleep)\n", FL_FACT_LOOKED, LEFT(CHILDREN), 1,
	  "child 12 (sleep)" },
};

TEST_P(traces, leaks, leak_rows, story)
{
	size_t k;
	struct fl_facts facts = {
		.flags = row->flags,
		.left = row->left,
		.stragglers = row->stragglers,
	};
	struct fl_test test = { 0 };
	autofree char *got = NULL;

	strcpy(facts.traces, row->traces);
	for (k = 0; k < 2; k++) {               /* what is known already is not added again */
		fl_traces_add_leaks(&test, &facts);
		free(got);
		got = joined(test.leaks, test.leak_count);
		EXPECT_STREQ(got, row->want);
	}
	fl_test_clear(&test);
}

static const struct {
	const char *story, *a, *b, *failed, *want;
} shared_rows[] = {
	{ "nothing known", NULL, NULL, NULL, "" },
	{ "nothing used", "", "", "", "" },
	{ "one only", "used file /a\n", NULL, NULL, "" },
	{ "a fixed port", "used port 8080\nused file /tmp/a1\n", "used file /tmp/b2\nused port 8080\n", NULL,
	  "port 8080" },
	{ "names of their own", "used file /tmp/a1\n", "used file /tmp/b2\n", NULL, "" },
	{ "a beginning is not the same", "used port 80\n", "used port 8080\n", NULL, "" },
	{ "collided comes first, used follows", "used file /tmp/x\ncollided port 80\n",
	  "used file /tmp/x\n", "collided memory /m\nused file /tmp/y\n", "port 80|memory /m|file /tmp/x" },
	{ "each once", "collided port 80\nused port 80\n", "used port 80\n", "collided port 80\n", "port 80" },
	{ "left is not shared", "left umask 077\n", "left umask 077\n", NULL, "" },
	{ "garbage", "\n\nused\nused \n\xff\xff", "used \nused\n", "collided", "" },
};

TEST_P(traces, shared, shared_rows, story)
{
	size_t k, count;
	autofree char *got = NULL;
	char **names = NULL;

	count = fl_traces_shared(row->a, row->b, row->failed, &names);
	got = joined(names, count);
	EXPECT_STREQ(got, row->want);
	for (k = 0; k < count; k++)
		free(names[k]);
	free(names);
}

/* However many lines, so many names are kept. */
TEST(traces, bounded)
{
	struct fl_facts facts = { .flags = FL_FACT_LOOKED };
	struct fl_test test = { 0 };
	size_t used = 0;
	int i;

	for (i = 0; used + 20 < FL_WIRE_TRACES; i++)
		used += (size_t)sprintf(facts.traces + used, "left file %d\n", i);
	ASSERT_GT(i, FL_TRACES_MOST);
	fl_traces_add_leaks(&test, &facts);
	EXPECT_EQ(test.leak_count, FL_TRACES_MOST);
	fl_test_clear(&test);
}

FLICKER_XUNIT_MAIN();
