/* SPDX-License-Identifier: MIT */
/*
 * excuses.c - what the agent must know of entries in files, to turn failures into skips.
 *
 * An entry whose date is past is told of as well: it is the first that matches, and so it hides
 * those behind it, here as there (cases/suspicion.c).
 */
#include "excuses.h"

#include "../../../base/base.h"

#include <flicker/wire.h>

#include <string.h>

static char letter_of(const struct fl_suspicion *suspicion, const char *today)
{
	if (suspicion->until && strcmp(suspicion->until, today) < 0)
		return FL_EXCUSES_NOTHING;
	return suspicion->may_crash ? FL_EXCUSES_CRASH : FL_EXCUSES_FAILURE;
}

static void print_rules(FILE *out, const struct fl_session_settings *settings, bool are_quarantined,
			const char *today)
{
	size_t i;

	for (i = 0; i < settings->rule_count; i++) {
		const struct fl_suspect_rule *rule = &settings->rules[i];

		if (rule->suspicion.is_quarantined != are_quarantined)
			continue;
		if ((size_t)ftell(out) + strlen(rule->pattern) + 2 > FL_EXCUSES_SIZE)
			return;
		fprintf(out, "%c%s\n", letter_of(&rule->suspicion, today), rule->pattern);
	}
}

char *fl_excuses_format(const struct fl_session_settings *settings, const char *today)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_rules(out, settings, true, today);
	if (settings->policy == FL_POLICY_QUARANTINE)
		print_rules(out, settings, false, today);
	fclose(out);
	return size ? take(text) : NULL;
}
