/* SPDX-License-Identifier: MIT */
/*
 * test_cli_preload.c - what cannot be preloaded into is refused in one line.
 *
 * The programs are copies of this very test, each spoilt at one place.
 */
#include <flicker/xunit.h>

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

	ASSERT_GE(fd, 0);
	EXPECT_EQ(fl_file_write_all(fd, self, size), 0);
	EXPECT_EQ(fchmod(fd, mode), 0);
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

SetUpTestSuite(cli_preload)
{
	ElfW(Ehdr) *header;
	ElfW(Phdr) *loader;

	ASSERT_NE(mkdtemp(directory), NULL);
	ASSERT_EQ(fl_file_read("/proc/self/exe", SELF_LIMIT, &self, &self_size), 0);
	header = (ElfW(Ehdr) *)self;
	loader = find_segment(PT_INTERP);
	ASSERT_NE(loader, NULL);
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
}

TearDownTestSuite(cli_preload)
{
	static const char *const names[] = {
		"good", "plain", "cut", "foreign", "static", "script",
	};
	size_t i;

	for (i = 0; i < FL_COUNT(names); i++) {
		autofree char *path = place(names[i]);

		unlink(path);
	}
	free(self);
	EXPECT_EQ(rmdir(directory), 0);
}

static const struct { const char *name; int want; const char *text; }
programs_are_found_as_execvp_does_rows[] = {
	{ "good", 0, "" },
	{ "plain", -EACCES, "is not executable" },
	{ "absent", -ENOENT, "no program 'absent' on PATH" },
	{ "", -ENOENT, "no program '' on PATH" },
	{ "/", -EISDIR, "is a directory" },
	{ "./absent", -ENOENT, "no such program './absent'" },
	{ "/dev/null", -EACCES, "is not executable" },
};

TEST_P(cli_preload, programs_are_found_as_execvp_does, programs_are_found_as_execvp_does_rows)
{
	autofree char *path = fl_base_format("/nonexistent:%s", directory);

	setenv("PATH", path, 1);
	autofree char *found = NULL;
	struct fl_error error = { "" };

	ASSERT_EQ(fl_preload_find_program(row->name, &found, &error),
		  row->want);
	EXPECT_EQ(found != NULL, row->want == 0);
	EXPECT_NE(strstr(error.text, row->text), NULL);
}

static const struct { const char *name; int want; const char *text; }
what_cannot_work_is_refused_rows[] = {
	{ "good", 0, "" },
	{ "script", 0, "" },
	{ "cut", -ENOEXEC, "is not a complete ELF executable" },
	{ "foreign", -ENOEXEC, "is for another architecture" },
	{ "static", -ENOEXEC, "a preload cannot work there" },
};

TEST_P(cli_preload, what_cannot_work_is_refused, what_cannot_work_is_refused_rows)
{
	autofree char *path = place(row->name);
	struct fl_error error = { "" };

	ASSERT_EQ(fl_preload_check(path, &error), row->want);
	EXPECT_NE(strstr(error.text, row->text), NULL);
}

FLICKER_XUNIT_MAIN();
