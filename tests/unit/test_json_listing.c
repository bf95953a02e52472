/* SPDX-License-Identifier: MIT */
/*
 * test_json_listing.c - what `flicker list --json` prints: a line for each test.
 */
#include "../../plugin/base/base.h"
#include "../../plugin/report/json.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <flicker/xunit.h>

static char *bytes(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

static void prints(const struct fl_run *run, const char *want)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ASSERT_NE(out, NULL);
	fl_json_print_listing(out, run);
	EXPECT_EQ(fclose(out), 0);
	EXPECT_STREQ(text, want);
}

TEST(json_listing, has_a_line_for_each_test)
{
	struct fl_test known = {
		.id = bytes("net.a%20b/3"), .suite = bytes("net"), .name = bytes("a b"), .index = 3,
		.file = bytes("/src/\"net\xff.c"), .line = 41,
		.suspicion = { .why = FL_WHY_ANNOTATED, .reason = bytes("red\nin CI"),
			       .until = bytes("2026-12-31") },
	};
	struct fl_test plain = {
		.id = bytes("net.b"), .suite = bytes("net"), .name = bytes("b"), .index = -1,
	};
	struct fl_test *tests[] = { &known, &plain };
	struct fl_run run = {
		.program = { .path = bytes("./t"), .framework = bytes("cmocka") },
		.tests = tests, .test_count = 2,
	};

	prints(&run, "{\"schema_version\":1,\"program\":\"./t\",\"framework\":\"cmocka\",\"tests\":[\n"
		     "{\"id\":\"net.a%20b/3\",\"suite\":\"net\",\"name\":\"a b\",\"index\":3,"
		     "\"file\":\"/src/\\\"net\\\\xff.c\",\"line\":41,\"suspect\":{\"why\":\"annotated\","
		     "\"origin\":null,\"quarantined\":false,"
		     "\"reason\":\"red\\nin CI\",\"owner\":null,\"ticket\":null,"
		     "\"until\":\"2026-12-31\"}},\n"
		     "{\"id\":\"net.b\",\"suite\":\"net\",\"name\":\"b\",\"index\":null,\"file\":null,"
		     "\"line\":null,\"suspect\":null}\n"
		     "]}\n");
}

TEST(json_listing, is_an_object_without_tests)
{
	struct fl_run run = { .program = { .path = bytes("t") } };

	prints(&run, "{\"schema_version\":1,\"program\":\"t\",\"framework\":null,\"tests\":[\n]}\n");
}

FLICKER_XUNIT_MAIN();
