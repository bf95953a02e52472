/* SPDX-License-Identifier: MIT */
/*
 * symbols.c - functions and variables of the program's own file, by their names.
 *
 * This runs in every process, most of them shells: one pass over the symbols serves all
 * adapters, what no adapter asks for is left behind at its first letters, and without
 * .symtab (all that a distribution ships) little more is done than to see so; what the
 * loader has brought to memory is read there.
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
	uint8_t rank;
};

/* Symbols of a file, or of memory. */
struct table {
	const ElfW(Sym) *entries;
	const char *names;
	size_t count, names_size;
};

/* On the stack: a process that runs no tests gets no page more. */
struct search {
	struct fl_program program;
	size_t count;
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
	while (from < LONGEST && name[from])
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

static void fill(const struct search *search, struct slot *slot, const ElfW(Sym) *entry)
{
	enum rank rank = ELF64_ST_BIND(entry->st_info) == STB_LOCAL ? LOCAL : GLOBAL;

	if (rank == LOCAL && slot->rank == LOCAL &&
	    slot->symbol->address != search->program.base + entry->st_value)
		rank = AMBIGUOUS;
	if (rank <= slot->rank)
		return;
	slot->rank = rank;
	slot->symbol->address = rank == AMBIGUOUS ? 0 : search->program.base + entry->st_value;
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
		else if (fl_program_has(&search->program, entry->st_value, entry->st_size))
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

static void scan(struct search *search, const struct table *table)
{
	const ElfW(Sym) *entry = table->entries, *end = entry + table->count;

	for (; entry < end; entry++) {
		const char *name;
		uint32_t hash, bit;
		size_t length;

		if (entry->st_name == 0 || entry->st_name >= table->names_size || !is_meant(entry))
			continue;
		name = table->names + entry->st_name;
		hash = hash_start(name, &length);
		bit = prefix_bit(hash);
		if (search->prefixes[bit / 8] >> bit % 8 & 1)
			meet(search, entry, name, hash_rest(hash, name, length));
	}
}

static void scan_section(struct search *search, const struct fl_elf *elf,
			 const ElfW(Shdr) *section)
{
	struct fl_elf_table symbols =
		fl_elf_read(elf, section, sizeof(ElfW(Sym)), _Alignof(ElfW(Sym)));
	struct fl_elf_table names = symbols.count ? fl_elf_strings(elf, section) : symbols;
	struct table table = { symbols.entries, names.entries, symbols.count, names.count };

	scan(search, &table);
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

/* What the loader uses. */
static void scan_memory(struct search *search)
{
	const struct fl_program *program = &search->program;
	struct table imports = { program->symbols, program->names, program->unhashed,
				 program->names_size };
	size_t i;

	if (program->symbols)
		scan(search, &imports);
	for (i = 0; i < SLOTS; i++) {
		struct slot *slot = &search->slots[i];
		const ElfW(Sym) *entry =
			slot->symbol ? fl_program_exports(program, slot->symbol->name) : NULL;

		if (entry && is_meant(entry))
			meet(search, entry, slot->symbol->name, slot->hash);
	}
}

/* NULL: not found.  /proc/self/exe is the loader's, where that was started with the program. */
static const char *path_of(const struct fl_program *program, struct fl_outline *ret_outline)
{
	static const char own[] = "/proc/self/exe";
	Dl_info where;

	if (fl_outline_read(ret_outline, own, program))
		return own;
	if (!dladdr(program->segments, &where) || !where.dli_fname ||
	    !fl_outline_read(ret_outline, where.dli_fname, program))
		return NULL;
	return where.dli_fname;
}

static void scan_file(struct search *search)
{
	struct fl_outline outline;
	const char *path = path_of(&search->program, &outline);
	struct fl_elf elf;

	if (!path)
		return;
	if (outline.has_symbols ? !fl_elf_open(&elf, path)
				: !fl_debugfile_open(&elf, &search->program, &outline))
		return;
	scan_section(search, &elf, fl_elf_find(&elf, SHT_SYMTAB));
	fl_elf_close(&elf);
}

void fl_symbols_find(struct fl_symbol *const *lists, size_t count)
{
	struct search search = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		struct fl_symbol *symbol = lists[i];

		for (; symbol->name; symbol++)
			add_wanted(&search, symbol);
	}
	if (search.count == 0 || !fl_program_find(&search.program))
		return;
	scan_memory(&search);
	scan_file(&search);
	settle(&search);
}
