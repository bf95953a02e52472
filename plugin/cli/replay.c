/* SPDX-License-Identifier: MIT */
/*
 * replay.c - `flicker replay`: one attempt, repeated exactly.
 *
 * Where the binary is another one it is said, and the attempt is made all the same: a
 * failure that is still there is worth more than a reason not to look.
 */
#define _GNU_SOURCE
#include "replaying.h"

#include "adapters.h"
#include "command.h"
#include "debugger.h"
#include "interrupt.h"
#include "message.h"
#include "preload.h"

#include "../report/summary.h"
#include "../report/text.h"

#include <errno.h>
#include <limits.h>

/* ---- what is told while it runs ---- */

static const struct fl_test *test_of(const struct fl_replaying *replaying)
{
	return replaying->run.test_count ? replaying->run.tests[0] : NULL;
}

/* The program is known: is it the one? */
static int on_started(void *context, const struct fl_run *run, struct fl_error *error)
{
	struct fl_replaying *replaying = context;
	const struct fl_token *token = &replaying->recipe.token;
	const char *build_id = run->program.build_id;

	replaying->is_other = token->binary && build_id && !fl_token_fits(token, build_id);
	if (replaying->is_other)
		fl_message_say("this is another binary than the token's: '%.*s', not '%s'",
			       (int)strlen(token->binary), build_id, token->binary);
	return replaying->on_started(context, run, error);
}

/* ---- what came of it ---- */

static void print_paths(FILE *out, const char *paths)
{
	fputs("report: ", out);
	fl_text_print(out, paths, " ");
	fputc('\n', out);
}

static void print_summary(const struct fl_replaying *replaying)
{
	struct fl_summary_style style = {
		.use_colour = replaying->use_colour,
		.is_quiet = replaying->options->is_quiet,
		.hides_replay = true,
	};
	autofree char *text = NULL, *paths = fl_reports_paths(&replaying->watching.reports);
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	fl_summary_replay(out, test_of(replaying), replaying->recipe.expected.signature, &style);
	if (paths)
		print_paths(out, paths);
	if (fclose(out) == 0)
		(void)fl_file_write_all(STDERR_FILENO, text, size);
}

static int finish_reports(struct fl_replaying *replaying, int code)
{
	struct fl_reports *reports = &replaying->watching.reports;
	struct fl_error error = { "" };
	size_t i;

	replaying->run.exit_code = code;
	for (i = 0; i < reports->count; i++)
		if (fl_reports_finish(reports, i, &replaying->run, &error) < 0)
			code = fl_message_fail(FL_EXIT_INTERNAL, &error);
	return code;
}

static int code_of(const struct fl_replaying *replaying, const struct fl_counts *counts)
{
	if (fl_counts_non_pass(counts))
		return FL_EXIT_CLEAN;
	if (replaying->is_other)
		return FL_EXIT_OTHER_BINARY;
	return fl_counts_total(counts) ? FL_EXIT_NOT_REPRODUCED : FL_EXIT_INTERNAL;
}

static int conclude(struct fl_replaying *replaying)
{
	struct fl_counts counts = fl_test_counts(test_of(replaying));
	int code = finish_reports(replaying, code_of(replaying, &counts));

	print_summary(replaying);
	if (replaying->options->capsule && fl_replaying_write_capsule(replaying) < 0)
		code = FL_EXIT_INTERNAL;
	return code;
}

/* The session could not be held, or not to its end. */
static int break_off(struct fl_replaying *replaying, int r, const struct fl_error *error)
{
	fl_progress_clear(&replaying->watching.line);
	if (r == -EINTR) {
		fl_message_say("interrupted");
		return fl_interrupt_exit_code();
	}
	if (r == -ENOENT && replaying->is_other)
		return fl_message_fail(FL_EXIT_OTHER_BINARY, error);
	return fl_message_fail(r == -ENOENT || r == -ENOEXEC ? FL_EXIT_USAGE : FL_EXIT_INTERNAL, error);
}

/* ---- making it ---- */

static int hold_session(struct fl_replaying *replaying, const struct fl_debugger *debugger,
			struct fl_error *error)
{
	const struct fl_options *options = replaying->options;
	const struct fl_token *token = &replaying->recipe.token;
	struct fl_replay wanted = {
		.id = token->id, .seed = token->seed, .attempt = token->attempt,
		.perturb = token->perturbations, .mode = token->mode,
		.has_prefix = token->has_prefix, .leaves_unseeded = token->leaves_unseeded,
		.times = options->times, .debugger = debugger ? debugger->words : NULL,
		.is_interactive = debugger && debugger->is_interactive,
		.binary = token->binary,
	};
	struct fl_session_settings settings = fl_watching_settings(&replaying->watching);
	struct fl_events events = fl_watching_events(&replaying->watching);

	replaying->on_started = events.started;
	events.started = on_started;
	settings.replay = &wanted;
	settings.argv = replaying->recipe.argv;
	settings.face = fl_face_no_lines(settings.argv);
	settings.path = replaying->program;
	settings.agentless = replaying->obstacle;
	settings.agent = replaying->library;
	settings.adapter = replaying->adapters;
	settings.wrapper = replaying->wrapper;
	settings.runs = options->times;
	settings.perturb = token->perturbations;
	settings.has_no_time = true;
	settings.test = NULL;
	/* A fork where it can be had; where the program forbids it now, what comes nearest. */
	settings.mode = token->mode == FL_MODE_EXEC || debugger ? FL_MODE_EXEC : FL_MODE_MIX;
	return fl_session_run(&settings, &events, &replaying->run, error);
}

static int replay_plainly(struct fl_replaying *replaying)
{
	struct fl_error error = { "" };
	int r;

	fl_interrupt_catch();
	r = hold_session(replaying, NULL, &error);
	fl_progress_clear(&replaying->watching.line);
	if (r >= 0 && !test_of(replaying))
		r = fl_error_set(&error, -EPROTO, "no attempt of '%s' could be made",
				 replaying->recipe.token.id);
	return r < 0 ? break_off(replaying, r, &error) : conclude(replaying);
}

/* Ended at its deadline? */
static bool has_hung(const struct fl_replaying *replaying)
{
	const struct fl_test *test = test_of(replaying);

	return test && fl_test_counts(test).by[FL_OUTCOME_TIMEOUT];
}

/* What the user does in gdb decides how the program ends: whether it stopped, gdb has told. */
static int replay_in_debugger(struct fl_replaying *replaying)
{
	struct fl_error error = { "" };
	struct fl_debugger debugger;
	bool has_stopped;
	int r;

	if (fl_debugger_open(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO), &debugger, &error) < 0)
		return fl_message_fail(FL_EXIT_INTERNAL, &error);
	replaying->watching.line.is_on = false;         /* the terminal is gdb's */
	fl_interrupt_catch_but_keyboard();
	r = hold_session(replaying, &debugger, &error);
	has_stopped = fl_debugger_has_stopped(&debugger);
	fl_debugger_close(&debugger);
	if (r < 0)
		return break_off(replaying, r, &error);
	if (has_stopped)
		return FL_EXIT_CLEAN;
	if (has_hung(replaying)) {
		fl_message_say("'%s' hung under gdb, which could not stop it",
			       replaying->recipe.token.id);
		return FL_EXIT_CLEAN;
	}
	fl_message_say("'%s' did not fail under gdb", replaying->recipe.token.id);
	return replaying->is_other ? FL_EXIT_OTHER_BINARY : FL_EXIT_NOT_REPRODUCED;
}

/* ---- before it ---- */

static int check_capsule(const struct fl_replaying *replaying, struct fl_error *error)
{
	const char *path = replaying->capsule_path ? replaying->capsule_path :
						     replaying->options->capsule;

	if (path && fl_file_is_same(path, replaying->program))
		return fl_error_set(error, -EINVAL, "the capsule '%s' would replace the program that is run: "
				    "name another with '--capsule FILE'", path);
	return path ? fl_reports_check_file("capsule", path, "--capsule FILE", error) : 0;
}

/* What is asked for goes together, and can be had?  FL_EXIT_CLEAN, or the code after a message. */
static int check_input(struct fl_replaying *replaying)
{
	const struct fl_recipe *recipe = &replaying->recipe;
	struct fl_error error = { "" };

	if (fl_preload_find_program(recipe->argv[0], &replaying->program, &error) < 0) {
		if (!recipe->has_own_program)
			fl_error_set(&error, -ENOENT, "'%s' is not here; name the program: "
				     "'flicker replay %s -- program [argument ...]'",
				     recipe->argv[0], replaying->operand);
		return fl_message_fail(FL_EXIT_USAGE, &error);
	}
	replaying->watching.program = replaying->program;
	if ((replaying->options->uses_debugger ?
	     fl_preload_check(replaying->program, &error) :
	     fl_preload_look(replaying->program, &replaying->obstacle, &error)) < 0 ||
	    (!replaying->options->uses_debugger &&
	     fl_preload_check_wrapper(replaying->wrapper, &error) < 0) ||
	    fl_watching_prepare(&replaying->watching, recipe->argv[0], &error) < 0 ||
	    check_capsule(replaying, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	if (fl_preload_find_library(&replaying->library, &error) < 0)
		return fl_message_fail(FL_EXIT_INTERNAL, &error);
	return FL_EXIT_CLEAN;
}

static int check_options(const struct fl_options *options)
{
	if (!options->uses_debugger || (options->times == 1 && !options->capsule && !options->report))
		return FL_EXIT_CLEAN;
	return fl_command_misused(&fl_cmd_replay, "is under '--gdb' done once, without report and capsule");
}

/* Wrapper and adapters: what was given goes before what the report or capsule says. */
static int choose_settings(struct fl_replaying *replaying, struct fl_error *error)
{
	const struct fl_options *options = replaying->options;
	const struct fl_recipe *recipe = &replaying->recipe;

	replaying->wrapper = options->wrapper ? options->wrapper : recipe->wrapper;
	return fl_adapters_check(options->adapter ? options->adapter : recipe->adapters,
				 &replaying->adapters, error);
}

static int make(struct fl_replaying *replaying)
{
	struct fl_error error = { "" };
	int code = FL_EXIT_CLEAN;

	/* Before a capsule may lead us elsewhere. */
	if (choose_settings(replaying, &error) < 0 ||
	    fl_reports_spare(&replaying->watching.reports, "what is repeated", replaying->operand,
			     &error) < 0)
		code = fl_message_fail(FL_EXIT_USAGE, &error);
	if (code == FL_EXIT_CLEAN && replaying->recipe.has_capsule &&
	    fl_replaying_enter_capsule(replaying, &error) < 0)
		code = fl_message_fail(FL_EXIT_USAGE, &error);
	if (code == FL_EXIT_CLEAN)
		code = check_input(replaying);
	if (code != FL_EXIT_CLEAN)
		return code;
	if (replaying->recipe.others)
		fl_message_say("'%s' has failures of %zu tests; this is '%s', '--test ID' chooses another",
			       replaying->operand, replaying->recipe.others + 1, replaying->recipe.token.id);
	return replaying->options->uses_debugger ? replay_in_debugger(replaying)
						 : replay_plainly(replaying);
}

static int replay(const struct fl_options *options, char **operands)
{
	struct fl_replaying replaying = { .options = options, .operand = operands[0] };
	struct fl_error error = { "" };
	int code;

	if (!operands[0])
		return fl_command_misused(&fl_cmd_replay, "names no token, report or capsule");
	code = check_options(options);
	if (code != FL_EXIT_CLEAN)
		return code;
	if (fl_recipe_read(operands, options->test, &replaying.recipe, &error) < 0)
		return fl_message_fail(FL_EXIT_USAGE, &error);
	replaying.use_colour = fl_message_has_colour(stderr);
	fl_watching_init(&replaying.watching, options, false);
	if (!options->report)
		fl_reports_clear(&replaying.watching.reports);  /* not even the usual one */
	code = make(&replaying);
	fl_replaying_clear(&replaying);
	return code;
}

const struct fl_command fl_cmd_replay = {
	.name    = "replay",
	.usage   = "flicker replay [options] token|file [-- program [argument ...]]",
	.summary = "repeat one attempt exactly",
	.text    = "A token is what stands in a finding after 'replay:'.  A file is a report, of\n"
		   "which the first failure of the first flaky or failing test (or of --test) is\n"
		   "repeated, or a capsule; both know the program, a token does not.  The attempt\n"
		   "has the same seed and number and, where it had them, the same tests before it.\n",
	.exits   = "0 it failed again, 1 it did not, 2 it did not and this is another\n"
		   "binary, 64 usage, 70 internal error, 128+n ended by signal n",
	.options = FL_FOR_REPLAY,
	.run     = replay,
};
