/* SPDX-License-Identifier: MIT */
/*
 * look_more.c - descriptors, locks on files, and the environment: before and after.
 *
 * A descriptor is what it points to, so one that a test has put in another's place counts.
 * Of the environment there is a hash of each entry, and the names, as the entries
 * themselves may be gone by the second look.
 */
#define _GNU_SOURCE
#include "look_more.h"
#include "../proc.h"

#include <flicker/seed.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_OF_OURS = 500, MOST_ENTRIES = 1024 };

extern char **environ;

struct descriptor {
	uint64_t identity;              /* 0: closed */
	bool is_locked;
};

static struct descriptor descriptors[FIRST_OF_OURS];
static uint64_t entries[MOST_ENTRIES];  /* hashes */
static uint32_t names_at[MOST_ENTRIES];
static char names[32768];
static size_t entry_count, names_used;

/* ---- descriptors ---- */

static struct descriptor describe(int fd)
{
	struct descriptor it = { 0 };
	struct stat st;

	if (fl_guard_is_ours(fd) || fstat(fd, &st) < 0)
		return it;
	it.identity = fl_seed_mix(st.st_dev * FL_SEED_GAMMA + st.st_ino) | 1;
	it.is_locked = fl_proc_is_locked(fd);
	return it;
}

void fl_look_keep_descriptors(void)
{
	int fd;

	for (fd = 0; fd < FIRST_OF_OURS; fd++)
		descriptors[fd] = describe(fd);
}

/* "7 (/tmp/x)"; the numbers that /proc gives to pipes and sockets say nothing: "8 (socket)" */
static void tell_descriptor(int fd)
{
	struct fl_line target = { "", 0 }, what = { "", 0 };
	static const char anonymous[] = "anon_inode:";
	char *name = target.text;

	fl_line_add_target(&target, fd);
	if (strncmp(name, anonymous, sizeof(anonymous) - 1) == 0) {
		name += sizeof(anonymous) - 1;
		name += *name == '[';
		name[strcspn(name, "]")] = '\0';
	} else if (name[0] != '/') {
		name[strcspn(name, ":")] = '\0';
	}
	fl_line_add_number(&what, (uint64_t)fd, 10);
	fl_line_add(&what, " (");
	fl_line_add(&what, name);
	fl_line_add(&what, ")");
	fl_traces_left(FL_LEAVING_DESCRIPTORS, what.text);
}

static void tell_lock(int fd)
{
	struct fl_line target = { "", 0 };

	fl_line_add_target(&target, fd);
	fl_traces_left(FL_LEAVING_LOCKS, target.text);
}

void fl_look_compare_descriptors(void)
{
	int fd;

	for (fd = 0; fd < FIRST_OF_OURS; fd++) {
		struct descriptor now = describe(fd);

		if (now.identity && now.identity != descriptors[fd].identity)
			tell_descriptor(fd);
		if (now.is_locked && !descriptors[fd].is_locked)
			tell_lock(fd);
	}
}

/* ---- the environment ---- */

/* Keeps "NAME" of "NAME=value". */
static void keep_name(size_t entry, const char *text)
{
	size_t length = strcspn(text, "=");

	if (length >= sizeof(names) - 1 - names_used)
		length = 0;
	names_at[entry] = (uint32_t)names_used;
	memcpy(names + names_used, text, length);
	names_used += length;
	if (names_used < sizeof(names) - 1)
		names[names_used++] = '\0';
}

void fl_look_keep_environment(void)
{
	char **at;

	entry_count = names_used = 0;
	for (at = environ; at && *at && entry_count < MOST_ENTRIES; at++) {
		entries[entry_count] = fl_seed_hash(*at);
		keep_name(entry_count++, *at);
	}
}

static bool was_there(const char *entry)
{
	uint64_t hash = fl_seed_hash(entry);
	size_t i;

	for (i = 0; i < entry_count; i++)
		if (entries[i] == hash)
			return true;
	return entry_count == MOST_ENTRIES;
}

static bool is_set(const char *name)
{
	size_t length = strlen(name);
	char **at;

	for (at = environ; at && *at; at++)
		if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
			return true;
	return !length;
}

void fl_look_compare_environment(void)
{
	struct fl_line what;
	char **at;
	size_t i;

	for (at = environ; at && *at; at++)
		if (!was_there(*at)) {
			what = (struct fl_line){ "", 0 };
			fl_line_add(&what, *at);
			what.text[strcspn(what.text, "=")] = '\0';
			fl_traces_left(FL_LEAVING_ENVIRONMENT, what.text);
		}
	for (i = 0; i < entry_count; i++)
		if (!is_set(names + names_at[i])) {
			what = (struct fl_line){ "", 0 };
			fl_line_add(&what, names + names_at[i]);
			fl_line_add(&what, " (unset)");
			fl_traces_left(FL_LEAVING_ENVIRONMENT, what.text);
		}
}
