/* SPDX-License-Identifier: MIT */
/*
 * ctrf.c - Common Test Report Format (ctrf.io), specification 0.0.0.
 *
 * Its schema takes no key it does not know, but for "extra": there is what has no field.
 * "retryAttempts" holds the first attempt of each way to fail, not all of them: a report
 * counts attempts, it does not list them.
 */
#include "../engine/session/attempts/token.h"
#include "formats.h"
#include "json_tree.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <math.h>

static const char *status_word(enum fl_status status)
{
	static const char *const words[] = {
		[FL_STATUS_PASSED] = "passed", [FL_STATUS_FAILED] = "failed",
		[FL_STATUS_SKIPPED] = "skipped", [FL_STATUS_NOT_RUN] = "pending",
	};

	return words[status];
}

static void set_text(json_t *object, const char *key, const char *bytes)
{
	autofree char *harmless = fl_text_escape(bytes);

	if (harmless && *harmless)
		json_object_set_new(object, key, json_string(harmless));
}

static void set_number(json_t *object, const char *key, uint64_t value)
{
	json_object_set_new(object, key, json_integer((json_int_t)value));
}

static json_t *lines(const char *text)
{
	json_t *array = json_array();

	while (*text) {
		size_t length = strcspn(text, "\n");
		autofree char *line = fl_base_copy_n(text, length);
		autofree char *harmless = fl_text_escape(line);

		json_array_append_new(array, json_string(harmless));
		text += length + (text[length] == '\n');
	}
	return array;
}

/* The attempt's number is in the token alone; 0: it is not known. */
static uint64_t attempt_of(const struct fl_failure *failure)
{
	struct fl_token token = { 0 };
	struct fl_error error;
	uint64_t attempt;

	if (!failure->token || fl_token_parse(failure->token, &token, &error) < 0)
		return 0;
	attempt = token.attempt;
	fl_token_clear(&token);
	return attempt;
}

static json_t *encode_retry(const struct fl_failure *f)
{
	struct fl_way way = { .seen = &f->first, .failure = f };
	autofree char *message = fl_status_message(&way), *trace = fl_status_trace(&way);
	json_t *extra = json_pack("{s:s, s:I}", "outcome", fl_outcome_name(f->first.outcome),
				  "count", (json_int_t)f->count);
	json_t *object = json_pack("{s:I, s:s}", "attempt", (json_int_t)attempt_of(f),
				   "status", "failed");

	set_text(object, "message", message);
	set_text(object, "trace", trace);
	if (f->first.line > 0)
		json_object_set_new(object, "line", json_integer(f->first.line));
	json_object_set_new(object, "stdout", lines(f->output_tail ? f->output_tail : ""));
	set_text(extra, "signature", f->signature);
	set_text(extra, "file", f->first.file);
	set_text(extra, "token", f->token);
	set_text(extra, "replay", f->replay);
	json_object_set_new(object, "extra", extra);
	return object;
}

static json_t *encode_retries(const struct fl_test *test)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < test->failure_count; i++)
		if (attempt_of(&test->failures[i]))
			json_array_append_new(array, encode_retry(&test->failures[i]));
	return array;
}

/* Six digits of a share mean something. */
static json_t *share(double value)
{
	char digits[64];

	if (!isfinite(value))
		return json_null();
	snprintf(digits, sizeof(digits), "%.6g", value);
	return json_real(strtod(digits, NULL));
}

static json_t *encode_extra(const struct fl_test *test)
{
	const struct fl_judgement *j = &test->judgement;
	autofree char *rate = fl_status_rate(test);
	struct fl_counts counts = fl_test_counts(test);
	json_t *extra = json_object(), *notes = json_array();
	int i;

	set_text(extra, "id", test->id);
	if (test->suspicion.why != FL_WHY_NONE)
		set_text(extra, "suspect", fl_why_name(test->suspicion.why));
	set_number(extra, "attempts", fl_counts_total(&counts));
	set_number(extra, "nonPass", fl_counts_non_pass(&counts));
	if (j->has_rate)
		json_object_set_new(extra, "rate", share(j->rate));
	if (j->has_interval)
		json_object_set_new(extra, "interval", json_pack("{s:o, s:o, s:o}",
			"low", share(j->interval.low), "high", share(j->interval.high),
			"level", share(j->interval.level)));
	set_text(extra, "seen", rate);
	if (j->excuse)
		set_text(extra, "excuse", fl_excuse_name(j->excuse));
	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (j->notes & (1U << i))
			json_array_append_new(notes, json_string(fl_note_name(i)));
	json_object_set_new(extra, "notes", notes);
	if (test->program)
		set_text(extra, "program", test->program->path);
	return extra;
}

static void set_failure(json_t *object, const struct fl_test *test)
{
	autofree char *message = NULL, *trace = NULL;
	struct fl_way way;

	if (fl_status_of(test) == FL_STATUS_SKIPPED && test->has_host)
		set_text(object, "message", test->host.message);
	if (!fl_status_way(test, 0, &way))
		return;
	message = fl_status_message(&way);
	trace = fl_status_trace(&way);
	set_text(object, "message", message);
	set_text(object, "trace", trace);
}

static json_t *encode_test(const struct fl_test *test)
{
	autofree char *name = fl_status_name(test), *suite = fl_status_suite(test);
	struct fl_counts counts = fl_test_counts(test);
	json_t *object = json_pack("{s:s, s:s, s:I}", "name", *name ? name : "(no name)",
				   "status", status_word(fl_status_of(test)), "duration",
				   (json_int_t)(test->has_host ? test->host.duration_ms : 0));

	if (*suite)
		json_object_set_new(object, "suite", json_pack("[s]", suite));
	set_failure(object, test);
	if (test->line > 0)
		json_object_set_new(object, "line", json_integer(test->line));
	set_text(object, "rawStatus", fl_verdict_name(test->judgement.verdict));
	set_text(object, "filePath", test->file);
	set_number(object, "retries", fl_counts_total(&counts));
	json_object_set_new(object, "retryAttempts", encode_retries(test));
	json_object_set_new(object, "flaky",
			    json_boolean(test->judgement.verdict == FL_VERDICT_FLAKY));
	json_object_set_new(object, "extra", encode_extra(test));
	return object;
}

static json_t *encode_summary(const struct fl_run *run)
{
	size_t by[FL_STATUS_NOT_RUN + 1] = { 0 }, flaky = 0, i;
	json_int_t start = fl_status_started_ms(run), duration = (json_int_t)run->duration_ms;
	json_t *object;

	for (i = 0; i < run->test_count; i++) {
		by[fl_status_of(run->tests[i])]++;
		flaky += run->tests[i]->judgement.verdict == FL_VERDICT_FLAKY;
	}
	object = json_pack("{s:I}", "tests", (json_int_t)run->test_count);
	for (i = 0; i < FL_COUNT(by); i++)
		set_number(object, status_word((enum fl_status)i), by[i]);
	set_number(object, "other", 0);
	set_number(object, "flaky", flaky);
	json_object_set_new(object, "start", json_integer(start));
	json_object_set_new(object, "stop", json_integer(start + duration));
	json_object_set_new(object, "duration", json_integer(duration));
	return object;
}

static json_t *encode_environment(const struct fl_run *run)
{
	autofree char *seed = fl_base_format("0x%llx", (unsigned long long)run->seed);
	json_t *object = json_object(), *extra = json_object();

	set_text(object, "appName", run->program.path);
	set_text(object, "osPlatform", "linux");
	set_text(object, "osVersion", run->os);
	set_text(extra, "run", run->id);
	set_text(extra, "seed", seed);
	set_text(extra, "framework", run->program.framework);
	set_text(extra, "buildId", run->program.build_id);
	json_object_set_new(object, "extra", extra);
	return object;
}

int fl_write_ctrf(FILE *out, const struct fl_run *run)
{
	json_t *root, *tests;
	size_t i;
	int r;

	fl_json_use_base_memory();
	tests = json_array();
	for (i = 0; i < run->test_count; i++)
		json_array_append_new(tests, encode_test(run->tests[i]));
	root = json_pack("{s:s, s:s, s:s, s:{s:{s:s, s:s}, s:o, s:o, s:o}}",
			 "reportFormat", "CTRF", "specVersion", "0.0.0", "generatedBy", "flicker",
			 "results", "tool", "name", "flicker", "version", FL_VERSION,
			 "summary", encode_summary(run), "tests", tests,
			 "environment", encode_environment(run));
	r = json_dumpf(root, out, FL_JSON_PRETTY);
	fputc('\n', out);
	json_decref(root);
	return r < 0 ? -ENOMEM : 0;
}
