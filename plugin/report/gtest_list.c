/* SPDX-License-Identifier: MIT */
/*
 * gtest_list.c - GoogleTest's list of tests: as text, XML and JSON.
 */
#include "gtest_list.h"

#include "../base/base.h"
#include "json_tree.h"
#include "text.h"
#include "xml.h"

#include <flicker/face.h>

struct entry {
	const struct fl_test *test;
	char *suite, *name;
	bool is_selected;
	bool is_told;                   /* its suite is through */
};

struct list {
	struct entry *entries;
	size_t count;
};

char *fl_gtest_list_show(const char *id)
{
	size_t size = 3 * strlen(id) + 1;
	char *shown = fl_base_alloc(size, 1);

	fl_face_show(id, shown, size);
	return shown;
}

void fl_gtest_list_split(const char *shown, char **ret_suite, char **ret_name)
{
	const char *dot = strrchr(shown, '.');

	*ret_suite = fl_base_copy_n(shown, dot ? (size_t)(dot - shown) : 0);
	*ret_name = fl_base_copy(dot ? dot + 1 : shown);
}

static struct entry entry_of(const struct fl_test *test, const char *filter)
{
	autofree char *shown = fl_gtest_list_show(test->id);
	struct entry entry = { .test = test };

	fl_gtest_list_split(shown, &entry.suite, &entry.name);
	entry.is_selected = fl_face_matches(filter, strlen(filter), shown);
	return entry;
}

static struct list list_of(const struct fl_run *run, const char *filter)
{
	struct list list = { fl_base_alloc(run->test_count + 1, sizeof(*list.entries)),
			     run->test_count };
	size_t i;

	for (i = 0; i < list.count; i++)
		list.entries[i] = entry_of(run->tests[i], filter);
	return list;
}

static void clear(struct list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->entries[i].suite);
		free(list->entries[i].name);
	}
	free(list->entries);
}

/* The next test of the suite that `at` belongs to; NULL: there is none behind `from`. */
static const struct entry *next_of(const struct list *list, const struct entry *at, size_t *from)
{
	while (*from < list->count) {
		struct entry *entry = &list->entries[(*from)++];

		if (strcmp(entry->suite, at->suite) != 0)
			continue;
		entry->is_told = true;
		if (entry->is_selected)
			return entry;
	}
	return NULL;
}

static size_t selected_of(const struct list *list, const struct entry *at)
{
	size_t count = 0, from = 0;

	while (next_of(list, at, &from))
		count++;
	return count;
}

void fl_gtest_list_text(FILE *out, const struct fl_run *run, const char *filter)
{
	struct list list = list_of(run, filter);
	const struct entry *entry;
	size_t i, from;

	for (i = 0; i < list.count; i++) {
		if (list.entries[i].is_told)
			continue;
		from = i;
		if (selected_of(&list, &list.entries[i]))
			fprintf(out, "%s.\n", list.entries[i].suite);
		while ((entry = next_of(&list, &list.entries[i], &from)) != NULL)
			fprintf(out, "  %s\n", entry->name);
	}
	clear(&list);
}

static void xml_suite(FILE *out, const struct list *list, size_t from)
{
	const struct entry *at = &list->entries[from], *entry;

	fputs("  <testsuite", out);
	fl_xml_attribute(out, "name", at->suite);
	fprintf(out, " tests=\"%zu\">\n", selected_of(list, at));
	while ((entry = next_of(list, at, &from)) != NULL) {
		fputs("    <testcase", out);
		fl_xml_attribute(out, "name", entry->name);
		fl_xml_attribute(out, "file", entry->test->file ? entry->test->file : "");
		fprintf(out, " line=\"%d\" />\n", entry->test->line);
	}
	fputs("  </testsuite>\n", out);
}

void fl_gtest_list_xml(FILE *out, const struct fl_run *run, const char *filter)
{
	struct list list = list_of(run, filter);
	size_t i;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	fprintf(out, "<testsuites tests=\"%zu\" name=\"AllTests\">\n", list.count);
	for (i = 0; i < list.count; i++)
		if (!list.entries[i].is_told)
			xml_suite(out, &list, i);
	fputs("</testsuites>\n", out);
	clear(&list);
}

static void json_text(json_t *object, const char *key, const char *text)
{
	autofree char *harmless = fl_text_escape(text ? text : "");

	json_object_set_new(object, key, json_string(harmless));
}

static json_t *json_test(const struct entry *entry)
{
	json_t *test = json_object();

	json_text(test, "name", entry->name);
	json_text(test, "file", entry->test->file);
	json_object_set_new(test, "line", json_integer(entry->test->line));
	return test;
}

static json_t *json_suite(const struct list *list, size_t from)
{
	const struct entry *at = &list->entries[from], *entry;
	json_t *suite = json_object(), *tests = json_array();

	json_text(suite, "name", at->suite);
	json_object_set_new(suite, "tests", json_integer((json_int_t)selected_of(list, at)));
	while ((entry = next_of(list, at, &from)) != NULL)
		json_array_append_new(tests, json_test(entry));
	json_object_set_new(suite, "testsuite", tests);
	return suite;
}

void fl_gtest_list_json(FILE *out, const struct fl_run *run, const char *filter)
{
	struct list list = list_of(run, filter);
	json_t *root, *suites;
	size_t i;

	fl_json_use_base_memory();
	root = json_object();
	suites = json_array();
	json_object_set_new(root, "tests", json_integer((json_int_t)list.count));
	json_object_set_new(root, "name", json_string("AllTests"));
	for (i = 0; i < list.count; i++)
		if (!list.entries[i].is_told)
			json_array_append_new(suites, json_suite(&list, i));
	json_object_set_new(root, "testsuites", suites);
	json_dumpf(root, out, JSON_INDENT(2) | JSON_ESCAPE_SLASH);
	fputc('\n', out);
	json_decref(root);
	clear(&list);
}
