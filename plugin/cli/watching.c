/* SPDX-License-Identifier: MIT */
/*
 * watching.c - from a session's events to the report, the progress line and the summary.
 *
 * Whatever writes to standard error clears the progress line first.  The report
 * comes before the summary: after an interrupt it is the one that must not be lost.
 */
#include "watching.h"

#include "command.h"
#include "message.h"

#include "../report/summary.h"

#include <errno.h>
#include <sys/stat.h>

/* A guest's report that cannot be opened is a warning: its tests go on. */
static int refuse_report(struct fl_watching *watching, int code, const struct fl_error *error)
{
	if (!watching->is_guest)
		return code;
	fl_message_warn("%s; there will be no report", error->text);
	return 0;
}

char *fl_watching_report_path(const char *program)
{
	const char *slash = strrchr(program, '/');

	return fl_base_format("%s.flicker.json", slash ? slash + 1 : program);
}

static int open_report(struct fl_watching *watching, const struct fl_run *run,
		       struct fl_error *error)
{
	int r;

	if (!watching->wanted_path)
		watching->wanted_path = fl_watching_report_path(run->program.path);
	r = fl_json_open(watching->wanted_path, run, &watching->writer, &watching->report_path,
			 error);
	if (r < 0)
		return refuse_report(watching, r, error);
	if (strcmp(watching->report_path, watching->wanted_path) != 0)
		fl_message_say("another run is writing '%s'; this report goes to '%s'",
			       watching->wanted_path, watching->report_path);
	return 0;
}

static int on_started(void *context, const struct fl_run *run, struct fl_error *error)
{
	struct fl_watching *watching = context;

	fl_progress_clear(&watching->line);
	return open_report(watching, run, error);
}

static void on_progress(void *context, const struct fl_progress *progress)
{
	struct fl_watching *watching = context;

	fl_progress_draw(&watching->line, progress);
}

/* A line that is missing in the .part is not lost: the whole report is written at the end. */
static int on_judged(void *context, const struct fl_test *test, struct fl_error *error)
{
	struct fl_watching *watching = context;

	fl_progress_clear(&watching->line);
	if (!watching->writer || fl_json_append(watching->writer, test, error) >= 0)
		return 0;
	if (!watching->has_append_failed)
		fl_message_warn("%s", error->text);
	watching->has_append_failed = true;
	return 0;
}

static void on_warning(void *context, const char *text)
{
	struct fl_watching *watching = context;

	fl_progress_clear(&watching->line);
	fl_message_warn("%s", text);
}

struct fl_events fl_watching_events(struct fl_watching *watching)
{
	return (struct fl_events){
		.context = watching,
		.started = on_started,
		.progress = on_progress,
		.judged = on_judged,
		.warning = on_warning,
	};
}

void fl_watching_init(struct fl_watching *watching, const struct fl_options *options,
		      bool is_guest)
{
	const char *path = fl_option_report_path(options->report);

	*watching = (struct fl_watching){
		.options = options,
		.is_guest = is_guest,
		.wanted_path = fl_base_copy(path),
	};
	fl_progress_init(&watching->line, !options->is_quiet && !options->has_no_progress);
}

void fl_watching_clear(struct fl_watching *watching)
{
	fl_progress_clear(&watching->line);
	fl_json_abandon(watching->writer);
	free(watching->wanted_path);
	free(watching->report_path);
	fl_run_clear(&watching->earlier);
	*watching = (struct fl_watching){ 0 };
}

/* The report appears by rename(2): the directory decides. */
static int try_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *trial = fl_base_format("%.*s.flicker-XXXXXX",
					      slash ? (int)(slash - path + 1) : 0, path);
	autoclose int fd = mkstemp(trial);

	if (fd < 0)
		return -errno;
	unlink(trial);
	return 0;
}

int fl_watching_check_path(const char *path, struct fl_error *error)
{
	struct stat status;
	int r = 0;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return fl_error_set(error, S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL,
				    "cannot write the report '%s': it is no regular file", path);
	r = try_directory(path);
	if (r < 0)
		return fl_error_set(error, r, "cannot write the report '%s': %s; name another with "
				    "'--report json=PATH'", path, strerror(-r));
	return 0;
}

int fl_watching_read_earlier(struct fl_watching *watching, const struct fl_run **ret_earlier,
			     struct fl_error *error)
{
	const char *path = watching->options->new_only;
	int r = path ? fl_json_read(path, &watching->earlier, error) : 0;

	if (r >= 0 && path)
		*ret_earlier = &watching->earlier;
	return r;
}

static int write_report(struct fl_watching *watching, const struct fl_run *run)
{
	struct fl_error error = { "" };

	if (!watching->writer || fl_json_finish(take(watching->writer), run, &error) >= 0)
		return run->exit_code;
	fl_message_say("%s", error.text);
	free(take(watching->report_path));
	return FL_EXIT_INTERNAL;
}

/* In one write(2) as far as may be: others write to standard error too. */
static void print_summary(const struct fl_watching *watching, const struct fl_run *run)
{
	struct fl_summary_style style = {
		.use_colour = fl_message_has_colour(stderr),
		.is_quiet = watching->options->is_quiet,
		.report_path = watching->report_path,
	};
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	fl_summary_print(out, run, &style);
	if (fclose(out) == 0)
		(void)fl_file_write_all(STDERR_FILENO, text, size);
}

int fl_watching_finish(struct fl_watching *watching, const struct fl_run *run)
{
	int code;

	fl_progress_clear(&watching->line);
	code = write_report(watching, run);
	print_summary(watching, run);
	watching->is_finished = true;
	return code;
}

struct fl_session_settings fl_watching_settings(const struct fl_options *options)
{
	return (struct fl_session_settings){
		.seed = options->seed,
		.runs = options->runs,
		.until = (enum fl_until)options->until,
		.has_no_time = options->time_ms == FL_OPTION_UNLIMITED,
		.time_ms = options->time_ms == FL_OPTION_UNLIMITED ? 0 : options->time_ms,
		.jobs = (unsigned)options->jobs,
		.mode = (enum fl_mode)options->mode,
		.perturb = FL_PERTURB_BIT(RANDOM),
		.policy = (enum fl_policy)options->policy,
		.gate = (enum fl_gate)options->gate,
		.max_suspects = options->max_suspects,
		.wrapper = options->wrapper,
		.adapter = options->adapter,
		.keep_core = options->keep_core,
		.timeout_ms = options->timeout_ms,
		.is_all = options->is_all,
		.suspect = options->suspect,
		.filter = options->filter,
		.test = options->test,
	};
}
