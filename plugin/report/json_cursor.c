/* SPDX-License-Identifier: MIT */
/*
 * json_cursor.c - what a report holds, asked for by key and type, and where it is wrong.
 *
 * jansson forgets lines once it has made a tree.  For the one line a message needs,
 * the text, known to be valid by then, is walked once more along the steps taken.
 */
#include "json_tree.h"
#include "text.h"

#include <errno.h>
#include <limits.h>

json_t *fl_json_load(const char *text, size_t size, json_error_t *ret_fault)
{
	const char *nul = memchr(text, '\0', size), *p;

	if (!nul)
		return json_loadb(text, size, JSON_REJECT_DUPLICATES, ret_fault);
	*ret_fault = (json_error_t){ .line = 1, .text = "a NUL byte" };
	for (p = text; p < nul; p++)
		ret_fault->line += *p == '\n';
	return NULL;
}

/* `p` at a quote: past the closing one. */
static const char *skip_string(const char *p)
{
	for (p++; *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p + 1;
}

static const char *skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* `p` at a value: past it. */
static const char *skip_value(const char *p)
{
	int depth = 0;

	do {
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
			depth--;
		p++;
	} while (depth > 0 || (*p && !strchr(",]} \t\r\n", *p)));
	return p;
}

/* `p` at an object or array: at its value `key`, or number `index`; NULL: there is none. */
static const char *find_child(const char *p, const char *key, size_t index)
{
	size_t i = 0;

	for (p = skip_space(p + 1); *p != '}' && *p != ']'; i++) {
		const char *name = key ? p : NULL;
		bool is_it = key ? strncmp(name + 1, key, strlen(key)) == 0 &&
				   name[1 + strlen(key)] == '"' : i == index;

		if (key)
			p = skip_space(skip_space(skip_string(p)) + 1);
		if (is_it)
			return p;
		p = skip_space(skip_value(p));
		if (*p == ',')
			p = skip_space(p + 1);
	}
	return NULL;
}

static size_t find_line(const struct fl_json_cursor *at, const char *key)
{
	const char *p = skip_space(at->text), *q, *child;
	size_t i, line = at->line;

	for (i = 0; i < at->depth; i++) {
		child = find_child(p, at->steps[i].key, at->steps[i].index);
		if (!child)
			break;
		p = child;
	}
	child = key && *p == '{' ? find_child(p, key, 0) : NULL;
	for (q = at->text; q < (child ? child : p); q++)
		line += *q == '\n';
	return line;
}

/* tests[2].verdict */
static char *format_place(const struct fl_json_cursor *at, const char *key)
{
	char *place = fl_base_copy("");
	size_t i;

	for (i = 0; i <= at->depth; i++) {
		const char *name = i < at->depth ? at->steps[i].key : key;
		char *longer;

		if (i < at->depth && !name)
			longer = fl_base_format("%s[%zu]", place, at->steps[i].index);
		else
			longer = fl_base_format("%s%s%s", place, *place && name ? "." : "",
						name ? name : "");
		free(place);
		place = longer;
	}
	return place;
}

void fl_json_fault(struct fl_json_cursor *at, const char *key, const char *problem)
{
	autofree char *place = NULL;

	if (at->code < 0)
		return;
	place = format_place(at, key);
	at->code = fl_error_set(at->error, -EINVAL, "%s:%zu: '%s' %s", at->path,
				find_line(at, key), *place ? place : "report", problem);
}

void fl_json_enter(struct fl_json_cursor *at, const char *key, size_t index)
{
	at->steps[at->depth].key = key;
	at->steps[at->depth].index = index;
	at->depth++;
}

void fl_json_leave(struct fl_json_cursor *at)
{
	at->depth--;
}

static bool has_type(const json_t *value, json_type type)
{
	return json_typeof(value) == type || (type == JSON_REAL && json_is_number(value)) ||
	       (type == JSON_TRUE && json_is_boolean(value));
}

json_t *fl_json_get(struct fl_json_cursor *at, const json_t *object, const char *key,
		    json_type type)
{
	static const char *const problems[] = {
		[JSON_OBJECT] = "is not an object", [JSON_ARRAY] = "is not an array",
		[JSON_STRING] = "is not a string", [JSON_INTEGER] = "is not a whole number",
		[JSON_REAL] = "is not a number", [JSON_TRUE] = "is neither true nor false",
	};
	json_t *value = json_object_get(object, key);

	if (!json_is_object(object))
		fl_json_fault(at, NULL, problems[JSON_OBJECT]);
	else if (!value)
		fl_json_fault(at, key, "is missing");
	else if (!json_is_null(value) && !has_type(value, type))
		fl_json_fault(at, key, problems[type]);
	return at->code < 0 || json_is_null(value) ? NULL : value;
}

json_t *fl_json_need(struct fl_json_cursor *at, const json_t *object, const char *key,
		     json_type type)
{
	json_t *value = fl_json_get(at, object, key, type);

	if (!value)
		fl_json_fault(at, key, "is null");
	return value;
}

char *fl_json_get_text(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	return fl_base_copy(json_string_value(fl_json_get(at, object, key, JSON_STRING)));
}

char *fl_json_need_text(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	return fl_base_copy(json_string_value(fl_json_need(at, object, key, JSON_STRING)));
}

uint64_t fl_json_need_count(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	json_int_t value = json_integer_value(fl_json_need(at, object, key, JSON_INTEGER));

	if (value < 0)
		fl_json_fault(at, key, "is negative");
	return value < 0 ? 0 : (uint64_t)value;
}

int fl_json_get_int(struct fl_json_cursor *at, const json_t *object, const char *key, int if_null)
{
	json_t *number = fl_json_get(at, object, key, JSON_INTEGER);
	json_int_t value = number ? json_integer_value(number) : if_null;

	if (value >= -1 && value <= INT_MAX)
		return (int)value;
	fl_json_fault(at, key, "is out of range");
	return if_null;
}

double fl_json_get_real(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	return json_number_value(fl_json_get(at, object, key, JSON_REAL));
}

bool fl_json_need_bool(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	return json_is_true(fl_json_need(at, object, key, JSON_TRUE));
}

bool fl_json_parse_hex(const char *digits, uint64_t *ret_value)
{
	size_t length = strlen(digits);

	if (strncmp(digits, "0x", 2) != 0 || length < 3 || length > 18 ||
	    strspn(digits + 2, "0123456789abcdef") != length - 2)
		return false;
	*ret_value = strtoull(digits + 2, NULL, 16);
	return true;
}

uint64_t fl_json_get_hex(struct fl_json_cursor *at, const json_t *object, const char *key)
{
	json_t *digits = fl_json_get(at, object, key, JSON_STRING);
	uint64_t value = 0;

	if (digits && !fl_json_parse_hex(json_string_value(digits), &value))
		fl_json_fault(at, key, "is not a hexadecimal number like 0x1d");
	return value;
}

/* The word is from a file: it is shown cut and harmless. */
static int parse_word(struct fl_json_cursor *at, const char *key, const json_t *word,
		      int (*parse)(const char *))
{
	const char *given = json_string_value(word);
	int value = given ? parse(given) : -EINVAL;
	autofree char *cut = NULL, *shown = NULL, *problem = NULL;

	if (value >= 0)
		return value;
	cut = fl_base_copy_n(given ? given : "", given ? strnlen(given, 40) : 0);
	shown = fl_text_line(cut);
	problem = fl_base_format("is no word known here: \"%s\"", shown);
	fl_json_fault(at, key, problem);
	return 0;
}

int fl_json_need_word(struct fl_json_cursor *at, const json_t *object, const char *key,
		      int (*parse)(const char *))
{
	json_t *word = fl_json_need(at, object, key, JSON_STRING);

	return word ? parse_word(at, key, word, parse) : 0;
}

uint32_t fl_json_need_mask(struct fl_json_cursor *at, const json_t *object, const char *key,
			   int (*parse)(const char *))
{
	json_t *words = fl_json_need(at, object, key, JSON_ARRAY), *word;
	uint32_t mask = 0;
	size_t i;

	fl_json_enter(at, key, 0);
	json_array_foreach(words, i, word) {
		fl_json_enter(at, NULL, i);
		mask |= UINT32_C(1) << parse_word(at, NULL, word, parse);
		fl_json_leave(at);
	}
	fl_json_leave(at);
	return at->code < 0 ? 0 : mask;
}
