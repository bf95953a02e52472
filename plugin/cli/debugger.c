/* SPDX-License-Identifier: MIT */
/*
 * debugger.c - the commands that gdb is given.
 */
#define _GNU_SOURCE
#include "debugger.h"

#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

/*
 * The program is started by a shell, which knows FLICKER_PRELOAD.  Addresses are left to
 * chance, as they are in an attempt.  What may not work (no such symbol, no frame above)
 * comes last: gdb leaves a script at the first error.
 */
static const char prologue[] =
	"set startup-with-shell on\n"
	"set disable-randomization off\n"
	"set exec-wrapper env -u FLICKER_PRELOAD LD_PRELOAD=\"$FLICKER_PRELOAD\"\n"
	"set pagination off\n"
	"if $_isvoid($bpnum)\n"
	"  tbreak flicker_stop_here\n"
	"end\n"
	"run\n"
	"if $_isvoid($_exitcode) && $_isvoid($_exitsignal)\n";

/*
 * The library is not there yet, which gdb tells as if it were an error: to nobody.  A gdb
 * older than 10 has no `pipe` and goes on with the commands, which set it aloud.
 */
static const char *const before_commands[] = {
	"set breakpoint pending on",
	"pipe tbreak flicker_stop_here | cat >/dev/null",
};

static const char epilogue[] =
	"else\n"
	"  quit\n"
	"end\n"
	/*
	 * The test's frame, where it is on the stack still; else, or where that is a framework's that
	 * is linked into the program, the first from there that has a source: those have none here.
	 */
	"python\n"
	"wanted = int(gdb.parse_and_eval('*(unsigned long *)&flicker_stop_pc'))\n"
	"first = gdb.selected_frame()\n"
	"frame = first\n"
	"while frame and frame.pc() != wanted:\n"
	"  frame = frame.older()\n"
	"frame = frame or first\n"
	"while frame:\n"
	"  source = frame.find_sal().symtab\n"
	"  if source and 'libflicker' not in source.objfile.filename:\n"
	"    frame.select()\n"
	"    break\n"
	"  frame = frame.older()\n"
	"end\n"
	"frame\n";

static int write_commands(const struct fl_debugger *debugger, bool is_interactive)
{
	autofree char *text = fl_base_format("%s  shell : >'%s'\n%s%s%s", prologue,
					     debugger->stopped,
					     is_interactive ? "  set pagination on\n" : "  backtrace\n",
					     epilogue, is_interactive ? "" : "info locals\n");
	autoclose int fd = open(debugger->commands, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fl_file_write_all(fd, text, strlen(text));
}

static int make_directory(struct fl_debugger *debugger)
{
	const char *tmp = getenv("TMPDIR");
	char *directory = fl_base_format("%s/flicker-gdb-XXXXXX",
					 tmp && *tmp && !strchr(tmp, '\'') ? tmp : "/tmp");
	int r = mkdtemp(directory) ? 0 : -errno;

	if (r < 0) {
		free(directory);
		return r;
	}
	debugger->directory = directory;
	debugger->commands = fl_base_format("%s/commands", directory);
	debugger->stopped = fl_base_format("%s/stopped", directory);
	return 0;
}

int fl_debugger_open(bool is_interactive, struct fl_debugger *ret_debugger,
		     struct fl_error *error)
{
	struct fl_debugger debugger = { .is_interactive = is_interactive };
	autofree char *path = NULL;
	size_t n = 0, i;
	int r;

	if (fl_preload_find_program("gdb", &path, error) < 0)
		return fl_error_set(error, -ENOENT, "'--gdb' needs gdb, which is not on PATH; "
				    "install it (Debian: apt-get install gdb)");
	r = make_directory(&debugger);
	if (r >= 0)
		r = write_commands(&debugger, is_interactive);
	if (r < 0) {
		fl_debugger_close(&debugger);
		return fl_error_set(error, r, "cannot write commands for gdb: %s", strerror(-r));
	}
	debugger.words[n++] = take(path);
	debugger.words[n++] = fl_base_copy("-q");
	if (!is_interactive) {
		debugger.words[n++] = fl_base_copy("-batch");
		debugger.words[n++] = fl_base_copy("-nx");
	}
	for (i = 0; i < FL_COUNT(before_commands); i++) {
		debugger.words[n++] = fl_base_copy("-ex");
		debugger.words[n++] = fl_base_copy(before_commands[i]);
	}
	debugger.words[n++] = fl_base_copy("-x");
	debugger.words[n++] = fl_base_copy(debugger.commands);
	debugger.words[n++] = fl_base_copy("--args");
	*ret_debugger = debugger;
	return 0;
}

bool fl_debugger_has_stopped(const struct fl_debugger *debugger)
{
	return access(debugger->stopped, F_OK) == 0;
}

void fl_debugger_close(struct fl_debugger *debugger)
{
	size_t i;

	if (debugger->directory) {
		unlink(debugger->commands);
		unlink(debugger->stopped);
		rmdir(debugger->directory);
	}
	for (i = 0; i < FL_DEBUGGER_WORDS; i++)
		free(debugger->words[i]);
	free(debugger->directory);
	free(debugger->commands);
	free(debugger->stopped);
	*debugger = (struct fl_debugger){ 0 };
}
