/* SPDX-License-Identifier: MIT */
/*
 * options.c - what the program's arguments say of its tests.
 *
 * g_test_init() takes them out and shows them to nobody, so they are read as it is called.
 * Where a version of GLib reads them otherwise, a test that we expect and that does not run
 * in the host is dropped outside.
 */
#define _GNU_SOURCE
#include "glib.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 256, WORDS = 16 };

struct list {
	const char *paths[MOST];
	size_t count;
};

static struct list run, skip;
static bool runs_deep, skips_prefixes;  /* -r, -x */
static bool only_lists, has_seed;
static unsigned skip_count;

bool fl_glib_only_lists(void)
{
	return only_lists;
}

bool fl_glib_has_seed(void)
{
	return has_seed;
}

unsigned fl_glib_skip_count(void)
{
	return skip_count;
}

/* The value of `argument`, its own or the next one, if it is option `name`. */
static const char *value_of(char **argument, const char *name)
{
	size_t length = strlen(name);

	if (!argument[0] || strncmp(argument[0], name, length) != 0)
		return NULL;
	if (argument[0][length] == '=')
		return argument[0] + length + 1;
	return argument[0][length] ? NULL : argument[1];
}

static void add(struct list *list, const char *path, bool *is_extended, bool extended)
{
	if (path && list->count < MOST) {
		list->paths[list->count++] = path;
		*is_extended = extended;
	}
}

static void read_argument(char **at)
{
	const char *count = value_of(at, "--GTestSkipCount");

	add(&run, value_of(at, "-p"), &runs_deep, false);
	add(&run, value_of(at, "-r"), &runs_deep, true);
	add(&run, value_of(at, "--run-prefix"), &runs_deep, true);
	add(&skip, value_of(at, "-s"), &skips_prefixes, false);
	add(&skip, value_of(at, "-x"), &skips_prefixes, true);
	add(&skip, value_of(at, "--skip-prefix"), &skips_prefixes, true);
	only_lists |= at[0] && strcmp(at[0], "-l") == 0;
	has_seed |= value_of(at, "--seed") != NULL;
	if (count)
		skip_count = (unsigned)strtoul(count, NULL, 0);
}

static bool begins_with(const char *path, const char *start, size_t length)
{
	return strncmp(path, start, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* -p names a test or all tests of a suite, but not those of the suites in it; -r these, too. */
static bool is_chosen(const char *path, size_t suite_bytes, const char *wanted)
{
	size_t length = strlen(wanted);

	if (strstr(path, "/subprocess"))
		return strcmp(path, wanted) == 0;
	if (!begins_with(path, wanted, length))
		return false;
	return runs_deep || !path[length] || length == suite_bytes;
}

static bool is_skipped(const char *path)
{
	size_t i;

	for (i = 0; i < skip.count; i++)
		if (skips_prefixes ? strncmp(path, skip.paths[i], strlen(skip.paths[i])) == 0 :
				     strcmp(path, skip.paths[i]) == 0)
			return true;
	return false;
}

bool fl_glib_would_run(const char *path, size_t suite_bytes)
{
	bool would_run = !run.count && !strstr(path, "/subprocess");
	size_t i;

	for (i = 0; i < run.count && !would_run; i++)
		would_run = is_chosen(path, suite_bytes, run.paths[i]);
	return would_run && !is_skipped(path);
}


/* A variadic call cannot be handed on: the words that may follow, ended by NULL, can. */
void g_test_init(int *argc, char ***argv, ...)
{
	char *words[WORDS + 1] = { NULL }, **w = words;
	va_list rest;
	int i;

	va_start(rest, argv);
	for (i = 0; i < WORDS && (words[i] = va_arg(rest, char *)); i++)
		;
	va_end(rest);
	words[WORDS] = NULL;
	for (i = 1; fl_glib_flicker && argc && argv && i < *argc; i++)
		read_argument(*argv + i);
	REAL(g_test_init)(argc, argv, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9],
			  w[10], w[11], w[12], w[13], w[14], w[15], NULL);
}
