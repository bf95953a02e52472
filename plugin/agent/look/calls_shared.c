/* SPDX-License-Identifier: MIT */
/*
 * calls_shared.c - interposed: ports, sockets with a name, shared memory, semaphores, queues.
 *
 * As calls.c says.  shm_open and sem_open are librt's and libpthread's before glibc 2.34;
 * there, a library that was loaded with RTLD_LOCAL brings them where nobody else sees them.
 */
#define _GNU_SOURCE
#include "calls.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- bind ---- */

/* A name in the file system, or an abstract one (unix(7)); what the kernel chooses is nobody's. */
static void note_unix(const struct sockaddr_un *address, socklen_t size,
		      void (*tell)(const char *kind, const char *name))
{
	size_t length = size > offsetof(struct sockaddr_un, sun_path) ?
				size - offsetof(struct sockaddr_un, sun_path) : 0;
	char path[sizeof(address->sun_path) + 1] = "";

	if (length > sizeof(address->sun_path))
		return;
	memcpy(path, address->sun_path, length);
	if (path[0] && tell == fl_traces_collided) {
		fl_calls_collided(AT_FDCWD, path);
	} else if (path[0]) {
		fl_calls_used(AT_FDCWD, path);
		fl_calls_created(AT_FDCWD, path, true);
	} else if (length > 1) {
		path[0] = '@';
		tell("socket", path);
	}
}

static void note_port(in_port_t port, void (*tell)(const char *kind, const char *name))
{
	struct fl_line line = { "", 0 };

	fl_line_add_number(&line, ntohs(port), 10);
	if (port)
		tell("port", line.text);
}

static void note_bind(const struct sockaddr *address, socklen_t size,
		      void (*tell)(const char *kind, const char *name))
{
	if (size >= sizeof(struct sockaddr_in) && address->sa_family == AF_INET)
		note_port(((const struct sockaddr_in *)(const void *)address)->sin_port, tell);
	if (size >= sizeof(struct sockaddr_in6) && address->sa_family == AF_INET6)
		note_port(((const struct sockaddr_in6 *)(const void *)address)->sin6_port, tell);
	if (size > sizeof(address->sa_family) && address->sa_family == AF_UNIX)
		note_unix((const struct sockaddr_un *)(const void *)address, size, tell);
}

FL_EXPORT int fl_calls_bind(int fd, const struct sockaddr *address, socklen_t size) __asm__("bind");
FL_EXPORT int fl_calls_bind(int fd, const struct sockaddr *address, socklen_t size)
{
	int r = ((int (*)(int, const struct sockaddr *, socklen_t))
			 fl_next_find(FL_NEXT_bind))(fd, address, size);

	if (fl_traces_level == FL_TRACES_OFF)
		return r;
	if (r < 0 && errno == EADDRINUSE)
		note_bind(address, size, fl_traces_collided);
	if (r == 0 && fl_traces_level == FL_TRACES_ALL)
		note_bind(address, size, fl_traces_used);
	return r;
}

/* ---- memory and semaphores of POSIX ---- */

static void *find_in(enum fl_next function, const char *name, const char *library)
{
	void *found = fl_next_find(function), *module;

	if (!found) {
		module = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
		found = module ? dlsym(module, name) : NULL;
	}
	return found;
}

struct memory {
	const char *name;
	int flags;                      /* open(2)'s */
	struct fl_line path;            /* "" while nobody looks */
	bool is_new;
};

/* Before the call.  "/name" is a file of /dev/shm, of a semaphore with "sem." (sem_overview(7)). */
static struct memory look_at(const char *name, int flags, const char *before)
{
	struct memory memory = { .name = name, .flags = flags };

	if (fl_traces_level == FL_TRACES_ALL && name && (flags & O_CREAT)) {
		fl_line_add(&memory.path, before);
		fl_line_add(&memory.path, name + strspn(name, "/"));
		memory.is_new = fl_calls_is_missing(AT_FDCWD, memory.path.text);
	}
	return memory;
}

static void note_memory(bool is_done, const struct memory *memory)
{
	bool is_writing = (memory->flags & O_ACCMODE) != O_RDONLY || (memory->flags & O_CREAT);

	if (fl_traces_level == FL_TRACES_OFF)
		return;
	if (!is_done && errno == EEXIST && (memory->flags & O_EXCL))
		fl_traces_collided("memory", memory->name);
	if (is_done && is_writing && fl_traces_level == FL_TRACES_ALL)
		fl_traces_used("memory", memory->name);
	if (is_done && memory->path.length)
		fl_traces_created(memory->path.text, memory->is_new);
}

FL_EXPORT int fl_calls_shm_open(const char *name, int flags, mode_t mode) __asm__("shm_open");
FL_EXPORT int fl_calls_shm_open(const char *name, int flags, mode_t mode)
{
	int (*real)(const char *name, int flags, mode_t mode) =
		find_in(FL_NEXT_shm_open, "shm_open", "librt.so.1");
	struct memory memory = look_at(name, flags, "/dev/shm/");
	int fd;

	if (!real) {
		errno = ENOSYS;
		return -1;
	}
	fd = real(name, flags, mode);
	note_memory(fd >= 0, &memory);
	return fd;
}

typedef sem_t *(*sem_open_function)(const char *name, int flags, ...);

FL_EXPORT sem_t *fl_calls_sem_open(const char *name, int flags, ...) __asm__("sem_open");
FL_EXPORT sem_t *fl_calls_sem_open(const char *name, int flags, ...)
{
	sem_open_function real = (sem_open_function)find_in(FL_NEXT_sem_open, "sem_open",
							     "libpthread.so.0");
	struct memory memory = look_at(name, flags | O_RDWR, "/dev/shm/sem.");
	unsigned value = 0;
	mode_t mode = 0;
	sem_t *semaphore;

	if (!real) {
		errno = ENOSYS;
		return SEM_FAILED;
	}
	if (flags & O_CREAT) {
		va_list args;

		va_start(args, flags);
		mode = va_arg(args, mode_t);
		value = va_arg(args, unsigned);
		va_end(args);
	}
	semaphore = real(name, flags, mode, value);
	note_memory(semaphore != SEM_FAILED, &memory);
	return semaphore;
}

/* ---- System V: what has a key ---- */

static int note_key(int id, key_t key, int flags, const char *kind)
{
	struct fl_line name = { "", 0 };

	if (fl_traces_level == FL_TRACES_OFF || key == IPC_PRIVATE)
		return id;
	fl_line_add(&name, kind);
	fl_line_add(&name, " 0x");
	fl_line_add_number(&name, (uint32_t)key, 16);
	if (id < 0 && errno == EEXIST && (flags & IPC_EXCL))
		fl_traces_collided("memory", name.text);
	if (id >= 0 && fl_traces_level == FL_TRACES_ALL)
		fl_traces_used("memory", name.text);
	return id;
}

FL_EXPORT int fl_calls_shmget(key_t key, size_t size, int flags) __asm__("shmget");
FL_EXPORT int fl_calls_shmget(key_t key, size_t size, int flags)
{
	int (*real)(key_t key, size_t size, int flags) = fl_next_find(FL_NEXT_shmget);

	return note_key(real(key, size, flags), key, flags, "segment");
}

FL_EXPORT int fl_calls_semget(key_t key, int count, int flags) __asm__("semget");
FL_EXPORT int fl_calls_semget(key_t key, int count, int flags)
{
	int (*real)(key_t key, int count, int flags) = fl_next_find(FL_NEXT_semget);

	return note_key(real(key, count, flags), key, flags, "semaphores");
}

FL_EXPORT int fl_calls_msgget(key_t key, int flags) __asm__("msgget");
FL_EXPORT int fl_calls_msgget(key_t key, int flags)
{
	int (*real)(key_t key, int flags) = fl_next_find(FL_NEXT_msgget);

	return note_key(real(key, flags), key, flags, "queue");
}
