/* SPDX-License-Identifier: MIT */
/*
 * runner.c - Check, 0.10 to 0.15, taken over where its runner is called.
 *
 * Every way to run tests ends in srunner_run_tagged() (until 0.10: srunner_run()).  Where
 * Check is a library of its own that call is interposed; linked into the program, as
 * distributions ship it, its entry is patched.  The real runner goes on with the program's
 * runner, whose lists are ours meanwhile (lists.c); in an attempt they hold the tests that
 * are meant, and the log files are none.
 */
#define _GNU_SOURCE
#include "check.h"

#include "../next.h"

#include <stdio.h>
#include <stdlib.h>

/* It returns nothing; but a compiler may have put it into a function that does. */
typedef uintptr_t (*run_tagged)(struct check_runner *runner, const char *suite,
				const char *case_name, const char *include_tags,
				const char *exclude_tags, int mode);
typedef void (*run_some)(struct check_runner *runner, const char *suite, const char *case_name,
			 int mode);
typedef void (*run_all)(struct check_runner *runner, int mode);

enum { SILENT = 0 };                    /* enum print_output: CK_SILENT */

const struct fl_services *fl_check_flicker;

enum { RUN_TAGGED, RUN, ASSERT_FAILED, MAJOR, MINOR, MICRO, FIRST_CALL, LAST_CALL = FIRST_CALL + 4 };
static struct fl_symbol symbols[] = {
	[RUN_TAGGED] = { .name = "srunner_run_tagged" },
	[RUN] = { .name = "srunner_run" },
	[ASSERT_FAILED] = { .name = "_ck_assert_failed" },
	[MAJOR] = { .name = "check_major_version" },
	[MINOR] = { .name = "check_minor_version" },
	[MICRO] = { .name = "check_micro_version" },
	/* What Check calls, and few others do all of: else a stripped program is not searched. */
	[FIRST_CALL] = { .name = "timer_create" },
	{ .name = "killpg" },
	{ .name = "fork" },
	{ .name = "waitpid" },
	[LAST_CALL] = { .name = "getenv" },
	{ .name = NULL },
};

FL_HOT static struct fl_patch patch;    /* of a runner that is linked into the program */
FL_HOT static struct fl_patch first_call; /* of one that has no name there */
static bool is_hidden;

static struct {
	run_tagged tagged;
	run_some some;
} real;

static struct fl_group *open_group;

static const char unknown[] = "this version of Check is not known: its tests go on unwatched";

static uintptr_t returned;              /* by the real runner */

struct call {
	struct check_runner *runner;
	struct fl_check_choice choice;
	int mode;
};

static void call_real(const struct call *call)
{
	const struct fl_check_choice *choice = &call->choice;

	if (real.tagged)
		returned = real.tagged(call->runner, choice->suite, choice->case_name,
				       choice->include_tags, choice->exclude_tags, call->mode);
	else
		real.some(call->runner, choice->suite, choice->case_name, call->mode);
}

/* ---- the group ---- */

static bool is_forking(const struct check_runner *runner)
{
	const char *wish = getenv("CK_FORK");

	if (runner->fork_status == CHECK_FORK_BY_ENVIRONMENT)
		return !wish || wish[0] != 'n' || wish[1] != 'o' || wish[2];
	return runner->fork_status == CHECK_FORK;
}

static uint32_t milliseconds(const struct timespec *time)
{
	return (uint32_t)(time->tv_sec * 1000 + (time->tv_nsec + 999999) / 1000000);
}

static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	static char suite[1024];
	const struct fl_check_row *row = fl_check_row(index);
	struct fl_check_view test = fl_check_view(row->test);

	snprintf(suite, sizeof(suite), "%s.%s", row->suite->name, row->in->name);
	ret_entry->suite = suite;
	ret_entry->name = test.name;
	ret_entry->number = row->is_loop ? row->turn : -1;
	ret_entry->code = (const void *)test.function;
	ret_entry->file = test.file;
	ret_entry->line = test.line;
	if (is_forking(group->tests))   /* else Check has no means to end it */
		ret_entry->timeout_ms = milliseconds(&row->in->timeout);
	return true;
}

/* Attempts write no file of the program's, and the choice has been made. */
static void prepare(struct fl_group *group)
{
	static const char *const names[] = {
		"CK_LOG_FILE_NAME", "CK_XML_LOG_FILE_NAME", "CK_TAP_LOG_FILE_NAME", "CK_VERBOSITY",
		"CK_RUN_SUITE", "CK_RUN_CASE", "CK_INCLUDE_TAGS", "CK_EXCLUDE_TAGS",
	};
	size_t i;

	(void)group;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		fl_check_flicker->environment(names[i]);
}

static void run_rows(struct fl_group *group, const uint32_t *rows, uint32_t count)
{
	struct check_runner *runner = (struct check_runner *)(uintptr_t)group->tests;

	runner->log = runner->xml = runner->tap = NULL;
	fl_check_install(rows, count, false);
	fl_check_watch(group, runner, rows[count - 1]);
	call_real(&(struct call){ .runner = runner, .mode = SILENT });
	fl_check_settle();
	fl_check_unwatch();
}

static void run_in_host(struct fl_group *group, const struct call *call)
{
	static uint32_t rows[FL_CHECK_MOST];
	uint32_t i, row, count = 0, as_ever = 0;

	for (i = 0; i < group->count; i++)
		if (fl_check_flicker->is_selected(group, row = fl_check_flicker->nth(group, i))) {
			as_ever += row == i;
			fl_check_add_row(rows, count++, row);
		}
	fl_check_install(rows, count, as_ever == group->count);
	fl_check_watch(group, call->runner, FL_CHECK_NONE);
	call_real(call);
	fl_check_settle();
	fl_check_unwatch();
	fl_check_restore();
}

static void run_group(const struct call *call)
{
	const struct check_list *suites = call->runner->suites;
	struct fl_group group = {
		.name = suites->count ? ((const struct check_suite *)suites->items[0])->name : NULL,
		.tests = call->runner,
		.count = fl_check_count(),
		.describe = describe,
		.prepare = prepare,
		.run = run_rows,
	};

	open_group = &group;
	switch (fl_check_flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		break;
	case FL_ENTER_OBSERVE:
		run_in_host(&group, call);
		fl_check_flicker->leave(&group);
		break;
	default:
		call_real(call);
	}
	open_group = NULL;
}

/* What Check would run: its arguments go before the environment. */
static struct fl_check_choice choice_of(const struct call *call)
{
	struct fl_check_choice choice = call->choice;

	if (!choice.case_name)
		choice.case_name = getenv("CK_RUN_CASE");
	if (!choice.suite)
		choice.suite = getenv("CK_RUN_SUITE");
	if (!choice.include_tags && real.tagged)
		choice.include_tags = getenv("CK_INCLUDE_TAGS");
	if (!choice.exclude_tags && real.tagged)
		choice.exclude_tags = getenv("CK_EXCLUDE_TAGS");
	return choice;
}

static void take_over(const struct call *call)
{
	struct fl_check_choice choice = choice_of(call);

	if (open_group) {               /* a test that runs tests */
		call_real(call);
		return;
	}
	if (patch.symbol)
		fl_check_flicker->patch_off(&patch);
	if (call->runner && fl_check_collect(call->runner, &choice) == 0)
		run_group(call);
	else
		call_real(call);
	fl_check_release();
	if (patch.symbol)
		fl_check_flicker->patch_on(&patch);
}

/* ---- where the program calls ---- */

static void find_real(void)
{
	real.tagged = (run_tagged)fl_adapter_next(symbols[RUN_TAGGED].name);
	real.some = (run_some)fl_adapter_next(symbols[RUN].name);
}

/* In the place of code in the program. */
static uintptr_t run_tagged_here(struct check_runner *runner, const char *suite,
				 const char *case_name, const char *include_tags,
				 const char *exclude_tags, int mode)
{
	take_over(&(struct call){ runner, { suite, case_name, include_tags, exclude_tags }, mode });
	return returned;
}

static void run_here(struct check_runner *runner, const char *suite, const char *case_name, int mode)
{
	take_over(&(struct call){ runner, { suite, case_name, NULL, NULL }, mode });
}

void srunner_run_tagged(struct check_runner *runner, const char *suite, const char *case_name,
			const char *include_tags, const char *exclude_tags, int mode)
	FL_ADAPTER_OURS(srunner_run_tagged);
void srunner_run(struct check_runner *runner, const char *suite, const char *case_name, int mode)
	FL_ADAPTER_OURS(srunner_run);
void srunner_run_all(struct check_runner *runner, int mode) FL_ADAPTER_OURS(srunner_run_all);

FL_ADAPTER_INTERPOSE(srunner_run_tagged, fl_check_flicker);
FL_ADAPTER_INTERPOSE(srunner_run, fl_check_flicker);
FL_ADAPTER_INTERPOSE(srunner_run_all, fl_check_flicker);

/* A library's Check beside the program's own, or one that this version's functions do not end in. */
#define THEIRS(type, name) ((type)fl_adapter_theirs(name, __builtin_return_address(0)))

void srunner_run_tagged(struct check_runner *runner, const char *suite, const char *case_name,
			const char *include_tags, const char *exclude_tags, int mode)
{
	if (real.tagged)
		run_tagged_here(runner, suite, case_name, include_tags, exclude_tags, mode);
	else
		THEIRS(run_tagged, "srunner_run_tagged")(runner, suite, case_name, include_tags,
							 exclude_tags, mode);
}

void srunner_run(struct check_runner *runner, const char *suite, const char *case_name, int mode)
{
	if (real.some)
		run_here(runner, suite, case_name, mode);
	else
		THEIRS(run_some, "srunner_run")(runner, suite, case_name, mode);
}

void srunner_run_all(struct check_runner *runner, int mode)
{
	if (real.some)
		run_here(runner, NULL, NULL, mode);
	else
		THEIRS(run_all, "srunner_run_all")(runner, mode);
}

/* ---- the adapter ---- */

static int number_of(int symbol, bool is_static)
{
	const void *found = is_static ? (const void *)symbols[symbol].address :
					fl_adapter_next(symbols[symbol].name);

	return found ? *(const int *)found : -1;
}

/* The structs are those of the versions that are known; else none of them is touched. */
static bool knows_version(bool is_static, const char **ret_version)
{
	static char text[48];
	int major = number_of(MAJOR, is_static), minor = number_of(MINOR, is_static);

	if (major != 0 || minor < 10 || minor > 15)
		return false;
	snprintf(text, sizeof(text), "%d.%d.%d", major, minor, number_of(MICRO, is_static));
	fl_check_is_old = minor < 13;
	*ret_version = text;
	return true;
}

/* What is called here may be something else: it is looked at before it is taken over, here. */
static void look_at_first(const struct fl_registers *registers)
{
	if (!fl_check_knows_call(registers->argument) ||
	    fl_check_flicker->patch_on(&patch) < 0)
		fl_check_flicker->warn(unknown);
}

static int patch_entry(const struct fl_services *services)
{
	if (!is_hidden)
		return services->patch_on(&patch);
	first_call.symbol = patch.symbol;
	return services->watch(&first_call, look_at_first);
}

static bool attach_static(const struct fl_services *services)
{
	const struct fl_symbol *entry = &symbols[symbols[RUN_TAGGED].address ? RUN_TAGGED : RUN];
	const struct fl_symbol *fail = &symbols[ASSERT_FAILED];

	patch.symbol = entry;
	patch.replacement = entry == &symbols[RUN] ? (const void *)run_here :
						     (const void *)run_tagged_here;
	if (patch_entry(services) < 0) {
		services->warn("Check is linked into the program, whose code cannot be patched: its "
			       "tests go on unwatched");
		return false;
	}
	if (entry == &symbols[RUN])
		real.some = (run_some)entry->address;
	else
		real.tagged = (run_tagged)entry->address;
	if (fail->address)
		services->own_range(fail->address,
				    fail->address + (fail->size_bytes ? fail->size_bytes : 256));
	return true;
}

/* In a program without symbols; its structs are looked at where its runner is called. */
static bool find_hidden(const struct fl_services *services)
{
	int i;

	for (i = FIRST_CALL; i <= LAST_CALL; i++)
		if (!symbols[i].is_imported)
			return false;
	switch (fl_check_find_hidden(&symbols[RUN_TAGGED])) {
	case FL_CHECK_FOUND:
		return is_hidden = true;
	case FL_CHECK_LOST:
		if (services->program())
			services->warn("Check is linked into the program, which has no symbols: its "
				       "tests are not seen; keep them (strip -g) or their debug file");
		return false;
	default:
		return false;
	}
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	bool is_static = symbols[RUN_TAGGED].address || symbols[RUN].address;

	if (services->abi != FL_ADAPTER_ABI)
		return false;
	if (!is_static && !fl_adapter_next(symbols[RUN].name)) {
		if (!find_hidden(services))
			return false;
		is_static = true;
	}
	if (!is_hidden && !knows_version(is_static, ret_version)) {
		services->warn(unknown);
		return false;
	}
	if (is_static && !attach_static(services))
		return false;
	if (!is_static) {
		find_real();
		services->own(real.tagged ? (const void *)real.tagged : (const void *)real.some);
	}
	*ret_linkage = is_static ? "static" : "shared";
	fl_check_flicker = services;
	return true;
}

const struct fl_adapter fl_adapter_check = {
	.abi = FL_ADAPTER_ABI,
	.name = "check",
	.symbols = symbols,
	.attach = attach,
	.jumps = fl_check_jumps,
	.ends = fl_check_ends,
	.forks = fl_check_forks,
};
