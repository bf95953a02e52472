/* SPDX-License-Identifier: MIT */
/*
 * replay_capsule.c - a replay out of a capsule, and into one.
 */
#define _GNU_SOURCE
#include "replaying.h"

#include "message.h"

#include <errno.h>
#include <limits.h>

/* The path from the root, the caller's; of a file that need not be there. */
static char *absolute(const char *path)
{
	autofree char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);

	return here ? fl_base_format("%s/%s", here, path) : fl_base_copy(path);
}

/* From another directory, too, the reports go to where they were meant to. */
static int place_reports(struct fl_replaying *replaying, struct fl_error *error)
{
	struct fl_reports *reports = &replaying->watching.reports;
	int r = fl_reports_name(reports, replaying->recipe.argv[0], error);
	size_t i;

	for (i = 0; r >= 0 && i < reports->count; i++) {
		char *path = reports->items[i].wanted;

		if (strcmp(path, "-") == 0)
			continue;
		reports->items[i].wanted = absolute(path);
		free(path);
	}
	return r;
}

/* ---- out of a capsule ---- */

static bool has_name(const struct fl_capsule_names *list, const char *entry)
{
	size_t length = strcspn(entry, "="), i;

	for (i = 0; i < list->count; i++)
		if (strncmp(list->names[i], entry, length) == 0 &&
		    (!list->names[i][length] || list->names[i][length] == '='))
			return true;
	return false;
}

/* Is the variable of this place's, even in a capsule's environment? */
static bool stays(const struct fl_capsule *capsule, const char *entry)
{
	return strncmp(entry, "FLICKER_", 8) == 0 || has_name(&capsule->secrets, entry) ||
	       has_name(&capsule->left_out, entry);
}

static void say_names(const char *what, const struct fl_capsule_names *list)
{
	autofree char *text = fl_base_copy(what);
	size_t i;

	for (i = 0; i < list->count; i++) {
		char *longer = fl_base_format("%s%s%s", text, i ? ", " : ": ", list->names[i]);

		free(text);
		text = longer;
	}
	if (list->count)
		fl_message_say("%s", text);
}

/* Our own socket and files need a directory that is there. */
static void check_temporary(const char *there)
{
	const char *value = getenv("TMPDIR");

	if (!value || access(value, W_OK | X_OK) == 0)
		return;
	fl_message_say("the capsule's TMPDIR '%s' is not here; '%s' is taken", value,
		       there ? there : "/tmp");
	setenv("TMPDIR", there ? there : "/tmp", 1);
}

static void set_variable(const char *entry)
{
	autofree char *name = fl_base_copy_n(entry, strcspn(entry, "="));

	setenv(name, entry + strlen(name) + 1, 1);
}

static void enter_environment(const struct fl_capsule *capsule)
{
	const char *tmp = getenv("TMPDIR");
	autofree char *there = fl_base_copy(tmp);
	char **present = fl_base_copy_words(environ);
	size_t i;

	say_names("not in the capsule, and taken from here where set", &capsule->secrets);
	say_names("not in the capsule, and taken from here where set", &capsule->left_out);
	clearenv();
	for (i = 0; i < capsule->environment.count; i++)
		set_variable(capsule->environment.names[i]);
	for (i = 0; present[i]; i++)
		if (strchr(present[i], '=') && stays(capsule, present[i]))
			set_variable(present[i]);
	fl_base_free_words(present);
	check_temporary(there);
}

int fl_replaying_enter_capsule(struct fl_replaying *replaying, struct fl_error *error)
{
	const struct fl_recipe *recipe = &replaying->recipe;
	const char *directory = recipe->capsule.directory;
	int r = place_reports(replaying, error);

	if (r < 0)
		return r;
	if (replaying->options->capsule)
		replaying->capsule_path = absolute(replaying->options->capsule);
	enter_environment(&recipe->capsule);
	if (!recipe->has_own_program && directory && chdir(directory) < 0)
		fl_message_say("cannot enter the capsule's directory '%s': %s", directory,
			       strerror(errno));
	return 0;
}

/* ---- into a capsule ---- */

/* The failure that was met now; where there was none, the one that was known. */
static void set_expectation(const struct fl_replaying *replaying, struct fl_expectation *expected)
{
	const struct fl_test *test = replaying->run.tests[0];
	const struct fl_expectation *known = &replaying->recipe.expected;

	if (!test->failure_count) {
		*expected = *known;
		expected->message = fl_base_copy(known->message);
		expected->signature = fl_base_copy(known->signature);
		return;
	}
	expected->is_known = true;
	expected->outcome = test->failures[0].first.outcome;
	expected->message = fl_base_copy(test->failures[0].first.message);
	expected->signature = fl_base_copy(test->failures[0].signature);
}

static struct fl_capsule make_capsule(const struct fl_replaying *replaying)
{
	struct fl_counts counts = fl_test_counts(replaying->run.tests[0]);
	char *real = realpath(replaying->program, NULL);
	struct fl_capsule capsule = {
		.token = fl_token_format(&replaying->recipe.token),
		.path = real ? real : absolute(replaying->program),
		.args = fl_base_copy_words(replaying->recipe.argv + 1),
		.build_id = fl_base_copy(replaying->run.program.build_id),
		.wrapper = fl_base_copy(replaying->wrapper),
		.adapters = fl_base_copy(replaying->adapters),
		.directory = getcwd(NULL, 0),
		.os = fl_base_copy(replaying->run.os),
		.times = fl_counts_total(&counts),
		.non_pass = fl_counts_non_pass(&counts),
	};

	fl_capsule_take_environment(&capsule, environ);
	set_expectation(replaying, &capsule.expected);
	return capsule;
}

int fl_replaying_write_capsule(struct fl_replaying *replaying)
{
	const char *named = replaying->options->capsule;
	const char *path = replaying->capsule_path ? replaying->capsule_path : named;
	struct fl_capsule capsule = make_capsule(replaying);
	struct fl_error error = { "" };
	int r = fl_capsule_write(path, &capsule, &error);

	if (r < 0) {
		fl_message_say("%s", error.text);
	} else {
		fprintf(stderr, "capsule: %s (%s)\n", named,
			capsule.non_pass ? "reproduced" : "not reproduced");
		say_names("left out of the capsule, for they look like secrets", &capsule.secrets);
		say_names("left out of the capsule, for want of room or as no text",
			  &capsule.left_out);
	}
	fl_capsule_clear(&capsule);
	return r;
}

void fl_replaying_clear(struct fl_replaying *replaying)
{
	fl_watching_clear(&replaying->watching);
	fl_run_clear(&replaying->run);
	fl_recipe_clear(&replaying->recipe);
	free(replaying->program);
	free(replaying->library);
	free(replaying->adapters);
	free(replaying->capsule_path);
}
