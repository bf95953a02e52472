/* SPDX-License-Identifier: MIT */
/*
 * exec.c - `flicker exec`: any command, again and again, until it fails.
 *
 * Standard output gets a line a run, in one piece with what a failed run wrote; it is that of
 * deflake, so that what reads it can go on doing so.  Everything else is said in one line on
 * standard error, at the end.
 */
#include "cmdline.h"
#include "command.h"
#include "interrupt.h"
#include "message.h"
#include "preload.h"

#include "../engine/judge/stats.h"
#include "../report/text.h"

#include <flicker/exec.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>

enum { NAMED = 5 };                     /* failures that the last line tells of, each */

struct watching {
	const struct fl_options *options;
	bool is_shell, has_colour, is_terminal;
	char *failures;                 /* "run 4: exit code 3, run 7: …" */
	uint64_t failure_count, littering;
};

static struct flicker_exec *running;    /* for the handler */

/* ---- a run ---- */

/* How a failed run ended; the caller's. */
static char *describe(const struct watching *watching,
		      const struct flicker_exec_attempt *attempt)
{
	switch (attempt->outcome) {
	case FLICKER_EXEC_CRASH:
		return fl_base_format("signal %d, %s", attempt->signal, strsignal(attempt->signal));
	case FLICKER_EXEC_TIMEOUT:
		return fl_base_format("timeout after %g s", (double)watching->options->exec_timeout_ms / 1000);
	case FLICKER_EXEC_ERROR:
		return attempt->error == ECHILD
			? fl_base_copy("lost, as its parent was killed")
			: fl_base_format("it could not be run: %s", strerror(attempt->error));
	default:
		return fl_base_format("exit code %d%s", attempt->exit_code,
				      watching->is_shell && attempt->exit_code == 127
				      ? " (the shell found no such command)" : "");
	}
}

static void keep_failure(struct watching *watching, const struct flicker_exec_attempt *attempt)
{
	autofree char *before = watching->failures, *how = describe(watching, attempt);

	watching->failure_count++;
	if (watching->failure_count <= NAMED)
		watching->failures = fl_base_format("%s%srun %" PRIu64 ": %s", before ? before : "",
						    before ? ", " : "", attempt->number, how);
	else
		watching->failures = take(before);
}

/* A terminal gets nothing that could harm it; a file or a pipe every byte as it is. */
static void print_bytes(const struct watching *watching, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	if (!watching->is_terminal) {
		fwrite(bytes, 1, size, stdout);
		return;
	}
	while (bytes < end) {
		autofree char *piece = fl_base_copy_n(bytes, strnlen(bytes, (size_t)(end - bytes)));
		autofree char *text = fl_text_escape(piece);

		fputs(text, stdout);
		bytes += strlen(piece);
		if (bytes < end) {
			fputs("\\x00", stdout);
			bytes++;
		}
	}
}

static void print_text(const struct watching *watching, const struct flicker_exec_text *text)
{
	size_t first = text->lost ? text->lost_at : text->size;

	print_bytes(watching, text->bytes, first);
	if (text->lost)
		printf("\n[%" PRIu64 " bytes left out here]\n", text->lost);
	print_bytes(watching, text->bytes + first, text->size - first);
	if (text->size && text->bytes[text->size - 1] != '\n')
		putchar('\n');
}

/* Standard error, or, where a failure says nothing there, standard output. */
static void print_attempt(const struct watching *watching,
			  const struct flicker_exec_attempt *attempt)
{
	bool is_pass = attempt->outcome == FLICKER_EXEC_PASS;
	bool is_cancelled = attempt->outcome == FLICKER_EXEC_CANCELLED;
	const char *colour = is_pass ? "\033[92m" : "\033[91m";

	if (!watching->has_colour || is_cancelled)
		colour = "";
	fputs(colour, stdout);
	if (is_pass)
		fputs("PASS", stdout);
	else
		printf("%s (run %" PRIu64 ")", is_cancelled ? "CANCELLED" : "FAIL",
		       attempt->number);
	puts(*colour ? "\033[0m" : "");
	if (!is_pass && !is_cancelled)
		print_text(watching, attempt->err.size ? &attempt->err : &attempt->out);
}

static int on_attempt(void *context, const struct flicker_exec_attempt *attempt)
{
	struct watching *watching = context;

	watching->littering += attempt->stragglers > 0 && attempt->outcome <= FLICKER_EXEC_CRASH;
	if (attempt->left)
		fl_message_warn("run %" PRIu64 " left %u %s that cannot be ended", attempt->number,
				attempt->left, attempt->left == 1 ? "process" : "processes");
	if (attempt->outcome != FLICKER_EXEC_PASS && attempt->outcome != FLICKER_EXEC_CANCELLED)
		keep_failure(watching, attempt);
	if (!watching->options->is_silent)
		print_attempt(watching, attempt);
	return fl_message_flush() != 0;         /* nobody reads on: enough */
}

/* ---- the last line ---- */

static void say_rate(FILE *out, const struct flicker_exec_counts *counts)
{
	uint64_t ended = counts->passed + counts->failed;

	fprintf(out, "%" PRIu64 " %s: %" PRIu64 " passed, %" PRIu64 " failed", counts->started,
		counts->started == 1 ? "run" : "runs", counts->passed, counts->failed);
	if (counts->failed)
		fprintf(out, " (%.3g %%)", 100.0 * (double)counts->failed / (double)ended);
	if (counts->cancelled)
		fprintf(out, ", %" PRIu64 " cancelled", counts->cancelled);
	if (counts->passed && !counts->failed)  /* 5 % beyond one end of an interval at 90 % */
		fprintf(out, " (95 %% sure: below %.2g %%)",
			100 * fl_stats_clopper_pearson(0, counts->passed, 0.9).high);
}

static void say_time(FILE *out, const struct flicker_exec_counts *counts)
{
	double seconds = (double)counts->duration_ns / 1e9;
	double rate = (double)counts->started / seconds;

	if (seconds < 1)
		fprintf(out, "; %.3g ms", seconds * 1000);
	else
		fprintf(out, "; %.2f s", seconds);
	fprintf(out, rate < 100 ? ", %.3g runs/s" : ", %.0f runs/s", rate);
}

static void say_summary(const struct watching *watching, const struct flicker_exec_counts *counts)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	say_rate(out, counts);
	say_time(out, counts);
	if (watching->failures)
		fprintf(out, "; %s", watching->failures);
	if (watching->failure_count > NAMED)
		fprintf(out, " and %" PRIu64 " more", watching->failure_count - NAMED);
	if (watching->littering)
		fprintf(out, "; %" PRIu64 " %s left processes running, which were ended",
			watching->littering, watching->littering == 1 ? "run" : "runs");
	fclose(out);
	fl_message_say("%s%s", fl_interrupt_signal() ? "interrupted; " : "", text);
}

/* ---- the command ---- */

static void stop(void)
{
	flicker_exec_stop(running);
}

static int make_runs(struct watching *watching, const struct flicker_exec_settings *settings)
{
	struct flicker_exec_counts counts = { 0 };
	int r = flicker_exec_new(settings, &running);

	if (r >= 0) {
		fl_interrupt_call(stop);
		fl_interrupt_catch();
		r = flicker_exec_run(running, &counts);
		if (counts.started && !watching->options->is_silent)
			say_summary(watching, &counts);
		fl_interrupt_call(NULL);
		flicker_exec_free(running);
	}
	free(watching->failures);
	if (fl_interrupt_signal())
		return fl_interrupt_exit_code();
	if (r < 0) {
		fl_message_say("cannot start a run: %s", strerror(-r));
		return FL_EXIT_INTERNAL;
	}
	return counts.failed ? FL_EXIT_FAILED : FL_EXIT_CLEAN;
}

/* The file of the first word, NULL where it differs from run to run; -errno with a message. */
static int find_program(const struct fl_cmdline *cmdline, char *const *operands, char **ret_path,
			struct fl_error *error)
{
	const char *word = cmdline->words[0];
	int r;

	*ret_path = NULL;
	if (strstr(word, cmdline->count_token) || strstr(word, cmdline->port_token))
		return 0;
	r = fl_preload_find_program(word, ret_path, error);
	if (r < 0 && operands[1] && operands[1][0] == '-' && strpbrk(word, " \t"))
		fl_error_set(error, r, "no such program '%s'; options go before the command", word);
	return r;
}

static int keep_error(void *context, const struct flicker_exec_attempt *attempt)
{
	autofree char *line = fl_text_line(attempt->err.bytes);

	if (attempt->outcome != FLICKER_EXEC_FAIL)
		return 0;
	return fl_error_set(context, 0, "the shell cannot read the command: %s", line);
}

/* What no run would survive is said before the first. */
static int check_shell(const struct fl_cmdline *cmdline, struct fl_error *error)
{
	char *argv[] = { cmdline->words[0], "-n", "-c", cmdline->words[2], NULL };
	struct flicker_exec_settings settings = {
		.argv = argv, .runs = 1, .count_token = cmdline->count_token,
		.port_token = cmdline->port_token, .on_attempt = keep_error, .context = error,
	};
	autofree char *first = fl_cmdline_first_program(cmdline->words[2]), *path = NULL;
	struct flicker_exec *checking = NULL;
	struct fl_error why = { "" };
	int r = flicker_exec_new(&settings, &checking);

	if (r >= 0)
		flicker_exec_run(checking, NULL);
	flicker_exec_free(checking);
	if (*error->text)
		return -EINVAL;
	if (first && fl_preload_find_program(first, &path, &why) < 0)
		fl_message_warn("%s; the shell is asked all the same", why.text);
	return 0;
}

/* What was closed to us must not become something else, to which messages would go. */
static void fill_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	fl_base_close(&fd);
}

static int exec(const struct fl_options *options, char **operands)
{
	struct watching watching = {
		.options = options, .has_colour = fl_message_has_colour(stdout),
		.is_terminal = isatty(STDOUT_FILENO) == 1,
	};
	struct flicker_exec_settings settings = {
		.runs = options->exec_runs, .jobs = (unsigned)options->exec_jobs, .ahead = 1,
		.max_failures = options->keeps_going ? 0 : 1,
		.timeout_ms = options->exec_timeout_ms, .on_attempt = on_attempt, .context = &watching,
	};
	struct fl_cmdline cmdline = { 0 };
	struct fl_error error = { "" };
	autofree char *path = NULL;
	int code;

	fill_descriptors();
	if (fl_cmdline_parse(operands, options->counter_token, &cmdline, &error) < 0)
		return fl_command_misused(&fl_cmd_exec, error.text);
	settings.argv = cmdline.words;
	settings.count_token = cmdline.count_token;
	settings.port_token = cmdline.port_token;
	watching.is_shell = cmdline.is_shell;
	if (find_program(&cmdline, operands, &path, &error) < 0 ||
	    (cmdline.is_shell && check_shell(&cmdline, &error) < 0)) {
		fl_message_say("%s", error.text);
		code = FL_EXIT_USAGE;
	} else {
		settings.path = path;
		code = make_runs(&watching, &settings);
	}
	fl_cmdline_clear(&cmdline);
	return code;
}

const struct fl_command fl_cmd_exec = {
	.name    = "exec",
	.usage   = "flicker exec [options] [--] command [argument ...]",
	.summary = "run any command again and again until it fails",
	.text    = "Runs the command until a run fails or N are made, and prints PASS or FAIL for\n"
		   "each, with what a failed one wrote.  A command in one word ('prog arg | other')\n"
		   "is read as a shell would; sh(1) itself is called only where that is needed.\n"
		   "#count# stands for the number of the run, #port# for a free port of its own.\n"
		   "Standard input is empty.  When a run is over, all that it started is ended.\n",
	.exits   = "0 no run failed, 1 one did, 64 usage, 70 internal error,\n"
		   "128+n interrupted by signal n",
	.options = FL_FOR_EXEC,
	.run     = exec,
};
