/* SPDX-License-Identifier: MIT */
/*
 * test_cli_preload.c - what cannot be preloaded into is refused in one line.
 *
 * The programs are copies of this very test, each spoilt at one place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../plugin/cli/preload.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>

enum { SELF_LIMIT = 256 << 20 };

static char directory[] = "/tmp/flicker-test-XXXXXX";
static char *self;                      /* the bytes of this test */
static size_t self_size;

static char *place(const char *name)
{
	return fl_base_format("%s/%s", directory, name);
}

static void write_copy(const char *name, size_t size, mode_t mode)
{
	autofree char *path = place(name);
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	assert_true(fd >= 0);
	assert_int_equal(fl_file_write_all(fd, self, size), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

static ElfW(Phdr) *find_segment(uint32_t type)
{
	ElfW(Ehdr) *header = (ElfW(Ehdr) *)self;
	ElfW(Phdr) *segments = (ElfW(Phdr) *)(self + header->e_phoff);
	unsigned i;

	for (i = 0; i < header->e_phnum; i++)
		if (segments[i].p_type == type)
			return &segments[i];
	return NULL;
}

static int write_programs(void **state)
{
	ElfW(Ehdr) *header;
	ElfW(Phdr) *loader;

	(void)state;
	if (!mkdtemp(directory) ||
	    fl_file_read("/proc/self/exe", SELF_LIMIT, &self, &self_size) < 0)
		return -1;
	header = (ElfW(Ehdr) *)self;
	loader = find_segment(PT_INTERP);
	if (!loader)
		return -1;
	write_copy("good", self_size, 0700);
	write_copy("plain", self_size, 0600);
	write_copy("cut", sizeof(*header), 0700);
	header->e_machine ^= 1;
	write_copy("foreign", self_size, 0700);
	header->e_machine ^= 1;
	loader->p_type = PT_NULL;
	write_copy("static", self_size, 0700);
	loader->p_type = PT_INTERP;
	memcpy(self, "#!/bin/sh\n", sizeof("#!/bin/sh\n"));
	write_copy("script", sizeof("#!/bin/sh\n") - 1, 0700);
	return 0;
}

static int remove_programs(void **state)
{
	static const char *const names[] = {
		"good", "plain", "cut", "foreign", "static", "script",
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(names); i++) {
		autofree char *path = place(names[i]);

		unlink(path);
	}
	free(self);
	return rmdir(directory);
}

static void programs_are_found_as_execvp_does(void **state)
{
	static const struct { const char *name; int want; const char *text; } rows[] = {
		{ "good", 0, "" },
		{ "plain", -EACCES, "is not executable" },
		{ "absent", -ENOENT, "no program 'absent' on PATH" },
		{ "", -ENOENT, "no program '' on PATH" },
		{ "/", -EISDIR, "is a directory" },
		{ "./absent", -ENOENT, "no such program './absent'" },
		{ "/dev/null", -EACCES, "is not executable" },
	};
	autofree char *path = fl_base_format("/nonexistent:%s", directory);
	size_t i;

	(void)state;
	setenv("PATH", path, 1);
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *found = NULL;
		struct fl_error error = { "" };

		assert_int_equal(fl_preload_find_program(rows[i].name, &found, &error),
				 rows[i].want);
		assert_int_equal(found != NULL, rows[i].want == 0);
		assert_non_null(strstr(error.text, rows[i].text));
	}
}

static void what_cannot_work_is_refused(void **state)
{
	static const struct { const char *name; int want; const char *text; } rows[] = {
		{ "good", 0, "" },
		{ "script", 0, "" },
		{ "cut", -ENOEXEC, "is not a complete ELF executable" },
		{ "foreign", -ENOEXEC, "is for another architecture" },
		{ "static", -ENOEXEC, "a preload cannot work there" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < FL_COUNT(rows); i++) {
		autofree char *path = place(rows[i].name);
		struct fl_error error = { "" };

		assert_int_equal(fl_preload_check(path, &error), rows[i].want);
		assert_non_null(strstr(error.text, rows[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_are_found_as_execvp_does),
		cmocka_unit_test(what_cannot_work_is_refused),
	};

	return cmocka_run_group_tests(tests, write_programs, remove_programs);
}
