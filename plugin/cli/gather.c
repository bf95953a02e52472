/* SPDX-License-Identifier: MIT */
/*
 * gather.c - from names of files and folders to runs.
 *
 * A file that was named must be a report; below a folder others are passed over.
 */
#include "gather.h"

#include "../report/json.h"

#include <errno.h>
#include <fts.h>
#include <sys/stat.h>

struct gathering {
	struct fl_run *runs;
	size_t count, capacity;
	struct fl_error *error;
};

static int add(struct gathering *all, const char *path)
{
	struct fl_run run = { 0 };
	int r = fl_json_read(path, &run, all->error);

	if (r < 0)
		return r;
	all->runs = fl_base_grow(all->runs, &all->capacity, all->count + 1, sizeof(run));
	all->runs[all->count++] = run;
	return 0;
}

static bool has_ending(const char *name)
{
	static const char *const endings[] = { ".json", ".jsonl", ".part" };
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; dot && i < FL_COUNT(endings); i++)
		if (strcmp(dot, endings[i]) == 0)
			return true;
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_entry(struct gathering *all, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		return has_ending(entry->fts_name) && fl_json_is_one(entry->fts_accpath) ?
			add(all, entry->fts_accpath) : 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return fl_error_set(all->error, -entry->fts_errno, "cannot read '%s': %s",
				    entry->fts_path, strerror(entry->fts_errno));
	default:
		return 0;
	}
}

static int add_folder(struct gathering *all, const char *path)
{
	autofree char *copy = fl_base_copy(path);
	char *const roots[] = { copy, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;
	int r = 0;

	if (!walk)
		return fl_error_set(all->error, -errno, "cannot read '%s': %s", path,
				    strerror(errno));
	while (r >= 0 && (entry = fts_read(walk)))
		r = add_entry(all, entry);
	fts_close(walk);
	return r;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int fl_gather_runs(char *const *paths, struct fl_run **ret_runs, size_t *ret_count,
		   struct fl_error *error)
{
	struct gathering all = { .error = error };
	int r = 0;

	for (; *paths && r >= 0; paths++)
		r = is_folder(*paths) ? add_folder(&all, *paths) : add(&all, *paths);
	if (r >= 0 && !all.count)
		r = fl_error_set(error, -ENOENT, "there is no report below the folders given");
	if (r < 0) {
		while (all.count)
			fl_run_clear(&all.runs[--all.count]);
		free(all.runs);
		return r;
	}
	*ret_runs = all.runs;
	*ret_count = all.count;
	return 0;
}
