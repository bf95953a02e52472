/* SPDX-License-Identifier: MIT */
/*
 * summary_entries.c - for each new flaky test the entry that quarantines it, to be pasted.
 *
 * What is printed must mean this test and no other when it is read again (cli/config_suspect.c,
 * <flicker/pattern.h>): a pattern has no escapes, but `?` stands for any byte.
 */
#include "summary_words.h"

#include "../base/base.h"
#include "../engine/judge/gate.h"
#include "text.h"

#include <flicker/id.h>

enum { SHOWN_ENTRIES = 8, WIDEST_REASON = 100 };

/* Would an entry change anything, and be believed? */
static bool is_new(const struct fl_test *test)
{
	const struct fl_judgement *judgement = &test->judgement;
	bool is_unseeded = judgement->notes & (1U << FL_NOTE_UNSEEDED);

	return judgement->verdict == FL_VERDICT_FLAKY && test->suspicion.why != FL_WHY_ANNOTATED &&
	       (!judgement->excuse || judgement->excuse == FL_EXCUSE_POLICY) &&
	       !(is_unseeded && judgement->gates);
}

static size_t count_new(const struct fl_run *run)
{
	size_t i, count = 0;

	for (i = 0; i < run->test_count; i++)
		count += is_new(run->tests[i]);
	return count;
}

static void print_pattern(FILE *out, const char *id)
{
	const char *at;

	for (at = id; *at; at++) {
		bool is_itself = fl_id_is_plain((unsigned char)*at) || *at == '%';

		fputc(is_itself && !(at == id && *at == '-') ? *at : '?', out);
	}
}

/* The first line of it; a semicolon would begin a comment. */
static void print_reason(FILE *out, const char *message)
{
	autofree char *first = fl_base_copy_n(message, strcspn(message, "\r\n"));
	autofree char *reason = fl_text_line(first);
	size_t length = strlen(reason), i;

	for (i = 0; i < length; i++)
		if (reason[i] == ';')
			reason[i] = ',';
	if (length > WIDEST_REASON) {
		length = WIDEST_REASON;
		while (length && ((unsigned char)reason[length] & 0xc0) == 0x80)
			length--;
		fprintf(out, "reason = %.*s...\n", (int)length, reason);
	} else {
		fprintf(out, "reason = %s\n", reason);
	}
}

/* The most frequent failure's; else how it failed in its place. */
static const char *reason_of(const struct fl_test *test)
{
	const struct fl_observation *o = test->failure_count ? &test->failures[0].first : &test->host;

	return o->message && *o->message ? o->message : fl_outcome_name(o->outcome);
}

static void print_entry(FILE *out, const struct fl_test *test, const char *until)
{
	fputs("[suspect \"", out);
	print_pattern(out, test->id);
	fputs("\"]\n", out);
	print_reason(out, reason_of(test));
	fprintf(out, "until = %s\n", until);
	if (fl_gate_has_crashed(test, 0))
		fputs("# it crashed or a sanitizer complained: only crash = yes excuses that\n", out);
}

static void print_heading(FILE *out, const struct fl_run *run, size_t count,
			  const struct fl_summary_style *style)
{
	const char *what = count > 1 ? "them" : "it";

	if (style->quarantine) {
		fprintf(out, "to quarantine %s, add to ", what);
		fl_text_print(out, style->quarantine, " ");
	} else if (run->settings.policy == FL_POLICY_FAIL) {
		fprintf(out, "to quarantine %s, write to quarantine.ini and %s=quarantine.ini", what,
			style->is_preload ? "set FLICKER_QUARANTINE" : "run with --quarantine");
	} else {
		fprintf(out, "to say that %s known, add to .flicker.ini",
			count > 1 ? "they are" : "it is");
	}
	fputs(":\n", out);
}

void fl_summary_entries(FILE *out, const struct fl_run *run, const struct fl_summary_style *style)
{
	size_t count = count_new(run), shown = 0, i;

	if (!style->until || !count)
		return;
	print_heading(out, run, count, style);
	for (i = 0; i < run->test_count && shown < SHOWN_ENTRIES; i++)
		if (is_new(run->tests[i])) {
			print_entry(out, run->tests[i], style->until);
			shown++;
		}
	if (count > shown)
		fprintf(out, "# and %zu more\n", count - shown);
	fputc('\n', out);
}
