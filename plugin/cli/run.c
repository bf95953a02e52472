/* SPDX-License-Identifier: MIT */
/*
 * run.c - `flicker run`: a test program, its suspects re-executed, judged, reported.
 *
 * All that can be known to go wrong is asked before the program is started.
 */
#include "adapters.h"
#include "command.h"
#include "interrupt.h"
#include "message.h"
#include "preload.h"
#include "watching.h"

#include <errno.h>

/* Prints why; the exit code. */
static int fail(int code, const struct fl_error *error)
{
	fl_message_say("%s", error->text);
	return code;
}

/* A program without a test to judge: bad usage, unless it says itself that it was skipped. */
static int code_without_tests(const struct fl_run *run, int r)
{
	if (r == -ENOEXEC && run->program.has_exit && run->program.exit_code == FL_SESSION_SKIPPED)
		return FL_SESSION_SKIPPED;
	return r == -ENOENT || r == -ENOEXEC ? FL_EXIT_USAGE : FL_EXIT_INTERNAL;
}

static int end(struct fl_watching *watching, struct fl_run *run, int r,
	       const struct fl_error *error)
{
	if (r == -EINTR) {
		run->exit_code = fl_interrupt_exit_code();
		fl_progress_clear(&watching->line);
		fl_message_say("interrupted; this is what was seen until then");
		fl_watching_finish(watching, run);
		return run->exit_code;
	}
	if (r < 0) {
		fl_progress_clear(&watching->line);
		return fail(code_without_tests(run, r), error);
	}
	run->exit_code = fl_session_exit_code(run, false);
	if (run->exit_code == FL_EXIT_CLEAN && watching->options->skip_code &&
	    fl_session_is_skipped(run))
		run->exit_code = (int)watching->options->skip_code;
	return fl_watching_finish(watching, run);
}

static int observe(struct fl_watching *watching, const struct fl_session_settings *settings)
{
	struct fl_events events = fl_watching_events(watching);
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r, code;

	fl_interrupt_catch();
	r = fl_session_run(settings, &events, &run, &error);
	code = end(watching, &run, r, &error);
	fl_run_clear(&run);
	return code;
}

/* FL_EXIT_CLEAN, or the exit code after a message. */
static int check_input(struct fl_watching *watching, const char *program, char **ret_path,
		       const char **ret_obstacle)
{
	struct fl_error error = { "" };

	if (fl_preload_find_program(program, ret_path, &error) < 0 ||
	    fl_preload_look(*ret_path, ret_obstacle, &error) < 0 ||
	    fl_preload_check_wrapper(watching->options->wrapper, &error) < 0 ||
	    fl_watching_prepare(watching, program, &error) < 0)
		return fail(FL_EXIT_USAGE, &error);
	return FL_EXIT_CLEAN;
}

static int run_program(const struct fl_options *options, char **operands)
{
	struct fl_session_settings settings;
	autofree char *library = NULL, *adapters = NULL, *path = NULL;
	const char *obstacle = NULL;
	struct fl_watching watching;
	struct fl_error error = { "" };
	int code;

	if (!operands[0])
		return fl_command_misused(&fl_cmd_run, "names no program");
	fl_watching_init(&watching, options, false);
	code = check_input(&watching, operands[0], &path, &obstacle);
	if (code == FL_EXIT_CLEAN && fl_preload_find_library(&library, &error) < 0)
		code = fail(FL_EXIT_INTERNAL, &error);
	if (code == FL_EXIT_CLEAN && fl_adapters_check(options->adapter, &adapters, &error) < 0)
		code = fail(FL_EXIT_USAGE, &error);
	settings = fl_watching_settings(&watching);
	settings.argv = operands;
	settings.path = path;
	settings.agentless = obstacle;
	settings.agent = library;
	settings.adapter = adapters;
	if (code == FL_EXIT_CLEAN)
		code = observe(&watching, &settings);
	fl_watching_clear(&watching);
	return code;
}

const struct fl_command fl_cmd_run = {
	.name    = "run",
	.usage   = "flicker run [options] [--] program [argument ...]",
	.summary = "run a test program, re-execute what is suspect, judge and report",
	.text    = "Runs the program as it is.  Its suspect tests (annotated, named or failed)\n"
		   "are then re-executed, in forks and in fresh processes, under seeds of\n"
		   "flicker's own, and each is judged stable, failing or flaky.  A PATTERN is\n"
		   "GoogleTest's: '*' and '?' in alternatives separated by ':'; what follows a\n"
		   "'-' that is the first character or follows a ':' is left out.\n",
	.exits   = "0 clean or excused, 1 tests fail, 2 flaky tests found,\n"
		   "3 attempts missing, 64 usage, 70 internal error, 128+n ended by signal n",
	.options = FL_FOR_RUN,
	.run     = run_program,
};
