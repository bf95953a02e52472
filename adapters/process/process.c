/* SPDX-License-Identifier: MIT */
/*
 * process.c - no framework: the program is the test, and its exit code is how that went.
 *
 * Only in the process that the command has started (services->program), and only where no
 * other adapter knows a framework there.  It is parked at main's entry: an attempt calls the
 * real main and ends as the program would, with its exit handlers.  Exit codes are those of
 * automake, meson and ctest's SKIP_RETURN_CODE: 0 passed, 77 skipped, 99 a hard error.
 *
 * The host is not held in any way and asks for nothing, for it may be a shell or a driver
 * that starts or becomes the real test program; then that one is the host.
 */
#define _GNU_SOURCE
#include <flicker/adapter.h>

#include "../next.h"

#include <stdlib.h>
#include <unistd.h>

static const struct fl_services *flicker;

static struct {
	int (*main)(int, char **, char **);
	int argc;
	char **argv;
} program;

static void begin(const struct fl_group *group)
{
	static const struct fl_expectation expectation = { .skip_code = 77, .error_code = 99 };

	flicker->begin(group, 0);
	flicker->expects(&expectation);
	flicker->phase(FL_PHASE_TEST);
}

static void run(struct fl_group *group, const uint32_t *indices, uint32_t count)
{
	int code;

	(void)indices, (void)count;
	begin(group);
	code = program.main(program.argc, program.argv, environ);
	flicker->phase(FL_PHASE_AFTER);
	exit(code);
}

static bool describe(const struct fl_group *group, uint32_t index, struct fl_entry *ret_entry)
{
	(void)group, (void)index;
	ret_entry->name = flicker->program();
	ret_entry->code = (const void *)program.main;
	return true;
}

static int run_main(int (*real)(int, char **, char **), int argc, char **argv, char **envp)
{
	struct fl_group group = { .count = 1, .describe = describe, .run = run };
	int code;

	program.main = real;
	program.argc = argc;
	program.argv = argv;
	switch (flicker->enter(&group)) {
	case FL_ENTER_NOTHING:
		return 0;
	case FL_ENTER_OBSERVE:
		begin(&group);
		break;
	default:
		break;
	}
	code = real(argc, argv, envp);
	flicker->phase(FL_PHASE_AFTER);
	return code;
}

/* A home-made framework leaves a failed test so: where that was is worth more than where main ended. */
static void jumps(const void *env, const void *caller)
{
	(void)env;
	if (fl_adapter_is_program(caller))
		flicker->hint();
}

static bool attach(const struct fl_services *services, const char **ret_version,
		   const char **ret_linkage)
{
	if (services->abi != FL_ADAPTER_ABI || !services->program())
		return false;
	*ret_version = *ret_linkage = "";
	flicker = services;
	services->own_jumps(0, UINTPTR_MAX);
	return true;
}

const struct fl_adapter fl_adapter_process = {
	.abi = FL_ADAPTER_ABI,
	.name = "process",
	.attach = attach,
	.main = run_main,
	.jumps = jumps,
	.is_program = true,
};
