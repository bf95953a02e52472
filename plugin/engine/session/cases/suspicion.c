/* SPDX-License-Identifier: MIT */
/*
 * suspicion.c - why a test is suspect: what its source says comes first, then the quarantine
 * files, then the configuration file, then what was asked for on the command line.
 *
 * One of them counts, as a whole.  Only where a test is annotated in its source and in quarantine,
 * too, both are heard: it is quarantined, and the earlier of the two dates holds.
 */
#include "../internal.h"

#include <flicker/pattern.h>

#include <string.h>

static const struct fl_annotation *annotation_of(const struct fl_session *session, const char *id)
{
	size_t i;

	for (i = 0; i < session->annotation_count; i++)
		if (strcmp(session->annotations[i].test, id) == 0)
			return &session->annotations[i];
	return NULL;
}

static enum fl_why why_suspect(const struct fl_session_settings *settings, const char *id)
{
	if (settings->replay)
		return FL_WHY_NAMED;            /* there is no other test */
	if ((settings->suspect && fl_pattern_match_lines(settings->suspect, id)) ||
	    (settings->test && fl_pattern_is_line(settings->test, id)))
		return FL_WHY_NAMED;
	if (settings->reported && fl_pattern_is_line(settings->reported, id))
		return FL_WHY_REPORTED;
	return settings->is_all ? FL_WHY_ALL : FL_WHY_NONE;
}

bool fl_selection_has(const struct fl_session_settings *settings, const char *id)
{
	return (!settings->filter || fl_pattern_match(settings->filter, id)) &&
	       (!settings->test || fl_pattern_is_line(settings->test, id));
}

/* The first that matches, in a quarantine file or in none. */
static const struct fl_suspicion *rule_of(const struct fl_session_settings *settings, const char *id,
					  bool is_quarantined)
{
	size_t i;

	for (i = 0; i < settings->rule_count; i++)
		if (settings->rules[i].suspicion.is_quarantined == is_quarantined &&
		    fl_pattern_match(settings->rules[i].pattern, id))
			return &settings->rules[i].suspicion;
	return NULL;
}

static const char *earlier(const char *a, const char *b)
{
	return !a || (b && strcmp(b, a) < 0) ? b : a;
}

static struct fl_suspicion said_by(const struct fl_suspicion *said, const struct fl_suspicion *listed)
{
	return (struct fl_suspicion){
		.why = FL_WHY_ANNOTATED,
		.reason = fl_base_copy(said->reason),
		.owner = fl_base_copy(said->owner),
		.ticket = fl_base_copy(said->ticket),
		.until = fl_base_copy(earlier(said->until, listed ? listed->until : NULL)),
		.origin = fl_base_copy(listed ? listed->origin : said->origin),
		.is_quarantined = listed,
		.may_crash = said->may_crash,
	};
}

struct fl_suspicion fl_suspicion_of(const struct fl_session *session, const char *id)
{
	const struct fl_annotation *annotation = annotation_of(session, id);
	const struct fl_suspicion *listed = rule_of(session->settings, id, true);
	const struct fl_suspicion *rule = listed ? listed : rule_of(session->settings, id, false);

	if (annotation)
		return said_by(&annotation->suspicion, listed);
	if (rule)
		return said_by(rule, listed);
	return (struct fl_suspicion){ .why = why_suspect(session->settings, id) };
}
