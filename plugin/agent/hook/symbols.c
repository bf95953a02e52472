/* SPDX-License-Identifier: MIT */
/*
 * symbols.c - functions and variables of the program's own file, by their names.
 *
 * This runs in every process, most of them shells: one pass over the symbols serves all
 * adapters, what no adapter asks for is left behind at its first letters, and without
 * .symtab (all that a distribution ships) there is little more to do than to see so.
 *
 * What is found here may be overwritten with code: the file must be the one that the process
 * runs, an address must lie in it, and a local name that several files of the source have
 * is no name.
 */
#define _GNU_SOURCE
#include "../agent.h"
#include "elf.h"

#include <dlfcn.h>
#include <string.h>

enum { MOST = 256, SLOTS = 2 * MOST, FIRST = 4, PREFIXES = 1024, LONGEST = 512 };

enum rank { NOWHERE, LOCAL, AMBIGUOUS, GLOBAL };

struct slot {
	struct fl_symbol *symbol;       /* NULL: free */
	uint32_t hash;
	enum rank rank;
};

/* On the stack: a process that runs no tests gets no page more. */
struct search {
	ElfW(Addr) base;
	const ElfW(Phdr) *segments;     /* as they are in memory */
	size_t segment_count, count;
	struct slot slots[SLOTS];
	uint8_t prefixes[PREFIXES / 8]; /* hashes of the first letters of what is wanted */
};

/* ---- what is wanted ---- */

static uint32_t hash_on(uint32_t hash, char letter)
{
	return (hash ^ (unsigned char)letter) * 16777619u;      /* FNV-1a */
}

static uint32_t hash_start(const char *name, size_t *ret_length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < FIRST && name[i]; i++)
		hash = hash_on(hash, name[i]);
	*ret_length = i;
	return hash;
}

static uint32_t hash_rest(uint32_t hash, const char *name, size_t from)
{
	while (name[from] && from < LONGEST)
		hash = hash_on(hash, name[from++]);
	return hash;
}

static uint32_t prefix_bit(uint32_t hash)
{
	return (hash ^ hash >> 15) % PREFIXES;
}

static void add_wanted(struct search *search, struct fl_symbol *symbol)
{
	size_t length, at;
	uint32_t hash = hash_start(symbol->name, &length), bit = prefix_bit(hash);

	symbol->address = 0;
	symbol->size_bytes = 0;
	symbol->is_imported = false;
	if (search->count == MOST)
		return;
	search->count++;
	search->prefixes[bit / 8] |= (uint8_t)(1u << bit % 8);
	hash = hash_rest(hash, symbol->name, length);
	for (at = hash % SLOTS; search->slots[at].symbol; at = (at + 1) % SLOTS)
		;
	search->slots[at] = (struct slot){ .symbol = symbol, .hash = hash };
}

/* ---- what is there ---- */

static bool is_in_program(const struct search *search, uint64_t value, uint64_t size)
{
	size_t i;

	for (i = 0; i < search->segment_count; i++) {
		const ElfW(Phdr) *segment = &search->segments[i];

		if (segment->p_type == PT_LOAD && value >= segment->p_vaddr &&
		    value - segment->p_vaddr < segment->p_memsz &&
		    size <= segment->p_memsz - (value - segment->p_vaddr))
			return true;
	}
	return false;
}

static void fill(const struct search *search, struct slot *slot, const ElfW(Sym) *entry)
{
	enum rank rank = ELF64_ST_BIND(entry->st_info) == STB_LOCAL ? LOCAL : GLOBAL;

	if (rank == LOCAL && slot->rank == LOCAL &&
	    slot->symbol->address != search->base + entry->st_value)
		rank = AMBIGUOUS;
	if (rank <= slot->rank)
		return;
	slot->rank = rank;
	slot->symbol->address = rank == AMBIGUOUS ? 0 : search->base + entry->st_value;
	slot->symbol->size_bytes = rank == AMBIGUOUS ? 0 : entry->st_size;
}

static void meet(struct search *search, const ElfW(Sym) *entry, const char *name, uint32_t hash)
{
	size_t at;

	for (at = hash % SLOTS; search->slots[at].symbol; at = (at + 1) % SLOTS) {
		struct slot *slot = &search->slots[at];

		if (slot->hash != hash || strcmp(slot->symbol->name, name) != 0)
			continue;
		if (entry->st_shndx == SHN_UNDEF)
			slot->symbol->is_imported = true;
		else if (is_in_program(search, entry->st_value, entry->st_size))
			fill(search, slot, entry);
	}
}

/* Sections and files have names, too; a thread's variable has no address, an ifunc another's. */
static bool is_meant(const ElfW(Sym) *entry)
{
	unsigned type = ELF64_ST_TYPE(entry->st_info);

	return (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE) &&
	       (entry->st_shndx == SHN_UNDEF || entry->st_shndx < SHN_LORESERVE);
}

static void scan(struct search *search, const struct fl_elf *elf, const ElfW(Shdr) *section)
{
	struct fl_elf_table symbols = fl_elf_read(elf, section, sizeof(ElfW(Sym)), _Alignof(ElfW(Sym)));
	struct fl_elf_table strings = symbols.count ? fl_elf_strings(elf, section) : symbols;
	const ElfW(Sym) *entry = symbols.entries, *end = entry + symbols.count;

	for (; entry < end; entry++) {
		const char *name;
		uint32_t hash, bit;
		size_t length;

		if (entry->st_name == 0 || entry->st_name >= strings.count || !is_meant(entry))
			continue;
		name = (const char *)strings.entries + entry->st_name;
		hash = hash_start(name, &length);
		bit = prefix_bit(hash);
		if (search->prefixes[bit / 8] >> bit % 8 & 1)
			meet(search, entry, name, hash_rest(hash, name, length));
	}
}

/* What the program defines of its own accord goes before what it has from elsewhere. */
static void settle(struct search *search)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (search->slots[i].symbol && search->slots[i].symbol->address)
			search->slots[i].symbol->is_imported = false;
}

/* ---- the program ---- */

static int keep_program(struct dl_phdr_info *module, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	search->base = module->dlpi_addr;
	search->segments = module->dlpi_phdr;
	search->segment_count = module->dlpi_phnum;
	return 1;                               /* the first one is the program */
}

static bool is_program(const struct search *search, const struct fl_elf *elf)
{
	return elf->segment_count == search->segment_count && elf->segment_count > 0 &&
	       memcmp(elf->segments, search->segments,
		      elf->segment_count * sizeof(*elf->segments)) == 0;
}

/* Of a program that was started by `ld.so PROGRAM`, the first is the loader's. */
static bool open_program(const struct search *search, struct fl_elf *elf)
{
	Dl_info where;

	if (fl_elf_open(elf, "/proc/self/exe")) {
		if (is_program(search, elf))
			return true;
		fl_elf_close(elf);
	}
	if (!dladdr(search->segments, &where) || !where.dli_fname || !fl_elf_open(elf, where.dli_fname))
		return false;
	if (is_program(search, elf))
		return true;
	fl_elf_close(elf);
	return false;
}

static void scan_program(struct search *search, const struct fl_elf *elf)
{
	const ElfW(Shdr) *own = fl_elf_find(elf, SHT_SYMTAB);
	struct fl_elf debug;

	scan(search, elf, fl_elf_find(elf, SHT_DYNSYM));
	if (own) {
		scan(search, elf, own);
	} else if (fl_debugfile_open(&debug, elf)) {
		scan(search, &debug, fl_elf_find(&debug, SHT_SYMTAB));
		fl_elf_close(&debug);
	}
	settle(search);
}

void fl_symbols_find(struct fl_symbol *const *lists, size_t count)
{
	struct search search = { 0 };
	struct fl_elf elf;
	size_t i;

	for (i = 0; i < count; i++) {
		struct fl_symbol *symbol = lists[i];

		for (; symbol->name; symbol++)
			add_wanted(&search, symbol);
	}
	if (search.count == 0)
		return;
	dl_iterate_phdr(keep_program, &search);
	if (!search.segments || !open_program(&search, &elf))
		return;
	scan_program(&search, &elf);
	fl_elf_close(&elf);
}
