/* SPDX-License-Identifier: MIT */
/*
 * options.c - the table of all settings.
 *
 * The order of rows is the order of help.  A row with no help is internal.
 */
#include "options.h"

#include "../engine/model.h"
#include "../report/formats.h"

#include <flicker/exec.h>

#include <ctype.h>
#include <errno.h>

#define FIELD(field) .offset = offsetof(struct fl_options, field)

static int check_report(const struct fl_option_value *value, struct fl_error *error)
{
	size_t length = strcspn(value->text, "=");

	if (value->text[length] == '=' && !value->text[length + 1])
		return fl_error_set(error, -EINVAL, "%s names no path after '%s'", value->origin,
				    value->text);
	if (fl_format_find(value->text))
		return 0;
	return fl_error_set(error, -EINVAL, "%s does not know the format '%.*s'; known:"
			    FL_FORMAT_NAMES, value->origin, (int)length, value->text);
}

static int check_wrapper(const struct fl_option_value *value, struct fl_error *error)
{
	char **words;
	size_t count;

	if (fl_base_split_words(value->text, &words, &count) < 0)
		return fl_error_set(error, -EINVAL, "%s wants a command whose quotes close, not '%s'",
				    value->origin, value->text);
	fl_base_free_words(words);
	if (!count)
		return fl_error_set(error, -EINVAL, "%s wants a command, not '%s'", value->origin,
				    value->text);
	return 0;
}

static int check_token(const struct fl_option_value *value, struct fl_error *error)
{
	return *value->text ? 0 : fl_error_set(error, -EINVAL, "%s wants some text, not ''",
					       value->origin);
}

static int check_path(const struct fl_option_value *value, struct fl_error *error)
{
	return *value->text ? 0 : fl_error_set(error, -EINVAL, "%s wants a path, not ''",
					       value->origin);
}

/* enum fl_shell */
static int parse_shell(const char *word)
{
	static const char *const names[] = { "bash", "zsh", "fish" };
	size_t i;

	for (i = 0; i < FL_COUNT(names); i++)
		if (strcmp(names[i], word) == 0)
			return FL_SHELL_BASH + (int)i;
	return -EINVAL;
}

#define FL_X(id, word, ...) word,
static const char *const perturbation_names[] = { FL_PERTURBATIONS(FL_X) };
#undef FL_X

static const struct fl_mask_words perturbations = {
	.noun = "perturbation", .names = perturbation_names, .count = FL_COUNT(perturbation_names),
	.preset = FL_PERTURB_BIT(RANDOM),
};

#define FOR_SESSION (FL_FOR_RUN | FL_FOR_ATTACH)
#define FOR_REPLAY  (FOR_SESSION | FL_FOR_REPLAY)
#define FOR_CONFIG  (FOR_REPLAY | FL_FOR_LIST | FL_FOR_REPORT)
#define FOR_ALL     (FOR_CONFIG | FL_FOR_HELP | FL_FOR_ADOPT | FL_FOR_EXEC)

const struct fl_option fl_option_table[] = {
	{ .name = "runs", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .preset = "300", .help = "most attempts of each suspect",
	  .min = 1, .max = 1000000000, FIELD(runs) },
	{ .name = "until", .kind = FL_OPTION_WORD, .metavar = "WHEN", .commands = FOR_SESSION,
	  .parse = fl_until_parse, .words = "confident, runs, fail", .preset = "confident",
	  .help = "when a suspect has had enough: confident, runs or fail", FIELD(until) },
	{ .name = "time", .kind = FL_OPTION_LIMIT, .metavar = "SECONDS", .commands = FOR_SESSION,
	  .help = "time for all attempts, or none (default: 3 times the plain run, 10 s to 10 min; "
		  "at most 20 s under ctest, meson, automake)",
	  FIELD(time_ms) },
	{ .name = "timeout", .kind = FL_OPTION_SECONDS, .metavar = "SECONDS",
	  .commands = FOR_REPLAY,
	  .help = "time for an attempt (default: 10, or 10 times the host run if that is more)",
	  FIELD(timeout_ms) },
	{ .name = "jobs", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .preset = "1", .min = 1, .max = 64, .help = "attempts made at a time", FIELD(jobs) },
	{ .name = "mode", .kind = FL_OPTION_WORD, .metavar = "MODE", .commands = FOR_SESSION,
	  .parse = fl_mode_parse, .words = "mix, fork, exec", .preset = "mix",
	  .help = "attempts are forks (fork), fresh processes (exec), or both (mix)",
	  FIELD(mode) },
	{ .name = "perturb", .kind = FL_OPTION_MASK, .metavar = "LIST", .commands = FOR_SESSION,
	  .mask = &perturbations, .preset = "random",
	  .help = "sources of chance to take over: names with commas between, all or none; "
		  "+NAME,-NAME change the default", FIELD(perturb) },
	{ .name = "seed", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FOR_SESSION,
	  .help = "seed of the run, decimal or 0x... (default: randomized)",
	  .max = UINT64_MAX, FIELD(seed) },
	{ .name = "all", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION,
	  .help = "every test is suspect", FIELD(is_all) },
	{ .name = "suspect", .kind = FL_OPTION_LIST, .metavar = "PATTERN",
	  .commands = FOR_SESSION | FL_FOR_LIST,
	  .help = "tests that match are suspect; repeatable", FIELD(suspect) },
	{ .name = "suspect-from", .kind = FL_OPTION_LIST, .metavar = "REPORT",
	  .commands = FOR_SESSION, .check = check_path, .names = FL_NAMES_INPUT,
	  .help = "tests that are flaky in this report are suspect; repeatable",
	  FIELD(suspect_from) },
	{ .name = "max-suspects", .kind = FL_OPTION_NUMBER, .metavar = "N",
	  .commands = FOR_SESSION, .min = 1, .max = 1000000,
	  .help = "re-execute no more than N suspects (default: all)", FIELD(max_suspects) },
	{ .name = "filter", .kind = FL_OPTION_TEXT, .metavar = "PATTERN",
	  .commands = FOR_SESSION | FL_FOR_LIST,
	  .help = "leave out tests that do not match", FIELD(filter) },
	{ .name = "test", .kind = FL_OPTION_LIST, .metavar = "ID", .commands = FOR_SESSION,
	  .help = "only this test is run, and it is suspect; repeatable", FIELD(test) },
	{ .name = "policy", .kind = FL_OPTION_WORD, .metavar = "POLICY", .commands = FOR_SESSION,
	  .parse = fl_policy_parse, .words = "fail, tolerate, quarantine", .preset = "fail",
	  .help = "what a flaky test does to the exit code: fail, tolerate or quarantine",
	  FIELD(policy) },
	{ .name = "quarantine", .kind = FL_OPTION_LIST, .metavar = "FILE",
	  .commands = FOR_SESSION | FL_FOR_LIST, .check = check_path, .names = FL_NAMES_INPUT,
	  .help = "tests that are listed in FILE and flaky do not count for the exit code; "
		  "repeatable", FIELD(quarantine) },
	{ .name = "skip-code", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FL_FOR_RUN,
	  .is_option_only = true, .min = 1, .max = 125,
	  .help = "exit with N instead of 0 where all tests were skipped or are in quarantine",
	  FIELD(skip_code) },
	{ .name = "gate", .kind = FL_OPTION_WORD, .metavar = "ARMS", .commands = FOR_SESSION,
	  .parse = fl_gate_parse, .words = "natural, any", .preset = "natural",
	  .help = "failures that count for the exit code: without stress (natural) or any",
	  FIELD(gate) },
	{ .name = "new-only", .kind = FL_OPTION_TEXT, .metavar = "REPORT",
	  .commands = FOR_SESSION, .check = check_path, .names = FL_NAMES_INPUT,
	  .help = "tests that are flaky in this report do not count for the exit code",
	  FIELD(new_only) },
	{ .name = "wrapper", .kind = FL_OPTION_TEXT, .metavar = "COMMAND",
	  .commands = FOR_REPLAY, .check = check_wrapper, .names = FL_NAMES_COMMAND,
	  .help = "run exec attempts under this command, such as valgrind", FIELD(wrapper) },
	{ .name = "adapter", .kind = FL_OPTION_LIST, .metavar = "FILE",
	  .commands = FOR_REPLAY | FL_FOR_LIST, .check = check_path, .names = FL_NAMES_INPUT,
	  .help = "a framework's adapter that is not flicker's own; repeatable",
	  FIELD(adapter) },
	{ .name = "debug-dir", .kind = FL_OPTION_TEXT, .metavar = "DIR",
	  .commands = FOR_SESSION | FL_FOR_LIST,
	  .help = "separate debug files are here; colons between several (default: /usr/lib/debug)",
	  FIELD(debug_dir) },
	{ .name = "cache", .kind = FL_OPTION_TEXT, .metavar = "DIR",
	  .commands = FOR_SESSION | FL_FOR_LIST,
	  .help = "keep names and lines of code here, or none (default: $XDG_CACHE_HOME/flicker)",
	  FIELD(cache) },
	{ .name = "core", .kind = FL_OPTION_FLAG, .commands = FOR_SESSION,
	  .help = "keep the first core of each kind of failure", FIELD(keep_core) },
	{ .name = "report", .kind = FL_OPTION_LIST, .metavar = "FORMAT[=PATH]",
	  .commands = FOR_SESSION, .check = check_report, .names = FL_NAMES_REPORT,
	  .help = "write a report; repeatable; '-' is standard output; formats:" FL_FORMAT_NAMES
		  " (default: json=<program>.flicker.json)",
	  FIELD(report) },
	/* A replay writes what it is asked to write, and nothing for a setting that is meant for runs. */
	{ .name = "times", .kind = FL_OPTION_NUMBER, .metavar = "N", .commands = FL_FOR_REPLAY,
	  .is_option_only = true, .preset = "1", .min = 1, .max = 1000000,
	  .help = "repeat the attempt N times and say how often it fails", FIELD(times) },
	{ .name = "gdb", .kind = FL_OPTION_FLAG, .commands = FL_FOR_REPLAY,
	  .is_option_only = true,
	  .help = "repeat it under gdb, which stops where the test fails", FIELD(uses_debugger) },
	{ .name = "capsule", .kind = FL_OPTION_TEXT, .metavar = "FILE", .commands = FL_FOR_REPLAY,
	  .is_option_only = true, .check = check_path, .names = FL_NAMES_INPUT,
	  .help = "write all that is needed to replay it elsewhere", FIELD(capsule) },
	{ .name = "test", .kind = FL_OPTION_TEXT, .metavar = "ID", .commands = FL_FOR_REPLAY,
	  .is_option_only = true,
	  .help = "of a report: the test whose first failure is replayed", FIELD(test) },
	{ .name = "report", .kind = FL_OPTION_LIST, .metavar = "FORMAT[=PATH]",
	  .commands = FL_FOR_REPLAY, .is_option_only = true, .check = check_report,
	  .names = FL_NAMES_REPORT,
	  .help = "write a report, too; repeatable; formats:" FL_FORMAT_NAMES, FIELD(report) },
	{ .name = "report", .kind = FL_OPTION_LIST, .metavar = "FORMAT[=PATH]",
	  .commands = FL_FOR_REPORT, .is_option_only = true, .check = check_report,
	  .names = FL_NAMES_REPORT,
	  .help = "write this instead of the summary, to PATH or standard output; repeatable;"
		  " formats:" FL_FORMAT_NAMES, FIELD(report) },
	{ .name = "merge", .kind = FL_OPTION_FLAG, .commands = FL_FOR_REPORT,
	  .is_option_only = true, .help = "unite all reports given, and all in folders given",
	  FIELD(is_merge) },
	{ .name = "suspects", .kind = FL_OPTION_FLAG, .commands = FL_FOR_LIST,
	  .is_option_only = true,
	  .help = "list annotations and entries of files instead, without running the program",
	  FIELD(is_suspects) },
	{ .name = "json", .kind = FL_OPTION_FLAG, .commands = FL_FOR_LIST, .is_option_only = true,
	  .help = "print one JSON object: of each test also its place and why it is suspect",
	  FIELD(is_json) },
	{ .name = "in-place", .kind = FL_OPTION_FLAG, .commands = FL_FOR_ADOPT,
	  .is_option_only = true, .help = "change the program itself instead of a copy",
	  FIELD(is_in_place) },
	{ .name = "output", .kind = FL_OPTION_TEXT, .metavar = "FILE", .commands = FL_FOR_ADOPT,
	  .is_option_only = true, .check = check_path,
	  .help = "write the copy to FILE, over what is there (default: PROGRAM.adopted)",
	  FIELD(output) },
	/*
	 * What suits the attempts of a test does not suit a command of any kind, so nothing of
	 * these is a variable or a key.  Letters and other names are those of deflake.
	 */
	{ .name = "runs", .letters = "nm", .alias = "max-runs", .kind = FL_OPTION_NUMBER,
	  .metavar = "N", .commands = FL_FOR_EXEC, .is_option_only = true,
	  .preset = "10", .min = 1, .max = 1000000000, .help = "run it at most N times",
	  FIELD(exec_runs) },
	{ .name = "jobs", .letters = "jp", .alias = "pool-size", .kind = FL_OPTION_NUMBER,
	  .metavar = "N", .commands = FL_FOR_EXEC, .is_option_only = true,
	  .preset = "1", .min = 1, .max = FLICKER_EXEC_JOBS, .help = "runs at a time",
	  FIELD(exec_jobs) },
	{ .name = "timeout", .kind = FL_OPTION_SECONDS, .metavar = "SECONDS",
	  .commands = FL_FOR_EXEC, .is_option_only = true,
	  .help = "a run that takes longer is ended, and has failed (default: no limit)",
	  FIELD(exec_timeout_ms) },
	{ .name = "counter-token", .letters = "c", .kind = FL_OPTION_TEXT, .metavar = "TOKEN",
	  .commands = FL_FOR_EXEC, .is_option_only = true, .preset = "#count#",
	  .check = check_token, .help = "what the number of the run takes the place of",
	  FIELD(counter_token) },
	{ .name = "keep-going", .letters = "ko", .alias = "continue", .kind = FL_OPTION_FLAG,
	  .commands = FL_FOR_EXEC, .is_option_only = true,
	  .help = "make all runs, in spite of failures", FIELD(keeps_going) },
	{ .name = "quiet", .letters = "q", .kind = FL_OPTION_FLAG, .commands = FL_FOR_EXEC,
	  .is_option_only = true, .help = "print nothing: the exit status says it",
	  FIELD(is_silent) },
	{ .name = "quiet", .kind = FL_OPTION_FLAG, .commands = FOR_REPLAY | FL_FOR_REPORT,
	  .help = "print findings only", FIELD(is_quiet) },
	{ .name = "no-progress", .kind = FL_OPTION_FLAG, .commands = FOR_REPLAY,
	  .help = "no progress line on a terminal", FIELD(has_no_progress) },
	{ .name = "config", .kind = FL_OPTION_TEXT, .metavar = "FILE", .commands = FOR_CONFIG,
	  .is_no_key = true, .names = FL_NAMES_CONFIG,
	  .help = "read settings from FILE, or from none (default: the next .flicker.ini)",
	  FIELD(config) },
	{ .name = "completion", .kind = FL_OPTION_WORD, .metavar = "SHELL",
	  .commands = FL_FOR_HELP, .is_option_only = true,
	  .parse = parse_shell, .words = "bash, zsh, fish",
	  .help = "print the completions for bash, zsh or fish", FIELD(completion) },
	{ .name = "help", .letters = "h", .kind = FL_OPTION_FLAG, .commands = FOR_ALL, .is_option_only = true,
	  .help = "print this page", FIELD(is_help) },
	{ .name = "ready-fd", .kind = FL_OPTION_NUMBER, .metavar = "N",
	  .commands = FL_FOR_ATTACH, .is_option_only = true, .max = INT32_MAX, FIELD(ready_fd) },
};

/* The parser keeps a bit for each row. */
_Static_assert(FL_COUNT(fl_option_table) <= 64, "too many rows");

const size_t fl_option_count = FL_COUNT(fl_option_table);

static bool is_name(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && memcmp(name, text, length) == 0;
}

const struct fl_option *fl_option_find(const char *name, unsigned commands)
{
	size_t length = strcspn(name, "="), i;

	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if ((option->commands & commands) && (is_name(option->name, name, length) ||
						      is_name(option->alias, name, length)))
			return option;
	}
	return NULL;
}

const struct fl_option *fl_option_find_letter(char letter, unsigned commands)
{
	size_t i;

	for (i = 0; i < fl_option_count; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if ((option->commands & commands) && option->letters && letter &&
		    strchr(option->letters, letter))
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

bool fl_option_is_key(const struct fl_option *option)
{
	return !option->is_option_only && !option->is_no_key;
}

const char *fl_option_report_path(const char *report)
{
	const char *equals = report ? strchr(report, '=') : NULL;

	return equals ? equals + 1 : NULL;
}

void fl_options_clear(struct fl_options *options)
{
	free(options->suspect);
	free(options->suspect_from);
	free(options->config);
	free(options->filter);
	free(options->capsule);
	free(options->test);
	free(options->report);
	free(options->wrapper);
	free(options->new_only);
	free(options->quarantine);
	free(options->adapter);
	free(options->output);
	free(options->cache);
	free(options->debug_dir);
	free(options->counter_token);
	*options = (struct fl_options){ 0 };
}
