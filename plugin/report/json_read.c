/* SPDX-License-Identifier: MIT */
/*
 * json_read.c - a report read back: the whole one, or what a .part has of it.
 *
 * Which of the two it is shows in its first value: a .part starts with a head, which
 * has no "tests".  Nothing is believed: a report may come from anywhere.
 */
#include "json.h"

#include "json_tree.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>

enum { SIZE_LIMIT = 1 << 30 };

/* jansson quotes from the file what it did not expect; that is shown harmless. */
static json_t *parse(struct fl_json_cursor *at, size_t size)
{
	json_error_t fault;
	json_t *tree = fl_json_load(at->text, size, &fault);
	autofree char *shown = NULL;

	if (tree)
		return tree;
	shown = fl_text_line(fault.text);
	at->code = fl_error_set(at->error, -EINVAL, "%s:%zu: this is no report: %s", at->path,
				at->line + (size_t)(fault.line > 0 ? fault.line - 1 : 0), shown);
	return NULL;
}

static void decode_settings(struct fl_json_cursor *at, const json_t *run, struct fl_settings *s)
{
	json_t *json = fl_json_need(at, run, "settings", JSON_OBJECT);

	fl_json_enter(at, "settings", 0);
	s->runs = fl_json_need_count(at, json, "runs");
	s->until = (enum fl_until)fl_json_need_word(at, json, "until", fl_until_parse);
	s->has_time = fl_json_get(at, json, "time_s", JSON_REAL);
	s->time_s = fl_json_get_real(at, json, "time_s");
	s->has_timeout = fl_json_get(at, json, "timeout_s", JSON_REAL);
	s->timeout_s = fl_json_get_real(at, json, "timeout_s");
	s->jobs = fl_json_get_int(at, json, "jobs", 1);
	s->perturb = fl_json_need_mask(at, json, "perturb", fl_perturbation_parse);
	s->policy = (enum fl_policy)fl_json_need_word(at, json, "policy", fl_policy_parse);
	if (json_object_get(json, "gate"))      /* a key of later reports */
		s->gate = (enum fl_gate)fl_json_need_word(at, json, "gate", fl_gate_parse);
	s->mode = (enum fl_mode)fl_json_need_word(at, json, "mode", fl_mode_parse);
	if (json_object_get(json, "wrapper"))
		s->wrapper = fl_json_get_text(at, json, "wrapper");
	s->adapters = fl_json_get_lines(at, json, "adapters");
	fl_json_leave(at);
}

static void decode_run(struct fl_json_cursor *at, const json_t *root, struct fl_run *run)
{
	json_t *json = fl_json_need(at, root, "run", JSON_OBJECT);

	fl_json_enter(at, "run", 0);
	run->id = fl_json_need_text(at, json, "id");
	run->seed = fl_json_get_hex(at, json, "seed");
	run->started = fl_json_need_text(at, json, "started");
	run->is_partial = !fl_json_get(at, json, "exit_code", JSON_INTEGER);
	run->duration_ms = fl_json_get_real(at, json, "duration_ms");
	run->exit_code = fl_json_get_int(at, json, "exit_code", 0);
	decode_settings(at, json, &run->settings);
	fl_json_leave(at);
}

static void decode_arguments(struct fl_json_cursor *at, const json_t *json, struct fl_program *p)
{
	json_t *args = fl_json_need(at, json, "args", JSON_ARRAY), *arg;
	size_t i;

	p->args = fl_base_alloc(json_array_size(args) + 1, sizeof(*p->args));
	json_array_foreach(args, i, arg) {
		if (!json_is_string(arg))
			fl_json_fault(at, "args", "are not all strings");
		p->args[i] = fl_base_copy(json_is_string(arg) ? json_string_value(arg) : "");
	}
}

static void decode_ending(struct fl_json_cursor *at, const json_t *json, struct fl_program *p)
{
	json_t *ending = fl_json_get(at, json, "exit", JSON_OBJECT);

	p->has_exit = ending;
	if (!ending)
		return;
	fl_json_enter(at, "exit", 0);
	p->exit_code = fl_json_get_int(at, ending, "code", -1);
	p->exit_signal = fl_json_get_int(at, ending, "signal", 0);
	fl_json_leave(at);
}

void fl_json_decode_program(struct fl_json_cursor *at, const json_t *root, struct fl_program *p)
{
	json_t *json = fl_json_need(at, root, "program", JSON_OBJECT);

	fl_json_enter(at, "program", 0);
	p->path = fl_json_need_text(at, json, "path");
	decode_arguments(at, json, p);
	p->build_id = fl_json_get_text(at, json, "build_id");
	p->framework = fl_json_get_text(at, json, "framework");
	p->framework_version = fl_json_get_text(at, json, "framework_version");
	p->linkage = fl_json_get_text(at, json, "linkage");
	decode_ending(at, json, p);
	fl_json_leave(at);
}

static void decode_host(struct fl_json_cursor *at, const json_t *root, struct fl_run *run)
{
	json_t *json = fl_json_need(at, root, "host", JSON_OBJECT);

	fl_json_enter(at, "host", 0);
	run->os = fl_json_need_text(at, json, "os");
	run->cpus = fl_json_get_int(at, json, "cpus", 0);
	fl_json_leave(at);
}

static void decode_head(struct fl_json_cursor *at, const json_t *root, struct fl_run *run)
{
	int version = fl_json_get_int(at, root, "schema_version", 0);

	if (version != 1)
		fl_json_fault(at, "schema_version", "is not 1, the only one known here");
	fl_json_decode_program(at, root, &run->program);
	decode_host(at, root, run);
	decode_run(at, root, run);
}

/* A test that is half read is freed with the run. */
static void add_test(struct fl_json_cursor *at, const json_t *json, struct fl_run *run,
		     size_t *capacity)
{
	struct fl_test *test = fl_base_alloc(1, sizeof(*test));

	run->tests = fl_base_grow(run->tests, capacity, run->test_count + 1, sizeof(test));
	run->tests[run->test_count++] = test;
	fl_json_decode_test(at, json, test);
}

static void read_whole(struct fl_json_cursor *at, const json_t *root, struct fl_run *run)
{
	json_t *tests = fl_json_need(at, root, "tests", JSON_ARRAY);
	size_t i, count = json_array_size(tests), capacity = 0;

	fl_json_enter(at, "tests", 0);
	for (i = 0; at->code >= 0 && i < count; i++) {
		fl_json_enter(at, NULL, i);
		add_test(at, json_array_get(tests, i), run, &capacity);
		fl_json_leave(at);
	}
	fl_json_leave(at);
}

/* JSON lines of a run that has ended say so in their last one. */
static bool is_end(const json_t *tree)
{
	return json_is_object(json_object_get(tree, "totals")) && !json_object_get(tree, "id");
}

/* [rest, end): after the head.  A line that does not end was being written when all was over. */
static void read_lines(struct fl_json_cursor *at, const char *rest, const char *end,
		       struct fl_run *run)
{
	bool has_ended = false;
	size_t capacity = 0;
	const char *newline;

	for (; at->code >= 0 && (newline = memchr(rest, '\n', (size_t)(end - rest)));
	     rest = newline + 1) {
		json_t *tree;

		at->line++;
		at->text = rest;
		tree = parse(at, (size_t)(newline - rest));
		has_ended = is_end(tree);
		if (tree && !has_ended)
			add_test(at, tree, run, &capacity);
		json_decref(tree);
	}
	run->is_partial |= !has_ended;
}

static void read_text(struct fl_json_cursor *at, size_t size, struct fl_run *run)
{
	const char *end = at->text + size, *newline = memchr(at->text, '\n', size);
	const char *rest = newline ? newline + 1 : end;
	json_error_t fault;
	json_t *root = fl_json_load(at->text, (size_t)(rest - at->text), &fault);
	bool is_part = json_is_object(root) && !json_object_get(root, "tests");

	if (!is_part) {
		json_decref(root);
		root = parse(at, size);
	}
	if (root)
		decode_head(at, root, run);
	if (root && is_part)
		read_lines(at, rest, end, run);
	else if (root)
		read_whole(at, root, run);
	json_decref(root);
}

int fl_json_read(const char *path, struct fl_run *ret_run, struct fl_error *error)
{
	struct fl_json_cursor at = { .path = path, .line = 1, .error = error };
	struct fl_run run = { 0 };
	autofree char *bytes = NULL;
	size_t size = 0;
	int r = fl_file_read(path, SIZE_LIMIT, &bytes, &size);

	if (r < 0)
		return fl_error_set(error, r, "cannot read '%s': %s", path, strerror(-r));
	fl_json_use_base_memory();
	at.text = bytes;
	read_text(&at, size, &run);
	if (at.code < 0) {
		fl_run_clear(&run);
		return at.code;
	}
	*ret_run = run;
	return 0;
}

bool fl_json_is_one(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char start[64] = "";

	if (fd < 0 || read(fd, start, sizeof(start) - 1) <= 0)
		return false;
	return start[0] == '{' && strncmp(start + 1 + strspn(start + 1, " \t\r\n"),
					 "\"schema_version\"", 16) == 0;
}
