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
#include "running.h"
#include "watching.h"

#include "../engine/judge/frameworks.h"

#include <flicker/pattern.h>

#include <errno.h>

/*
 * A program without a test to judge: bad usage, unless it says itself that it was skipped.  Files
 * of GoogleTest's protocol that cannot be written end a program of its with 1.
 */
static int code_without_tests(const struct fl_watching *watching, const struct fl_run *run, int r)
{
	if (watching->face && watching->face->is_refused)
		return FL_EXIT_FAILED;
	if (r == -ENOEXEC && run->program.has_exit && run->program.exit_code == FL_SESSION_SKIPPED)
		return FL_SESSION_SKIPPED;
	return r == -ENOENT || r == -ENOEXEC ? FL_EXIT_USAGE : FL_EXIT_INTERNAL;
}

static bool is_asked_for(const struct fl_options *options, const char *id)
{
	return (!options->filter || fl_pattern_match(options->filter, id)) &&
	       (!options->test || fl_pattern_is_line(options->test, id));
}

/* GoogleTest's flags or shards have left no test of those that are asked for: no error there. */
static bool is_none_selected(const struct fl_watching *watching, const struct fl_run *run, int r)
{
	const struct fl_face *face = watching->face;
	size_t i;

	if (r != -ENOENT || !face)
		return false;
	if (face->flags.shards && fl_frameworks_deals_shards(run->program.framework))
		return true;
	for (i = 0; face->is_met && i < run->left_out_count; i++)
		if (is_asked_for(watching->options, run->left_out[i].test->id))
			return true;
	return false;
}

static int finish(struct fl_watching *watching, const struct fl_run *run)
{
	struct fl_error error = { "" };
	int r = watching->face ? fl_face_report(watching->face, run, &error) : 0;
	int code = fl_watching_finish(watching, run);

	return r < 0 ? fl_message_fail(FL_EXIT_INTERNAL, &error) : code;
}

static int conclude(struct fl_watching *watching, struct fl_run *run, int r,
	       const struct fl_error *error)
{
	if (r == -EINTR) {
		run->exit_code = fl_interrupt_exit_code();
		fl_progress_clear(&watching->line);
		fl_message_say("interrupted; this is what was seen until then");
		finish(watching, run);
		return run->exit_code;
	}
	if (r < 0 && !is_none_selected(watching, run, r)) {
		fl_progress_clear(&watching->line);
		return fl_message_fail(code_without_tests(watching, run, r), error);
	}
	run->exit_code = fl_session_exit_code(run, false);
	if (run->exit_code == FL_EXIT_CLEAN && watching->options->skip_code &&
	    (fl_session_is_skipped(run) || !run->test_count))
		run->exit_code = (int)watching->options->skip_code;
	return finish(watching, run);
}

/* Did every test have its turn, and none end the program? */
static bool is_proper(const struct fl_run *run)
{
	size_t i;

	for (i = 0; i < run->test_count; i++)
		if (!run->tests[i]->has_host ||
		    run->tests[i]->host.outcome == FL_OUTCOME_EARLY_EXIT)
			return false;
	return run->program.has_exit && !run->program.exit_signal;
}

static int observe(struct fl_running *running, struct fl_watching *watching)
{
	struct fl_session_settings settings = fl_watching_settings(watching);
	struct fl_events events = fl_watching_events(watching);
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r, code;

	settings.argv = running->operands;
	settings.path = running->path;
	settings.agentless = running->obstacle;
	settings.agent = running->library;
	settings.adapter = running->adapters;
	settings.seed = running->seed;
	fl_interrupt_catch();
	r = fl_session_run(&settings, &events, &run, &error);
	code = conclude(watching, &run, r, &error);
	running->is_proper = is_proper(&run);
	running->is_last = (r < 0 && !is_none_selected(watching, &run, r)) ||
			   code == FL_EXIT_INTERNAL || run.program.exit_signal;
	fl_run_clear(&run);
	return code;
}

static bool is_followed(const struct fl_running *running)
{
	return running->is_renamed && running->iteration + 1 != running->face.flags.repeat;
}

/* The next run writes reports under these names. */
static void keep_reports(const struct fl_running *running, const struct fl_reports *reports)
{
	autofree char *mark = fl_base_format("iteration-%d", running->iteration + 1);
	size_t i;

	for (i = 0; i < reports->count; i++) {
		const char *path = reports->items[i].path;
		autofree char *kept = path ? fl_json_mark_path(path, mark) : NULL;

		if (!path)
			continue;
		if (rename(path, kept) == 0)
			fl_message_say("the report of iteration %d is kept as '%s'",
				       running->iteration + 1, kept);
		else
			fl_message_warn("cannot keep '%s' as '%s': %s", path, kept,
					strerror(errno));
	}
}

int fl_running_once(struct fl_running *running)
{
	struct fl_watching watching;
	struct fl_error error = { "" };
	int code;

	fl_watching_init(&watching, running->options, false);
	watching.face = running->face.flags.is_on ? &running->face : NULL;
	watching.program = running->path;
	watching.is_followed = is_followed(running);
	if (fl_watching_prepare(&watching, running->operands[0], &error) < 0) {
		code = fl_message_fail(FL_EXIT_USAGE, &error);
		running->is_last = true;
	} else {
		code = observe(running, &watching);
	}
	if (is_followed(running) && !running->is_last && code != FL_EXIT_CLEAN)
		keep_reports(running, &watching.reports);
	fl_watching_clear(&watching);
	return code;
}

/* FL_EXIT_CLEAN, or the exit code after a message. */
static int check_input(struct fl_running *running)
{
	const char *program = running->operands[0];
	struct fl_error error = { "" };

	if (fl_preload_find_program(program, &running->path, &error) < 0 ||
	    fl_preload_look(running->path, &running->obstacle, &error) < 0 ||
	    fl_preload_check_wrapper(running->options->wrapper, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	if (fl_preload_find_library(&running->library, &error) < 0)
		return fl_message_fail(FL_EXIT_INTERNAL, &error);
	if (fl_adapters_check(running->options->adapter, &running->adapters, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	return FL_EXIT_CLEAN;
}

static int run_program(const struct fl_options *options, char **operands)
{
	struct fl_running running = { .options = options,
				      .operands = operands,
				      .seed = options->seed };
	int code;

	if (!operands[0])
		return fl_command_misused(&fl_cmd_run, "names no program");
	code = check_input(&running);
	if (code == FL_EXIT_CLEAN) {
		fl_face_init(&running.face, operands);
		code = running.face.flags.is_on ? fl_face_run(&running) : fl_running_once(&running);
	}
	fl_face_clear(&running.face);
	free(running.path);
	free(running.library);
	free(running.adapters);
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
		   "'-' that is the first character or follows a ':' is left out.  Flags of\n"
		   "GoogleTest's among the arguments of a program of any framework are understood;\n"
		   "--gtest_help, as one of them, lists them.\n",
	.exits   = "0 clean or excused, 1 tests fail, 2 flaky tests found,\n"
		   "3 attempts missing, 64 usage, 70 internal error, 128+n ended by signal n",
	.options = FL_FOR_RUN,
	.run     = run_program,
};
