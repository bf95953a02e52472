/* SPDX-License-Identifier: MIT */
/*
 * entry.c - how the agent gets into a process, and how it stays out of most.
 *
 * The constructor looks for a framework.  Without one nothing else happens: the
 * interposers pass through, the environment stays as it is.  With one our
 * LD_PRELOAD entries and what the command alone sets (FLICKER_CHANNEL, FLICKER_REPLAY, ...)
 * are taken out of the environment, in place, so that neither getenv nor a child of the
 * tests meets them.  Where the program itself is the test that happens in its attempts only:
 * it may be a script or a driver, and what it starts or becomes runs the tests.
 */
#define _GNU_SOURCE
#include "face/face.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

FL_HOT struct fl_agent fl_agent = {
	.shared_fd = -1,
	.channel = -1,
	.line = -1,
};

extern char **environ;

bool fl_agent_is_here(enum fl_agent_role role)
{
	return fl_agent.role == role && fl_agent.pid == getpid() && !fl_agent.is_follower;
}

void fl_agent_step_aside(const char *why)
{
	struct fl_piece pieces[] = {
		{ "", sizeof(struct fl_record_empty) },
		{ "the tests go on unwatched: ", sizeof("the tests go on unwatched: ") - 1 },
		{ why, strlen(why) + 1 },
	};

	if (fl_agent.shared)
		fl_shared_append(FL_RECORD_WARNING, pieces, FL_PIECES(pieces));
	fl_face_leave();
	fl_agent.facts = NULL;
	fl_agent.role = FL_AGENT_ASIDE;
}

uint64_t fl_agent_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Where there is no room above the numbers that a test would be given, there is none for us. */
int fl_agent_lift(int fd)
{
	enum { ROOM = 16, LITTLE_ROOM = 8, FEW = 24 };
	struct rlimit limit = { 0 };
	int lifted, saved;

	if (fd < 0)
		return -1;
	lifted = fcntl(fd, F_DUPFD_CLOEXEC, 500);
	if (lifted < 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= FEW)
		lifted = fcntl(fd, F_DUPFD_CLOEXEC, (int)limit.rlim_cur -
			       (limit.rlim_cur / 2 >= FEW ? ROOM : LITTLE_ROOM));
	saved = errno;
	close(fd);
	errno = saved;
	return lifted;
}

/* The settings as the process was given them, whatever main() makes of its environment. */
enum { SETTINGS = 64 };
static const char *settings[SETTINGS];
static size_t setting_count;
static char library[PATH_MAX];
static char directory[PATH_MAX];

static void remember_settings(void)
{
	char **entry;

	for (entry = environ; entry && *entry && setting_count < SETTINGS; entry++)
		if (strncmp(*entry, "FLICKER_", 8) == 0)
			settings[setting_count++] = *entry;
}

const char *fl_entry_setting_as_is(const char *name)
{
	size_t i, length = strlen(name);

	for (i = 0; i < setting_count; i++) {
		const char *entry = settings[i] + sizeof("FLICKER_") - 1;

		if (strncmp(entry, name, length) == 0 && entry[length] == '=')
			return entry + length + 1;
	}
	return NULL;
}

const char *fl_entry_setting(const char *name)
{
	const char *value = fl_entry_setting_as_is(name);

	return value && *value ? value : NULL;
}

static bool has_same_name(const char *entry, const char *other)
{
	size_t length = strcspn(entry, "=") + 1;

	return other && strncmp(entry, other, length) == 0;
}

static bool is_setting(const char *entry)
{
	size_t i = 0;

	while (i < setting_count && !has_same_name(entry, settings[i]))
		i++;
	return i < setting_count;
}

/* putenv() takes a lock and allocates: this runs in a fork of a host that may have threads. */
char **fl_entry_environment(const char *adapters)
{
	size_t count = 0, i;
	char **entries, **to;

	while (environ && environ[count])
		count++;
	entries = mmap(NULL, (count + setting_count + 2) * sizeof(*entries), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (entries == MAP_FAILED)
		return environ;
	for (to = entries, i = 0; i < count; i++)
		if (!is_setting(environ[i]) && !has_same_name(environ[i], adapters))
			*to++ = environ[i];
	for (i = 0; i < setting_count; i++)
		if (!has_same_name(settings[i], adapters))
			*to++ = (char *)(uintptr_t)settings[i];
	*to = (char *)(uintptr_t)adapters;
	return entries;
}

/* The file that was started, as the kernel was given it: of a script its own name. */
static const char *own_name(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/* Behind the path of this process's program, and a colon; else NULL. */
static const char *behind_own_path(const char *entry)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	if (n <= 0 || strncmp(entry, path, (size_t)n) != 0 || entry[n] != ':')
		return NULL;
	return entry + n + 1;
}

/*
 * FLICKER_PROCESS names the process that the command has started: PID:NAME, or PATH:NAME
 * where a wrapper may come first and its number is not known.  It stays the same where the
 * process executes another program; without NAME each has its own.
 */
const char *fl_entry_program(void)
{
	const char *entry = getenv("FLICKER_PROCESS"), *name = NULL;
	char *end;

	if (!entry)
		entry = fl_entry_setting("PROCESS");
	if (entry && *entry == '/')
		name = behind_own_path(entry);
	else if (entry && strtol(entry, &end, 10) == getpid() && *end == ':')
		name = end + 1;
	return name && !*name ? own_name() : name;
}

const char *fl_entry_library(void)
{
	return library;
}

const char *fl_entry_directory(void)
{
	return directory;
}

/* Is the preload entry [entry, entry + length) this very library? */
static bool is_this_library(const char *entry, size_t length, const char *own)
{
	const char *slash = strrchr(own, '/');
	const char *name = slash ? slash + 1 : own;
	size_t n = strlen(name);

	if (length == strlen(own) && memcmp(entry, own, length) == 0)
		return true;
	return length >= n && memcmp(entry + length - n, name, n) == 0 &&
	       (length == n || entry[length - n - 1] == '/');
}

/* Cuts our entries out of an LD_PRELOAD list, in place; the others keep their order. */
static void cut_preload(char *list, const char *own)
{
	char *from = list, *to = list;

	while (*from) {
		size_t length = strcspn(from, ": ");
		size_t whole = length + (from[length] != '\0');

		if (!is_this_library(from, length, own) && !fl_adapters_has(from, length)) {
			memmove(to, from, whole);
			to += whole;
		}
		from += whole;
	}
	while (to > list && (to[-1] == ':' || to[-1] == ' '))
		to--;
	*to = '\0';
}

static void drop_variable(char **entry)
{
	for (; *entry; entry++)
		entry[0] = entry[1];
}

/* The channel tells whether this process is an attempt. */
static void take_attempt_mark(void)
{
	size_t length = sizeof(FL_WIRE_ATTEMPT) - 1;
	char *path = fl_agent.channel_path;

	fl_agent.is_ordered = strncmp(path, FL_WIRE_ATTEMPT, length) == 0;
	if (fl_agent.is_ordered)
		memmove(path, path + length, strlen(path + length) + 1);
}

/* Takes in what is ours of an entry; true: nothing is left of it for the tests to see. */
static bool take_entry(char *entry, const char *own)
{
	static const char preload[] = "LD_PRELOAD=";
	/* Settings, so they are remembered; but ones that the program's own run did not have. */
	static const char *const ours[] = {
		"FLICKER_CHANNEL=", "FLICKER_REPLAY=", "FLICKER_PROCESS=", "FLICKER_WORKER=",
		"FLICKER_EXCUSES=", "FLICKER_FACE=",
	};
	size_t i;

	if (strncmp(entry, preload, sizeof(preload) - 1) == 0) {
		cut_preload(entry + sizeof(preload) - 1, own);
		return !entry[sizeof(preload) - 1];     /* we were the only one */
	}
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strncmp(entry, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

void fl_entry_hide(void)
{
	char **entry = environ;
	Dl_info own;

	if (!entry || !dladdr(&fl_agent, &own) || !own.dli_fname)
		return;
	while (*entry)
		if (take_entry(*entry, own.dli_fname))
			drop_variable(entry);
		else
			entry++;
}

static void find_own(void)
{
	const char *channel = fl_entry_setting("CHANNEL");
	Dl_info own;

	/* A relative one means nothing after a chdir(). */
	if (dladdr(&fl_agent, &own) && own.dli_fname && !realpath(own.dli_fname, library))
		strncpy(library, own.dli_fname, sizeof(library) - 1);
	if (channel)
		strncpy(fl_agent.channel_path, channel, sizeof(fl_agent.channel_path) - 1);
	take_attempt_mark();
}

__attribute__((constructor)) static void enter_process(void)
{
	int saved = errno;

	if (fl_adapters_attach()) {
		fl_arguments_settle();
		remember_settings();
		find_own();
		if (fl_agent.is_ordered || !fl_agent.adapter->is_program)
			fl_entry_hide();
		if (!getcwd(directory, sizeof(directory)))
			directory[0] = '\0';
		fl_worker_begin();
	}
	if (fl_agent.is_ordered)
		fl_ordered_begin();
	errno = saved;
}

/* ---- main's return, which no other interposer sees ---- */

typedef int (*main_function)(int, char **, char **);

static main_function real_main;

static int held_main(int argc, char **argv, char **envp)
{
	const struct fl_adapter *adapter = fl_agent.adapter;

	argc = fl_arguments_take(argc, argv);
	if (adapter && adapter->main)
		return fl_exits_hold(adapter->main(real_main, argc, argv, envp));
	return fl_exits_hold(real_main(argc, argv, envp));
}

FL_EXPORT int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void),
				void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

FL_EXPORT int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void),
				void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	real_main = main;
	if (fl_agent.adapter && !fl_agent.is_ordered)
		fl_handover(argv);
	return FL_NEXT(__libc_start_main)(held_main, argc, argv, init, fini, rtld_fini, stack_end);
}
