/* SPDX-License-Identifier: MIT */
/*
 * bind.c - what the loader would look up at a function's first call, looked up before the first attempt.
 *
 * A call that the host had not made when it was copied is looked up in each attempt anew: a
 * microsecond a function, and a dozen pages.  So a process that attempts are forked from does
 * for the program, and for the framework's library, what the loader would do when one of
 * their functions is called.  A slot that does not lead to its own entry of the PLT, as the
 * loader has left it, is somebody's, and so is all of it where an auditor wants to hear of
 * calls.  What is not found is left to the loader.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__

/* Beyond, many of them are no attempt's. */
enum { MOST = 4096, VERSIONS = 64, VERSION_INDEX = 0x7fff };

#if defined(__x86_64__)
enum { SLOT_KIND = R_X86_64_JUMP_SLOT };
#elif defined(__aarch64__)
enum { SLOT_KIND = R_AARCH64_JUMP_SLOT };
#endif

/* A module as the loader has it. */
struct module {
	ElfW(Addr) base;
	const ElfW(Phdr) *segments;
	size_t segment_count;
	const ElfW(Rela) *slots;
	size_t slot_count;
	const ElfW(Sym) *symbols;
	const char *names;
	const ElfW(Half) *versions;     /* one for each symbol; NULL: none */
	const char *version_names[VERSIONS];
};

/* ---- what is there ---- */

static bool is_in(const struct module *module, uintptr_t address, size_t size, uint32_t flags)
{
	size_t i;

	for (i = 0; i < module->segment_count; i++) {
		const ElfW(Phdr) *segment = &module->segments[i];
		uintptr_t low = module->base + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && (segment->p_flags & flags) == flags &&
		    address >= low && address - low <= segment->p_memsz &&
		    size <= segment->p_memsz - (address - low))
			return true;
	}
	return false;
}

/* The loader has made that page read-only. */
static bool is_sealed(const struct module *module, uintptr_t address)
{
	size_t i;

	for (i = 0; i < module->segment_count; i++) {
		const ElfW(Phdr) *segment = &module->segments[i];

		if (segment->p_type == PT_GNU_RELRO && address - module->base >= segment->p_vaddr &&
		    address - module->base < segment->p_vaddr + segment->p_memsz)
			return true;
	}
	return false;
}

/* glibc has made addresses of most of these values. */
static const void *at(const struct module *module, uintptr_t value)
{
	if (!is_in(module, value, sizeof(value), PF_R))
		value += module->base;
	return is_in(module, value, sizeof(value), PF_R) ? (const void *)value : NULL;
}

static void read_needed_versions(struct module *module, const ElfW(Verneed) *needed, size_t count)
{
	while (needed && count--) {
		const ElfW(Vernaux) *version =
			(const ElfW(Vernaux) *)((uintptr_t)needed + needed->vn_aux);
		size_t i;

		for (i = 0; i < needed->vn_cnt; i++) {
			if (version->vna_other < VERSIONS)
				module->version_names[version->vna_other] = module->names + version->vna_name;
			version = (const ElfW(Vernaux) *)((uintptr_t)version + version->vna_next);
		}
		needed = needed->vn_next ? (const ElfW(Verneed) *)((uintptr_t)needed + needed->vn_next) : NULL;
	}
}

static void read_dynamic(struct module *module, const ElfW(Dyn) *dynamic)
{
	uintptr_t needed = 0;
	size_t needed_count = 0;
	bool is_rela = false;

	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		uintptr_t value = dynamic->d_un.d_ptr;

		if (dynamic->d_tag == DT_JMPREL)
			module->slots = at(module, value);
		else if (dynamic->d_tag == DT_PLTRELSZ)
			module->slot_count = value / sizeof(*module->slots);
		else if (dynamic->d_tag == DT_PLTREL)
			is_rela = value == DT_RELA;
		else if (dynamic->d_tag == DT_SYMTAB)
			module->symbols = at(module, value);
		else if (dynamic->d_tag == DT_STRTAB)
			module->names = at(module, value);
		else if (dynamic->d_tag == DT_VERSYM)
			module->versions = at(module, value);
		else if (dynamic->d_tag == DT_VERNEED)
			needed = value;
		else if (dynamic->d_tag == DT_VERNEEDNUM)
			needed_count = value;
	}
	if (!is_rela || !module->slots || !module->symbols || !module->names)
		module->slot_count = 0;
	if (module->slot_count)
		read_needed_versions(module, at(module, needed), needed_count);
}

/* ---- one slot ---- */

/* Is this where the loader is asked for slot `n`?  Then nobody has called it yet. */
static bool asks_loader(const struct module *module, uintptr_t code, uint32_t n)
{
#if defined(__x86_64__)
	static const unsigned char landing[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	const unsigned char push = 0x68;        /* push n */
	const unsigned char *bytes = (const unsigned char *)code;

	if (!is_in(module, code, sizeof(landing) + 1 + sizeof(n), PF_R | PF_X))
		return false;
	if (memcmp(bytes, landing, sizeof(landing)) == 0)
		bytes += sizeof(landing);
	return *bytes == push && memcmp(bytes + 1, &n, sizeof(n)) == 0;
#else
	enum { LANDING = 0xd503245f, PUSH = 0xa9bf7bf0 };       /* bti c; stp x16, x30, [sp, -16]! */
	const uint32_t *words = (const uint32_t *)code;

	(void)n;
	return is_in(module, code, 2 * sizeof(*words), PF_R | PF_X) &&
	       words[words[0] == (uint32_t)LANDING] == (uint32_t)PUSH;
#endif
}

/* Who has a function: few modules have many of them. */
struct provider {
	uintptr_t low, high;            /* nowhere: not known */
	bool has_versions;
	bool is_movable;                /* false: an address there may be a stand-in for one elsewhere */
	uintptr_t address;
};

static int find_provider(struct dl_phdr_info *info, size_t size, void *context)
{
	struct module module = { .base = info->dlpi_addr, .segments = info->dlpi_phdr,
				 .segment_count = info->dlpi_phnum };
	struct provider *provider = context;
	const ElfW(Dyn) *dynamic;
	size_t i;

	(void)size;
	if (!is_in(&module, provider->address, 1, PF_X))
		return 0;
	provider->has_versions = false;
	provider->is_movable = module.base;
	for (i = 0; i < module.segment_count; i++) {
		const ElfW(Phdr) *segment = &module.segments[i];
		uintptr_t low = module.base + segment->p_vaddr;

		dynamic = (const ElfW(Dyn) *)low;
		for (; segment->p_type == PT_DYNAMIC && dynamic->d_tag != DT_NULL; dynamic++)
			provider->has_versions |= dynamic->d_tag == DT_VERDEF;
		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) &&
		    provider->address >= low && provider->address - low < segment->p_memsz) {
			provider->low = low;
			provider->high = low + segment->p_memsz;
		}
	}
	return 1;
}

static bool provides(struct provider *provider, uintptr_t address)
{
	if (address >= provider->low && address < provider->high)
		return true;
	*provider = (struct provider){ .address = address };
	return dl_iterate_phdr(find_provider, provider) && provider->high;
}

extern char __ehdr_start __attribute__((visibility("hidden")));        /* of this library, by the linker */
extern char _end __attribute__((visibility("hidden")));

static bool is_ours(uintptr_t address)
{
	return address >= (uintptr_t)&__ehdr_start && address < (uintptr_t)&_end;
}

/*
 * The loader takes the first definition that has either the version that is asked for or
 * none.  dlvsym() passes over the latter, dlsym() looks at no version: where they disagree it
 * is known only of our own, and of two versions in one library.
 */
static uintptr_t choose(uintptr_t any, const char *name, const char *version)
{
	static struct provider of_any, of_version;
	uintptr_t found;

	if (!any || is_ours(any))
		return any;
	if (!provides(&of_any, any) || !of_any.is_movable)
		return 0;
	if (!version)
		return of_any.has_versions ? 0 : any;
	found = (uintptr_t)dlvsym(RTLD_DEFAULT, name, version);
	if (found == any)
		return any;
	return found && provides(&of_version, found) && of_version.low == of_any.low ? found : 0;
}

/* 0: that is for the loader to say. */
static uintptr_t look_up(const struct module *module, uint32_t symbol)
{
	const ElfW(Sym) *wanted = &module->symbols[symbol];
	const char *name = module->names + wanted->st_name, *version = NULL;
	unsigned index = module->versions ? module->versions[symbol] & VERSION_INDEX : 0;

	if (wanted->st_shndx != SHN_UNDEF || wanted->st_value || index >= VERSIONS)
		return 0;
	if (index > VER_NDX_GLOBAL) {
		version = module->version_names[index];
		if (!version)
			return 0;
	}
	return choose((uintptr_t)dlsym(RTLD_DEFAULT, name), name, version);
}

static void bind_slots(const struct module *module)
{
	uint32_t i;

	for (i = 0; i < module->slot_count && i < MOST; i++) {
		const ElfW(Rela) *slot = &module->slots[i];
		uintptr_t *place = (uintptr_t *)(module->base + slot->r_offset), found;

		if (ELF64_R_TYPE(slot->r_info) != SLOT_KIND || slot->r_addend ||
		    !is_in(module, (uintptr_t)place, sizeof(*place), PF_R | PF_W) ||
		    is_sealed(module, (uintptr_t)place) || !asks_loader(module, *place, i))
			continue;
		found = look_up(module, (uint32_t)ELF64_R_SYM(slot->r_info));
		if (found)
			__atomic_store_n(place, found, __ATOMIC_RELEASE);
	}
}

/* ---- which ---- */

/* The program and the framework's library, which may be the same. */
struct modules {
	struct module them[2];
	size_t count;
};

/* Nothing is looked up here: another thread's dlopen() takes the two locks the other way round. */
static int look_at(struct dl_phdr_info *info, size_t size, void *context)
{
	struct modules *modules = context;
	struct module *module = &modules->them[modules->count];
	const ElfW(Dyn) *dynamic = NULL;
	size_t i;

	(void)size;
	*module = (struct module){ .base = info->dlpi_addr, .segments = info->dlpi_phdr,
				   .segment_count = info->dlpi_phnum };
	if (modules->count && !is_in(module, fl_agent.own_low, 1, PF_R))
		return 0;
	for (i = 0; i < module->segment_count; i++)
		if (module->segments[i].p_type == PT_DYNAMIC)
			dynamic = (const ElfW(Dyn) *)(module->base + module->segments[i].p_vaddr);
	if (dynamic)
		read_dynamic(module, dynamic);
	return ++modules->count == 2;
}

void fl_bind_now(void)
{
	struct modules modules = { .count = 0 };
	size_t i;

	if (getenv("LD_AUDIT") || getenv("LD_PROFILE") || getenv("LD_BIND_NOT"))
		return;
	dl_iterate_phdr(look_at, &modules);
	for (i = 0; i < modules.count; i++)
		bind_slots(&modules.them[i]);
}

#else

void fl_bind_now(void)
{
}

#endif
