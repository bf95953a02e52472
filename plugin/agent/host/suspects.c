/* SPDX-License-Identifier: MIT */
/*
 * suspects.c - what makes a test suspect before it has run, and what is excused in its place.
 *
 * The annotations of <flicker/flicker.h> are strings in the ELF section
 * `flicker_suspect` of the program.  The section headers are read from the file,
 * the strings from memory, where the section is allocated.  Outside judges; here
 * it is only asked whether there is anything to judge.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <flicker/pattern.h>

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *section;             /* in the program's memory, or NULL */
static size_t section_bytes;
static unsigned today;                  /* when the tests began, YYYYMMDD */

static int remember_base(struct dl_phdr_info *module, size_t size, void *base)
{
	(void)size;
	*(uintptr_t *)base = module->dlpi_addr;
	return 1;                       /* the first one is the program */
}

static bool read_at(int fd, void *bytes, size_t size, uint64_t offset)
{
	return pread(fd, bytes, size, (off_t)offset) == (ssize_t)size;
}

/* Looks through the section headers of the program's file. */
static bool find_section(int fd, ElfW(Shdr) *ret_header)
{
	static const char wanted[] = "flicker_suspect";
	ElfW(Ehdr) elf;
	ElfW(Shdr) names, header;
	unsigned i;

	if (!read_at(fd, &elf, sizeof(elf), 0) || memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
	    elf.e_shentsize != sizeof(header) || elf.e_shstrndx >= elf.e_shnum ||
	    !read_at(fd, &names, sizeof(names), elf.e_shoff + elf.e_shstrndx * sizeof(names)))
		return false;
	for (i = 0; i < elf.e_shnum; i++) {
		char name[sizeof(wanted)] = "";

		if (read_at(fd, &header, sizeof(header), elf.e_shoff + i * sizeof(header)) &&
		    (header.sh_flags & SHF_ALLOC) && header.sh_size &&
		    read_at(fd, name, sizeof(name), names.sh_offset + header.sh_name) &&
		    memcmp(name, wanted, sizeof(wanted)) == 0) {
			*ret_header = header;
			return true;
		}
	}
	return false;
}

/*
 * A day in UTC, given in days since 1970, as the number YYYYMMDD.  Counted here, since
 * gmtime(3) may read files: in years that begin in March, of which 400 have 146097 days.
 */
static unsigned date_of(unsigned days)
{
	unsigned day = days + 719468, era = day / 146097, year, month;

	day %= 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += era * 400 + (month >= 10);
	return year * 10000 + (month < 10 ? month + 3 : month - 9) * 100 + day + 1;
}

void fl_suspects_find(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct timespec now = { 0 };
	ElfW(Shdr) header;
	uintptr_t base = 0;

	clock_gettime(CLOCK_REALTIME, &now);
	today = date_of((unsigned)(now.tv_sec / 86400));
	if (fd < 0)
		return;
	if (find_section(fd, &header)) {
		dl_iterate_phdr(remember_base, &base);
		section = (const char *)(base + header.sh_addr);
		section_bytes = header.sh_size;
	}
	close(fd);
}

/* The next annotation at or after *at (alignment may leave NUL bytes between), or NULL. */
static const char *next_annotation(size_t *at)
{
	const char *text;

	while (*at < section_bytes && !section[*at])
		++*at;
	if (*at >= section_bytes || !memchr(section + *at, '\0', section_bytes - *at))
		return NULL;
	text = section + *at;
	*at += strlen(text) + 1;
	return text;
}

void fl_suspects_journal(void)
{
	struct fl_record_empty body = { { 0 } };
	const char *text;
	size_t at = 0;

	while (section && (text = next_annotation(&at))) {
		struct fl_piece pieces[] = { { &body, sizeof(body) }, { text, strlen(text) + 1 } };

		fl_shared_append(FL_RECORD_SUSPECT, pieces, 2);
	}
}

/* What follows the id in the first annotation of this test, or NULL. */
static const char *annotation_of(const char *id)
{
	static const char prefix[] = "v1;test=";
	size_t length = strlen(id), at = 0;
	const char *text;

	while (section && (text = next_annotation(&at))) {
		if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
			continue;
		text += sizeof(prefix) - 1;
		if (strncmp(text, id, length) == 0 && (!text[length] || text[length] == ';'))
			return text + length;
	}
	return NULL;
}

bool fl_suspects_has(const char *id)
{
	const char *all = fl_entry_setting("ALL");
	const char *named = fl_entry_setting("TEST");
	const char *patterns = fl_entry_setting("SUSPECT");

	if (fl_entry_setting("SUSPECT_FROM") || fl_entry_setting("QUARANTINE"))
		return true;            /* perhaps: the outside reads these files */
	return (all && strcmp(all, "0") != 0) || (named && fl_pattern_is_line(named, id)) ||
	       (patterns && fl_pattern_match_lines(patterns, id)) || annotation_of(id);
}

static bool is_set(const char *setting)
{
	const char *value = fl_entry_setting(setting);

	return value && (strcmp(setting, "ALL") != 0 || strcmp(value, "0") != 0);
}

bool fl_suspects_are_asked_for(void)
{
	static const char *const settings[] = {
		"ALL", "TEST", "FILTER", "SUSPECT", "SUSPECT_FROM", "QUARANTINE", "REPORT", "EXCUSES",
	};
	size_t i, at = 0;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (is_set(settings[i]))
			return true;
	return section && next_annotation(&at);
}

/* ---- quarantine: what an annotation excuses, or an entry ---- */

/* The line of FLICKER_EXCUSES that counts for this test, or NULL. */
static const char *excuse_of(const char *id)
{
	const char *line = fl_entry_setting("EXCUSES");

	while (line && *line) {
		const char *end = strchrnul(line, '\n');

		if (end > line && fl_pattern_span(line + 1, end, id))
			return line;
		line = end + (*end == '\n');
	}
	return NULL;
}

static size_t trim(const char **start, const char *end)
{
	while (*start < end && strchr(" \t\r\n", **start))
		++*start;
	while (end > *start && strchr(" \t\r\n", end[-1]))
		end--;
	return (size_t)(end - *start);
}

/* The value of the last `key`, as the outside takes it, or NULL. */
static const char *find_value(const char *items, const char *key, size_t *ret_length)
{
	const char *found = NULL;

	while (*items) {
		const char *end = items + strcspn(items, ";");
		const char *equals = memchr(items, '=', (size_t)(end - items));
		const char *name = items, *value = equals ? equals + 1 : end;
		size_t length = equals ? trim(&name, equals) : 0;

		if (equals && length == strlen(key) && memcmp(name, key, length) == 0) {
			*ret_length = trim(&value, end);
			found = value;
		}
		items = end + (*end == ';');
	}
	return found;
}

/* YYYY-MM-DD as the number YYYYMMDD; 0 for what is no date. */
static unsigned parse_date(const char *text, size_t length)
{
	static const char shape[] = "dddd-dd-dd";
	unsigned date = 0;
	size_t i;

	if (length != sizeof(shape) - 1)
		return 0;
	for (i = 0; i < length; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';

		if (shape[i] == 'd' ? !is_digit : text[i] != '-')
			return 0;
		if (is_digit)
			date = date * 10 + (unsigned)(text[i] - '0');
	}
	return date;
}

static bool excuses_annotated(const char *items, bool has_crashed)
{
	size_t length = 0;
	const char *value = find_value(items, "until", &length);

	if (value && parse_date(value, length) < today)
		return false;
	value = find_value(items, "crash", &length);
	return !has_crashed || (value && length == 3 && memcmp(value, "yes", 3) == 0);
}

/*
 * The command tells of the entries that count under its policy.  What is annotated is excused by
 * the source's word, in quarantine by the policy or by an entry.
 */
bool fl_suspects_excuses(const char *id, bool has_crashed)
{
	const char *policy = fl_entry_setting("POLICY"), *items = annotation_of(id);
	const char *entry = excuse_of(id);

	if (entry && *entry == FL_EXCUSES_NOTHING)
		return false;
	if (items && (entry || (policy && strcmp(policy, "quarantine") == 0)))
		return excuses_annotated(items, has_crashed);
	return entry && (!has_crashed || *entry == FL_EXCUSES_CRASH);
}
