/* SPDX-License-Identifier: MIT */
/*
 * options.c - the table of all settings.
 *
 * The order of rows is the order of help.  A row with no help is internal.
 */
#include "options.h"

#include "../engine/model.h"

#include <ctype.h>
#include <errno.h>

#define FIELD(field) .offset = offsetof(struct fl_options, field)

static int check_report(const struct fl_option_value *value, struct fl_error *error)
{
	static const char *const formats[] = { "json" };
	size_t length = strcspn(value->text, "="), i;

	if (value->text[length] == '=' && !value->text[length + 1])
		return fl_error_set(error, -EINVAL, "%s names no path after '%s'", value->origin,
				    value->text);
	for (i = 0; i < FL_COUNT(formats); i++)
		if (strlen(formats[i]) == length && memcmp(value->text, formats[i], length) == 0)
			return 0;
	return fl_error_set(error, -EINVAL, "%s does not know the format '%.*s'; known: json",
			    value->origin, (int)length, value->text);
}

#define FOR_SESSION (FL_FOR_RUN | FL_FOR_ATTACH)
#define FOR_ALL     (FL_FOR_RUN | FL_FOR_LIST | FL_FOR_REPORT | FL_FOR_HELP | FL_FOR_ATTACH)

const struct fl_option fl_option_table[] = {
	{ .name = "runs", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .preset = "300", .help = "attempts of each suspect",
	  .min = 1, .max = 1000000000, FIELD(runs) },
	{ .name = "until", .kind = FL_OPTION_WORD, .metavar = "WHEN", .commands = FOR_SESSION,
	  .parse = fl_until_parse, .words = "confident, runs, fail", .preset = "confident",
	  .help = "when a suspect has had enough: confident, runs or fail", FIELD(until) },
	{ .name = "time", .kind = FL_OPTION_LIMIT, .metavar = "SECONDS", .commands = FOR_SESSION,
	  .help = "time for all attempts, or none (default: 3 times the plain run, 10 s to 10 min)",
	  FIELD(time_ms) },
	{ .name = "mode", .kind = FL_OPTION_WORD, .metavar = "MODE", .commands = FOR_SESSION,
	  .parse = fl_mode_parse, .words = "mix, fork, exec", .preset = "mix",
	  .help = "attempts are forks, fresh processes (exec), or both (mix)", FIELD(mode) },
	{ .name = "jobs", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .preset = "1", .min = 1, .max = 64, .help = "attempts made at a time", FIELD(jobs) },
	{ .name = "max-suspects", .kind = FL_OPTION_NUMBER, .metavar = "N",
	  .commands = FOR_SESSION, .min = 1, .max = 1000000,
	  .help = "re-execute no more than N suspects", FIELD(max_suspects) },
	{ .name = "policy", .kind = FL_OPTION_WORD, .metavar = "POLICY", .commands = FOR_SESSION,
	  .parse = fl_policy_parse, .words = "fail, tolerate, quarantine", .preset = "fail",
	  .help = "what a flaky test does to the exit code: fail, tolerate or quarantine",
	  FIELD(policy) },
	{ .name = "gate", .kind = FL_OPTION_WORD, .metavar = "ARMS", .commands = FOR_SESSION,
	  .parse = fl_gate_parse, .words = "natural, any", .preset = "natural",
	  .help = "do failures under stress count for the exit code: natural (no) or any",
	  FIELD(gate) },
	{ .name = "new-only", .kind = FL_OPTION_TEXT, .metavar = "REPORT", .commands = FOR_SESSION,
	  .help = "tests that are flaky in this report do not count for the exit code",
	  FIELD(new_only) },
	{ .name = "wrapper", .kind = FL_OPTION_TEXT, .metavar = "COMMAND", .commands = FOR_SESSION,
	  .help = "run exec attempts under this command, such as valgrind", FIELD(wrapper) },
	{ .name = "adapter", .kind = FL_OPTION_LIST, .metavar = "FILE", .commands = FOR_SESSION,
	  .help = "a framework's adapter that is not flicker's own; repeatable", FIELD(adapter) },
	{ .name = "core", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION,
	  .help = "keep the first core of each kind of failure", FIELD(keep_core) },
	{ .name = "all", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION,
	  .help = "every test is suspect", FIELD(is_all) },
	{ .name = "suspect", .kind = FL_OPTION_LIST, .metavar = "PATTERN",
	  .commands = FOR_SESSION,
	  .help = "tests that match are suspect; repeatable", FIELD(suspect) },
	{ .name = "filter", .kind = FL_OPTION_TEXT, .metavar = "PATTERN",
	  .commands = FOR_SESSION | FL_FOR_LIST,
	  .help = "leave out tests that do not match", FIELD(filter) },
	{ .name = "test", .kind = FL_OPTION_LIST, .metavar = "ID", .commands = FOR_SESSION,
	  .help = "only this test is run, and it is suspect; repeatable", FIELD(test) },
	{ .name = "timeout", .kind = FL_OPTION_SECONDS, .metavar = "SECONDS",
	  .commands = FOR_SESSION,
	  .help = "time for an attempt (default: 10, or 10 times the host run if that is more)",
	  FIELD(timeout_ms) },
	{ .name = "seed", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .help = "seed of the run, decimal or 0x... (default: randomized)",
	  .max = UINT64_MAX, FIELD(seed) },
	{ .name = "report", .kind = FL_OPTION_TEXT, .metavar = "FORMAT[=PATH]",
	  .commands = FOR_SESSION, .check = check_report,
	  .help = "write a report; FORMAT is json (default: json=<program>.flicker.json)",
	  FIELD(report) },
	{ .name = "suspects", .kind = FL_OPTION_FLAG, .commands = FL_FOR_LIST,
	  .is_option_only = true,
	  .help = "list the annotations instead, without running the program",
	  FIELD(is_suspects) },
	{ .name = "quiet", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION | FL_FOR_REPORT,
	  .help = "print findings only", FIELD(is_quiet) },
	{ .name = "no-progress", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION,
	  .help = "no progress line on a terminal", FIELD(has_no_progress) },
	{ .name = "help", .kind = FL_OPTION_FLAG, .commands = FOR_ALL, .is_option_only = true,
	  .help = "print this page", FIELD(is_help) },
	{ .name = "ready-fd", .kind = FL_OPTION_NUMBER, .metavar = "N",
	  .commands = FL_FOR_ATTACH, .is_option_only = true, .max = INT32_MAX, FIELD(ready_fd) },
};

const size_t fl_option_count = FL_COUNT(fl_option_table);

const struct fl_option *fl_option_find(const char *name, unsigned commands)
{
	size_t length = strcspn(name, "="), i;

	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if ((option->commands & commands) && strlen(option->name) == length &&
		    memcmp(option->name, name, length) == 0)
			return option;
	}
	return NULL;
}

char *fl_option_variable(const struct fl_option *option)
{
	char *variable = fl_base_format("FLICKER_%s", option->name), *p;

	for (p = variable; *p; p++)
		*p = (char)(*p == '-' ? '_' : toupper((unsigned char)*p));
	return variable;
}

const char *fl_option_report_path(const char *report)
{
	const char *equals = report ? strchr(report, '=') : NULL;

	return equals ? equals + 1 : NULL;
}

void fl_options_clear(struct fl_options *options)
{
	free(options->suspect);
	free(options->filter);
	free(options->test);
	free(options->report);
	free(options->wrapper);
	free(options->new_only);
	free(options->adapter);
	*options = (struct fl_options){ 0 };
}
