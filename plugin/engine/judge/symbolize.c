/* SPDX-License-Identifier: MIT */
/*
 * symbolize.c - modules from maps, frames from a cache, the test's own part of them.
 *
 * Looking up an address costs 10 us to 4 ms, and a flaky test may fail a million
 * times at the same place: frames are kept by address.  When the cache is full it
 * is emptied between two backtraces, so frames found for one stay valid while it
 * is made.  Until they are handed out functions have the linker's names, by which a
 * framework's own are known.
 */
#include "symbolize.h"

#include "frameworks.h"

#include "../../base/base.h"
#include "debugfile.h"
#include "demangle.h"
#include "frames.h"

#include <elfutils/libdwfl.h>
#include <errno.h>
#include <flicker/seed.h>

enum { CACHE_BUCKETS = 1024, CACHE_LIMIT = 4096 };

struct known {
	struct known *next;
	uint64_t pc;
	bool is_exact;
	struct fl_backtrace found;
};

struct fl_symbols {
	Dwfl *dwfl;
	struct fl_symbolcache *cache;
	struct known *buckets[CACHE_BUCKETS];
	size_t known_count;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = fl_debugfile_find,
};

static int report_modules(Dwfl *dwfl, const char *maps_text)
{
	autofclose FILE *maps = NULL;
	int r;

	if (maps_text[0] == '\0')
		return -EINVAL;
	maps = fmemopen((char *)(uintptr_t)maps_text, strlen(maps_text), "r");
	if (!maps)
		return -errno;
	dwfl_report_begin(dwfl);
	r = dwfl_linux_proc_maps_report(dwfl, maps);
	if (dwfl_report_end(dwfl, NULL, NULL) != 0 || r != 0)
		return -EINVAL;
	return 0;
}

int fl_symbols_open(const char *maps_text, struct fl_symbols **ret)
{
	Dwfl *dwfl = dwfl_begin(&callbacks);
	int r;

	if (!dwfl)
		return -ENOMEM;
	r = report_modules(dwfl, maps_text);
	if (r < 0) {
		dwfl_end(dwfl);
		return r;
	}
	*ret = fl_base_alloc(1, sizeof(**ret));
	(*ret)->dwfl = dwfl;
	return 0;
}

void fl_symbols_use(struct fl_symbols *symbols, struct fl_symbolcache *cache)
{
	symbols->cache = cache;
}

static void forget(struct fl_symbols *symbols)
{
	size_t i;

	for (i = 0; i < CACHE_BUCKETS; i++) {
		while (symbols->buckets[i]) {
			struct known *known = symbols->buckets[i];

			symbols->buckets[i] = known->next;
			fl_backtrace_clear(&known->found);
			free(known);
		}
	}
	symbols->known_count = 0;
}

void fl_symbols_free(struct fl_symbols *symbols)
{
	if (!symbols)
		return;
	forget(symbols);
	dwfl_end(symbols->dwfl);
	free(symbols);
}

static const struct fl_backtrace *look_up(struct fl_symbols *symbols, uint64_t pc, bool is_exact)
{
	struct known **bucket = &symbols->buckets[fl_seed_mix(pc) % CACHE_BUCKETS], *known;

	for (known = *bucket; known; known = known->next)
		if (known->pc == pc && known->is_exact == is_exact)
			return &known->found;
	known = fl_base_alloc(1, sizeof(*known));
	*known = (struct known){ .next = *bucket, .pc = pc, .is_exact = is_exact };
	fl_frames_find(symbols->dwfl, symbols->cache, pc, is_exact, &known->found);
	*bucket = known;
	symbols->known_count++;
	return &known->found;
}

enum owner { OWNER_TEST, OWNER_LIBC, OWNER_INTERNAL };

/* Is `module` the library `stem`?  libcheck.so.0 is libcheck, libchecksum.so is not. */
static bool is_library(const char *module, const char *stem)
{
	size_t length = strlen(stem);
	char next;

	if (strncmp(module, stem, length) != 0 || !strstr(module + length, ".so"))
		return false;
	next = module[length];
	return !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

static bool is_framework(const char *module, const char *framework)
{
	return framework && framework[0] && strncmp(module, "lib", 3) == 0 &&
	       is_library(module + 3, framework);
}

/* The C library, and what stands in for parts of it while a test fails, or ends it (an exception). */
static bool is_libc(const char *module)
{
	static const char *const starts[] = {
		"libc.so", "libc-2.", "libc.musl-", "libpthread.so", "libpthread-2.", "ld-linux",
		"ld-musl-", "ld-2.", "libunwind.so", "libasan.so", "libtsan.so", "libubsan.so",
		"libstdc++.so", "libgcc_s.so", "libc++",
	};
	size_t i;

	for (i = 0; i < FL_COUNT(starts); i++)
		if (strncmp(module, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static enum owner owner_of(const struct fl_frame *frame, const char *framework)
{
	const char *module = frame->module;

	if (!module)
		return OWNER_TEST;
	if (is_library(module, "libflicker") || is_framework(module, framework) ||
	    fl_frameworks_owns(framework, frame->function) ||
	    fl_frameworks_owns_source(framework, frame->file))
		return OWNER_INTERNAL;
	return is_libc(module) ? OWNER_LIBC : OWNER_TEST;
}

struct fl_backtrace fl_symbols_own_part(const struct fl_backtrace *all, const char *framework)
{
	size_t first = 0, end, libc = all->count;
	enum owner owner;

	for (; first < all->count; first++) {
		owner = owner_of(&all->frames[first], framework);
		if (owner == OWNER_TEST)
			break;
		if (owner == OWNER_LIBC && libc == all->count)
			libc = first;
	}
	if (first == all->count)
		first = libc;
	for (end = first; end < all->count; end++)
		if (owner_of(&all->frames[end], framework) == OWNER_INTERNAL)
			break;
	if (end == first)
		return (struct fl_backtrace){ 0 };
	return (struct fl_backtrace){ all->frames + first, end - first };
}

static struct fl_frame frame_copy(const struct fl_frame *frame)
{
	struct fl_frame copy = *frame;

	copy.module = fl_base_copy(frame->module);
	copy.build_id = fl_base_copy(frame->build_id);
	copy.function = fl_demangle(frame->function);
	copy.file = fl_base_copy(frame->file);
	return copy;
}

static struct fl_backtrace backtrace_copy(struct fl_backtrace from)
{
	struct fl_backtrace copy = { .count = from.count };
	size_t i;

	copy.frames = fl_base_alloc(from.count, sizeof(*copy.frames));
	for (i = 0; i < from.count; i++)
		copy.frames[i] = frame_copy(&from.frames[i]);
	return copy;
}

void fl_symbols_backtrace(struct fl_symbols *symbols, const uint64_t *pcs, size_t count,
			  bool is_first_exact, const char *framework, struct fl_backtrace *ret)
{
	autofree struct fl_frame *borrowed = NULL;
	struct fl_backtrace all = { 0 };
	size_t capacity = 0, i;

	if (symbols->known_count >= CACHE_LIMIT)
		forget(symbols);
	for (i = 0; i < count; i++) {
		const struct fl_backtrace *found = look_up(symbols, pcs[i],
							   i == 0 && is_first_exact);

		borrowed = fl_base_grow(borrowed, &capacity, all.count + found->count,
					sizeof(*borrowed));
		memcpy(borrowed + all.count, found->frames, found->count * sizeof(*borrowed));
		all.count += found->count;
	}
	all.frames = borrowed;
	*ret = backtrace_copy(fl_symbols_own_part(&all, framework));
}
