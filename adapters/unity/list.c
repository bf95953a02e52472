/* SPDX-License-Identifier: MIT */
/*
 * list.c - the tests between UnityBegin and UnityEnd, in the order in which they were met.
 *
 * A rehearsal writes them into memory that it shares with us; then they are copied, for
 * a process with shared memory is no template.  The same test may stand there several
 * times: whoever comes is the next one of its kind that has not come yet.
 */
#define _GNU_SOURCE
#include "unity.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { MOST = 8192, TEXT = 1 << 20 };

struct row {
	const void *code;
	int line;
	uint32_t name, suite, file;     /* offsets into the text */
	bool is_taken;
};

static struct list {
	bool is_complete;
	uint32_t count, next;           /* next: behind the one that was taken last */
	uint32_t used;                  /* of the text; it begins with a NUL */
	struct row rows[MOST];
	char text[TEXT];
} *list;

static struct list *map(int sharing)
{
	void *memory = mmap(NULL, sizeof(*list), PROT_READ | PROT_WRITE,
			    sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

bool fl_unity_list_open(void)
{
	fl_unity_list_close();
	list = map(MAP_SHARED);
	if (list)
		list->used = 1;
	return list != NULL;
}

void fl_unity_list_close(void)
{
	if (list)
		munmap(list, sizeof(*list));
	list = NULL;
}

/* The text's place; 0, an empty text, where there is no room. */
static uint32_t keep_text(const char *text, size_t length)
{
	uint32_t at = list->used;

	if (length + 1 > TEXT - list->used)
		return 0;
	memcpy(list->text + at, text, length);
	list->used += (uint32_t)length + 1;
	return at;
}

static uint32_t keep(const char *text)
{
	return text ? keep_text(text, strlen(text)) : 0;
}

/* "test/test_list.c" is the suite test_list; and so is what was compiled elsewhere. */
static uint32_t keep_suite(const char *file)
{
	const char *slash, *dot;

	if (!file)
		return keep(program_invocation_short_name);
	slash = strrchr(file, '/');
	file = slash ? slash + 1 : file;
	dot = strrchr(file, '.');
	return keep_text(file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}

void fl_unity_list_add(const struct fl_unity_test *test)
{
	struct row *row;

	if (!list || list->count == MOST)
		return;
	row = &list->rows[list->count++];
	row->code = test->code;
	row->line = test->line;
	row->name = keep(test->name);
	row->file = keep(test->file);
	row->suite = test->suite ? keep(test->suite) : keep_suite(test->file);
}

void fl_unity_list_complete(void)
{
	if (list)
		list->is_complete = list->count < MOST && list->used < TEXT;
}

bool fl_unity_list_keep(void)
{
	struct list *ours = list && list->is_complete ? map(MAP_PRIVATE) : NULL;

	if (!ours)
		return false;
	memcpy(ours, list, offsetof(struct list, rows) + list->count * sizeof(list->rows[0]));
	memcpy(ours->text, list->text, list->used);
	fl_unity_list_close();
	list = ours;
	return true;
}

uint32_t fl_unity_list_count(void)
{
	return list ? list->count : 0;
}

static bool is_same(const struct row *row, const struct fl_unity_test *test)
{
	return !row->is_taken && row->code == test->code && row->line == test->line &&
	       strcmp(list->text + row->name, test->name ? test->name : "") == 0;
}

/* They come in their order, but where the program shuffles them. */
int fl_unity_list_take(const struct fl_unity_test *test)
{
	uint32_t i, at;

	for (i = 0; i < fl_unity_list_count(); i++) {
		at = (list->next + i) % list->count;
		if (!is_same(&list->rows[at], test))
			continue;
		list->rows[at].is_taken = true;
		list->next = at + 1;
		return (int)at;
	}
	return -1;
}

bool fl_unity_list_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	const struct row *row = &list->rows[index];

	(void)group;
	ret_entry->suite = list->text + row->suite;
	ret_entry->name = list->text + row->name;
	ret_entry->code = row->code;
	ret_entry->file = row->file ? list->text + row->file : NULL;
	ret_entry->line = row->line;
	return true;
}
