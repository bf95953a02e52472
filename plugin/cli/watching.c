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
#include "reported.h"
#include "spare.h"

#include "../engine/judge/frameworks.h"
#include "../report/json.h"
#include "../report/merge.h"
#include "../report/summary.h"

enum { QUARANTINE_DAYS = 30 };          /* of an entry that is proposed */

/* A guest's report that cannot be opened is a warning: its tests go on. */
static int refuse_report(struct fl_watching *watching, int code, const struct fl_error *error)
{
	if (!watching->is_guest)
		return code;
	fl_message_warn("%s; there will be no report", error->text);
	return 0;
}

/* Named, and none of them in the way of what is read and run. */
static int name_reports(struct fl_watching *watching, const char *program, struct fl_error *error)
{
	autofree char *stem = fl_face_stem(watching->face, program);
	int r = fl_reports_name(&watching->reports, stem, error);

	return r < 0 ? r : fl_spare_all(&(struct fl_spare){
		.options = watching->options,
		.program = watching->program ? watching->program : program,
		.reports = &watching->reports,
		.face = watching->face,
	}, error);
}

static int open_reports(struct fl_watching *watching, const struct fl_run *run,
			struct fl_error *error)
{
	struct fl_reports *reports = &watching->reports;
	int r = name_reports(watching, run->program.path, error);
	size_t i;

	if (r >= 0)
		r = fl_reports_open(reports, run, error);
	if (r < 0)
		return refuse_report(watching, r, error);
	for (i = 0; i < reports->count; i++)
		if (reports->items[i].path &&
		    strcmp(reports->items[i].path, reports->items[i].wanted) != 0)
			fl_message_say("another run is writing '%s'; this report goes to '%s'",
				       reports->items[i].wanted, reports->items[i].path);
	return 0;
}

static int on_started(void *context, const struct fl_run *run, struct fl_error *error)
{
	struct fl_watching *watching = context;

	fl_progress_clear(&watching->line);
	fl_merge_keep_program(&watching->earlier, run->program.path);
	if (watching->face && fl_frameworks_has_face(run->program.framework)) {
		int r = fl_face_meet(watching->face, error);

		if (r < 0)
			return r;
	}
	return open_reports(watching, run, error);
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
	if (fl_reports_append(&watching->reports, test, error) >= 0)
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

static char *core_path(void *context, const char *signature)
{
	const struct fl_watching *watching = context;
	const struct fl_reports *reports = &watching->reports;
	size_t i;

	for (i = 0; i < reports->count; i++)
		if (reports->items[i].path)
			return fl_base_format("%s.core.%s", reports->items[i].path, signature);
	return NULL;
}

struct fl_events fl_watching_events(struct fl_watching *watching)
{
	return (struct fl_events){
		.context = watching,
		.started = on_started,
		.progress = on_progress,
		.judged = on_judged,
		.warning = on_warning,
		.core = core_path,
	};
}

void fl_watching_init(struct fl_watching *watching, const struct fl_options *options,
		      bool is_guest)
{
	*watching = (struct fl_watching){
		.options = options,
		.is_guest = is_guest,
	};
	fl_reports_init(&watching->reports, options->report);
	fl_progress_init(&watching->line, !options->is_quiet && !options->has_no_progress);
}

void fl_watching_clear(struct fl_watching *watching)
{
	fl_progress_clear(&watching->line);
	fl_reports_clear(&watching->reports);
	free(watching->reported);
	fl_run_clear(&watching->earlier);
	*watching = (struct fl_watching){ 0 };
}

int fl_watching_prepare(struct fl_watching *watching, const char *program, struct fl_error *error)
{
	const char *earlier = watching->options->new_only;
	int r = fl_reported_read(watching->options->suspect_from, &watching->reported, error);

	if (r >= 0 && earlier)
		r = fl_json_read(earlier, &watching->earlier, error);
	if (r >= 0 && program)
		r = name_reports(watching, program, error);
	if (r >= 0 && program)
		r = fl_reports_check(&watching->reports, error);
	return r;
}

static int write_reports(struct fl_watching *watching, const struct fl_run *run)
{
	int code = run->exit_code;
	size_t i;

	for (i = 0; i < watching->reports.count; i++) {
		struct fl_error error = { "" };

		if (fl_reports_finish(&watching->reports, i, run, &error) >= 0)
			continue;
		fl_message_say("%s", error.text);
		code = FL_EXIT_INTERNAL;
	}
	return code;
}

/* The last of those that are named. */
static const char *quarantine_file(const struct fl_options *options)
{
	const char *newline = options->quarantine ? strrchr(options->quarantine, '\n') : NULL;

	return newline ? newline + 1 : options->quarantine;
}

/* In one write(2) as far as may be: others write to standard error too. */
static void print_summary(const struct fl_watching *watching, const struct fl_run *run)
{
	autofree char *paths = fl_reports_paths(&watching->reports);
	char today[FL_DATE_SIZE], until[FL_DATE_SIZE];
	bool is_followed =
		watching->is_followed && !run->is_interrupted && !run->program.exit_signal;
	struct fl_summary_style style = {
		.use_colour = fl_message_has_colour(stderr),
		.is_quiet = watching->options->is_quiet,
		.report_path = paths,
		.until = is_followed ? NULL : until,
		.has_no_advice = is_followed,
		.quarantine = quarantine_file(watching->options),
		.is_preload = watching->is_guest,
	};
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	fl_date_today(today);
	fl_date_after(today, QUARANTINE_DAYS, until);
	fl_summary_print(out, run, &style);
	if (fclose(out) == 0)
		(void)fl_file_write_all(STDERR_FILENO, text, size);
}

int fl_watching_finish(struct fl_watching *watching, const struct fl_run *run)
{
	int code;

	fl_progress_clear(&watching->line);
	code = write_reports(watching, run);
	print_summary(watching, run);
	watching->is_finished = true;
	return code;
}

struct fl_session_settings fl_watching_settings(const struct fl_watching *watching)
{
	const struct fl_options *options = watching->options;

	return (struct fl_session_settings){
		.seed = options->seed,
		.runs = options->runs,
		.until = (enum fl_until)options->until,
		.has_no_time = options->time_ms == FL_OPTION_UNLIMITED,
		.time_ms = options->time_ms == FL_OPTION_UNLIMITED ? 0 : options->time_ms,
		.jobs = (unsigned)options->jobs,
		.mode = options->wrapper && options->mode == FL_MODE_MIX ? FL_MODE_EXEC :
			(enum fl_mode)options->mode,
		.perturb = options->perturb,
		.policy = (enum fl_policy)options->policy,
		.gate = (enum fl_gate)options->gate,
		.earlier = options->new_only ? &watching->earlier : NULL,
		.max_suspects = options->max_suspects,
		.wrapper = options->wrapper,
		.adapter = options->adapter,
		.cache = options->cache,
		.debug_dirs = options->debug_dir,
		.keep_core = options->keep_core,
		.timeout_ms = options->timeout_ms,
		.is_all = options->is_all,
		.suspect = options->suspect,
		.reported = watching->reported,
		.rules = options->rules,
		.rule_count = options->rule_count,
		.filter = options->filter,
		.test = options->test,
		.face = watching->face ? watching->face->lines : NULL,
	};
}
