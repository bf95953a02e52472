/* SPDX-License-Identifier: MIT */
/*
 * attach.c - `flicker attach`, internal: the outside of a plain preload.
 *
 * The agent starts it at the first suspect or failure, with settings in the
 * environment only; hence there is always something to report.  The host waits
 * for its exit code: report and summary are complete before it gets one.
 */
#include "command.h"
#include "interrupt.h"
#include "message.h"
#include "preload.h"
#include "watching.h"

#include <errno.h>
#include <fcntl.h>

/* `run` is the session's; the copy only differs in the exit code. */
static int decide(void *context, const struct fl_run *run)
{
	struct fl_watching *watching = context;
	struct fl_run decided = *run;

	/* Tests were named, and the program has none of them. */
	if (!run->test_count) {
		fl_message_say("no test of '%s' is selected", run->program.path);
		watching->is_finished = true;
		return FL_EXIT_USAGE;
	}
	decided.exit_code = fl_session_exit_code(run, true);
	return fl_watching_finish(watching, &decided);
}

/* Where the host died or we were interrupted nobody was asked to decide. */
static int end(struct fl_watching *watching, struct fl_run *run, int r,
	       const struct fl_error *error)
{
	if (r < 0 && r != -EINTR) {
		fl_progress_clear(&watching->line);
		fl_message_say("%s", error->text);
		return FL_EXIT_INTERNAL;
	}
	if (watching->is_finished)
		return FL_EXIT_CLEAN;
	run->exit_code = r == -EINTR ? fl_interrupt_exit_code() : fl_session_exit_code(run, true);
	return fl_watching_finish(watching, run);
}

static int attach(const struct fl_options *options, char **operands)
{
	struct fl_session_settings settings;
	autofree char *library = NULL;
	struct fl_watching watching;
	struct fl_error error = { "" };
	struct fl_events events;
	struct fl_run run = { 0 };
	int r, code;

	if (operands[0] || options->ready_fd <= STDERR_FILENO ||
	    fcntl((int)options->ready_fd, F_GETFD) < 0)
		return fl_command_misused(&fl_cmd_attach, "is for libflicker.so only");
	fl_watching_init(&watching, options, true);
	if (fl_watching_prepare(&watching, NULL, &error) < 0) {
		fl_message_say("%s", error.text);
		fl_watching_clear(&watching);
		return FL_EXIT_USAGE;
	}
	settings = fl_watching_settings(&watching);
	/* Without it there are no attempts in processes of their own. */
	if (fl_preload_find_library(&library, &error) == 0)
		settings.agent = library;
	events = fl_watching_events(&watching);
	fl_interrupt_catch();
	r = fl_session_attach(&settings, &events, (int)options->ready_fd, decide, &run, &error);
	code = end(&watching, &run, r, &error);
	fl_run_clear(&run);
	fl_watching_clear(&watching);
	return code;
}

const struct fl_command fl_cmd_attach = {
	.name        = "attach",
	.usage       = "flicker attach --ready-fd N",
	.summary     = "serve a program that was started with LD_PRELOAD",
	.options     = FL_FOR_ATTACH,
	.is_internal = true,
	.run         = attach,
};
