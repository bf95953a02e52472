/* SPDX-License-Identifier: MIT */
/*
 * json_write.c - the JSON report as a whole, and as lines.
 *
 * Tests are written one at a time: the tree of one is all that is in memory at once.
 */
#include "formats.h"
#include "json_tree.h"

#include <errno.h>

static json_t *amount(uint64_t value)
{
	return json_integer((json_int_t)value);
}

json_t *fl_json_encode_totals(const struct fl_run *run)
{
	static const enum fl_verdict order[] = {
		FL_VERDICT_STABLE, FL_VERDICT_FAILING, FL_VERDICT_FLAKY,
		FL_VERDICT_SKIPPED, FL_VERDICT_UNKNOWN, FL_VERDICT_NOT_SUSPECT,
	};
	struct fl_totals totals = fl_run_totals(run);
	json_t *object = json_pack("{s:o}", "tests", amount(totals.tests));
	size_t i;

	for (i = 0; i < FL_COUNT(order); i++)
		json_object_set_new(object, fl_verdict_key(order[i]),
				    amount(totals.by_verdict[order[i]]));
	json_object_set_new(object, "attempts", amount(totals.attempts));
	json_object_set_new(object, "infra", amount(totals.infra));
	return object;
}

/* Raw newlines are only ever indentation: in strings they are written \n. */
static int write_indented(const char *bytes, size_t size, void *context)
{
	FILE *out = context;

	for (; size; bytes++, size--)
		if (fputc(*bytes, out) == EOF || (*bytes == '\n' && fputs("    ", out) == EOF))
			return -1;
	return 0;
}

static int write_test(FILE *out, const struct fl_test *test)
{
	json_t *tree = fl_json_encode_test(test);
	int r = tree ? json_dump_callback(tree, write_indented, out, FL_JSON_PRETTY) : -1;

	json_decref(tree);
	return r;
}

/* Head and totals, without the closing brace. */
static int write_head(FILE *out, const struct fl_run *run)
{
	json_t *tree = fl_json_encode_head(run);
	autofree char *json = NULL;

	if (tree && json_object_set_new(tree, "totals", fl_json_encode_totals(run)) == 0)
		json = json_dumps(tree, FL_JSON_PRETTY);
	json_decref(tree);
	return json ? fprintf(out, "%.*s", (int)(strlen(json) - strlen("\n}")), json) : -1;
}

int fl_write_json(FILE *out, const struct fl_run *run)
{
	size_t i;

	fl_json_use_base_memory();
	if (write_head(out, run) < 0)
		return -ENOMEM;
	fputs(",\n  \"tests\": [", out);
	for (i = 0; i < run->test_count; i++) {
		fputs(i ? ",\n    " : "\n    ", out);
		if (write_test(out, run->tests[i]) < 0)
			return -ENOMEM;
	}
	fputs(i ? "\n  ]\n}\n" : "]\n}\n", out);
	return 0;
}

/* ---- lines ---- */

static int write_line(FILE *out, json_t *tree)
{
	int r = tree ? json_dumpf(tree, out, JSON_COMPACT | FL_JSON_DIGITS) : -1;

	json_decref(tree);
	fputc('\n', out);
	return r < 0 ? -ENOMEM : 0;
}

int fl_write_jsonl(FILE *out, const struct fl_run *run)
{
	size_t i;
	int r;

	fl_json_use_base_memory();
	r = write_line(out, fl_json_encode_head(run));
	for (i = 0; i < run->test_count && r >= 0; i++)
		r = write_line(out, fl_json_encode_test(run->tests[i]));
	if (r < 0)
		return r;
	return write_line(out, json_pack("{s:o}", "totals", fl_json_encode_totals(run)));
}
