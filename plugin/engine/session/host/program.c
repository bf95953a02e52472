/* SPDX-License-Identifier: MIT */
/*
 * program.c - what a report says of the program and of the machine it ran on.
 */
#define _GNU_SOURCE
#include "../internal.h"

#include "launch.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

/* FNV-1a, 64 bits, over all bytes (as seed.h has it over text), after an `h`.  NULL: cannot be read. */
static char *hash_of(int fd)
{
	unsigned char bytes[16384];
	uint64_t hash = 0xcbf29ce484222325ULL;
	off_t at = 0;
	ssize_t n, i;

	while ((n = pread(fd, bytes, sizeof(bytes), at)) > 0) {
		for (i = 0; i < n; i++)
			hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
		at += n;
	}
	return n < 0 || !at ? NULL : fl_base_format("h%016llx", (unsigned long long)hash);
}

/* What tells this binary from another: its build-id, or what stands for one. */
static char *build_id_of(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	const void *bytes = NULL;
	char *text = NULL;
	ssize_t size;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
	size = elf ? dwelf_elf_gnu_build_id(elf, &bytes) : 0;
	if (size > 0)
		text = fl_base_hex(bytes, (size_t)size);
	elf_end(elf);
	return text || fd < 0 ? text : hash_of(fd);
}

static char *system_name(void)
{
	struct utsname name;

	if (uname(&name) < 0)
		return fl_base_copy("unknown");
	return fl_base_format("%s %s %s", name.sysname, name.release, name.machine);
}

static char *formatted(const char *format, time_t when)
{
	struct tm utc;
	char text[64];

	gmtime_r(&when, &utc);
	strftime(text, sizeof(text), format, &utc);
	return fl_base_copy(text);
}

/* With milliseconds: of reports of one second the newer one counts, and GoogleTest has them. */
static char *timestamp(void)
{
	autofree char *seconds = NULL;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	seconds = formatted("%Y-%m-%dT%H:%M:%S", now.tv_sec);
	return fl_base_format("%s.%03ldZ", seconds, now.tv_nsec / 1000000);
}

static char *run_id(void)
{
	autofree char *when = formatted("%Y%m%dT%H%M%SZ", time(NULL));
	uint32_t word = 0;

	if (getrandom(&word, sizeof(word), 0) < 0)
		word = (uint32_t)getpid();
	return fl_base_format("%s-%08x", when, word);
}

static struct fl_settings settings_of(const struct fl_session_settings *settings)
{
	return (struct fl_settings){
		.runs = settings->runs,
		.until = settings->until,
		.has_time = settings->time_ms != 0,
		.time_s = settings->time_ms / 1000.0,
		.has_timeout = settings->timeout_ms != 0,
		.timeout_s = settings->timeout_ms / 1000.0,
		.jobs = (int)settings->jobs,
		.perturb = settings->perturb,
		.policy = settings->policy,
		.gate = settings->gate,
		.mode = settings->mode,
		.wrapper = fl_base_copy(settings->wrapper),
		.adapters = fl_base_copy(settings->adapter),
	};
}

void fl_program_describe(struct fl_session *session)
{
	const struct fl_session_settings *settings = session->settings;
	struct fl_run *run = session->run;

	run->os = system_name();
	run->cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	run->id = run_id();
	run->seed = settings->seed;
	run->started = timestamp();
	run->settings = settings_of(settings);
	if (settings->argv) {
		run->program.path = fl_base_copy(settings->argv[0]);
		run->program.args = fl_base_copy_words(settings->argv + 1);
	}
}

/* Is the file that runs the one that was named? */
static bool is_same_file(const char *named, const char *path)
{
	struct stat a, b;

	return named && stat(named, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

bool fl_program_is_binary(pid_t pid, const char *build_id)
{
	autofree char *path = fl_base_format("/proc/%d/exe", (int)pid);
	autofree char *own = build_id_of(path);

	return own && strncmp(build_id, own, strlen(build_id)) == 0;
}

/*
 * The process that runs the tests: what we started, under the name that was typed, or
 * somebody behind a script, a wrapper or a search path.
 */
void fl_program_describe_host(struct fl_session *session, const char *path, char **arguments)
{
	struct fl_program *program = &session->run->program;
	size_t i;

	program->build_id = build_id_of(path);
	/* Of a script that is the test itself the interpreter is no name. */
	if (is_same_file(program->path, path) ||
	    (session->is_program && fl_launch_is_script(session->settings))) {
		arguments = NULL;
	} else {
		free(program->path);
		program->path = fl_base_copy(path);
	}
	if (!arguments)
		return;
	for (i = 0; program->args && program->args[i]; i++)
		free(program->args[i]);
	free(program->args);
	program->args = fl_base_copy_words(arguments);
}
