/* SPDX-License-Identifier: MIT */
/*
 * capsule_read.c - a capsule read back.  It came by mail: nothing of it is believed.
 */
#include "capsule.h"

#include "json_tree.h"

#include <errno.h>

static char **read_arguments(struct fl_json_cursor *at, const json_t *program)
{
	json_t *args = fl_json_need(at, program, "args", JSON_ARRAY), *arg;
	char **copy = fl_base_alloc(json_array_size(args) + 1, sizeof(*copy));
	size_t i;

	json_array_foreach(args, i, arg) {
		if (!json_is_string(arg))
			fl_json_fault(at, "args", "are not all strings");
		copy[i] = fl_base_copy(json_is_string(arg) ? json_string_value(arg) : "");
	}
	return copy;
}

static void read_program(struct fl_json_cursor *at, const json_t *root, struct fl_capsule *capsule)
{
	json_t *program = fl_json_need(at, root, "program", JSON_OBJECT);

	fl_json_enter(at, "program", 0);
	capsule->path = fl_json_need_text(at, program, "path");
	capsule->args = read_arguments(at, program);
	capsule->build_id = fl_json_get_text(at, program, "build_id");
	fl_json_leave(at);
}

static void add_copy(struct fl_capsule_names *list, char *text)
{
	list->names = fl_base_grow(list->names, &list->capacity, list->count + 2, sizeof(char *));
	list->names[list->count++] = text;
	list->names[list->count] = NULL;
}

static void read_environment(struct fl_json_cursor *at, const json_t *root,
			     struct fl_capsule *capsule)
{
	json_t *object = fl_json_need(at, root, "environment", JSON_OBJECT), *value;
	const char *name;

	json_object_foreach(object, name, value) {
		if (!json_is_string(value) || !*name || strchr(name, '=')) {
			fl_json_fault(at, "environment", "has a member that is no variable");
			return;
		}
		add_copy(&capsule->environment, fl_base_format("%s=%s", name,
							       json_string_value(value)));
	}
}

/* More than is told by name is lost: it is of interest to people only. */
static void read_names(struct fl_json_cursor *at, const json_t *left_out, const char *key,
		       struct fl_capsule_names *list)
{
	json_t *names = json_object_get(fl_json_need(at, left_out, key, JSON_OBJECT), "names"), *name;
	size_t i;

	json_array_foreach(names, i, name)
		if (json_is_string(name))
			add_copy(list, fl_base_copy(json_string_value(name)));
}

static void read_left_out(struct fl_json_cursor *at, const json_t *root,
			  struct fl_capsule *capsule)
{
	json_t *left_out = fl_json_need(at, root, "left_out", JSON_OBJECT);

	fl_json_enter(at, "left_out", 0);
	read_names(at, left_out, "secrets", &capsule->secrets);
	read_names(at, left_out, "others", &capsule->left_out);
	fl_json_leave(at);
}

static void read_expected(struct fl_json_cursor *at, const json_t *root,
			  struct fl_expectation *expected)
{
	json_t *json = fl_json_get(at, root, "expected", JSON_OBJECT);

	expected->is_known = json;
	if (!json)
		return;
	fl_json_enter(at, "expected", 0);
	expected->outcome = (enum fl_outcome)fl_json_need_word(at, json, "outcome", fl_outcome_parse);
	expected->message = fl_json_get_text(at, json, "message");
	expected->signature = fl_json_get_text(at, json, "signature");
	fl_json_leave(at);
}

static void read_replayed(struct fl_json_cursor *at, const json_t *root, struct fl_capsule *capsule)
{
	json_t *replayed = fl_json_need(at, root, "replayed", JSON_OBJECT);

	fl_json_enter(at, "replayed", 0);
	capsule->times = fl_json_need_count(at, replayed, "times");
	capsule->non_pass = fl_json_need_count(at, replayed, "non_pass");
	fl_json_leave(at);
}

static void read_root(struct fl_json_cursor *at, const json_t *root, struct fl_capsule *capsule)
{
	if (fl_json_get_int(at, root, "capsule_version", 0) != 1)
		fl_json_fault(at, "capsule_version", "is not 1, the only one known here");
	capsule->token = fl_json_need_text(at, root, "token");
	capsule->directory = fl_json_get_text(at, root, "directory");
	if (json_object_get(root, "wrapper"))
		capsule->wrapper = fl_json_get_text(at, root, "wrapper");
	capsule->adapters = fl_json_get_lines(at, root, "adapters");
	capsule->os = fl_json_get_text(at, root, "os");
	read_program(at, root, capsule);
	read_replayed(at, root, capsule);
	read_expected(at, root, &capsule->expected);
	read_left_out(at, root, capsule);
	read_environment(at, root, capsule);
}

int fl_capsule_read(const char *path, struct fl_capsule *ret_capsule, struct fl_error *error)
{
	struct fl_json_cursor at = { .path = path, .line = 1, .error = error };
	struct fl_capsule capsule = { 0 };
	autofree char *bytes = NULL;
	json_error_t fault;
	size_t size = 0;
	json_t *root;
	int r = fl_file_read(path, FL_CAPSULE_LIMIT, &bytes, &size);

	if (r == -EFBIG)
		return -ENOMSG;
	if (r < 0)
		return fl_error_set(error, r, "cannot read '%s': %s", path, strerror(-r));
	fl_json_use_base_memory();
	root = fl_json_load(bytes, size, &fault);
	at.text = bytes;
	if (json_object_get(root, "capsule_version"))
		read_root(&at, root, &capsule);
	else
		at.code = -ENOMSG;
	json_decref(root);
	if (at.code < 0) {
		fl_capsule_clear(&capsule);
		return at.code;
	}
	*ret_capsule = capsule;
	return 0;
}
