/* SPDX-License-Identifier: MIT */
/*
 * list.c - `flicker list`: the ids of a program's tests, or what is known to be flaky.
 *
 * Standard output gets an id a line and nothing else, for scripts.
 */
#include "adapters.h"
#include "command.h"
#include "face.h"
#include "interrupt.h"
#include "list_suspects.h"
#include "message.h"
#include "preload.h"

#include "../engine/session/session.h"
#include "../report/json.h"

#include <flicker/pattern.h>

#include <errno.h>

static bool is_wanted(const struct fl_options *options, const char *id)
{
	return !options->filter || fl_pattern_match(options->filter, id);
}

static void print_tests(const struct fl_options *options, const struct fl_run *run)
{
	size_t i;

	if (options->is_json) {
		fl_json_print_listing(stdout, run);
		return;
	}
	for (i = 0; i < run->test_count; i++)
		if (is_wanted(options, run->tests[i]->id))
			puts(run->tests[i]->id);
}

static int list_tests(const struct fl_options *options, struct fl_session_settings settings)
{
	struct fl_events events = { .warning = fl_message_on_warning };
	autofree char *adapters = NULL;
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r;

	if (fl_adapters_check(options->adapter, &adapters, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	settings.adapter = adapters;
	settings.is_list = true;
	settings.wants_places = options->is_json;
	settings.cache = options->cache;
	settings.debug_dirs = options->debug_dir;
	settings.filter = options->filter;
	settings.suspect = options->suspect;
	settings.rules = options->rules;
	settings.rule_count = options->rule_count;
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
		return fl_message_fail(FL_EXIT_USAGE, &error);
	return r < 0 ? fl_message_fail(FL_EXIT_INTERNAL, &error) : FL_EXIT_CLEAN;
}

static int list(const struct fl_options *options, char **operands)
{
	autofree char *path = NULL, *library = NULL;
	const char *obstacle = NULL;
	struct fl_error error = { "" };

	if (!operands[0] && !options->is_suspects)
		return fl_command_misused(&fl_cmd_list, "names no program");
	if (options->is_json && options->is_suspects)
		return fl_command_misused(&fl_cmd_list, "prints --suspects as lines, not as --json");
	if (operands[0] && fl_preload_find_program(operands[0], &path, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	if (options->is_suspects)
		return fl_list_suspects(options, path);
	if (fl_preload_look(path, &obstacle, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	if (fl_preload_find_library(&library, &error) < 0)
		return fl_message_fail(FL_EXIT_INTERNAL, &error);
	return list_tests(options, (struct fl_session_settings){
		.argv = operands, .face = fl_face_no_lines(operands), .path = path,
		.agent = library, .agentless = obstacle,
	});
}

const struct fl_command fl_cmd_list = {
	.name    = "list",
	.usage   = "flicker list [options] [--] program [argument ...]\n"
		   "flicker list --suspects [options] [--] [program]",
	.summary = "list the tests of a program, or what is known to be flaky",
	.text    = "Prints the id of each test on a line of its own.  The program is started, but\n"
		   "none of its tests is run.  A program without a framework is one test: it is\n"
		   "run, and where it writes TAP the lines that it writes are tests, too.\n"
		   "With --suspects nothing is started: whether a test is there is not looked at.\n"
		   "With --json, for other programs: one object\n"
		   "whose tests have id, suite, name, index, file, line and suspect.\n",
	.exits   = "0 listed, 64 usage, 70 internal error",
	.options = FL_FOR_LIST,
	.run     = list,
};
