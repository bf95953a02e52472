/* SPDX-License-Identifier: MIT */
/*
 * report.c - `flicker report`: reports, finished or cut short, for people and in other formats.
 */
#include "command.h"
#include "gather.h"
#include "message.h"
#include "reports.h"

#include "../report/merge.h"
#include "../report/summary.h"

static int read_merged(char **operands, struct fl_run *ret_run, struct fl_error *error)
{
	autofree struct fl_run *runs = NULL;
	size_t count = 0;
	int r = fl_gather_runs(operands, &runs, &count, error);

	if (r >= 0)
		fl_merge_runs(runs, count, ret_run);
	return r;
}

static int print_summary(const struct fl_options *options, const char *path,
			 const struct fl_run *run)
{
	struct fl_summary_style style = {
		.use_colour = fl_message_has_colour(stdout),
		.is_quiet = options->is_quiet,
		.report_path = options->is_merge ? NULL : path,
	};

	fl_summary_print(stdout, run, &style);
	return FL_EXIT_CLEAN;
}

static int spare_inputs(const struct fl_reports *reports, char **operands, struct fl_error *error)
{
	int r = 0;

	for (; *operands && r >= 0; operands++)
		r = fl_reports_spare(reports, "what it is made of", *operands, error);
	return r;
}

static int render(const struct fl_options *options, char **operands, const struct fl_run *run)
{
	struct fl_error error = { "" };
	struct fl_reports reports;
	bool is_written = false;
	int r;

	fl_reports_init(&reports, options->report);
	r = spare_inputs(&reports, operands, &error);
	if (r >= 0)
		r = fl_reports_render(&reports, run, &is_written, &error);
	if (r < 0)
		fl_message_say("%s", error.text);
	fl_reports_clear(&reports);
	return r >= 0 ? FL_EXIT_CLEAN : is_written ? FL_EXIT_INTERNAL : FL_EXIT_USAGE;
}

static int report(const struct fl_options *options, char **operands)
{
	struct fl_error error = { "" };
	struct fl_run run = { 0 };
	int r, code;

	if (!operands[0])
		return fl_command_misused(&fl_cmd_report, "names no file");
	if (operands[1] && !options->is_merge)
		return fl_command_misused(&fl_cmd_report,
					  "names several files; '--merge' unites them");
	r = options->is_merge ? read_merged(operands, &run, &error) :
				fl_json_read(operands[0], &run, &error);
	if (r < 0) {
		fl_message_say("%s", error.text);
		return FL_EXIT_USAGE;
	}
	code = options->report ? render(options, operands, &run)
			       : print_summary(options, operands[0], &run);
	fl_run_clear(&run);
	return code;
}

const struct fl_command fl_cmd_report = {
	.name    = "report",
	.usage   = "flicker report [options] file\n"
		   "flicker report --merge [options] file|folder ...",
	.summary = "print the summary of a report, or write it in another format",
	.text    = "The file is a JSON report, or the .part that an interrupted run has left.\n"
		   "With --merge all reports given, and all below folders given, are one: of a test\n"
		   "of a program the newest run counts.  '--report json=FILE' keeps what was made.\n",
	.exits   = "0 printed or written, 64 usage, no readable report given,\n"
		   "70 what was asked for could not be written",
	.options = FL_FOR_REPORT,
	.run     = report,
};
