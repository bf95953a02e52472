/* SPDX-License-Identifier: MIT */
/*
 * shape.c - are a runner's structs those that we know, where no symbol says Check's version?
 *
 * Nothing is believed before it is read, and it is read by a call that says where there is
 * nothing.  One test is enough: all of them are made by the same code.  In it a struct of
 * until 0.12 has a function where a later one has a pointer to what describes the test.
 */
#define _GNU_SOURCE
#include "check.h"

#include <link.h>
#include <sys/uio.h>
#include <unistd.h>

static bool read_at(const void *address, void *ret_bytes, size_t size)
{
	struct iovec here = { ret_bytes, size };
	struct iovec there = { (void *)(uintptr_t)address, size };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)size;
}

static bool is_readable(const char *text)
{
	char letter;

	return read_at(text, &letter, 1);
}

static int look_at_module(struct dl_phdr_info *module, size_t size, void *address)
{
	unsigned i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &module->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) &&
		    (uintptr_t)address - (module->dlpi_addr + segment->p_vaddr) < segment->p_memsz)
			return 1;
	}
	return 0;
}

static bool is_code(const void *address)
{
	return dl_iterate_phdr(look_at_module, (void *)(uintptr_t)address) == 1;
}

static bool read_list(const struct check_list *at, struct check_list *ret_list)
{
	enum { MOST = 1 << 24 };

	return read_at(at, ret_list, sizeof(*ret_list)) && ret_list->count <= ret_list->room &&
	       ret_list->room < MOST && ret_list->last == (int)ret_list->count - 1;
}

static bool read_item(const struct check_list *list, unsigned index, void *ret_bytes, size_t size)
{
	const void *item;

	return read_at(list->items + index, &item, sizeof(item)) && read_at(item, ret_bytes, size);
}

static bool is_test(const struct check_list *tests)
{
	struct check_function function;
	union {
		struct check_test now;
		struct check_old_test old;
	} test;

	if (!read_item(tests, 0, &test, sizeof(test)))
		return false;
	if (is_code((const void *)test.old.function)) {
		fl_check_is_old = true;
		return is_readable(test.old.name) && test.old.start <= test.old.end;
	}
	fl_check_is_old = false;
	return read_at(test.now.function, &function, sizeof(function)) &&
	       is_code((const void *)function.function) && is_readable(function.name) &&
	       is_readable(function.file) && test.now.start <= test.now.end;
}

static bool is_case(const struct check_case *in, struct check_list *ret_tests)
{
	struct check_list list;

	return is_readable(in->name) && in->timeout.tv_nsec >= 0 && in->timeout.tv_nsec < 1000000000 &&
	       read_list(in->tests, ret_tests) && read_list(in->unchecked_setup, &list) &&
	       read_list(in->unchecked_teardown, &list) && read_list(in->setup, &list) &&
	       read_list(in->teardown, &list) && read_list(in->tags, &list);
}

/* *ret_is_done: a test was there. */
static bool are_cases(const struct check_list *cases, bool *ret_is_done)
{
	struct check_list tests;
	struct check_case in;
	unsigned i;

	for (i = 0; i < cases->count && !*ret_is_done; i++) {
		if (!read_item(cases, i, &in, sizeof(in)) || !is_case(&in, &tests) ||
		    (tests.count && !is_test(&tests)))
			return false;
		*ret_is_done = tests.count > 0;
	}
	return true;
}

static bool is_runner(const struct check_runner *at)
{
	struct check_list suites, cases, results;
	struct check_runner runner;
	struct check_suite suite;
	bool is_done = false;
	unsigned i;

	if (!read_at(at, &runner, sizeof(runner)) || !read_list(runner.suites, &suites) ||
	    !read_list(runner.results, &results) || runner.fork_status < CHECK_FORK_BY_ENVIRONMENT ||
	    runner.fork_status > CHECK_NO_FORK)
		return false;
	for (i = 0; i < suites.count && !is_done; i++)
		if (!read_item(&suites, i, &suite, sizeof(suite)) || !is_readable(suite.name) ||
		    !read_list(suite.cases, &cases) || !are_cases(&cases, &is_done))
			return false;
	return true;
}

bool fl_check_knows_call(const uintptr_t *arguments)
{
	enum { MODES = 6 };             /* enum print_output */
	int i;

	for (i = 1; i <= 4; i++)
		if (arguments[i] && !is_readable((const char *)arguments[i]))
			return false;
	return (unsigned)arguments[5] < MODES && is_runner((const struct check_runner *)arguments[0]);
}
