/* SPDX-License-Identifier: MIT */
/*
 * stripped.c - Check's runner in a program without symbols.
 *
 * What remains are four words that its runner asks the environment for, and that no other
 * function of it has: the one function whose code refers to all four is srunner_run_tagged().
 * Where functions begin and end the unwind tables say (.eh_frame_hdr: no strip takes that
 * away).  Of references nothing has to be disassembled: on x86 they are four bytes that say
 * how far it is, whatever the instruction, and four of them do not meet in one function by
 * chance.  Its last argument, how much to print, it has to keep beyond its first calls: a function
 * that does not has only swallowed it, by -flto.  Where there are several, none is taken.
 */
#define _GNU_SOURCE
#include "check.h"

#include <link.h>
#include <string.h>

enum { WORDS = 4, ALL_WORDS = (1 << WORDS) - 1, FUNCTIONS = 8 };

static const char *const words[WORDS] = {
	"CK_RUN_CASE", "CK_RUN_SUITE", "CK_INCLUDE_TAGS", "CK_EXCLUDE_TAGS",
};

struct function {
	uintptr_t start;
	size_t size;
	unsigned has;                   /* bits of words */
};

struct search {
	const struct dl_phdr_info *program;
	uintptr_t low, high;            /* of the segment with the words */
	struct function found[FUNCTIONS];
	size_t count;
};

static uintptr_t start_of(const struct search *search, const ElfW(Phdr) *segment)
{
	return search->program->dlpi_addr + segment->p_vaddr;
}

static bool is_loaded(const struct search *search, uintptr_t address, size_t size)
{
	unsigned i;

	for (i = 0; i < search->program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &search->program->dlpi_phdr[i];
		uintptr_t start = start_of(search, segment);

		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_R) && address >= start &&
		    address - start < segment->p_memsz && size <= segment->p_memsz - (address - start))
			return true;
	}
	return false;
}

/* ---- the words ---- */

static bool find_words(struct search *search)
{
	unsigned i;

	for (i = 0; i < search->program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &search->program->dlpi_phdr[i];

		if (segment->p_type != PT_LOAD || (segment->p_flags & (PF_R | PF_W)) != PF_R)
			continue;
		search->low = start_of(search, segment);
		search->high = search->low + segment->p_filesz;
		if (memmem((const void *)search->low, segment->p_filesz, words[WORDS - 1],
			   strlen(words[WORDS - 1]) + 1))
			return true;
	}
	return false;
}

/* Which word is there; -1: none. */
static int word_at(const struct search *search, uintptr_t address)
{
	int i;

	if (address < search->low || address >= search->high - 16 || *(const char *)address != 'C')
		return -1;
	for (i = 0; i < WORDS; i++)
		if (strncmp((const char *)address, words[i], 16) == 0)
			return i;
	return -1;
}

/* ---- functions ---- */

/* .eh_frame_hdr as all linkers write it; encodings are DW_EH_PE_*. */
struct frames {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
	struct {
		int32_t start, entry;   /* seen from here; ascending */
	} rows[];
};

static const struct frames *frames_of(const struct search *search)
{
	enum { RELATIVE = 0x1b, PLAIN = 0x03, FROM_HERE = 0x3b };
	const struct frames *frames = NULL;
	unsigned i;

	for (i = 0; i < search->program->dlpi_phnum && !frames; i++)
		if (search->program->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME)
			frames = (const void *)start_of(search, &search->program->dlpi_phdr[i]);
	if (!frames || !is_loaded(search, (uintptr_t)frames, sizeof(*frames)) || frames->version != 1 ||
	    frames->frame_encoding != RELATIVE || frames->count_encoding != PLAIN ||
	    frames->table_encoding != FROM_HERE || !frames->count ||
	    !is_loaded(search, (uintptr_t)frames->rows, frames->count * sizeof(frames->rows[0])))
		return NULL;
	return frames;
}

/* The function that `address` is in, by its own entry: length, parent, start as seen from there, size. */
static bool function_at(const struct search *search, uintptr_t address, struct function *ret_function)
{
	const struct frames *frames = frames_of(search);
	size_t low = 0, high = frames ? frames->count : 0;
	const int32_t *entry;
	uintptr_t start;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if ((uintptr_t)frames + (uintptr_t)(intptr_t)frames->rows[middle].start <= address)
			low = middle;
		else
			high = middle;
	}
	if (high == low)
		return false;
	start = (uintptr_t)frames + (uintptr_t)(intptr_t)frames->rows[low].start;
	entry = (const int32_t *)((uintptr_t)frames + (uintptr_t)(intptr_t)frames->rows[low].entry);
	if (!is_loaded(search, (uintptr_t)entry, 4 * sizeof(*entry)) ||
	    (uintptr_t)&entry[2] + (uintptr_t)(intptr_t)entry[2] != start)
		return false;
	*ret_function = (struct function){ .start = start, .size = (uint32_t)entry[3] };
	return address >= start && address - start < ret_function->size;
}

static void note(struct search *search, uintptr_t address, int word)
{
	struct function function;
	size_t i;

	if (!function_at(search, address, &function))
		return;
	for (i = 0; i < search->count; i++)
		if (search->found[i].start == function.start)
			break;
	if (i == FUNCTIONS)
		return;
	if (i == search->count)
		search->found[search->count++] = function;
	search->found[i].has |= 1u << word;
}

/* ---- references ---- */

#ifdef __aarch64__

/* What adrp brings to a register. */
static uintptr_t page_of(uintptr_t instruction)
{
	uint32_t bits = *(const uint32_t *)instruction;
	int64_t pages = (int64_t)((uint64_t)(bits >> 5 & 0x7ffff) << 45) >> 43 | (bits >> 29 & 3);

	return (instruction & ~(uintptr_t)4095) + (uintptr_t)pages * 4096;
}

static bool keeps_mode(const struct search *search, uintptr_t start)
{
	const uint32_t *at = (const uint32_t *)start;
	int i;

	for (i = 0; i < 32 && is_loaded(search, (uintptr_t)&at[i], sizeof(*at)); i++)
		if ((at[i] & 0xffffffe0) == 0x2a0503e0 ||       /* mov w.., w5 */
		    (at[i] & 0xffc0001f) == 0xb9000005)         /* str w5, [...] */
			return true;
	return false;
}

/* An add behind it has the place in the page. */
static void look_at_code(struct search *search, uintptr_t code, size_t size)
{
	uintptr_t pages[32] = { 0 }, at;
	int word;

	for (at = code; at + 4 <= code + size; at += 4) {
		uint32_t bits = *(const uint32_t *)at;

		if ((bits & 0x9f000000) == 0x90000000) {
			pages[bits & 31] = page_of(at);
		} else if ((bits & 0xffc00000) == 0x91000000) {
			word = word_at(search, pages[bits >> 5 & 31] + (bits >> 10 & 4095));
			if (word >= 0)
				note(search, at, word);
		}
	}
}

#else

/* mov %r9d, ... */
static bool keeps_mode(const struct search *search, uintptr_t start)
{
	const unsigned char *at = (const unsigned char *)start, *end = at + 128;

	for (; at < end && is_loaded(search, (uintptr_t)at, 3); at++)
		if ((at[0] & 0xfe) == 0x44 && at[1] == 0x89 && (at[2] >> 3 & 7) == 1)
			return true;
	return false;
}

/* Seen from behind the reference; without -pie the address itself. */
static void look_at_code(struct search *search, uintptr_t code, size_t size)
{
	uintptr_t at;

	for (at = code; at + 4 <= code + size; at++) {
		int32_t bits;
		int word;

		memcpy(&bits, (const void *)at, sizeof(bits));
		word = word_at(search, at + 4 + (uintptr_t)(intptr_t)bits);
		if (word < 0)
			word = word_at(search, (uint32_t)bits);
		if (word >= 0)
			note(search, at, word);
	}
}

#endif

static void find_functions(struct search *search)
{
	const int wanted = PF_R | PF_X;
	unsigned i;

	for (i = 0; i < search->program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &search->program->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && (segment->p_flags & wanted) == wanted)
			look_at_code(search, start_of(search, segment), segment->p_filesz);
	}
}

struct answer {
	enum fl_check_hidden hidden;
	struct fl_symbol *runner;
};

/* The first module is the program. */
static int look_at_program(struct dl_phdr_info *program, size_t size, void *context)
{
	struct search search = { .program = program };
	struct answer *answer = context;
	size_t i, fitting = 0;

	(void)size;
	if (!find_words(&search))
		return 1;
	find_functions(&search);
	for (i = 0; i < search.count; i++) {
		if (search.found[i].has != ALL_WORDS || !keeps_mode(&search, search.found[i].start))
			continue;
		answer->runner->address = search.found[i].start;
		answer->runner->size_bytes = search.found[i].size;
		fitting++;
	}
	answer->hidden = fitting == 1 ? FL_CHECK_FOUND : FL_CHECK_LOST;
	if (fitting != 1)
		answer->runner->address = answer->runner->size_bytes = 0;
	return 1;
}

enum fl_check_hidden fl_check_find_hidden(struct fl_symbol *ret_runner)
{
	struct answer answer = { FL_CHECK_ABSENT, ret_runner };

	dl_iterate_phdr(look_at_program, &answer);
	return answer.hidden;
}
