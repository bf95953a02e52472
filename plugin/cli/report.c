/* SPDX-License-Identifier: MIT */
/*
 * report.c - `flicker report`: a report, finished or cut short, for people to read.
 */
#include "command.h"
#include "message.h"

#include "../report/json.h"
#include "../report/summary.h"

static int report(const struct fl_options *options, char **operands)
{
	struct fl_summary_style style = {
		.use_colour = fl_message_has_colour(stdout),
		.is_quiet = options->is_quiet,
		.report_path = operands[0],
	};
	struct fl_error error = { "" };
	struct fl_run run = { 0 };

	if (!operands[0] || operands[1])
		return fl_command_misused(&fl_cmd_report, operands[0] ? "names several files"
								      : "names no file");
	if (fl_json_read(operands[0], &run, &error) < 0) {
		fl_message_say("%s", error.text);
		return FL_EXIT_MALFORMED;
	}
	fl_summary_print(stdout, &run, &style);
	fl_run_clear(&run);
	return FL_EXIT_CLEAN;
}

const struct fl_command fl_cmd_report = {
	.name    = "report",
	.usage   = "flicker report [options] file",
	.summary = "print the summary of a report",
	.text    = "The file is a JSON report, or the .part that an interrupted run has left.\n",
	.exits   = "0 printed, 2 not a readable report, 64 usage",
	.options = FL_FOR_REPORT,
	.run     = report,
};
