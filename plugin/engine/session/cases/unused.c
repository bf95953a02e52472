/* SPDX-License-Identifier: MIT */
/*
 * unused.c - what was asked for by name and is not there: said once all tests are known.
 */
#include "../internal.h"

#include <flicker/pattern.h>

#include <string.h>

/* Has the program shown all its tests? */
static bool is_complete(const struct fl_session *session)
{
	size_t i;

	for (i = 0; i < session->cases.group_count; i++)
		if (!session->cases.groups[i].is_ended)
			return false;
	return session->run->program.has_exit;
}

static bool has_test(const struct fl_session *session, bool (*is_meant)(const char *, const char *),
		     const char *meant)
{
	size_t i;

	for (i = 0; i < session->run->test_count; i++)
		if (is_meant(meant, session->run->tests[i]->id))
			return true;
	for (i = 0; i < session->other_count; i++)
		if (is_meant(meant, session->others[i]))
			return true;
	return false;
}

static bool is_same(const char *meant, const char *id)
{
	return strcmp(meant, id) == 0;
}

/* The id without its suite, as one likes to type it. */
static bool is_name_of(const char *word, const char *id)
{
	size_t length = strlen(id), tail = strlen(word);

	return tail < length && id[length - tail - 1] == '.' && strcmp(id + length - tail, word) == 0;
}

static void warn_of_id(struct fl_session *session, const char *id)
{
	size_t count = session->run->test_count + session->other_count, i;
	autofree const char **ids = fl_base_alloc(count + 1, sizeof(*ids));
	const char *near;

	for (i = 0; i < count; i++)
		ids[i] = i < session->run->test_count ? session->run->tests[i]->id :
							session->others[i - session->run->test_count];
	near = fl_nearest(id, ids, count);
	for (i = 0; i < count && !near; i++)
		if (is_name_of(id, ids[i]))
			near = ids[i];
	if (near)
		fl_caller_warn(session, "there is no test '%s'; did you mean '%s'?", id, near);
	else
		fl_caller_warn(session, "there is no test '%s'; 'flicker list' shows what there is", id);
}

/* Each line of a setting that no test answers to. */
static void warn_of_lines(struct fl_session *session, const char *lines,
			  bool (*is_meant)(const char *, const char *), bool is_id)
{
	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");
		autofree char *line = fl_base_copy_n(lines, length);

		if (*line && !has_test(session, is_meant, line)) {
			if (is_id || !strpbrk(line, "*?:"))
				warn_of_id(session, line);
			else
				fl_caller_warn(session, "no test matches '%s'", line);
		}
		lines += length + (lines[length] == '\n');
	}
}

/* ---- entries of quarantine files ---- */

static bool is_literal(const char *pattern)
{
	return *pattern != '-' && !strpbrk(pattern, "*?:");
}

static size_t suite_length(const char *id)
{
	const char *dot = strrchr(id, '.');

	return dot ? (size_t)(dot + 1 - id) : 0;
}

/* What is listed itself is not what a misspelt entry means. */
static bool is_listed(const struct fl_session_settings *settings, const char *id)
{
	size_t i;

	for (i = 0; i < settings->rule_count; i++)
		if (fl_pattern_match(settings->rules[i].pattern, id))
			return true;
	return false;
}

/* The name of a test of this program, in the suite of the entry and near to it; or NULL. */
static const char *nearest_in_suite(const struct fl_session *session, const char *pattern)
{
	size_t count = session->run->test_count, length = suite_length(pattern), near = 0, i;
	autofree const char **names = fl_base_alloc(count + 1, sizeof(*names));

	for (i = 0; i < count; i++) {
		const char *id = session->run->tests[i]->id;

		if (length && suite_length(id) == length && strncmp(id, pattern, length) == 0 &&
		    !is_listed(session->settings, id))
			names[near++] = id + length;
	}
	return fl_nearest(pattern + length, names, near);
}

/*
 * An entry whose test is not here belongs to another program, as a rule: it is spoken of only
 * where its suite is this program's, and a test of that has nearly its name.
 */
static void warn_of_listed(struct fl_session *session)
{
	const struct fl_session_settings *settings = session->settings;
	size_t i;

	for (i = 0; i < settings->rule_count; i++) {
		const struct fl_suspect_rule *rule = &settings->rules[i];
		const char *near;

		if (!rule->suspicion.is_quarantined || !is_literal(rule->pattern) ||
		    has_test(session, is_same, rule->pattern))
			continue;
		near = nearest_in_suite(session, rule->pattern);
		if (near)
			fl_caller_warn(session, "%s: there is no test '%s'; did you mean '%.*s%s'?",
				       rule->suspicion.origin, rule->pattern,
				       (int)suite_length(rule->pattern), rule->pattern, near);
	}
}

void fl_discover_unused(struct fl_session *session)
{
	const struct fl_session_settings *settings = session->settings;
	size_t i;

	if (!session->is_started || !is_complete(session))
		return;
	warn_of_lines(session, settings->test, is_same, true);
	warn_of_lines(session, settings->suspect, fl_pattern_match, false);
	if (settings->filter && !has_test(session, fl_pattern_match, settings->filter))
		fl_caller_warn(session, "no test matches '%s'", settings->filter);
	warn_of_listed(session);
	for (i = 0; i < session->annotation_count; i++)
		if (!has_test(session, is_same, session->annotations[i].test))
			fl_caller_warn(session, "annotated test '%s' does not exist",
					session->annotations[i].test);
}
