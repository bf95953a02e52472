/* SPDX-License-Identifier: MIT */
/*
 * symbolcache.c - a line for each address: address, frames, checksum.
 *
 *     4a1c<TAB>i<TAB>12<TAB>inner<TAB>src/x.c<TAB>-<TAB>30<TAB>outer<TAB>src/x.c<TAB>8f21c3aa
 *
 * A file is replaced as a whole by rename(2): readers see the old one or the new one.
 * Of two writers the last one wins, after it has read what the other wrote.  Lines
 * that do not fit their checksum are skipped.  An other first line is an other format.
 */
#include "symbolcache.h"

#include "../../base/base.h"
#include "symbolfiles.h"

#include <flicker/seed.h>
#include <inttypes.h>

enum { ENTRIES_LIMIT = 4096, FRAMES_LIMIT = 64, BYTES_LIMIT = 1 << 20,
       SUM_ROOM = 10 };

static const char first_line[] = "flicker symbols 2\n";

struct entry {
	uint64_t address;
	struct fl_backtrace frames;
};

struct build {
	struct build *next;
	char *id;
	struct entry *entries;
	size_t count, capacity;
	bool is_changed;
};

struct fl_symbolcache {
	char *directory;
	struct build *builds;
};

static struct entry *find_entry(const struct build *build, uint64_t address)
{
	size_t i;

	for (i = 0; i < build->count; i++)
		if (build->entries[i].address == address)
			return &build->entries[i];
	return NULL;
}

/* ---- reading ---- */

/* What stands before the next tab of *at, cut off there; NULL: nothing is left. */
static char *next_field(char **at)
{
	return *at ? strsep(at, "\t") : NULL;
}

static bool parse_number(const char *text, int base, uint64_t *ret_number)
{
	char *end;

	if (!text || !*text || strspn(text, "0123456789abcdef") != strlen(text))
		return false;
	*ret_number = strtoull(text, &end, base);
	return !*end;
}

static bool parse_frame(char **at, struct fl_frame *ret_frame)
{
	const char *inlined = next_field(at), *line = next_field(at);
	const char *function = next_field(at), *file = next_field(at);
	uint64_t number;

	if (!inlined || !file || !parse_number(line, 10, &number) || number > INT32_MAX)
		return false;
	*ret_frame = (struct fl_frame){
		.function = *function ? fl_base_copy(function) : NULL,
		.file = *file ? fl_base_copy(file) : NULL,
		.line = (int)number,
		.is_inlined = *inlined == 'i',
	};
	return true;
}

static bool parse_frames(char *at, struct fl_backtrace *ret_frames)
{
	struct fl_backtrace frames = { .frames = fl_base_alloc(FRAMES_LIMIT, sizeof(*frames.frames)) };

	while (at && frames.count < FRAMES_LIMIT && parse_frame(&at, &frames.frames[frames.count]))
		frames.count++;
	if (at || frames.count == 0) {
		fl_backtrace_clear(&frames);
		return false;
	}
	*ret_frames = frames;
	return true;
}

static uint32_t checksum(const char *text)
{
	return (uint32_t)fl_seed_mix(fl_seed_hash(text));
}

static void parse_line(struct build *build, char *line)
{
	char *sum = strrchr(line, '\t'), *at = line;
	struct entry entry;
	uint64_t want;

	if (!sum || build->count >= ENTRIES_LIMIT)
		return;
	*sum++ = '\0';
	if (!parse_number(sum, 16, &want) || want != checksum(line) ||
	    !parse_number(next_field(&at), 16, &entry.address) ||
	    find_entry(build, entry.address) || !parse_frames(at, &entry.frames))
		return;
	build->entries = fl_base_grow(build->entries, &build->capacity, build->count + 1,
				      sizeof(*build->entries));
	build->entries[build->count++] = entry;
}

/* Adds what the file has and the build has not. */
static void load(const struct fl_symbolcache *cache, struct build *build)
{
	autofree char *path = fl_base_format("%s/%s", cache->directory, build->id), *text = NULL;
	char *at, *line;

	if (fl_file_read(path, BYTES_LIMIT, &text, NULL) < 0 ||
	    strncmp(text, first_line, sizeof(first_line) - 1) != 0)
		return;
	at = text + sizeof(first_line) - 1;
	while ((line = strsep(&at, "\n")) && at)        /* one that no newline ends is not whole */
		parse_line(build, line);
}

/* ---- writing ---- */

/* Where it still fits. */
static void print_entry(FILE *out, const struct entry *entry)
{
	autofree char *text = NULL;
	size_t size = 0, i;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return;
	fprintf(line, "%" PRIx64, entry->address);
	for (i = 0; i < entry->frames.count; i++) {
		const struct fl_frame *frame = &entry->frames.frames[i];

		fprintf(line, "\t%c\t%d\t%s\t%s", frame->is_inlined ? 'i' : '-', frame->line,
			frame->function ? frame->function : "", frame->file ? frame->file : "");
	}
	if (fclose(line) == 0 && (size_t)ftell(out) + size + SUM_ROOM <= BYTES_LIMIT)
		fprintf(out, "%s\t%" PRIx32 "\n", text, checksum(text));
}

static void save(const struct fl_symbolcache *cache, struct build *build)
{
	autofree char *text = NULL;
	size_t size = 0, i;
	FILE *out;

	load(cache, build);
	out = open_memstream(&text, &size);
	if (!out)
		return;
	fputs(first_line, out);
	for (i = 0; i < build->count; i++)
		print_entry(out, &build->entries[i]);
	if (fclose(out) == 0)
		(void)fl_symbolfiles_write(cache->directory, build->id, text, size);
}

/* ---- the cache ---- */

struct fl_symbolcache *fl_symbolcache_open(const char *setting)
{
	struct fl_symbolcache *cache;
	char *directory = fl_symbolfiles_directory(setting);

	if (!directory)
		return NULL;
	cache = fl_base_alloc(1, sizeof(*cache));
	cache->directory = directory;
	return cache;
}

static void build_free(struct build *build)
{
	size_t i;

	for (i = 0; i < build->count; i++)
		fl_backtrace_clear(&build->entries[i].frames);
	free(build->entries);
	free(build->id);
	free(build);
}

void fl_symbolcache_free(struct fl_symbolcache *cache)
{
	if (!cache)
		return;
	while (cache->builds) {
		struct build *build = cache->builds;

		cache->builds = build->next;
		if (build->is_changed)
			save(cache, build);
		build_free(build);
	}
	free(cache->directory);
	free(cache);
}

static struct build *build_of(struct fl_symbolcache *cache, const char *id)
{
	struct build *build;

	for (build = cache->builds; build; build = build->next)
		if (strcmp(build->id, id) == 0)
			return build;
	build = fl_base_alloc(1, sizeof(*build));
	build->id = fl_base_copy(id);
	build->next = cache->builds;
	cache->builds = build;
	load(cache, build);
	return build;
}

const struct fl_backtrace *fl_symbolcache_find(struct fl_symbolcache *cache, const char *build_id,
					       uint64_t address)
{
	const struct entry *entry = cache ? find_entry(build_of(cache, build_id), address) : NULL;

	return entry ? &entry->frames : NULL;
}

/* No name has a tab or a newline, but a file may be called anything. */
static bool is_plain(const char *text)
{
	return !text || !text[strcspn(text, "\t\n")];
}

static bool can_be_kept(const struct fl_backtrace *frames)
{
	size_t i;

	for (i = 0; i < frames->count; i++)
		if (!is_plain(frames->frames[i].function) || !is_plain(frames->frames[i].file) ||
		    frames->frames[i].line < 0)
			return false;
	return frames->count > 0 && frames->count <= FRAMES_LIMIT;
}

static struct fl_backtrace copy_of(const struct fl_backtrace *frames)
{
	struct fl_backtrace copy = { .count = frames->count };
	size_t i;

	copy.frames = fl_base_alloc(frames->count, sizeof(*copy.frames));
	for (i = 0; i < frames->count; i++)
		copy.frames[i] = (struct fl_frame){
			.function = fl_base_copy(frames->frames[i].function),
			.file = fl_base_copy(frames->frames[i].file),
			.line = frames->frames[i].line,
			.is_inlined = frames->frames[i].is_inlined,
		};
	return copy;
}

void fl_symbolcache_add(struct fl_symbolcache *cache, const char *build_id, uint64_t address,
			const struct fl_backtrace *frames)
{
	struct build *build = cache && can_be_kept(frames) ? build_of(cache, build_id) : NULL;

	if (!build || build->count >= ENTRIES_LIMIT || find_entry(build, address))
		return;
	build->entries = fl_base_grow(build->entries, &build->capacity, build->count + 1,
				      sizeof(*build->entries));
	build->entries[build->count++] = (struct entry){ address, copy_of(frames) };
	build->is_changed = true;
}
