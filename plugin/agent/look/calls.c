/* SPDX-License-Identifier: MIT */
/*
 * calls.c - interposed: calls that take a name outside of the process.
 *
 * A file, a port, shared memory: what two attempts made at the same time would collide
 * over, and what one leaves behind.  Each function makes the real call, with errno as it
 * sets it, then looks at how it went, which is one test of a flag wherever no attempt is
 * looked at.  They are called before any constructor and in programs that run no tests.
 *
 * Not here: calls relative to a folder but for openat (few tests make them), fcntl() (too
 * many do), and whatever a program that the test starts does by itself.  The real names
 * clash with the declarations of libc's headers, hence the assembler labels.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/types.h>

static bool is_looking(void)
{
	return fl_traces_level == FL_TRACES_ALL;
}

/* ---- open and its relatives ---- */

static bool is_creating(int flags)
{
	return (flags & O_CREAT) != 0;
}

static bool is_writing(int flags)
{
	return ((flags & O_ACCMODE) != O_RDONLY || is_creating(flags)) &&
	       (flags & O_TMPFILE) != O_TMPFILE;
}

/* Before the call: would it be this one that brings the file into being? */
static bool will_create(int folder, const char *path, int flags)
{
	return is_looking() && is_creating(flags) && fl_calls_is_missing(folder, path);
}

static void note_open(bool is_done, bool is_new, const struct fl_call *call)
{
	if (fl_traces_level == FL_TRACES_OFF)
		return;
	if (!is_done && errno == EEXIST && (call->flags & O_EXCL))
		fl_calls_collided(call->folder, call->path);
	if (is_done && is_looking() && is_writing(call->flags)) {
		fl_calls_used(call->folder, call->path);
		if (is_creating(call->flags))
			fl_calls_created(call->folder, call->path, is_new);
	}
}

typedef int (*open_function)(const char *path, int flags, ...);
typedef int (*openat_function)(int folder, const char *path, int flags, ...);
typedef int (*creat_function)(const char *path, mode_t mode);

/* The mode is there only where the flags say so (open(2)). */
/* NOLINTBEGIN(bugprone-macro-parentheses): a name is assigned to */
#define MODE_OF(flags, mode) \
	if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
		va_list args; \
		va_start(args, flags); \
		mode = va_arg(args, mode_t); \
		va_end(args); \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

#define INTERPOSE_OPEN(name) \
	FL_EXPORT int fl_calls_##name(const char *path, int flags, ...) __asm__(#name); \
	FL_EXPORT int fl_calls_##name(const char *path, int flags, ...) \
	{ \
		bool is_new = will_create(AT_FDCWD, path, flags); \
		mode_t mode = 0; \
		int fd; \
		MODE_OF(flags, mode) \
		fd = ((open_function)fl_next_find(FL_NEXT_##name))(path, flags, mode); \
		note_open(fd >= 0, is_new, &(struct fl_call){ AT_FDCWD, path, flags }); \
		return fd; \
	}

#define INTERPOSE_OPENAT(name) \
	FL_EXPORT int fl_calls_##name(int folder, const char *path, int flags, ...) \
		__asm__(#name); \
	FL_EXPORT int fl_calls_##name(int folder, const char *path, int flags, ...) \
	{ \
		bool is_new = will_create(folder, path, flags); \
		mode_t mode = 0; \
		int fd; \
		MODE_OF(flags, mode) \
		fd = ((openat_function)fl_next_find(FL_NEXT_##name))(folder, path, flags, mode); \
		note_open(fd >= 0, is_new, &(struct fl_call){ folder, path, flags }); \
		return fd; \
	}

#define INTERPOSE_CREAT(name) \
	FL_EXPORT int fl_calls_##name(const char *path, mode_t mode) __asm__(#name); \
	FL_EXPORT int fl_calls_##name(const char *path, mode_t mode) \
	{ \
		int flags = O_WRONLY | O_CREAT | O_TRUNC, fd; \
		bool is_new = will_create(AT_FDCWD, path, flags); \
		fd = ((creat_function)fl_next_find(FL_NEXT_##name))(path, mode); \
		note_open(fd >= 0, is_new, &(struct fl_call){ AT_FDCWD, path, flags }); \
		return fd; \
	}

INTERPOSE_OPEN(open)
INTERPOSE_OPEN(open64)
INTERPOSE_OPEN(__open_2)
INTERPOSE_OPEN(__open64_2)
INTERPOSE_OPENAT(openat)
INTERPOSE_OPENAT(openat64)
INTERPOSE_OPENAT(__openat_2)
INTERPOSE_OPENAT(__openat64_2)
INTERPOSE_CREAT(creat)
INTERPOSE_CREAT(creat64)

/* ---- fopen and freopen ---- */

typedef FILE *(*fopen_function)(const char *path, const char *mode);
typedef FILE *(*freopen_function)(const char *path, const char *mode, FILE *stream);

static int flags_of(const char *mode)
{
	int flags = strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;

	return flags | (*mode == 'r' ? 0 : O_CREAT) | (strchr(mode, 'x') ? O_EXCL : 0);
}

/* freopen() without a path changes the mode of what is open. */
static struct fl_call call_of(const char *path, const char *mode)
{
	int flags = path && mode && is_looking() ? flags_of(mode) : 0;

	return (struct fl_call){ AT_FDCWD, path, flags };
}

static bool is_exclusive(const char *path, const char *mode)
{
	return path && mode && strchr(mode, 'x');
}

static void note_fopen(const FILE *file, bool is_new, struct fl_call *call, const char *mode)
{
	if (fl_traces_level == FL_TRACES_OFF)
		return;
	if (!file && is_exclusive(call->path, mode))
		call->flags |= O_EXCL;
	note_open(file, is_new, call);
}

#define INTERPOSE_FOPEN(name) \
	FL_EXPORT FILE *fl_calls_##name(const char *path, const char *mode) __asm__(#name); \
	FL_EXPORT FILE *fl_calls_##name(const char *path, const char *mode) \
	{ \
		struct fl_call call = call_of(path, mode); \
		bool is_new = will_create(AT_FDCWD, path, call.flags); \
		FILE *file = ((fopen_function)fl_next_find(FL_NEXT_##name))(path, mode); \
		note_fopen(file, is_new, &call, mode); \
		return file; \
	}

#define INTERPOSE_FREOPEN(name) \
	FL_EXPORT FILE *fl_calls_##name(const char *path, const char *mode, FILE *stream) \
		__asm__(#name); \
	FL_EXPORT FILE *fl_calls_##name(const char *path, const char *mode, FILE *stream) \
	{ \
		struct fl_call call = call_of(path, mode); \
		bool is_new = will_create(AT_FDCWD, path, call.flags); \
		FILE *file = ((freopen_function)fl_next_find(FL_NEXT_##name))(path, mode, stream); \
		note_fopen(file, is_new, &call, mode); \
		return file; \
	}

INTERPOSE_FOPEN(fopen)
INTERPOSE_FOPEN(fopen64)
INTERPOSE_FREOPEN(freopen)
INTERPOSE_FREOPEN(freopen64)

/* ---- temporary names: made up by libc, so nobody collides over them ---- */

/* template, then what the function has beside it: nothing, flags, a suffix's length, both */
typedef int (*mkstemp_function)(char *path, int first, int second);

#define INTERPOSE_MKSTEMP(name, parameters, first, second) \
	FL_EXPORT int fl_calls_##name parameters __asm__(#name); \
	FL_EXPORT int fl_calls_##name parameters \
	{ \
		int fd = ((mkstemp_function)fl_next_find(FL_NEXT_##name))(path, first, second); \
		if (fd >= 0 && is_looking()) \
			fl_calls_created(AT_FDCWD, path, true); \
		return fd; \
	}

INTERPOSE_MKSTEMP(mkstemp, (char *path), 0, 0)
INTERPOSE_MKSTEMP(mkstemp64, (char *path), 0, 0)
INTERPOSE_MKSTEMP(mkostemp, (char *path, int flags), flags, 0)
INTERPOSE_MKSTEMP(mkostemp64, (char *path, int flags), flags, 0)
INTERPOSE_MKSTEMP(mkstemps, (char *path, int suffix), suffix, 0)
INTERPOSE_MKSTEMP(mkstemps64, (char *path, int suffix), suffix, 0)
INTERPOSE_MKSTEMP(mkostemps, (char *path, int suffix, int flags), suffix, flags)
INTERPOSE_MKSTEMP(mkostemps64, (char *path, int suffix, int flags), suffix, flags)

FL_EXPORT char *fl_calls_mkdtemp(char *path) __asm__("mkdtemp");
FL_EXPORT char *fl_calls_mkdtemp(char *path)
{
	char *made = ((char *(*)(char *))fl_next_find(FL_NEXT_mkdtemp))(path);

	if (made && is_looking())
		fl_calls_created(AT_FDCWD, path, true);
	return made;
}

/* ---- other names in the file system ---- */

/* A call that makes the name `path`, and fails where somebody else has it. */
static int note_made(int r, const char *path)
{
	if (fl_traces_level == FL_TRACES_OFF)
		return r;
	if (r < 0 && errno != EEXIST)
		return r;
	if (r < 0)
		fl_calls_collided(AT_FDCWD, path);
	if (is_looking()) {
		fl_calls_used(AT_FDCWD, path);
		fl_calls_created(AT_FDCWD, path, r == 0);
	}
	return r;
}

FL_EXPORT int fl_calls_mkdir(const char *path, mode_t mode) __asm__("mkdir");
FL_EXPORT int fl_calls_mkdir(const char *path, mode_t mode)
{
	return note_made(((creat_function)fl_next_find(FL_NEXT_mkdir))(path, mode), path);
}

FL_EXPORT int fl_calls_mkfifo(const char *path, mode_t mode) __asm__("mkfifo");
FL_EXPORT int fl_calls_mkfifo(const char *path, mode_t mode)
{
	return note_made(((creat_function)fl_next_find(FL_NEXT_mkfifo))(path, mode), path);
}

typedef int (*two_paths_function)(const char *from, const char *to);

FL_EXPORT int fl_calls_link(const char *from, const char *to) __asm__("link");
FL_EXPORT int fl_calls_link(const char *from, const char *to)
{
	return note_made(((two_paths_function)fl_next_find(FL_NEXT_link))(from, to), to);
}

FL_EXPORT int fl_calls_symlink(const char *from, const char *to) __asm__("symlink");
FL_EXPORT int fl_calls_symlink(const char *from, const char *to)
{
	return note_made(((two_paths_function)fl_next_find(FL_NEXT_symlink))(from, to), to);
}

/* Over an existing name it makes none, and is how files are replaced safely. */
FL_EXPORT int fl_calls_rename(const char *from, const char *to) __asm__("rename");
FL_EXPORT int fl_calls_rename(const char *from, const char *to)
{
	bool is_new = is_looking() && fl_calls_is_missing(AT_FDCWD, to);
	int r = ((two_paths_function)fl_next_find(FL_NEXT_rename))(from, to);

	if (r == 0 && is_looking()) {
		fl_calls_used(AT_FDCWD, to);
		fl_calls_created(AT_FDCWD, to, is_new);
	}
	return r;
}

/* ---- locks on files ---- */

static int note_locked(int r, int fd)
{
	if (fl_traces_level == FL_TRACES_OFF)
		return r;
	if (r < 0 && (errno == EWOULDBLOCK || errno == EACCES))
		fl_calls_locked(fd, true);
	if (r == 0 && is_looking())
		fl_calls_locked(fd, false);
	return r;
}

FL_EXPORT int fl_calls_flock(int fd, int operation) __asm__("flock");
FL_EXPORT int fl_calls_flock(int fd, int operation)
{
	return note_locked(((int (*)(int, int))fl_next_find(FL_NEXT_flock))(fd, operation), fd);
}

typedef int (*lockf_function)(int fd, int command, off_t length);

#define INTERPOSE_LOCKF(name) \
	FL_EXPORT int fl_calls_##name(int fd, int command, off_t length) __asm__(#name); \
	FL_EXPORT int fl_calls_##name(int fd, int command, off_t length) \
	{ \
		lockf_function real = (lockf_function)fl_next_find(FL_NEXT_##name); \
		return note_locked(real(fd, command, length), fd); \
	}

INTERPOSE_LOCKF(lockf)
INTERPOSE_LOCKF(lockf64)
