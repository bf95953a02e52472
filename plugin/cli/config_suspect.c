/* SPDX-License-Identifier: MIT */
/*
 * config_suspect.c - entries `[suspect "PATTERN"]` of `.flicker.ini` and of quarantine files.
 *
 * They are often pasted, and by many indented as git has it: so an indented line goes on with
 * the reason, as everywhere, unless it begins a key of an entry or the next entry.
 */
#include "config_reader.h"

enum key { REASON, OWNER, TICKET, UNTIL, CRASH };

static const char *const key_names[] = { "reason", "owner", "ticket", "until", "crash" };

bool fl_config_is_of_rule(const char *line)
{
	static const char section[] = "[suspect ";
	size_t length = strcspn(line, " \t=:"), i;
	const char *mark = line + length + strspn(line + length, " \t");

	for (i = 0; i < FL_COUNT(key_names); i++)
		if (strlen(key_names[i]) == length && memcmp(key_names[i], line, length) == 0)
			return *mark == '=' || *mark == ':';
	return strncmp(line, section, sizeof(section) - 1) == 0;
}

void fl_config_add_rule(struct fl_config_reader *reader, const char *rest)
{
	struct fl_config *config = reader->config;
	size_t length = strlen(rest);

	reader->keys = 0;
	if (length < 3 || rest[0] != '"' || rest[length - 1] != '"') {
		fl_config_refuse(reader, "a section of suspects wants a pattern in quotes: "
				 "[suspect \"PATTERN\"]");
		return;
	}
	config->rules = fl_base_grow(config->rules, &config->rule_capacity, config->rule_count + 1,
				     sizeof(*config->rules));
	config->rules[config->rule_count++] = (struct fl_suspect_rule){
		.pattern = fl_base_copy_n(rest + 1, length - 2),
		.line = reader->line,
		.suspicion = {
			.why = FL_WHY_ANNOTATED,
			.origin = fl_base_format("%s:%d", reader->path, reader->line),
			.is_quarantined = reader->is_quarantine,
		},
	};
}

/* ---- keys ---- */

static int find_key(const char *name)
{
	int i;

	for (i = 0; i < (int)FL_COUNT(key_names); i++)
		if (strcmp(name, key_names[i]) == 0)
			return i;
	return -1;
}

static char **place_of(struct fl_suspicion *suspicion, enum key key)
{
	switch (key) {
	case REASON: return &suspicion->reason;
	case OWNER:  return &suspicion->owner;
	case TICKET: return &suspicion->ticket;
	case UNTIL:  return &suspicion->until;
	case CRASH:  break;
	}
	return NULL;
}

/* Of a reason that goes on the lines are joined. */
static void set_text(char **place, const char *value)
{
	autofree char *before = *place;

	*place = !*value ? take(before) :
		 before ? fl_base_format("%s %s", before, value) : fl_base_copy(value);
}

static void check_value(struct fl_config_reader *reader, enum key key, const char *value)
{
	if (key == UNTIL && !fl_date_is_valid(value))
		fl_config_refuse(reader, "key 'until' wants YYYY-MM-DD, not '%s'", value);
	if (key == CRASH && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		fl_config_refuse(reader, "key 'crash' wants yes or no, not '%s'", value);
}

/* Said once, and in one line unless it is the reason. */
static void check_once(struct fl_config_reader *reader, enum key key)
{
	unsigned bit = 1U << key;

	if (reader->is_further && key != REASON)
		fl_config_refuse(reader, "key '%s' is one line; an indented one would go on with it",
				 key_names[key]);
	else if (!reader->is_further && (reader->keys & bit))
		fl_config_refuse(reader, "key '%s' stands twice in this section", key_names[key]);
	reader->keys |= bit;
}

void fl_config_set_rule(struct fl_config_reader *reader, const char *name, const char *value)
{
	struct fl_suspect_rule *rule;
	int key = find_key(name);

	if (key < 0) {
		fl_config_warn_unknown(reader, "key", name,
				       fl_nearest(name, key_names, FL_COUNT(key_names)));
		return;
	}
	check_once(reader, (enum key)key);
	check_value(reader, (enum key)key, value);
	if (reader->code || reader->config->rule_count == reader->first_rule)
		return;
	rule = &reader->config->rules[reader->config->rule_count - 1];
	if (key == CRASH) {
		rule->has_crash = true;
		rule->suspicion.may_crash = strcmp(value, "yes") == 0;
	} else {
		set_text(place_of(&rule->suspicion, (enum key)key), value);
	}
}

/* ---- the same pattern twice ---- */

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What decides what is excused: words may differ. */
static const char *contradiction(const struct fl_suspect_rule *a, const struct fl_suspect_rule *b)
{
	if (!is_same(a->suspicion.until, b->suspicion.until))
		return key_names[UNTIL];
	return a->suspicion.may_crash != b->suspicion.may_crash ? key_names[CRASH] : NULL;
}

static void compare(struct fl_config_reader *reader, const struct fl_suspect_rule *first,
		    const struct fl_suspect_rule *second)
{
	const char *key = contradiction(first, second);

	reader->line = second->line;
	if (key)
		fl_config_refuse(reader, "'%s' stands in line %d already, with another '%s'",
				 second->pattern, first->line, key);
	else
		fl_config_warn(reader->config, "%s:%d: '%s' stands in line %d already; "
			       "this entry has no effect", reader->path, second->line,
			       second->pattern, first->line);
}

void fl_config_compare_rules(struct fl_config_reader *reader)
{
	const struct fl_suspect_rule *rules = reader->config->rules;
	size_t i, j;

	for (i = reader->first_rule; i < reader->config->rule_count; i++) {
		for (j = reader->first_rule; strcmp(rules[j].pattern, rules[i].pattern) != 0; j++)
			;
		if (j < i)
			compare(reader, &rules[j], &rules[i]);
	}
}
