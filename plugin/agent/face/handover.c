/* SPDX-License-Identifier: MIT */
/*
 * handover.c - under plain preload: a program that is called as GoogleTest's are.
 *
 * Filters, lists, reports and shards are the command's affair.  So where flags or variables
 * of GoogleTest's are there, and a framework that does not know them, `flicker run` takes the
 * program's place before any of its code has run, and starts it anew.  The variable
 * FLICKER_FACE goes along, empty: whoever comes here with it is not handed over once more.
 */
#define _GNU_SOURCE
#include "face.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char self[] = "/proc/self/exe";

static bool has_variable(void)
{
#define FL_X(name) name,
	static const char *const names[] = { FL_FACE_VARIABLES(FL_X) };
#undef FL_X
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (getenv(names[i]))
			return true;
	return false;
}

static bool has_flag(char *const *argv)
{
	for (argv++; *argv; argv++)
		if (fl_face_is_flag(*argv))
			return true;
	return false;
}

static bool is_wanted(char *const *argv)
{
	const struct fl_adapter *adapter = fl_agent.adapter;

	if (adapter->has_own_face || adapter->is_program || fl_agent.channel_path[0] ||
	    fl_entry_setting_as_is("FACE") || getauxval(AT_SECURE) ||
	    fl_worker_kind() != FL_WORKER_NONE)
		return false;
	return argv[0] && (has_flag(argv) || has_variable());
}

static bool is_self(const char *path)
{
	struct stat a, b;

	return path && strchr(path, '/') && stat(path, &a) == 0 && stat(self, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* As it was called, where that leads to it; else by what the kernel says. */
static char *program_path(char *called)
{
	static char path[PATH_MAX];
	char *started = (char *)getauxval(AT_EXECFN);
	ssize_t n;

	if (is_self(called))
		return called;
	if (is_self(started))
		return started;
	n = readlink(self, path, sizeof(path) - 1);
	return n > 0 ? path : called;
}

enum { LOADER_WORDS = 32 };

/*
 * Where the program was an argument of the dynamic loader's (ld.so [OPTION...] PROGRAM), that is
 * what has to be started: the words up to the program's own, as the kernel was given them.
 */
static size_t loader_words(const char *called, char **words)
{
	static char line[8192];
	ssize_t size;
	size_t count = 0;
	char *word;
	int fd;

	if (getauxval(AT_BASE) || (fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)) < 0)
		return 0;
	size = read(fd, line, sizeof(line) - 1);
	close(fd);
	for (word = line; word < line + size && count < LOADER_WORDS; word += strlen(word) + 1) {
		if (count && strcmp(word, called) == 0)
			return count;
		words[count++] = word;
	}
	return 0;
}

void fl_handover(char **argv)
{
	static char run[] = "run", end[] = "--";
	char *command, **arguments;
	size_t count = 0, before, i;

	if (!is_wanted(argv) || !(command = fl_attach_command()))
		return;
	while (argv[count])
		count++;
	arguments = mmap(NULL, (count + LOADER_WORDS + 4) * sizeof(*arguments), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arguments == MAP_FAILED)
		return;
	arguments[0] = command;
	arguments[1] = run;
	arguments[2] = end;
	before = loader_words(argv[0], arguments + 3);
	arguments[3 + before] = before ? argv[0] : program_path(argv[0]);
	for (i = 1; i < count; i++)
		arguments[3 + before + i] = argv[i];
	arguments[3 + before + count] = NULL;
	setenv("FLICKER_FACE", "", 1);
	execve(command, arguments, fl_entry_environment(fl_adapters_setting()));
	unsetenv("FLICKER_FACE");
	fl_attach_complain("cannot start");
}
