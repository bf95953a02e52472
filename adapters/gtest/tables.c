/* SPDX-License-Identifier: MIT */
/*
 * tables.c - the two tables of virtual functions whose words are replaced.
 *
 * Where the program has names, a word is known by the function that it holds.  In a stripped
 * one by what C++ itself keeps of a class: the text of its name, the type_info that points to
 * this text, and the table that points to the type_info (Itanium C++ ABI, 2.9.4 and 2.5.2).
 * Then the order of words is that of GoogleTest's header, and their number says of which
 * version.
 */
#define _GNU_SOURCE
#include "gtest.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_WORDS = 24, DESTRUCTORS = 2 };

/* ---- where things lie ---- */

struct segment {
	uintptr_t address;              /* sought */
	uintptr_t low, high;
	int protection;
};

static void set_segment(struct segment *to, uintptr_t base, const ElfW(Phdr) *part)
{
	to->low = base + part->p_vaddr;
	to->high = to->low + part->p_memsz;
	to->protection = PROT_READ | (part->p_flags & PF_W ? PROT_WRITE : 0) |
			 (part->p_flags & PF_X ? PROT_EXEC : 0);
}

static int find_segment(struct dl_phdr_info *module, size_t size, void *context)
{
	struct segment *segment = context;
	unsigned i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum; i++) {
		if (module->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		set_segment(segment, module->dlpi_addr, &module->dlpi_phdr[i]);
		if (segment->address >= segment->low && segment->address < segment->high)
			return 1;
	}
	return 0;
}

/* A table lies among what is never written; it is left writable, which harms nobody. */
static bool make_writable(void **table, size_t words)
{
	struct segment segment = { .address = (uintptr_t)table };
	uintptr_t page = (uintptr_t)getpagesize(), low = segment.address & ~(page - 1);
	uintptr_t high = segment.address + words * sizeof(*table);

	return dl_iterate_phdr(find_segment, &segment) &&
	       mprotect((void *)low, high - low, segment.protection | PROT_WRITE) == 0;
}

/* ---- by name ---- */

static void **find_word(void **table, enum fl_gtest_name event)
{
	void *function = fl_gtest_find(event);
	size_t i;

	for (i = 0; table && function && i < MOST_WORDS; i++)
		if (table[i] == function)
			return &table[i];
	return NULL;
}

static void replace(void **word, enum fl_gtest_name event)
{
	if (!word)
		return;
	memcpy(&fl_gtest_originals[event], word, sizeof(*word));
	memcpy(word, &fl_gtest_ours[event], sizeof(*word));
}

bool fl_gtest_listen(void)
{
	void **events = fl_gtest_find(FL_GTEST_REPEATER_TABLE);
	void **getter = fl_gtest_find(FL_GTEST_GETTER_TABLE), **leaving;
	unsigned event;

	for (event = 0; event < FL_GTEST_LEAVING; event++)
		if (!find_word(events, event))
			return false;
	if (!make_writable(events, MOST_WORDS))
		return false;
	for (event = 0; event < FL_GTEST_LEAVING; event++)
		replace(find_word(events, event), event);
	leaving = find_word(getter, FL_GTEST_LEAVING);
	if (leaving && make_writable(leaving, 1))
		replace(leaving, FL_GTEST_LEAVING);
	return true;
}

/* ---- without names: the segments of the program, searched for a text or a word ---- */

struct search {
	const void *bytes;
	size_t size;
	bool (*is_it)(const char *found);
	const char *found;
};

static const char *search_segment(const struct segment *in, const struct search *for_what)
{
	const char *at = (const char *)in->low, *end = (const char *)in->high;

	while (at && at < end) {
		at = memmem(at, (size_t)(end - at), for_what->bytes, for_what->size);
		if (at && (!for_what->is_it || for_what->is_it(at)))
			return at;
		at = at ? at + 1 : NULL;
	}
	return NULL;
}

/* The program is the first module.  Code is not searched, nor what has no bytes in its file. */
static int search_program(struct dl_phdr_info *module, size_t size, void *context)
{
	struct search *search = context;
	struct segment segment = { 0 };
	unsigned i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum && !search->found; i++) {
		const ElfW(Phdr) *part = &module->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || part->p_flags & PF_X)
			continue;
		set_segment(&segment, module->dlpi_addr, part);
		segment.high = segment.low + part->p_filesz;
		search->found = search_segment(&segment, search);
	}
	return 1;
}

static const char *find_bytes(const void *bytes, size_t size, bool (*is_it)(const char *found))
{
	struct search search = { bytes, size, is_it, NULL };

	dl_iterate_phdr(search_program, &search);
	return search.found;
}

static bool is_aligned(const char *found)
{
	return (uintptr_t)found % sizeof(void *) == 0;
}

/* Before it stands the way to the object's top: none. */
static bool is_table(const char *found)
{
	return is_aligned(found) && ((void *const *)found)[-1] == NULL;
}

/* The first virtual function of the class of this name; its text's end belongs to it. */
static void **find_table(const char *class_name, size_t size)
{
	const char *text = find_bytes(class_name, size, NULL);
	const char *pointer = text ? find_bytes(&text, sizeof(text), is_aligned) : NULL;
	const char *type = pointer ? pointer - sizeof(void *) : NULL;
	const char *word = type ? find_bytes(&type, sizeof(type), is_table) : NULL;

	return word ? (void **)(uintptr_t)(word + sizeof(void *)) : NULL;
}

/* The order of the words in the header, from 1.10 on; FL_GTEST_NAMES: of no interest to us. */
static const uint8_t order[] = {
	FL_GTEST_PROGRAM_START, FL_GTEST_NAMES, FL_GTEST_SETUP_START, FL_GTEST_SETUP_END,
	FL_GTEST_SUITE_START, FL_GTEST_NAMES, FL_GTEST_TEST_START, FL_GTEST_NAMES, FL_GTEST_PART,
	FL_GTEST_TEST_END, FL_GTEST_SUITE_END, FL_GTEST_NAMES, FL_GTEST_TEARDOWN_START,
	FL_GTEST_NAMES, FL_GTEST_ITERATION_END, FL_GTEST_PROGRAM_END,
};

enum { ALL = sizeof(order), SUITE_OF_OLD = 5, DISABLED = 7, SUITE_OF_OLD_END = 11 };

static bool is_code(const void *word)
{
	struct segment segment = { .address = (uintptr_t)word };

	return dl_iterate_phdr(find_segment, &segment) && segment.protection & PROT_EXEC;
}

static size_t count_words(void *const *table)
{
	size_t n = 0;

	while (n < MOST_WORDS && is_code(table[n]))
		n++;
	return n;
}

/* Before 1.12 nobody was told of disabled tests; 1.10 can be built without the names of 1.8. */
static bool is_left_out(size_t at, size_t words)
{
	if (at == DISABLED)
		return words == ALL - 1 || words == ALL - 3;
	return (at == SUITE_OF_OLD || at == SUITE_OF_OLD_END) && words <= ALL - 2;
}

bool fl_gtest_listen_stripped(void)
{
	static const char repeater[] = "N7testing8internal17TestEventRepeaterE";
	static const char getter_name[] = "N7testing8internal18OsStackTraceGetterE";
	void **table, **getter;
	size_t words, i;

	if (!dlsym(RTLD_DEFAULT, "__cxa_throw"))
		return false;
	table = find_table(repeater, sizeof(repeater));
	words = table ? count_words(table) - DESTRUCTORS : 0;
	if (words < ALL - 3 || words > ALL || !make_writable(table, MOST_WORDS))
		return false;
	table += DESTRUCTORS;
	for (i = 0; i < ALL; i++)
		if (!is_left_out(i, words)) {
			if (order[i] != FL_GTEST_NAMES)
				replace(table, order[i]);
			table++;
		}
	getter = find_table(getter_name, sizeof(getter_name));
	if (getter && count_words(getter) > DESTRUCTORS + 1 && make_writable(getter, DESTRUCTORS + 2))
		replace(getter + DESTRUCTORS + 1, FL_GTEST_LEAVING);
	return true;
}
