/* SPDX-License-Identifier: MIT */
/*
 * ids.c - the ids of a group's tests, unique in the program, and which are selected.
 *
 * Per group one mapping: a row per entry, then the text.  Equal ids are counted in
 * an open hash table of 64-bit hashes that lives as long as the host.
 */
#define _GNU_SOURCE
#include "../face/face.h"

#include <flicker/id.h>
#include <flicker/pattern.h>
#include <flicker/seed.h>

#include <string.h>
#include <sys/mman.h>

enum { SEEN_SLOTS = 1 << 16 };

struct seen {
	uint64_t hash;
	uint64_t times;
};

struct row {
	const char *id;                 /* NULL: no test */
	size_t suite_length;            /* of the id */
	bool is_selected, is_disabled;
	bool has_run, has_failed;
};

static struct seen *seen;
static struct row *rows;
static uint32_t row_count;
static size_t mapped_bytes;

static void *map_private(size_t size_bytes)
{
	void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* How often the id has been met, this time included; 1 where there is no room to tell. */
static unsigned times_seen(const char *id)
{
	uint64_t hash = fl_seed_hash(id) | 1;
	size_t at = (size_t)fl_seed_mix(hash) % SEEN_SLOTS, tries;

	for (tries = 0; tries < SEEN_SLOTS; tries++, at = (at + 1) % SEEN_SLOTS) {
		if (seen[at].hash && seen[at].hash != hash)
			continue;
		seen[at].hash = hash;
		return (unsigned)++seen[at].times;
	}
	return 1;
}

static bool is_wanted(const char *id)
{
	const char *filter = fl_entry_setting("FILTER");
	const char *exact = fl_entry_setting("TEST");

	if (fl_agent.adapter->is_program)       /* it may tell of tests that are meant */
		return true;
	return (!filter || fl_pattern_match(filter, id)) && (!exact || fl_pattern_is_line(exact, id));
}

bool fl_ids_describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	*ret_entry = (struct fl_entry){ .number = -1 };
	if (!group->describe(group, index, ret_entry) || !ret_entry->name)
		return false;
	if (!ret_entry->suite)
		ret_entry->suite = group->name;
	return true;
}

#define NUMBER sizeof("#4294967295")

static size_t text_bytes(const struct fl_group *group)
{
	struct fl_entry entry;
	size_t size = 0;
	uint32_t i;

	for (i = 0; i < group->count; i++)
		if (fl_ids_describe(group, i, &entry))
			size += fl_id_format(NULL, 0, entry.suite, entry.name) + 3 * NUMBER;
	return size;
}

/* Writes the unique id of one test at `text`; returns its length. */
static size_t write_id(char *text, size_t room, const struct fl_entry *entry)
{
	unsigned times;

	if (room > FL_WIRE_ID)
		room = FL_WIRE_ID;
	/* A cut one may need its numbers, too. */
	fl_id_format(text, room - 2 * NUMBER, entry->suite, entry->name);
	if (entry->number >= 0)
		fl_id_index(text, room - NUMBER, (unsigned)entry->number);
	times = times_seen(text);
	if (times > 1)
		fl_id_number(text, room, times);
	return strlen(text);
}

/* Where the name begins in the id, but for its dot. */
static size_t suite_length(const struct fl_entry *entry, const char *id)
{
	size_t length = entry->suite ? fl_id_format(NULL, 0, entry->suite, "") - 1 : 0;

	return length < strlen(id) ? length : strlen(id);
}

static void choose(struct row *row)
{
	enum fl_face_choice choice = fl_face_choose(row->id);

	row->is_disabled = choice == FL_FACE_IS_DISABLED;
	row->is_selected = choice == FL_FACE_RUNS && is_wanted(row->id);
}

bool fl_ids_assign(const struct fl_group *group)
{
	size_t rows_bytes = group->count * sizeof(*rows);
	size_t size = rows_bytes + text_bytes(group) + 1;
	struct fl_entry entry;
	char *text, *end;
	uint32_t i;

	if (!seen)
		seen = map_private(SEEN_SLOTS * sizeof(*seen));
	rows = map_private(size);
	if (!seen || !rows)
		return false;
	mapped_bytes = size;
	row_count = group->count;
	end = (char *)rows + size;
	for (i = 0, text = (char *)rows + rows_bytes; i < group->count; i++) {
		if (!fl_ids_describe(group, i, &entry))
			continue;
		rows[i].id = text;
		text += write_id(text, (size_t)(end - text), &entry) + 1;
		rows[i].suite_length = suite_length(&entry, rows[i].id);
		choose(&rows[i]);
	}
	return true;
}

static const char *adopted;
static uint32_t adopted_index;

void fl_ids_adopt(uint32_t index, const char *id)
{
	adopted = id;
	adopted_index = index;
}

const char *fl_ids_get(uint32_t index)
{
	if (adopted)
		return index == adopted_index ? adopted : NULL;
	return index < row_count ? rows[index].id : NULL;
}

bool fl_ids_is_selected(uint32_t index)
{
	return index < row_count && rows[index].id && rows[index].is_selected;
}

bool fl_ids_is_disabled(uint32_t index)
{
	return index < row_count && rows[index].is_disabled;
}

size_t fl_ids_suite_length(uint32_t index)
{
	return index < row_count && rows[index].id ? rows[index].suite_length : 0;
}

bool fl_ids_is_same_suite(uint32_t one, uint32_t other)
{
	size_t length = fl_ids_suite_length(one);
	const char *id = fl_ids_get(one), *other_id = fl_ids_get(other);

	return id && other_id && length == fl_ids_suite_length(other) &&
	       memcmp(id, other_id, length) == 0;
}

bool fl_ids_is_news(uint32_t index, bool has_failed)
{
	struct row *row = index < row_count ? &rows[index] : NULL;
	bool is_news = !row || !row->has_run || (has_failed && !row->has_failed);

	if (row) {
		row->has_run = true;
		row->has_failed |= has_failed;
	}
	return is_news;
}

void fl_ids_release(void)
{
	if (rows)
		munmap(rows, mapped_bytes);
	rows = NULL;
	row_count = 0;
}
