/* SPDX-License-Identifier: MIT */
/*
 * option_parse.c - defaults, the configuration file, the environment, the command line.
 *
 * Each layer replaces what the one below said; only within a layer do repeated
 * options accumulate.  A variable that is empty counts as unset, on both
 * sides of the process border.
 */
#include "options.h"

#include <errno.h>

static const char prefix[] = "FLICKER_";

/* What is set from elsewhere than the table, or for programs under test to read. */
static const char *const other_variables[] = {
	"ATTEMPT", "ATTEMPT_SEED", "COMMAND", "DEBUG", "CHANNEL", "EXCUSES", "FACE", "LIST", "PLUGIN",
	"REPLAY",
};

/* Forgets what a layer below said, so that a list starts anew. */
static void forget(const struct fl_option *option, struct fl_options *options)
{
	char **field = (char **)((char *)options + option->offset);

	if (option->kind == FL_OPTION_LIST) {
		free(*field);
		*field = NULL;
	}
}

static int store_presets(struct fl_options *options, struct fl_error *error)
{
	size_t i;
	int r = 0;

	for (i = 0; i < fl_option_count && r >= 0; i++) {
		const struct fl_option *option = &fl_option_table[i];
		struct fl_option_value value = { option, option->name, option->preset };

		if (value.text)
			r = fl_option_store(&value, options, error);
	}
	return r;
}

/* Where a layer has been: the first value of an option replaces, the next ones add. */
struct layer {
	const struct fl_options_source *source;
	uint64_t seen;                  /* rows that it has set */
};

static int store(struct layer *layer, const struct fl_option_value *value,
		 struct fl_options *options, struct fl_error *error)
{
	uint64_t bit = UINT64_C(1) << (value->option - fl_option_table);

	if (!(layer->seen & bit))
		forget(value->option, options);
	layer->seen |= bit;
	if (!layer->source->is_trial)
		fl_debug("config", "%s: '%s'", value->origin, value->text ? value->text : "1");
	return fl_option_store(value, options, error);
}

static int read_entries(const struct fl_options_source *source, struct fl_options *options,
			struct fl_error *error)
{
	struct layer layer = { .source = source };
	size_t i;
	int r = 0;

	for (i = 0; i < source->entry_count && r >= 0; i++) {
		const struct fl_option_entry *entry = &source->entries[i];
		struct fl_option_value value = { entry->option, entry->origin, entry->text };

		if (entry->option->commands & source->commands)
			r = store(&layer, &value, options, error);
	}
	return r;
}

/* The value of a variable, or NULL where it is unset or empty. */
static const char *find_variable(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return (*environment)[length + 1] ? *environment + length + 1 : NULL;
	return NULL;
}

static int read_variable(struct layer *layer, const struct fl_option *option,
			 struct fl_options *options, struct fl_error *error)
{
	autofree char *name = fl_option_variable(option);
	autofree char *origin = fl_base_format("variable '%s'", name);
	struct fl_option_value value = { option, origin, NULL };

	value.text = find_variable(layer->source->environment, name);
	return value.text ? store(layer, &value, options, error) : 0;
}

static int read_environment(const struct fl_options_source *source, struct fl_options *options,
			    struct fl_error *error)
{
	struct layer layer = { .source = source };
	size_t i;
	int r = 0;

	for (i = 0; i < fl_option_count && r >= 0; i++) {
		const struct fl_option *option = &fl_option_table[i];

		if ((option->commands & source->commands) && !option->is_option_only)
			r = read_variable(&layer, option, options, error);
	}
	return r;
}

/* The known name nearest to `word`, among the options of these commands. */
static const char *nearest_option(const char *word, unsigned commands)
{
	autofree const char **names = fl_base_alloc(2 * fl_option_count, sizeof(*names));
	size_t count = 0, i;

	for (i = 0; i < fl_option_count; i++) {
		if (!(fl_option_table[i].commands & commands) || !fl_option_table[i].help)
			continue;
		names[count++] = fl_option_table[i].name;
		if (fl_option_table[i].alias)
			names[count++] = fl_option_table[i].alias;
	}
	return fl_nearest(word, names, count);
}

static int refuse_unknown(const char *argument, const struct fl_options_source *source,
			  struct fl_error *error)
{
	const char *bare = argument + strspn(argument, "-");
	autofree char *word = fl_base_copy_n(bare, strcspn(bare, "="));
	int length = (int)strcspn(argument, "=");
	const char *near = nearest_option(word, source->commands);

	if (near)
		return fl_error_set(error, -EINVAL,
				    "unknown option '%.*s' for '%s'; did you mean '--%s'?",
				    length, argument, source->command, near);
	return fl_error_set(error, -EINVAL, "unknown option '%.*s' for '%s'; see 'flicker help %s'",
			    length, argument, source->command, source->command);
}

/* Where the parser is on the command line. */
struct place {
	const struct fl_options_source *source;
	int at;
	struct layer layer;
};

static const char *next_argument(struct place *place)
{
	const char *argument = place->source->arguments[place->at];

	place->at += argument != NULL;
	return argument;
}

/* Stores what was found; where it lacks a value, that is the next argument. */
static int read_option(struct place *place, const struct fl_option_value *found,
		       struct fl_options *options, struct fl_error *error)
{
	struct fl_option_value value = *found;

	if (value.option->kind == FL_OPTION_FLAG && value.text)
		return fl_error_set(error, -EINVAL, "%s takes no value, not even '%s'",
				    value.origin, value.text);
	if (value.option->kind != FL_OPTION_FLAG && !value.text) {
		value.text = next_argument(place);
		if (!value.text)
			return fl_error_set(error, -EINVAL, "%s lacks its value: '--%s %s'",
					    value.origin, value.option->name,
					    value.option->metavar);
	}
	return store(&place->layer, &value, options, error);
}

/* "-n10", "-n 10", and flags together: "-oq", "-on 10". */
static int read_letters(struct place *place, const char *letters, struct fl_options *options,
			struct fl_error *error)
{
	int r = 0;

	while (r >= 0 && *letters) {
		struct fl_option_value value = { .text = NULL };
		autofree char *origin = fl_base_format("option '-%c'", *letters);

		value.option = fl_option_find_letter(*letters, place->source->commands);
		value.origin = origin;
		if (!value.option)
			return fl_error_set(error, -EINVAL,
					    "unknown option '-%c' for '%s'; see 'flicker help %s'",
					    *letters, place->source->command,
					    place->source->command);
		letters++;
		if (value.option->kind != FL_OPTION_FLAG && *letters) {
			value.text = letters + (*letters == '=');
			letters += strlen(letters);
		}
		r = read_option(place, &value, options, error);
	}
	return r;
}

static int read_argument(struct place *place, struct fl_options *options, struct fl_error *error)
{
	const char *argument = next_argument(place), *equals = strchr(argument, '=');
	struct fl_option_value value = { .text = equals ? equals + 1 : NULL };
	autofree char *origin = NULL;

	if (argument[1] != '-' && fl_option_find_letter(argument[1], place->source->commands))
		return read_letters(place, argument + 1, options, error);
	if (strncmp(argument, "--", 2) == 0)
		value.option = fl_option_find(argument + 2, place->source->commands);
	if (!value.option)
		return refuse_unknown(argument, place->source, error);
	origin = fl_base_format("option '%.*s'", (int)strcspn(argument, "="), argument);
	value.origin = origin;
	return read_option(place, &value, options, error);
}

static bool is_option(const char *argument)
{
	return argument && argument[0] == '-' && argument[1];
}

static int read_arguments(const struct fl_options_source *source, struct fl_options *options,
			  int *ret_first, struct fl_error *error)
{
	struct place place = { .source = source, .layer = { .source = source } };
	int r = 0;

	while (r >= 0 && is_option(source->arguments[place.at])) {
		if (strcmp(source->arguments[place.at], "--") == 0) {
			place.at++;
			break;
		}
		r = read_argument(&place, options, error);
	}
	if (r >= 0)
		*ret_first = place.at;
	return r;
}

int fl_options_parse(const struct fl_options_source *source, struct fl_options *ret_options,
		     int *ret_first, struct fl_error *error)
{
	struct fl_options options = { .seed = source->seed };
	int first = 0, r;

	r = store_presets(&options, error);
	if (r >= 0)
		r = read_entries(source, &options, error);
	if (r >= 0)
		r = read_environment(source, &options, error);
	if (r >= 0)
		r = read_arguments(source, &options, &first, error);
	if (r < 0) {
		fl_options_clear(&options);
		return r;
	}
	*ret_options = options;
	*ret_first = first;
	return 0;
}

/* All names after FLICKER_ that mean something; the array and its strings are the caller's. */
static size_t list_variables(char ***ret_names)
{
	char **names = fl_base_alloc(fl_option_count + FL_COUNT(other_variables), sizeof(*names));
	size_t count = 0, i;

	for (i = 0; i < fl_option_count; i++) {
		autofree char *variable = fl_option_variable(&fl_option_table[i]);

		if (!fl_option_table[i].is_option_only)
			names[count++] = fl_base_copy(variable + sizeof(prefix) - 1);
	}
	for (i = 0; i < FL_COUNT(other_variables); i++)
		names[count++] = fl_base_copy(other_variables[i]);
	*ret_names = names;
	return count;
}

/* `name`: what stands after FLICKER_. */
static char *warn_unknown(const char *name, const char *const *known, size_t count)
{
	const char *near;
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(known[i], name) == 0)
			return NULL;
	near = fl_nearest(name, known, count);
	if (near)
		return fl_base_format("unknown variable '%s%s'; did you mean '%s%s'?", prefix, name,
				      prefix, near);
	return fl_base_format("unknown variable '%s%s'; it has no effect", prefix, name);
}

char *fl_options_variable_warning(const char *assignment)
{
	autofree char *name = NULL;
	char **known, *text;
	size_t count, i;

	if (strncmp(assignment, prefix, sizeof(prefix) - 1) != 0)
		return NULL;
	assignment += sizeof(prefix) - 1;
	name = fl_base_copy_n(assignment, strcspn(assignment, "="));
	count = list_variables(&known);
	text = warn_unknown(name, (const char *const *)known, count);
	for (i = 0; i < count; i++)
		free(known[i]);
	free(known);
	return text;
}
