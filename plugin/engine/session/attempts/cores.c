/* SPDX-License-Identifier: MIT */
/*
 * cores.c - one core of each kind of crash, where it was asked for (--core).
 *
 * Attempts leave none: hundreds would fill the disk, or the system's core handler.  So
 * the first crash of each signature is made once more when its test is through, with
 * the same seed and cores allowed, and counts nowhere.  Where its file falls is the
 * kernel's to say (core(5), core_pattern); it is moved beside the report.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include <glob.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

/* The kernel's pattern with `*` for what it fills in. */
static char *pattern_of(const struct fl_session *session, const char *text)
{
	const char *directory = session->image.cwd ? session->image.cwd : ".";
	char *pattern = fl_base_alloc(strlen(directory) + strlen(text) + 3, 1), *to = pattern;

	if (*text != '/')
		to += sprintf(to, "%s/", directory);
	for (; *text && *text != '\n'; text++) {
		bool is_special = *text == '%' && text[1];

		text += is_special;
		*to++ = (char)(is_special && *text != '%' ? '*' : *text);
	}
	*to = '*';                              /* core_uses_pid; the end is there already */
	return pattern;
}

/* The newest file that is not older than `since`, or NULL. */
static char *find(const char *pattern, time_t since)
{
	glob_t found = { 0 };
	char *newest = NULL;
	size_t i;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return NULL;
	for (i = 0; i < found.gl_pathc; i++) {
		struct stat status;

		if (stat(found.gl_pathv[i], &status) < 0 || !S_ISREG(status.st_mode) ||
		    status.st_mtime < since)
			continue;
		since = status.st_mtime;
		free(newest);
		newest = fl_base_copy(found.gl_pathv[i]);
	}
	globfree(&found);
	return newest;
}

/* Beside the report; where it cannot go there it stays. */
static char *put(struct fl_session *session, char *core, const char *signature)
{
	autofree char *place = session->events->core ?
		session->events->core(session->events->context, signature) : NULL;

	if (!place || rename(core, place) < 0)
		return core;
	free(core);
	return take(place);
}

static int make_again(struct fl_session *session, struct fl_case *item,
		      const struct fl_failure *failure)
{
	struct fl_ask ask = {
		.first = failure->attempts[0],
		.seed = failure->seeds[0],
		.count = 1,
		.mode = failure->mode,
		.has_prefix = failure->has_prefix,
		.flags = FL_ORDER_SAME_SEED | FL_ORDER_CORE |
			 (failure->leaves_unseeded ? FL_ORDER_LEAVE_UNSEEDED : 0),
		.jobs = 1,
		.perturb = failure->perturbations,
	};

	return fl_order_make(session, item, &ask);
}

static int keep(struct fl_session *session, struct fl_case *item, struct fl_failure *failure)
{
	const char *kernels = session->core_pattern;
	autofree char *pattern = pattern_of(session, kernels);
	time_t since = time(NULL);
	char *core;
	int r = make_again(session, item, failure);

	if (r < 0 || *kernels == '|')
		return r;
	core = find(pattern, since);
	if (core)
		failure->core = put(session, core, failure->signature);
	else
		fl_caller_warn(session,
			       "no core of '%s': it did not crash again, or none was written as '%s'",
			       item->test->id, pattern);
	return r;
}

/* Can there be cores, and where?  The kernel's pattern, or "". */
static char *kernels_pattern(struct fl_session *session)
{
	char *text = NULL;
	struct rlimit limit;
	size_t size;

	if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0) {
		fl_caller_warn(session, "no cores: their size is limited to 0 here (ulimit -Hc)");
		return fl_base_copy("");
	}
	if (fl_file_read("/proc/sys/kernel/core_pattern", PATH_MAX, &text, &size) < 0)
		return fl_base_copy("");
	if (*text == '|')
		fl_caller_warn(session,
			       "cores go to '%.*s' here, one of each kind of crash; look for them there",
			       (int)strcspn(text, "\n"), text + 1);
	return text;
}

int fl_cores_keep(struct fl_session *session, struct fl_case *item)
{
	size_t i;
	int r = 0;

	for (i = 0; i < item->test->failure_count && r >= 0; i++) {
		struct fl_failure *failure = &item->test->failures[i];

		if (failure->first.outcome != FL_OUTCOME_CRASH || failure->core)
			continue;
		if (!session->core_pattern)
			session->core_pattern = kernels_pattern(session);
		if (*session->core_pattern)
			r = keep(session, item, failure);
	}
	return r;
}
