/* SPDX-License-Identifier: MIT */
/*
 * list_suspects.c - `flicker list --suspects`: annotations of a program, and entries of files.
 *
 * Annotations are read from the program's file: it need not be one that runs here.  What
 * is past its date stays in the list, and says so: that is what one looks for.
 */
#include "list_suspects.h"

#include "command.h"
#include "message.h"

#include "../engine/session/cases/annotation.h"
#include "../engine/session/session.h"
#include "../report/text.h"

#include <flicker/pattern.h>

static void print_key(const char *key, const char *value)
{
	if (!value)
		return;
	printf("\t%s=", key);
	fl_text_print(stdout, value, " ");
}

/* The date is the last day on which it excuses. */
static void print_days(const char *until)
{
	char today[FL_DATE_SIZE];
	int days;

	if (!until)
		return;
	fl_date_today(today);
	days = fl_date_between(today, until);
	printf("\tdays-left=%d%s", days, days < 0 ? "\texpired=yes" : "");
}

static void print_line(const struct fl_options *options, const char *pattern,
		       const struct fl_suspicion *suspicion, bool has_crash)
{
	if (options->filter && !fl_pattern_match(options->filter, pattern))
		return;
	fl_text_print(stdout, pattern, " ");
	print_key("reason", suspicion->reason);
	print_key("owner", suspicion->owner);
	print_key("ticket", suspicion->ticket);
	print_key("until", suspicion->until);
	if (has_crash)
		print_key("crash", suspicion->may_crash ? "yes" : "no");
	print_days(suspicion->until);
	print_key("quarantine", suspicion->is_quarantined ? "yes" : NULL);
	print_key("at", suspicion->origin);
	putchar('\n');
}

/* Warns of what is malformed, and goes on. */
static void print_annotation(const struct fl_options *options, const char *text)
{
	struct fl_annotation annotation = { 0 };
	struct fl_error error = { "" };
	int r = fl_annotation_parse(text, &annotation, &error);

	if (r != 0)
		fl_message_warn("%s", error.text);
	if (r >= 0)
		print_line(options, annotation.test, &annotation.suspicion, annotation.has_crash);
	fl_annotation_clear(&annotation);
}

static int print_annotations(const struct fl_options *options, const char *path)
{
	struct fl_error error = { "" };
	char **texts = NULL;
	size_t count = 0, i;

	if (fl_annotations_read(path, &texts, &count, &error) < 0) {
		fl_message_say("%s", error.text);
		return FL_EXIT_USAGE;
	}
	for (i = 0; i < count; i++) {
		print_annotation(options, texts[i]);
		free(texts[i]);
	}
	free(texts);
	return FL_EXIT_CLEAN;
}

int fl_list_suspects(const struct fl_options *options, const char *path)
{
	int code = path ? print_annotations(options, path) : FL_EXIT_CLEAN;
	size_t i;

	for (i = 0; i < options->rule_count && code == FL_EXIT_CLEAN; i++) {
		const struct fl_suspect_rule *rule = &options->rules[i];

		print_line(options, rule->pattern, &rule->suspicion, rule->has_crash);
	}
	return code;
}
