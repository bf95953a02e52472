/* SPDX-License-Identifier: MIT */
/*
 * tap.c - TAP 13 and 14, line by line.
 *
 *     TAP version 14
 *     1..3
 *     ok 1 - description
 *     not ok 2 - description # TODO why
 *       ---
 *       message: text
 *       ...
 *     # diagnostics
 *     Bail out! why
 *
 * What is indented belongs to the line before it (a YAML block) or behind it (a subtest), and
 * only the block's `message` is of use.  Diagnostics behind a test that is not ok are its
 * message where it has no block.  Standard error may be among the lines: what is no TAP is
 * passed over, as the specification wants it.
 */
#define _GNU_SOURCE
#include "tap.h"

#include "../../base/base.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { TEXT_BYTES = 1000, MOST = 1 << 16 };

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static char *trimmed(const char *text, size_t length)
{
	while (length && isspace((unsigned char)*text))
		text++, length--;
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return fl_base_copy_n(text, length < TEXT_BYTES ? length : TEXT_BYTES);
}

/* ---- a test's line ---- */

/* The `#` of a directive, or the line's end.  `\#` is a plain one. */
static const char *find_directive(const char *text, enum fl_tap_directive *ret_directive)
{
	const char *at;

	for (at = text; *at; at++) {
		const char *word = at + 1;

		if (*at == '\\' && at[1]) {
			at++;
			continue;
		}
		if (*at != '#')
			continue;
		word += strspn(word, " \t");
		if (strncasecmp(word, "skip", 4) == 0)
			*ret_directive = FL_TAP_SKIP;
		else if (strncasecmp(word, "todo", 4) == 0 && !isalnum((unsigned char)word[4]))
			*ret_directive = FL_TAP_TODO;
		else
			continue;
		return at;
	}
	return at;
}

static char *name_of(const char *text, size_t length, unsigned long number)
{
	autofree char *name = trimmed(text, length);
	char *from = name, *to = name;

	if (starts_with(name, "- "))
		from += 2;
	else if (strcmp(name, "-") == 0)
		from++;
	from += strspn(from, " \t");
	for (; *from; from++) {
		if (*from == '\\' && (from[1] == '#' || from[1] == '\\'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return *name ? take(name) : fl_base_format("%lu", number);
}

/* Behind "ok" or "not ok", with `rest` at what follows; else false. */
static bool is_test(const char *line, bool *ret_is_ok, const char **ret_rest)
{
	bool is_ok = !starts_with(line, "not ok");
	const char *rest = line + (is_ok ? 2 : 6);

	if (is_ok && !starts_with(line, "ok"))
		return false;
	if (*rest && !isspace((unsigned char)*rest))
		return false;
	*ret_is_ok = is_ok;
	*ret_rest = rest + strspn(rest, " \t");
	return true;
}

static void add_test(struct fl_tap *tap, bool is_ok, const char *rest)
{
	unsigned long number = tap->count + 1;
	struct fl_tap_test test = { .is_ok = is_ok };
	char *end;

	if (tap->count == MOST)
		return;
	if (isdigit((unsigned char)*rest)) {
		unsigned long given = strtoul(rest, &end, 10);

		if (!*end || isspace((unsigned char)*end)) {
			number = given;
			rest = end + strspn(end, " \t");
		}
	}
	end = (char *)(uintptr_t)find_directive(rest, &test.directive);
	test.name = name_of(rest, (size_t)(end - rest), number);
	tap->tests = fl_base_grow(tap->tests, &tap->capacity, tap->count + 1, sizeof(*tap->tests));
	tap->tests[tap->count++] = test;
}

/* ---- other lines ---- */

static bool read_plan(struct fl_tap *tap, const char *line)
{
	enum fl_tap_directive directive = FL_TAP_PLAIN;
	unsigned long planned;
	const char *mark;
	char *end;

	if (!starts_with(line, "1..") || !isdigit((unsigned char)line[3]))
		return false;
	planned = strtoul(line + 3, &end, 10);
	if (*end && !isspace((unsigned char)*end) && *end != '#')
		return false;
	if (tap->has_plan)
		return true;            /* the first one holds */
	tap->is_tap = tap->has_plan = true;
	tap->planned = planned;
	tap->is_skipped = planned == 0;
	mark = find_directive(end, &directive);
	if (planned == 0 && *mark) {
		mark += 1 + strspn(mark + 1, " \t");
		mark += strcspn(mark, " \t:");
		tap->reason = trimmed(mark + (*mark == ':'), strlen(mark + (*mark == ':')));
	}
	return true;
}

static void add_message(struct fl_tap_test *test, const char *text)
{
	autofree char *line = trimmed(text, strlen(text));
	autofree char *before = test->message;

	test->message = NULL;
	if (!*line || starts_with(line, "Looks like you ") ||         /* Test::More's count of all */
	    (before && strlen(before) + strlen(line) > TEXT_BYTES)) {
		test->message = take(before);
		return;
	}
	test->message = before ? fl_base_format("%s\n%s", before, line) : take(line);
}

/* A block's `message: text`, in quotes or not. */
static void read_block_line(struct fl_tap_test *test, const char *line)
{
	static const char key[] = "message:";
	const char *at = line + strspn(line, " \t");
	size_t length;

	if (!starts_with(at, key))
		return;
	at += sizeof(key) - 1;
	at += strspn(at, " \t");
	length = strlen(at);
	if (length >= 2 && (*at == '"' || *at == '\'') && at[length - 1] == *at) {
		at++;
		length -= 2;
	}
	free(test->message);
	test->message = trimmed(at, length);
}

struct reader {
	struct fl_tap *tap;
	bool is_in_block, has_block;
};

static void read_indented(struct reader *reader, const char *line)
{
	const char *text = line + strspn(line, " \t");

	if (!reader->tap->count)
		return;
	if (strcmp(text, "---") == 0 && strspn(line, " \t") <= 3)
		reader->is_in_block = reader->has_block = true;
	else if (strcmp(text, "...") == 0)
		reader->is_in_block = false;
	else if (reader->is_in_block)
		read_block_line(&reader->tap->tests[reader->tap->count - 1], line);
}

static void read_line(struct reader *reader, const char *line)
{
	struct fl_tap *tap = reader->tap;
	const char *rest;
	bool is_ok;

	if (*line == ' ' || *line == '\t') {
		read_indented(reader, line);
	} else if (is_test(line, &is_ok, &rest)) {
		add_test(tap, is_ok, rest);
		reader->is_in_block = reader->has_block = false;
	} else if (read_plan(tap, line)) {
		return;
	} else if (starts_with(line, "TAP version ") && isdigit((unsigned char)line[12])) {
		tap->is_tap = true;
	} else if (starts_with(line, "Bail out!") && !tap->bail) {
		tap->bail = trimmed(line + 9, strlen(line + 9));
	} else if (*line == '#' && tap->count && !reader->has_block &&
		   !tap->tests[tap->count - 1].is_ok) {
		add_message(&tap->tests[tap->count - 1], line + strspn(line, "#"));
	}
}

/* ---- tests of one name ---- */

static int by_name(const void *left, const void *right)
{
	const struct fl_tap_test *a = *(struct fl_tap_test *const *)left;
	const struct fl_tap_test *b = *(struct fl_tap_test *const *)right;
	int order = strcmp(a->name, b->name);

	return order ? order : a < b ? -1 : a > b;
}

/* By sorting: there may be thousands. */
static void count_names(struct fl_tap *tap)
{
	autofree struct fl_tap_test **tests = fl_base_alloc(tap->count + 1, sizeof(struct fl_tap_test *));
	size_t i;

	for (i = 0; i < tap->count; i++)
		tests[i] = &tap->tests[i];
	qsort(tests, tap->count, sizeof(*tests), by_name);
	for (i = 0; i < tap->count; i++)
		tests[i]->times = i && strcmp(tests[i - 1]->name, tests[i]->name) == 0 ?
			tests[i - 1]->times + 1 : 1;
}

void fl_tap_parse(const char *text, size_t size, struct fl_tap *ret_tap)
{
	struct fl_tap tap = { 0 };
	struct reader reader = { .tap = &tap };
	const char *end = text + size;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((stop ? stop : end) - text);
		autofree char *line = fl_base_copy_n(text, length);

		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		read_line(&reader, line);
		text += length + 1;
	}
	count_names(&tap);
	*ret_tap = tap;
}

void fl_tap_clear(struct fl_tap *tap)
{
	size_t i;

	for (i = 0; i < tap->count; i++) {
		free(tap->tests[i].name);
		free(tap->tests[i].message);
	}
	free(tap->tests);
	free(tap->reason);
	free(tap->bail);
	*tap = (struct fl_tap){ 0 };
}

bool fl_tap_has_failed(const struct fl_tap_test *test)
{
	return !test->is_ok && test->directive == FL_TAP_PLAIN;
}

bool fl_tap_has_failures(const struct fl_tap *tap)
{
	size_t i;

	for (i = 0; i < tap->count; i++)
		if (fl_tap_has_failed(&tap->tests[i]))
			return true;
	return false;
}
