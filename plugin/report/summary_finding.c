/* SPDX-License-Identifier: MIT */
/*
 * summary_finding.c - one finding: how often, why suspect, each way it fails, how to see it.
 *
 * Short on purpose: the report has everything, the block what one acts on.
 */
#include "summary_words.h"

#include "../base/base.h"
#include "../engine/judge/verdict.h"
#include "status.h"
#include "text.h"
#include "trace.h"

enum { SHOWN_FAILURES = 4, SHOWN_FRAMES = 8 };

static void print_backtrace(FILE *out, const struct fl_backtrace *b)
{
	size_t i;

	for (i = 0; i < b->count && i < SHOWN_FRAMES; i++) {
		fputs("    ", out);
		fl_trace_frame(out, i, &b->frames[i]);
		fputc('\n', out);
	}
	if (b->count > SHOWN_FRAMES)
		fprintf(out, "    ... %zu more in the report\n", b->count - SHOWN_FRAMES);
}

void fl_summary_title(FILE *out, const struct fl_test *test)
{
	autofree char *title = fl_status_title(test);

	fl_text_print(out, title, " ");
}

void fl_summary_location(FILE *out, const struct fl_observation *o)
{
	if (!o->file)
		return;
	fputs(" at ", out);
	fl_text_print(out, o->file, " ");
	if (o->line > 0)
		fprintf(out, ":%d", o->line);
}

/* Beside the first one, whose place is told already: each in one line. */
static void print_threads(FILE *out, const struct fl_observation *o)
{
	size_t i;

	for (i = 1; i < o->thread_count; i++) {
		const struct fl_thread *thread = &o->threads[i];

		fprintf(out, "    thread %ld ", thread->id);
		fl_text_print(out, thread->name, " ");
		if (thread->backtrace.count) {
			fputs("    ", out);
			fl_trace_frame(out, 0, &thread->backtrace.frames[0]);
		}
		fputc('\n', out);
	}
}

/* `fail: message at file:line`; several lines of message stand below */
static void print_observation(FILE *out, const struct fl_observation *o)
{
	const char *message = o->message ? o->message : o->signal ? strsignal(o->signal) : NULL;
	bool is_long = message && strchr(message, '\n') && strchr(message, '\n')[1];

	fputs(fl_outcome_name(o->outcome), out);
	if (message && *message && !is_long) {
		fputs(": ", out);
		fl_text_print(out, message, " ");
	}
	fl_summary_location(out, o);
	if (is_long) {
		fputs(":\n    ", out);
		fl_text_print(out, message, "\n    ");
	}
	fputc('\n', out);
	print_backtrace(out, &o->backtrace);
	print_threads(out, o);
}

static void print_replay(FILE *out, const char *replay, const struct fl_summary_style *style)
{
	fputs(style->use_colour ? "  replay: \033[1m" : "  replay: ", out);
	fl_text_print(out, replay, " ");
	fputs(style->use_colour ? "\033[0m\n" : "\n", out);
}

static void print_failure(FILE *out, const struct fl_failure *f)
{
	fprintf(out, "  %llux ", (unsigned long long)f->count);
	print_observation(out, &f->first);
	fl_summary_output(out, f->output_tail, f->first.message);
	if (f->core) {
		fputs("    core: ", out);
		fl_text_print(out, f->core, " ");
		fputc('\n', out);
	}
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A replay is alone: it cannot show what was met beside others only. */
static bool has_replay(const struct fl_failure *f)
{
	return f->replay && !f->is_met_in_parallel;
}

/* Each way it fails, and its command unless the next one's is the same. */
void fl_summary_failures(FILE *out, const struct fl_test *test,
			 const struct fl_summary_style *style)
{
	size_t i, shown = test->failure_count;

	if (shown > SHOWN_FAILURES)
		shown = SHOWN_FAILURES;
	for (i = 0; i < shown; i++) {
		const struct fl_failure *f = &test->failures[i];

		print_failure(out, f);
		if (i + 1 == shown && shown < test->failure_count)
			fprintf(out, "  %zu more way%s to fail in the report\n",
				test->failure_count - shown, test->failure_count - shown == 1 ? "" : "s");
		if (has_replay(f) && !style->hides_replay &&
		    (i + 1 == shown || !has_replay(f + 1) || !is_same_text(f->replay, f[1].replay)))
			print_replay(out, f->replay, style);
	}
}

/* Why it was re-executed; where its failure in the host is shown, that says it. */
static void print_suspicion(FILE *out, const struct fl_test *test)
{
	if (test->suspicion.why == FL_WHY_FAILED && fl_status_is_only_in_host(test))
		return;
	fputs("  suspect: ", out);
	fl_summary_suspicion(out, &test->suspicion);
	fputc('\n', out);
}

static void print_notes(FILE *out, uint32_t notes)
{
	int i;

	for (i = 0; i < FL_NOTE_COUNT; i++)
		if (notes & (1U << i))
			fprintf(out, "  %s: %s\n", fl_note_name(i), fl_summary_note(i));
	if (notes & (1U << FL_NOTE_PARALLEL_ONLY | 1U << FL_NOTE_PARALLEL_UNSAFE))
		fputs("  advice: give each attempt a port or file of its own, or use --jobs 1\n", out);
}

bool fl_summary_is_finding(const struct fl_test *test)
{
	enum fl_verdict verdict = test->judgement.verdict;
	bool has_failed = test->has_host && fl_outcome_is_non_pass(test->host.outcome);

	return verdict == FL_VERDICT_FLAKY || verdict == FL_VERDICT_FAILING ||
	       (verdict == FL_VERDICT_UNKNOWN && (test->failure_count || has_failed));
}

void fl_summary_finding(FILE *out, const struct fl_test *test,
			const struct fl_summary_style *style)
{
	fl_summary_verdict(out, test->judgement.verdict, style);
	fl_summary_title(out, test);
	fputs("  ", out);
	fl_summary_rate(out, test);
	fputc('\n', out);
	print_suspicion(out, test);
	print_notes(out, test->judgement.notes);
	fl_summary_leaks(out, test);
	if (fl_test_counts(test).by[FL_OUTCOME_TIMEOUT] >= FL_VERDICT_TIMEOUTS)
		fprintf(out, "  timeouts: judged after %d, further attempts were not made\n",
			FL_VERDICT_TIMEOUTS);
	if (fl_status_is_only_in_host(test)) {
		fputs("  in the program itself: ", out);
		print_observation(out, &test->host);
	}
	fl_summary_failures(out, test, style);
	fputc('\n', out);
}
