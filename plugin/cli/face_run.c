/* SPDX-License-Identifier: MIT */
/*
 * face_run.c - `flicker run` as GoogleTest's flags have it: help, a list, so often, not at all.
 *
 * These do not begin with a run, so the program's tests are learned first, without running
 * any.  A program that has a command line of its own is asked itself then.
 */
#define _GNU_SOURCE
#include "running.h"

#include "command.h"
#include "interrupt.h"
#include "message.h"

#include "../base/process.h"
#include "../engine/judge/frameworks.h"
#include "../engine/session/session.h"

#include <flicker/seed.h>

#include <errno.h>

/* All its tests, disabled ones, too.  Filled as fl_session_run fills it. */
static int learn(const struct fl_running *running, struct fl_run *ret_run, struct fl_error *error)
{
	/* behind it comes a run that warns of the same, or nobody wants to know */
	struct fl_events events = { .warning = running->face.flags.is_list ? fl_message_on_warning : NULL };
	struct fl_session_settings settings = {
		.argv = running->operands,
		.path = running->path,
		.agent = running->library,
		.agentless = running->obstacle,
		.adapter = running->adapters,
		.is_list = true,
		.wants_places = running->face.flags.is_list && running->face.report,
		.seed = running->seed,
		.runs = running->options->runs,
		.face = "disabled=1\n",
	};

	fl_interrupt_catch();
	return fl_session_run(&settings, &events, ret_run, error);
}

/* What it says for itself.  Returns only if it cannot be started. */
static int become(const struct fl_running *running)
{
	fflush(stdout);
	fl_process_restore_signals();
	execv(running->path, running->operands);
	fl_message_say("cannot run '%s': %s", running->operands[0], strerror(errno));
	return FL_EXIT_USAGE;
}

static int tell_list(struct fl_running *running, const struct fl_run *run)
{
	struct fl_error error = { "" };

	if (fl_face_meet(&running->face, &error) < 0)
		return fl_message_fail(FL_EXIT_FAILED, &error);
	if (fl_face_list(&running->face, run, &error) < 0)
		return fl_message_fail(FL_EXIT_INTERNAL, &error);
	return FL_EXIT_CLEAN;
}

/* Of a program that has them from us. */
static int run_flags(struct fl_running *running, const struct fl_run *run)
{
	const struct fl_face_flags *flags = &running->face.flags;
	int code = FL_EXIT_CLEAN, one;
	bool is_proper = true;

	if (flags->unknown)
		fl_message_say("%s", flags->unknown);
	if (flags->wants_help) {
		fl_face_help();
		return FL_EXIT_CLEAN;
	}
	if (flags->fault) {
		fl_message_say("%s", flags->fault);
		return FL_EXIT_FAILED;
	}
	if (flags->is_list)
		return tell_list(running, run);
	running->is_renamed = true;
	for (running->iteration = 0; running->iteration != flags->repeat; running->iteration++) {
		if (running->iteration)
			running->seed =
				fl_seed_mix(running->options->seed + (uint64_t)running->iteration);
		fl_face_iterate(&running->face, running->iteration);
		fl_face_tell_iteration(&running->face, running->iteration);
		one = fl_running_once(running);
		is_proper &= running->is_proper;
		code = fl_face_worse(code, one);
		if (fl_interrupt_signal())
			code = fl_interrupt_exit_code();
		if (running->is_last || fl_interrupt_signal())
			break;
	}
	if (is_proper)
		fl_face_end(&running->face);
	return code;
}

static int run_plainly(struct fl_running *running)
{
	int code;

	fl_face_iterate(&running->face, 0);
	code = fl_running_once(running);
	if (running->is_proper)
		fl_face_end(&running->face);
	return code;
}

int fl_face_run(struct fl_running *running)
{
	const struct fl_face_flags *flags = &running->face.flags;
	bool is_asked = flags->wants_help || flags->is_list || flags->fault;
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r, code;

	if (!is_asked && flags->repeat == 1)
		return run_plainly(running);
	r = learn(running, &run, &error);
	if (r == -EINTR)
		code = fl_interrupt_exit_code();
	else if (fl_frameworks_has_face(run.program.framework))
		code = r < 0 ? fl_message_fail(FL_EXIT_INTERNAL, &error) : run_flags(running, &run);
	else if (r == -ENOEXEC ? is_asked : flags->is_list)
		code = become(running);
	else
		code = run_plainly(running);
	fl_run_clear(&run);
	return code;
}
