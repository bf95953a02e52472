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
	return session->run->program.has_exit || session->is_program;
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

/* All ids: those that are taken in, then the others. */
static const char *id_at(const struct fl_session *session, size_t i)
{
	size_t count = session->run->test_count;

	return i < count ? session->run->tests[i]->id : session->others[i - count];
}

/*
 * The id that may have been meant, or NULL.  Of a pattern what stands before its first wildcard
 * is compared with as much of each id.
 */
static const char *nearest(const struct fl_session *session, const char *word)
{
	size_t count = session->run->test_count + session->other_count, length = strcspn(word, "*?"), i;
	bool is_pattern = word[length];
	autofree char *start = fl_base_copy_n(word, length);
	autofree char **ids = fl_base_alloc(count + 1, sizeof(*ids));
	const char *near, *found = NULL;

	for (i = 0; i < count; i++)
		ids[i] = is_pattern ? fl_base_copy_n(id_at(session, i), length) : fl_base_copy(id_at(session, i));
	near = length ? fl_nearest(start, (const char *const *)ids, count) : NULL;
	for (i = 0; i < count && !found; i++)
		if (near ? near == ids[i] : is_name_of(word, id_at(session, i)))
			found = id_at(session, i);
	for (i = 0; i < count; i++)
		free(ids[i]);
	return found;
}

/* "there is no test 'net.sens'", and what may have been meant. */
static void warn(struct fl_session *session, const char *words, const char *word)
{
	const char *near = nearest(session, word);

	if (near)
		fl_caller_warn(session, "%s '%s'; did you mean '%s'?", words, word, near);
	else
		fl_caller_warn(session, "%s '%s'; 'flicker list' shows what there is", words, word);
}

static void warn_of_glob(struct fl_session *session, const char *glob)
{
	if (!has_test(session, fl_pattern_match, glob))
		warn(session, strpbrk(glob, "*?") ? "no test matches" : "there is no test", glob);
}

/* Each of its alternatives that is there to choose, not to leave out. */
static void warn_of_pattern(struct fl_session *session, const char *pattern)
{
	const char *end = fl_pattern_negative(pattern, pattern + strlen(pattern)), *at = pattern;

	while (at < end) {
		size_t length = strcspn(at, ":");
		autofree char *glob = fl_base_copy_n(at, at + length < end ? length : (size_t)(end - at));

		if (*glob)
			warn_of_glob(session, glob);
		at += length + (at[length] == ':');
	}
}

static void warn_of_id(struct fl_session *session, const char *id)
{
	if (!has_test(session, is_same, id))
		warn(session, "there is no test", id);
}

/* Each line of a setting that no test answers to. */
static void warn_of_lines(struct fl_session *session, const char *lines,
			  void (*warn_of)(struct fl_session *session, const char *line))
{
	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");
		autofree char *line = fl_base_copy_n(lines, length);

		if (*line)
			warn_of(session, line);
		lines += length + (lines[length] == '\n');
	}
}

static void warn_of_annotation(struct fl_session *session, const char *id)
{
	if (has_test(session, is_same, id))
		return;
	if (strpbrk(id, "*?"))
		fl_caller_warn(session, "annotated test '%s' does not exist: FLICKER_SUSPECT takes the id of one"
			       " test, no pattern", id);
	else
		warn(session, "there is no annotated test", id);
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
	warn_of_lines(session, settings->test, warn_of_id);
	warn_of_lines(session, settings->suspect, warn_of_pattern);
	if (settings->filter)
		warn_of_pattern(session, settings->filter);
	warn_of_listed(session);
	for (i = 0; i < session->annotation_count; i++)
		warn_of_annotation(session, session->annotations[i].test);
}
