/* SPDX-License-Identifier: MIT */
/*
 * lines.c - a program without names: its tests by what its command line can say.
 *
 * What tests there are, a copy of the process says that goes on with --gtest_list_tests.  The
 * group is entered in main's place; an attempt is a call of main with a filter that names the
 * tests, and ends when GoogleTest has run them.  What happens in them is told by the same
 * events as ever.
 */
#define _GNU_SOURCE
#include "gtest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct line {
	const char *suite, *name;
};

typedef int (*main_function)(int, char **, char **);

static struct {
	main_function real;
	int argc;
	char **argv, **envp;
	struct line *lines;
	uint32_t last;                  /* the entry that began last */
	const char *target;             /* its suite, in an attempt */
	bool is_open, is_rehearsal, is_attempt;
	bool is_running, has_run;
	int depth;                      /* runs within a run */
} run;

static struct fl_group group;

/* ---- the list ---- */

static bool has_flag(const char *name)
{
	size_t length = strlen(name);
	int i;

	for (i = 1; i < run.argc; i++) {
		const char *word = run.argv[i] + strspn(run.argv[i], "-");

		if (word != run.argv[i] && strncmp(word, name, length) == 0)
			return true;
	}
	return false;
}

/* At its start, or behind a prefix. */
static bool has_mark(const char *name)
{
	static const char mark[] = "DISABLED_";

	for (; name; name = strchr(name, '/') ? strchr(name, '/') + 1 : NULL)
		if (strncmp(name, mark, sizeof(mark) - 1) == 0)
			return true;
	return false;
}

static bool is_disabled(const struct line *line)
{
	return has_mark(line->suite) || has_mark(line->name);
}

/* Cuts the line that begins at *at; NULL: there is none. */
static char *next_line(char **at)
{
	char *line = *at, *feed = line ? strchr(line, '\n') : NULL;

	if (!feed)
		return NULL;
	*feed = '\0';
	*at = feed + 1;
	return line;
}

/* "Suite." and "  Name", either with a remark behind "  # ". */
static uint32_t read_list(char *text, struct line *lines, uint32_t room, bool has_disabled)
{
	const char *suite = NULL;
	uint32_t count = 0;
	char *line;

	while ((line = next_line(&text))) {
		char *remark = strstr(line, "  # ");
		struct line entry = { suite, line + 2 };
		size_t length;

		if (remark)
			*remark = '\0';
		length = strlen(line);
		if (line[0] != ' ') {
			suite = length > 1 && line[length - 1] == '.' ? line : NULL;
			line[length - (suite != NULL)] = '\0';
		} else if (suite && length > 2 && line[1] == ' ' && count < room &&
			   (has_disabled || !is_disabled(&entry))) {
			lines[count++] = entry;
		}
	}
	return count;
}

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* What the copy has written becomes the list; it stays to the process's end. */
static void take_list(int fd)
{
	bool has_disabled = has_flag("gtest_also_run_disabled_tests") ||
			    getenv("GTEST_ALSO_RUN_DISABLED_TESTS");
	struct stat st;
	uint32_t room;
	char *text;

	if (fstat(fd, &st) < 0 || st.st_size < 4)
		return;
	room = (uint32_t)(st.st_size / 4);      /* "  x\n" */
	text = map((size_t)st.st_size + 1);     /* the last byte is 0 */
	run.lines = map(room * sizeof(*run.lines));
	if (text && run.lines && pread(fd, text, (size_t)st.st_size, 0) == st.st_size)
		group.count = read_list(text, run.lines, room, has_disabled);
}

/* The user's arguments and one more. */
static char **add_argument(const char *word)
{
	char **argv = map(((size_t)run.argc + 2) * sizeof(*argv));

	if (!argv)
		return NULL;
	memcpy(argv, run.argv, (size_t)run.argc * sizeof(*argv));
	argv[run.argc] = (char *)(uintptr_t)word;
	return argv;
}

static void rehearse(int fd)
{
	char **argv = add_argument("--gtest_list_tests");

	if (!argv || fl_gtest_flicker->rehearse() != 1)
		return;
	run.is_rehearsal = true;
	dup2(fd, STDOUT_FILENO);
	run.real(run.argc + 1, argv, run.envp);
	fflush(stdout);
	fl_gtest_flicker->finish();
}

static void find_list(void)
{
	int low = memfd_create("flicker-list", MFD_CLOEXEC);
	int fd = fcntl(low, F_DUPFD_CLOEXEC, 500);      /* lower ones are the program's: see adapter.h */

	if (low >= 0)
		close(low);
	if (fd < 0)
		return;
	rehearse(fd);
	take_list(fd);
	close(fd);
}

/* ---- the group ---- */

static bool describe(const struct fl_group *of, uint32_t index, struct fl_entry *ret_entry)
{
	(void)of;
	ret_entry->suite = run.lines[index].suite;
	ret_entry->name = run.lines[index].name;
	return true;
}

static void prepare(struct fl_group *of)
{
	(void)of;
	fl_gtest_flicker->environment("GTEST_SHARD_STATUS_FILE");
	fl_gtest_flicker->environment("TEST_PREMATURE_EXIT_FILE");
	fl_gtest_flicker->environment("GTEST_TOTAL_SHARDS");
	fl_gtest_flicker->environment("GTEST_SHARD_INDEX");
}

/* What the grammar of filters would take for its own becomes `?`. */
static char *add_text(char *to, const char *text)
{
	char *at = to;

	to = stpcpy(to, text);
	while ((at = strpbrk(at, "*:-")))
		*at = '?';
	return to;
}

/* "--gtest_filter=Suite.Name:..." of entries; NULL: no memory. */
static char *make_filter(const uint32_t *indices, uint32_t count)
{
	static const char flag[] = "--gtest_filter=";
	size_t size = sizeof(flag);
	char *filter, *to;
	uint32_t i;

	for (i = 0; i < count; i++) {
		const struct line *line = &run.lines[indices[i]];

		size += strlen(line->suite) + strlen(line->name) + 2;
	}
	filter = map(size);
	if (!filter)
		return NULL;
	to = stpcpy(filter, flag);
	for (i = 0; i < count; i++) {
		to = add_text(to, run.lines[indices[i]].suite);
		*to++ = '.';
		to = add_text(to, run.lines[indices[i]].name);
		*to++ = i + 1 < count ? ':' : '\0';
	}
	return filter;
}

/* What the user wants of the whole run is no attempt's. */
static bool is_of_the_run(const char *word)
{
	static const char *const flags[] = { "repeat", "shuffle", "break_on_failure", "fail_fast" };
	size_t i;

	word += strspn(word, "-");
	if (strncmp(word, "gtest_", 6) != 0)
		return false;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strncmp(word + 6, flags[i], strlen(flags[i])) == 0)
			return true;
	return false;
}

static int drop_arguments(int argc, char **argv)
{
	int i, to = 1;

	for (i = 1; i < argc; i++)
		if (!is_of_the_run(argv[i]))
			argv[to++] = argv[i];
	argv[to] = NULL;
	return to;
}

static void run_entries(struct fl_group *of, const uint32_t *indices, uint32_t count)
{
	char *filter = make_filter(indices, count), **argv = filter ? add_argument(filter) : NULL;

	(void)of;
	if (!argv)
		return;
	run.is_attempt = true;
	run.target = run.lines[indices[count - 1]].suite;
	run.real(drop_arguments(run.argc + 1, argv), argv, run.envp);
}

/* The user's run; with a filter of ours where flicker was asked for some of its tests. */
static int run_in_host(void)
{
	uint32_t *selected = map(group.count * sizeof(*selected)), count = 0, i;
	char *filter, **argv;

	for (i = 0; selected && i < group.count; i++)
		if (fl_gtest_flicker->is_selected(&group, i))
			selected[count++] = i;
	if (!selected || count == group.count)
		return run.real(run.argc, run.argv, run.envp);
	filter = make_filter(selected, count);
	argv = filter ? add_argument(filter) : NULL;
	return argv ? run.real(run.argc + 1, argv, run.envp) :
		      run.real(run.argc, run.argv, run.envp);
}

static int run_group(void)
{
	int code;

	switch (fl_gtest_flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		return 0;
	case FL_ENTER_OBSERVE:
		run.is_open = true;
		code = run_in_host();
		run.is_open = false;
		fl_gtest_flicker->leave(&group);
		return code;
	default:
		return run.real(run.argc, run.argv, run.envp);
	}
}

int fl_gtest_line_main(int (*real)(int, char **, char **), int argc, char **argv, char **envp)
{
	run.real = real;
	run.argc = argc;
	run.argv = argv;
	run.envp = envp;
	if (fl_gtest_way != &fl_gtest_by_line || has_flag("gtest_internal_run_death_test") ||
	    has_flag("gtest_list_tests"))
		return real(argc, argv, envp);
	group = (struct fl_group){ .describe = describe, .prepare = prepare, .run = run_entries };
	find_list();
	if (group.count)
		return run_group();
	fl_gtest_flicker->warn("the tests go on unwatched: the program is stripped, and --gtest_list_tests lists none");
	return real(argc, argv, envp);
}

/* By exit() behind the tests, not in one. */
bool fl_gtest_line_ends(int code)
{
	(void)code;
	return run.is_open && run.has_run && !run.is_running;
}

/* ---- events ---- */

static bool start(const void *unit_test)
{
	(void)unit_test;
	if (run.is_rehearsal)
		fl_gtest_flicker->finish();     /* it does not list them */
	if (run.is_running)
		run.depth++;
	run.is_running = true;
	return true;
}

static void end(void)
{
	if (run.depth > 0) {
		run.depth--;
		return;
	}
	run.is_running = false;
	run.has_run = true;
	if (run.is_attempt)
		fl_gtest_flicker->finish();
}

static bool is_watching(void)
{
	return (run.is_open || run.is_attempt) && run.is_running && run.depth == 0;
}

static bool is_attempt(void)
{
	return run.is_attempt;
}

static bool begin(const void *info)
{
	struct fl_entry entry = { .suite = "", .name = "" };
	uint32_t i, index;

	fl_gtest_describe(&(struct fl_gtest_test){ info, NULL }, &entry);
	for (i = 0; i < group.count; i++) {
		index = (run.last + i) % group.count;
		if (strcmp(run.lines[index].name, entry.name) != 0 ||
		    strcmp(run.lines[index].suite, entry.suite) != 0)
			continue;
		run.last = index;
		fl_gtest_flicker->begin(&group, index);
		return true;
	}
	return false;
}

static bool is_targets(const void *suite)
{
	return run.is_attempt && strcmp(fl_gtest_suite_name(suite), run.target) == 0;
}

const struct fl_gtest_way fl_gtest_by_line = {
	.start = start,
	.end = end,
	.is_watching = is_watching,
	.is_attempt = is_attempt,
	.begin = begin,
	.is_targets = is_targets,
};
