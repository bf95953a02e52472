/* SPDX-License-Identifier: MIT */
/*
 * json_listing.c - the tests of a program as JSON, before any was run.
 *
 * Of each test what the report says of it that needs no run.
 */
#include "json.h"
#include "json_tree.h"
#include "text.h"

static json_t *text(const char *bytes)
{
	autofree char *harmless = fl_text_escape(bytes);

	return harmless ? json_string(harmless) : json_null();
}

static json_t *listed(const struct fl_test *test)
{
	static const char *const keys[] = {
		"id", "suite", "name", "index", "file", "line", "suspect",
	};
	json_t *judged = fl_json_encode_test(test), *object = json_object();
	size_t i;

	for (i = 0; i < FL_COUNT(keys); i++)
		json_object_set(object, keys[i], json_object_get(judged, keys[i]));
	json_decref(judged);
	return object;
}

static void print(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(object);
}

void fl_json_print_listing(FILE *out, const struct fl_run *run)
{
	size_t i;

	fl_json_use_base_memory();
	fputs("{\"schema_version\":1,\"program\":", out);
	print(out, text(run->program.path));
	fputs(",\"framework\":", out);
	print(out, text(run->program.framework));
	fputs(",\"tests\":[\n", out);
	for (i = 0; i < run->test_count; i++) {
		print(out, listed(run->tests[i]));
		fputs(i + 1 < run->test_count ? ",\n" : "\n", out);
	}
	fputs("]}\n", out);
}
