/* SPDX-License-Identifier: MIT */
/*
 * traces.c - lines of text in the facts of an attempt: "left ...", "used ...", "collided ...".
 *
 * Threads, signal handlers and children of the attempt write here at the same time, so a
 * line's place is reserved with one compare-and-swap and filled afterwards.  How much is
 * reserved stands in the last four bytes of the text, which is all zero before.  Part of
 * the room is kept for what is left behind, known last and wanted most.
 */
#define _GNU_SOURCE
#include "look.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

typedef uint32_t __attribute__((may_alias)) counter;

enum {
	ROOM = FL_WIRE_TRACES - sizeof(counter) - 1,
	ROOM_USED = ROOM - 400,         /* for "used" and "collided" */
	MOST_FILES = 64,
	IS_NEW = 'n', IS_OLD = 'o',
};

_Static_assert(offsetof(struct fl_facts, traces) % 4 == 0 && FL_WIRE_TRACES % 4 == 0,
	       "the counter is aligned");

FL_HOT enum fl_traces_level fl_traces_level = FL_TRACES_OFF;
FL_HOT static struct fl_facts *facts;

static char created[8192];              /* IS_NEW or not, a path, its NUL; and again */
static uint32_t created_used;

static counter *used_of(struct fl_facts *of)
{
	return (counter *)(of->traces + FL_WIRE_TRACES - sizeof(counter));
}

void fl_traces_clear(struct fl_facts *of)
{
	if (*used_of(of))
		memset(of->traces, 0, sizeof(of->traces));
	of->traces[0] = '\0';
}

void fl_traces_begin(struct fl_facts *of, bool is_looking)
{
	facts = of;
	fl_traces_level = is_looking ? FL_TRACES_ALL : FL_TRACES_COLLISIONS;
}

void fl_traces_end(void)
{
	fl_traces_level = FL_TRACES_OFF;
}

/* Where `length` bytes may be written, or NULL where the room is less. */
static char *reserve(char *text, counter *used, size_t length, size_t room)
{
	uint32_t before = __atomic_load_n(used, __ATOMIC_RELAXED);

	do
		if (before > room || length > room - before)
			return NULL;
	while (!__atomic_compare_exchange_n(used, &before, before + (uint32_t)length, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return text + before;
}

/* "VERB KIND NAME\n": one line, whatever the name holds. */
static void format(struct fl_line *line, const char *verb, const char *kind, const char *name)
{
	char *at;

	fl_line_add(line, verb);
	fl_line_add(line, kind);
	fl_line_add(line, " ");
	fl_line_add(line, name);
	for (at = line->text; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = '?';
	if (line->length == sizeof(line->text) - 1)
		line->length--;
	line->text[line->length++] = '\n';
	line->text[line->length] = '\0';
}

static bool has_line(const char *text, const struct fl_line *line)
{
	const char *at = text;

	while ((at = strstr(at, line->text)) != NULL && at != text && at[-1] != '\n')
		at++;
	return at != NULL;
}

static void append(const char *verb, const char *kind, const char *name, size_t room)
{
	struct fl_line line = { "", 0 };
	int saved = errno;
	char *to;

	format(&line, verb, kind, name);
	if (facts && !has_line(facts->traces, &line)) {
		to = reserve(facts->traces, used_of(facts), line.length, room);
		if (to)
			memcpy(to, line.text, line.length);
	}
	errno = saved;
}

void fl_traces_used(const char *kind, const char *name)
{
	append("used ", kind, name, ROOM_USED);
}

void fl_traces_collided(const char *kind, const char *name)
{
	if (facts)
		__atomic_fetch_or(&facts->flags, FL_FACT_COLLIDED, __ATOMIC_RELAXED);
	append("collided ", kind, name, ROOM_USED);
}

void fl_traces_left(enum fl_leaving kind, const char *what)
{
	static const char *const names[] = {
#define FL_X(id, name) name,
		FL_LEAVINGS(FL_X)
#undef FL_X
	};

	if (facts)
		facts->left |= 1u << kind;
	append("left ", names[kind], what, ROOM);
}

/* ---- files ---- */

void fl_traces_created(const char *path, bool is_new)
{
	size_t size = strlen(path) + 1;
	char *at;

	for (at = created; at < created + created_used; at += strlen(at) + 1)
		if (*at && strcmp(at + 1, path) == 0) {
			if (is_new)
				*at = IS_NEW;
			return;
		}
	at = reserve(created, &created_used, size + 1, sizeof(created) - 1);
	if (at) {
		memcpy(at + 1, path, size);
		*at = is_new ? IS_NEW : IS_OLD;
	}
}

/*
 * What has a fixed name was made by the program's own run already: the attempt would have
 * made it, too, and it is not older than the group.
 */
static bool is_left(const char *entry)
{
	struct stat st;

	return *entry && lstat(entry + 1, &st) == 0 &&
	       (*entry == IS_NEW || fl_look_is_young(entry + 1));
}

/* Is `path` within one of the folders that are left as well?  Then that one says enough. */
static bool is_within(const char *path, const char *const *left, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		size_t length = strlen(left[i]);

		if (strncmp(path, left[i], length) == 0 && path[length] == '/')
			return true;
	}
	return false;
}

void fl_traces_tell_created(void)
{
	const char *left[MOST_FILES];
	const char *at = created;
	size_t i, count = 0;

	for (; at < created + created_used && count < MOST_FILES; at += strlen(at) + 1)
		if (is_left(at))
			left[count++] = at + 1;
	for (i = 0; i < count; i++)
		if (!is_within(left[i], left, count))
			fl_traces_left(FL_LEAVING_FILES, left[i]);
}
