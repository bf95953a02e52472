/* SPDX-License-Identifier: MIT */
/*
 * list.c - `flicker list`: the ids of a program's tests, or its annotations.
 *
 * Standard output gets an id a line and nothing else, for scripts.  Annotations
 * are read from the file: the program need not be one that runs here.
 */
#include "adapters.h"
#include "command.h"
#include "interrupt.h"
#include "message.h"
#include "preload.h"

#include "../engine/session/cases/annotation.h"
#include "../engine/session/session.h"
#include "../report/text.h"

#include <flicker/pattern.h>

#include <errno.h>

static int fail(int code, const struct fl_error *error)
{
	fl_message_say("%s", error->text);
	return code;
}

static void on_warning(void *context, const char *text)
{
	(void)context;
	fl_message_warn("%s", text);
}

static bool is_wanted(const struct fl_options *options, const char *id)
{
	return !options->filter || fl_pattern_match(options->filter, id);
}

static void print_key(const char *key, const char *value)
{
	if (!value)
		return;
	printf("\t%s=", key);
	fl_text_print(stdout, value, " ");
}

static void print_annotation(const struct fl_annotation *annotation)
{
	const struct fl_suspicion *suspicion = &annotation->suspicion;

	fl_text_print(stdout, annotation->test, " ");
	print_key("reason", suspicion->reason);
	print_key("owner", suspicion->owner);
	print_key("ticket", suspicion->ticket);
	print_key("until", suspicion->until);
	if (annotation->has_crash)
		print_key("crash", suspicion->may_crash ? "yes" : "no");
	putchar('\n');
}

/* Warns of what is malformed, and goes on. */
static void read_annotation(const struct fl_options *options, const char *text)
{
	struct fl_annotation annotation = { 0 };
	struct fl_error error = { "" };
	int r;

	r = fl_annotation_parse(text, &annotation, &error);
	if (r != 0)
		fl_message_warn("%s", error.text);
	if (r >= 0 && is_wanted(options, annotation.test))
		print_annotation(&annotation);
	fl_annotation_clear(&annotation);
}

static int list_suspects(const struct fl_options *options, const char *path)
{
	struct fl_error error = { "" };
	char **texts = NULL;
	size_t count = 0, i;

	if (fl_annotations_read(path, &texts, &count, &error) < 0)
		return fail(FL_EXIT_USAGE, &error);
	for (i = 0; i < count; i++) {
		read_annotation(options, texts[i]);
		free(texts[i]);
	}
	free(texts);
	return FL_EXIT_CLEAN;
}

static void print_tests(const struct fl_options *options, const struct fl_run *run)
{
	size_t i;

	for (i = 0; i < run->test_count; i++)
		if (is_wanted(options, run->tests[i]->id))
			puts(run->tests[i]->id);
}

static int list_tests(const struct fl_options *options, struct fl_session_settings settings)
{
	struct fl_events events = { .warning = on_warning };
	autofree char *adapters = NULL;
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r;

	if (fl_adapters_check(options->adapter, &adapters, &error) < 0)
		return fail(FL_EXIT_USAGE, &error);
	settings.adapter = adapters;
	settings.is_list = true;
	settings.filter = options->filter;
	settings.seed = options->seed;
	settings.runs = options->runs;
	fl_interrupt_catch();
	r = fl_session_run(&settings, &events, &run, &error);
	if (r >= 0)
		print_tests(options, &run);
	fl_run_clear(&run);
	if (r == -EINTR)
		return fl_interrupt_exit_code();
	if (r == -ENOENT || r == -ENOEXEC)
		return fail(FL_EXIT_USAGE, &error);
	return r < 0 ? fail(FL_EXIT_INTERNAL, &error) : FL_EXIT_CLEAN;
}

static int list(const struct fl_options *options, char **operands)
{
	autofree char *path = NULL, *library = NULL;
	const char *obstacle = NULL;
	struct fl_error error = { "" };

	if (!operands[0])
		return fl_command_misused(&fl_cmd_list, "names no program");
	if (fl_preload_find_program(operands[0], &path, &error) < 0)
		return fail(FL_EXIT_USAGE, &error);
	if (options->is_suspects)
		return list_suspects(options, path);
	if (fl_preload_look(path, &obstacle, &error) < 0)
		return fail(FL_EXIT_USAGE, &error);
	if (fl_preload_find_library(&library, &error) < 0)
		return fail(FL_EXIT_INTERNAL, &error);
	return list_tests(options, (struct fl_session_settings){
		.argv = operands, .path = path, .agent = library, .agentless = obstacle,
	});
}

const struct fl_command fl_cmd_list = {
	.name    = "list",
	.usage   = "flicker list [options] [--] program [argument ...]",
	.summary = "list the tests of a program, or its annotations",
	.text    = "Prints the id of each test on a line of its own.  The program is started, but\n"
		   "none of its tests is run.\n",
	.exits   = "0 listed, 64 usage, 70 internal error",
	.options = FL_FOR_LIST,
	.run     = list,
};
