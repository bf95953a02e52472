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
	for (i = 0; i < session->annotation_count; i++)
		if (!has_test(session, is_same, session->annotations[i].test))
			fl_caller_warn(session, "annotated test '%s' does not exist",
					session->annotations[i].test);
}
