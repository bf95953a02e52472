/* SPDX-License-Identifier: MIT */
/*
 * config.c - reads `.flicker.ini`, and files of its entries that --quarantine names.
 *
 * inih splits lines; which section a line is in we see ourselves as it goes by, since
 * inih cuts the names of sections at 49 bytes and does not tell of one without keys.
 * What is unknown is warned of, so that a file may serve several versions; what is
 * known and makes no sense is an error.
 */
#include "config_reader.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>

enum { FILE_LIMIT = 1 << 20, LINE_LIMIT = 1 << 16 };

/*
 * Debian's inih has its limits in variables, others' only at its own compile time: there
 * a line of more than about 200 bytes is refused.
 */
extern bool ini_use_stack __attribute__((weak));
extern int ini_max_line __attribute__((weak));
extern int ini_initial_alloc __attribute__((weak));

/* "service" and the capitals are for later versions: known, and not read. */
static const char *const section_names[] = { "run", "suspect", "service", "NET", "SSH", "WORKER" };

void fl_config_warn(struct fl_config *config, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	config->warnings = fl_base_grow(config->warnings, &config->warning_capacity,
					config->warning_count + 1, sizeof(*config->warnings));
	config->warnings[config->warning_count++] = fl_base_copy(text);
}

void fl_config_refuse(struct fl_config_reader *reader, const char *format, ...)
{
	char text[512];
	va_list args;

	if (reader->code)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reader->refused = reader->line;
	reader->code = fl_error_set(reader->error, -EINVAL, "%s:%d: %s", reader->path, reader->line,
				    text);
}

void fl_config_warn_unknown(struct fl_config_reader *reader, const char *kind, const char *word,
			    const char *near)
{
	if (near)
		fl_config_warn(reader->config, "%s:%d: unknown %s '%s'; did you mean '%s'?",
			       reader->path, reader->line, kind, word, near);
	else
		fl_config_warn(reader->config, "%s:%d: unknown %s '%s'; it has no effect",
			       reader->path, reader->line, kind, word);
}

/* ---- sections ---- */

static const char only_entries[] = "a quarantine file holds sections [suspect \"PATTERN\"] and"
				   " nothing else";

/* `title`: what stands between the brackets. */
static void open_section(struct fl_config_reader *reader, const char *title)
{
	autofree char *name = fl_base_copy_n(title, strcspn(title, " \t"));
	const char *rest = title + strlen(name) + strspn(title + strlen(name), " \t");
	size_t i;

	reader->has_key = false;
	reader->section = FL_CONFIG_OTHER;
	if (strcmp(name, "suspect") == 0) {
		reader->section = FL_CONFIG_SUSPECT;
		fl_config_add_rule(reader, rest);
	} else if (reader->is_quarantine) {
		fl_config_refuse(reader, only_entries);
	} else if (strcmp(name, "run") == 0 && !*rest) {
		reader->section = FL_CONFIG_RUN;
	} else {
		for (i = 2; i < FL_COUNT(section_names); i++)
			if (strcmp(section_names[i], name) == 0)
				return;
		fl_config_warn_unknown(reader, "section", title,
				       fl_nearest(name, section_names, FL_COUNT(section_names)));
	}
}

static void see_section(struct fl_config_reader *reader, const char *line)
{
	const char *start = line + strspn(line, " \t\r\f\v"), *end;
	autofree char *title = NULL;

	if (*start != '[' || (start > line && reader->has_key))
		return;
	end = strchr(++start, ']');
	if (!end) {
		fl_config_refuse(reader, "the section has no closing ']'");
		return;
	}
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	title = fl_base_copy_n(start, (size_t)(end - start));
	open_section(reader, title);
}

/* ---- keys ---- */

static const char *nearest_key(const char *word)
{
	autofree const char **names = fl_base_alloc(fl_option_count, sizeof(*names));
	size_t count = 0, i;

	for (i = 0; i < fl_option_count; i++)
		if (fl_option_is_key(&fl_option_table[i]))
			names[count++] = fl_option_table[i].name;
	return fl_nearest(word, names, count);
}

/* A file to read is meant from where it is named. */
static char *value_of(const struct fl_config_reader *reader, const struct fl_option *option,
		      const char *value)
{
	const char *slash = strrchr(reader->path, '/');

	if (option->names != FL_NAMES_INPUT || !slash || !*value || *value == '/')
		return fl_base_copy(value);
	return fl_base_format("%.*s%s", (int)(slash - reader->path + 1), reader->path, value);
}

static void add_entry(struct fl_config_reader *reader, const char *name, const char *value)
{
	struct fl_config *config = reader->config;
	const struct fl_option *option = fl_option_find(name, ~0u);

	if (!option || !fl_option_is_key(option)) {
		fl_config_warn_unknown(reader, "key", name, nearest_key(name));
		return;
	}
	config->entries = fl_base_grow(config->entries, &config->entry_capacity,
				       config->entry_count + 1, sizeof(*config->entries));
	config->entries[config->entry_count++] = (struct fl_option_entry){
		.option = option,
		.text = value_of(reader, option, value),
		.origin = fl_base_format("%s:%d: key '%s'", reader->path, reader->line, name),
	};
}

/* inih's: a key and its value, or a further line of it.  1: go on. */
static int on_key(void *context, const char *section, const char *name, const char *value)
{
	struct fl_config_reader *reader = context;

	(void)section;
	reader->has_key = true;
	if (reader->section == FL_CONFIG_RUN)
		add_entry(reader, name, value);
	else if (reader->section == FL_CONFIG_SUSPECT)
		fl_config_set_rule(reader, name, value);
	else if (reader->is_quarantine)
		fl_config_refuse(reader, only_entries);
	else if (reader->section == FL_CONFIG_NONE)
		fl_config_warn(reader->config, "%s:%d: '%s' stands in no section and has no "
			       "effect; '[run]' goes before it", reader->path, reader->line, name);
	return 1;
}

/* What goes on with a key is indented; of an entry not all that is (config_suspect.c). */
static const char *see_indentation(struct fl_config_reader *reader, const char *line)
{
	const char *start = line + strspn(line, " \t\r\f\v");
	bool is_own = reader->section == FL_CONFIG_SUSPECT && fl_config_is_of_rule(start);

	reader->is_further = start > line && reader->has_key && !is_own;
	return is_own ? start : line;
}

/* inih's: the next line, as fgets(3) would. */
static char *next_line(char *buffer, int size, void *context)
{
	struct fl_config_reader *reader = context;
	size_t length = strcspn(reader->at, "\n");
	autofree char *line = NULL;
	const char *start;

	if (!*reader->at)
		return NULL;
	line = fl_base_copy_n(reader->at, length);
	reader->at += length + (reader->at[length] == '\n');
	reader->line++;
	if (length + 2 > (size_t)size) {
		fl_config_refuse(reader, "the line is too long");
		*line = '\0';
	}
	start = see_indentation(reader, line);
	see_section(reader, start);
	snprintf(buffer, (size_t)size, "%s\n", start);
	return buffer;
}

static void lift_limits(void)
{
	if (&ini_use_stack && &ini_max_line && &ini_initial_alloc) {
		ini_use_stack = false;
		ini_max_line = ini_initial_alloc = LINE_LIMIT;
	}
}

/* inih hands `user` to the handler and `stream` to the reader: the same here. */
static int read_all(struct fl_config_reader *reader)
{
	int line;

	lift_limits();
	if (strncmp(reader->at, "\xef\xbb\xbf", 3) == 0)
		reader->at += 3;
	line = ini_parse_stream(next_line, reader, on_key, reader);
	if (reader->code == 0 && line < 0)
		return fl_error_set(reader->error, -ENOMEM, "cannot read '%s': out of memory",
				    reader->path);
	if (line > 0 && (reader->code == 0 || line < reader->refused)) {
		reader->code = 0;       /* inih tells of it in the end, we of ours at once */
		reader->line = line;
		fl_config_refuse(reader, "neither 'key = value' nor '[section]'");
	}
	return reader->code;
}

static int parse(struct fl_config_reader *reader)
{
	int r;

	reader->first_rule = reader->config->rule_count;
	r = read_all(reader);
	if (r < 0)
		return r;
	fl_config_compare_rules(reader);
	return reader->code;
}

int fl_config_parse(const char *path, const char *text, struct fl_config *config,
		    struct fl_error *error)
{
	struct fl_config_reader reader = {
		.path = path, .at = text, .config = config, .error = error,
	};

	free(config->path);
	config->path = fl_base_copy(path);
	return parse(&reader);
}

int fl_config_parse_quarantine(const char *path, const char *text, struct fl_config *config,
			       struct fl_error *error)
{
	struct fl_config_reader reader = {
		.path = path, .at = text, .config = config, .error = error, .is_quarantine = true,
	};

	return parse(&reader);
}

typedef int (*parse_function)(const char *, const char *, struct fl_config *, struct fl_error *);

static int read_file(const char *path, parse_function parse_text, struct fl_config *config,
		     struct fl_error *error)
{
	autofree char *text = NULL;
	size_t size = 0;
	int r = fl_file_read(path, FILE_LIMIT, &text, &size);

	if (r < 0)
		return fl_error_set(error, r, "cannot read '%s': %s", path, strerror(-r));
	if (strlen(text) != size)
		return fl_error_set(error, -EINVAL, "cannot read '%s': it is no text", path);
	fl_debug("config", "reads '%s'", path);
	return parse_text(path, text, config, error);
}

int fl_config_quarantine(const char *paths, struct fl_config *config, struct fl_error *error)
{
	int r = 0;

	while (r >= 0 && paths && *paths) {
		size_t length = strcspn(paths, "\n");
		autofree char *path = fl_base_copy_n(paths, length);

		if (*path)
			r = read_file(path, fl_config_parse_quarantine, config, error);
		paths += length + (paths[length] == '\n');
	}
	return r;
}

static bool is_none(const char *named)
{
	return !*named || strcmp(named, "none") == 0;
}

int fl_config_load(const char *named, struct fl_config *ret_config, struct fl_error *error)
{
	struct fl_config config = { 0 };
	autofree char *path = named ? fl_base_copy(named) : fl_config_find(&config);
	int r = 0;

	if (path && !(named && is_none(named)))
		r = read_file(path, fl_config_parse, &config, error);
	else
		fl_debug("config", "reads no file");
	if (r < 0)
		fl_config_clear(&config);
	else
		*ret_config = config;
	return r;
}

void fl_config_clear(struct fl_config *config)
{
	size_t i;

	for (i = 0; i < config->entry_count; i++) {
		free(config->entries[i].text);
		free(config->entries[i].origin);
	}
	for (i = 0; i < config->rule_count; i++) {
		free(config->rules[i].pattern);
		fl_suspicion_clear(&config->rules[i].suspicion);
	}
	for (i = 0; i < config->warning_count; i++)
		free(config->warnings[i]);
	free(config->entries);
	free(config->rules);
	free(config->warnings);
	free(config->path);
	*config = (struct fl_config){ 0 };
}
