/* SPDX-License-Identifier: MIT */
/*
 * traces.c - what the traces of an attempt say.
 */
#include "traces.h"

#include "../../base/base.h"

static const char *const kinds[] = {
#define FL_X(id, name) name,
	FL_LEAVINGS(FL_X)
#undef FL_X
};

struct names {
	char **items;
	size_t count;
};

static bool has(const struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

/* Takes `name`. */
static void add(struct names *names, char *name)
{
	if (names->count == FL_TRACES_MOST || !*name || has(names, name)) {
		free(name);
		return;
	}
	if (!names->items)
		names->items = fl_base_alloc(FL_TRACES_MOST, sizeof(*names->items));
	names->items[names->count++] = name;
}

/* WHAT of the next line "VERB WHAT", or NULL; *at goes on behind it.  The caller's. */
static char *next_line(const char **at, const char *verb)
{
	size_t verb_length = strlen(verb);

	while (*at && **at) {
		const char *line = *at;
		size_t length = strcspn(line, "\n");

		*at += length + (line[length] != '\0');
		if (length > verb_length && strncmp(line, verb, verb_length) == 0)
			return fl_base_copy_n(line + verb_length, length - verb_length);
	}
	return NULL;
}

/* ---- what is left ---- */

static bool is_of_kind(const char *name, const char *kind)
{
	size_t length = strlen(kind);

	return strncmp(name, kind, length) == 0 && (name[length] == ' ' || !name[length]);
}

static bool has_kind(const struct names *names, const char *kind)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		if (is_of_kind(names->items[i], kind))
			return true;
	return false;
}

static bool is_any_kind(const char *name)
{
	size_t kind;

	for (kind = 0; kind < FL_COUNT(kinds); kind++)
		if (is_of_kind(name, kinds[kind]))
			return true;
	return false;
}

void fl_traces_add_leaks(struct fl_test *test, const struct fl_facts *facts)
{
	struct names leaks = { test->leaks, test->leak_count };
	const char *at = facts->traces;
	bool is_looked_at = facts->flags & FL_FACT_LOOKED;
	size_t kind;
	char *name;

	while (is_looked_at && (name = next_line(&at, "left ")) != NULL)
		if (is_any_kind(name))
			add(&leaks, name);
		else
			free(name);
	for (kind = 0; is_looked_at && kind < FL_COUNT(kinds); kind++)
		if ((facts->left & 1u << kind) && !has_kind(&leaks, kinds[kind]))
			add(&leaks, fl_base_copy(kinds[kind]));
	if (facts->stragglers && !has_kind(&leaks, kinds[FL_LEAVING_CHILDREN]))
		add(&leaks, fl_base_format("%s, still running", kinds[FL_LEAVING_CHILDREN]));
	test->leaks = leaks.items;
	test->leak_count = leaks.count;
}

/* ---- what is shared ---- */

static void add_all(struct names *names, const char *traces, const char *verb)
{
	char *name;

	while ((name = next_line(&traces, verb)) != NULL)
		add(names, name);
}

static void add_common(struct names *names, const char *a, const char *b)
{
	struct names others = { 0 };
	size_t i;
	char *name;

	add_all(&others, b, "used ");
	while ((name = next_line(&a, "used ")) != NULL)
		if (has(&others, name))
			add(names, name);
		else
			free(name);
	for (i = 0; i < others.count; i++)
		free(others.items[i]);
	free(others.items);
}

size_t fl_traces_shared(const char *a, const char *b, const char *failed, char ***ret_names)
{
	struct names names = { 0 };

	add_all(&names, a, "collided ");
	add_all(&names, b, "collided ");
	add_all(&names, failed, "collided ");
	add_common(&names, a, b);
	*ret_names = names.items;
	return names.count;
}
