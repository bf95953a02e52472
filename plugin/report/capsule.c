/* SPDX-License-Identifier: MIT */
/*
 * capsule.c - fills and writes capsules.
 *
 * The limit is one of the file, so what is written is measured, not estimated; only
 * which variables have to go is.
 */
#define _GNU_SOURCE
#include "capsule.h"

#include "json_tree.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#ifndef FL_VERSION
#define FL_VERSION "0.1.0"
#endif

enum { SHOWN_NAMES = 64, SHOWN_NAME = 128, SHOWN_MESSAGE = 2048 };

/* ---- the environment ---- */

static void add_name(struct fl_capsule_names *list, const char *text, size_t length)
{
	list->names = fl_base_grow(list->names, &list->capacity, list->count + 2, sizeof(char *));
	list->names[list->count++] = fl_base_copy_n(text, length);
	list->names[list->count] = NULL;
}

static bool looks_secret(const char *name)
{
	static const char *const words[] = {
		"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY",
	};
	size_t i;

	for (i = 0; i < FL_COUNT(words); i++)
		if (strcasestr(name, words[i]))
			return true;
	return false;
}

static bool is_text(const char *bytes)
{
	json_t *text = json_string(bytes);

	json_decref(text);
	return text;
}

void fl_capsule_take_environment(struct fl_capsule *capsule, char *const *environment)
{
	fl_json_use_base_memory();
	for (; environment && *environment; environment++) {
		size_t length = strcspn(*environment, "=");
		autofree char *name = fl_base_copy_n(*environment, length);

		if (!length || !(*environment)[length] || strncmp(name, "FLICKER_", 8) == 0)
			continue;
		if (looks_secret(name))
			add_name(&capsule->secrets, name, length);
		else if (!is_text(*environment))
			add_name(&capsule->left_out, name, length);
		else
			add_name(&capsule->environment, *environment, strlen(*environment));
	}
}

static int by_size(const void *left, const void *right)
{
	size_t a = strlen(*(char *const *)left), b = strlen(*(char *const *)right);

	return a == b ? strcmp(*(char *const *)left, *(char *const *)right) : a < b ? -1 : 1;
}

/* What a variable takes in the file, at most: one too few would cost another its place. */
static size_t encoded_size(const char *entry)
{
	size_t size = 16;               /* quotes, colon, comma, indentation */

	for (; *entry; entry++)
		size += (unsigned char)*entry < ' ' ? 6 : strchr("\"\\", *entry) ? 2 : 1;
	return size;
}

/* Variables of `excess` bytes go, the largest first; of each its name stays. */
static void drop_largest(struct fl_capsule *capsule, size_t excess)
{
	struct fl_capsule_names *list = &capsule->environment;
	size_t gone = 0;

	qsort(list->names, list->count, sizeof(*list->names), by_size);
	while (list->count && gone < excess) {
		char *entry = list->names[--list->count];

		gone += encoded_size(entry);
		add_name(&capsule->left_out, entry, strcspn(entry, "="));
		free(entry);
		list->names[list->count] = NULL;
	}
}

/* ---- the tree ---- */

static json_t *text_of(const char *bytes)
{
	autofree char *harmless = fl_text_escape(bytes);

	return harmless ? json_string(harmless) : json_null();
}

/* Names, as far as they help a reader: of very many or very long ones there is only the number. */
static json_t *encode_names(const struct fl_capsule_names *list)
{
	json_t *array = json_array();
	size_t i, shown = 0;

	for (i = 0; i < list->count && shown < SHOWN_NAMES; i++)
		if (strlen(list->names[i]) <= SHOWN_NAME) {
			json_array_append_new(array, text_of(list->names[i]));
			shown++;
		}
	return json_pack("{s:o, s:I}", "names", array, "more", (json_int_t)(list->count - shown));
}

static json_t *encode_environment(const struct fl_capsule_names *list)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < list->count; i++) {
		size_t length = strcspn(list->names[i], "=");
		autofree char *name = fl_base_copy_n(list->names[i], length);

		if (!json_object_get(object, name))     /* of two getenv(3) sees the first */
			json_object_set_new(object, name,
					    json_string(list->names[i] + length + 1));
	}
	return object;
}

/* NULL: an argument is no UTF-8. */
static json_t *encode_arguments(char *const *args)
{
	json_t *array = json_array();

	for (; args && *args; args++)
		if (json_array_append_new(array, json_string(*args)) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *encode_expected(const struct fl_expectation *expected)
{
	autofree char *message = expected->message ?
		fl_base_copy_n(expected->message, strnlen(expected->message, SHOWN_MESSAGE)) : NULL;

	if (!expected->is_known)
		return json_null();
	return json_pack("{s:s, s:o, s:o}",
			 "outcome", fl_outcome_name(expected->outcome),
			 "message", text_of(message),
			 "signature", text_of(expected->signature));
}

static json_t *encode(const struct fl_capsule *capsule, json_t *args)
{
	return json_pack("{s:i, s:{s:s, s:s}, s:s, s:{s:o, s:O, s:o}, s:o, s:o, s:o, s:o,"
			 " s:{s:I, s:I},"
			 " s:o, s:{s:o, s:o}, s:o}",
			 "capsule_version", 1,
			 "tool", "name", "flicker", "version", FL_VERSION,
			 "token", capsule->token,
			 "program", "path", text_of(capsule->path), "args", args,
			 "build_id", text_of(capsule->build_id),
			 "wrapper", text_of(capsule->wrapper),
			 "adapters", fl_json_encode_lines(capsule->adapters),
			 "directory", text_of(capsule->directory),
			 "os", text_of(capsule->os),
			 "replayed", "times", (json_int_t)capsule->times,
			 "non_pass", (json_int_t)capsule->non_pass,
			 "expected", encode_expected(&capsule->expected),
			 "left_out", "secrets", encode_names(&capsule->secrets),
			 "others", encode_names(&capsule->left_out),
			 "environment", encode_environment(&capsule->environment));
}

/* Its bytes, the caller's; variables are dropped until they are few enough.  NULL: they never are. */
static char *render(struct fl_capsule *capsule, json_t *args)
{
	for (;;) {
		json_t *tree = encode(capsule, args);
		autofree char *bytes = json_dumps(tree, FL_JSON_PRETTY);
		size_t size = strlen(bytes) + strlen("\n");

		json_decref(tree);
		if (size <= FL_CAPSULE_LIMIT)
			return take(bytes);
		if (!capsule->environment.count)
			return NULL;
		drop_largest(capsule, size - FL_CAPSULE_LIMIT);
	}
}

/* ---- the file: whole, or not there ---- */

static int write_bytes(const char *path, const char *bytes)
{
	autofree char *part = fl_base_format("%s.XXXXXX", path);
	autoclose int fd = mkostemp(part, O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = fl_file_check_target(path);
	if (r >= 0)
		r = fl_file_write_all(fd, bytes, strlen(bytes));
	if (r >= 0)
		r = fl_file_write_all(fd, "\n", 1);
	if (r >= 0 && rename(part, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(part);
	return r;
}

int fl_capsule_write(const char *path, struct fl_capsule *capsule, struct fl_error *error)
{
	autofree char *bytes = NULL;
	json_t *args;
	int r;

	fl_json_use_base_memory();
	args = encode_arguments(capsule->args);
	if (!args)
		return fl_error_set(error, -EILSEQ, "cannot write the capsule '%s': an argument of "
				    "the program is no UTF-8", path);
	bytes = render(capsule, args);
	json_decref(args);
	if (!bytes)
		return fl_error_set(error, -EFBIG, "cannot write the capsule '%s': without any "
				    "variable it is larger than %d KiB", path, FL_CAPSULE_LIMIT >> 10);
	r = write_bytes(path, bytes);
	if (r < 0)
		return fl_error_set(error, r, "cannot write the capsule '%s': %s", path, strerror(-r));
	return 0;
}

/* ---- ends ---- */

static void clear_names(struct fl_capsule_names *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

void fl_expectation_clear(struct fl_expectation *expectation)
{
	free(expectation->message);
	free(expectation->signature);
	*expectation = (struct fl_expectation){ 0 };
}

void fl_capsule_clear(struct fl_capsule *capsule)
{
	char **arg;

	for (arg = capsule->args; arg && *arg; arg++)
		free(*arg);
	free(capsule->args);
	free(capsule->token);
	free(capsule->path);
	free(capsule->build_id);
	free(capsule->wrapper);
	free(capsule->adapters);
	free(capsule->directory);
	free(capsule->os);
	clear_names(&capsule->environment);
	clear_names(&capsule->secrets);
	clear_names(&capsule->left_out);
	fl_expectation_clear(&capsule->expected);
	*capsule = (struct fl_capsule){ 0 };
}
