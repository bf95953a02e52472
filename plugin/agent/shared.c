/* SPDX-License-Identifier: MIT */
/*
 * shared.c - the shared memory: reserved once, filled without allocating.
 *
 * A memfd of a generous size, mapped as a whole; pages come into being as they
 * are touched.  Stores, not write(2): a test that sets RLIMIT_FSIZE must not meet
 * us; a program that is under one already gets a smaller one, or none.  The journal's length is published after the record is whole, so a reader
 * never sees half of one, whenever the host dies.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const size_t sizes_bytes[] = { 64u << 20, 8u << 20, 2u << 20 };

static struct stat identity;            /* of the memfd */

static void *map_memfd(int fd, size_t size_bytes)
{
	void *memory;

	if (ftruncate(fd, (off_t)size_bytes) < 0)
		return NULL;
	memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, size_bytes, MADV_DONTDUMP);     /* in no core of the program's */
	return memory;
}

/* ftruncate() beyond RLIMIT_FSIZE is a SIGXFSZ; of the address space no more than a part is ours to take. */
static uint64_t allowed_bytes(void)
{
	uint64_t allowed = UINT64_MAX;
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		allowed = limit.rlim_cur;
	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	    limit.rlim_cur / 16 < allowed)
		allowed = limit.rlim_cur / 16;
	return allowed;
}

bool fl_shared_reserve(void)
{
	int fd = fl_agent_lift((int)syscall(SYS_memfd_create, "flicker", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	struct fl_shared *shared = NULL;
	size_t i;

	if (fd < 0)
		return false;
	for (i = 0; i < sizeof(sizes_bytes) / sizeof(sizes_bytes[0]) && !shared; i++)
		if (sizes_bytes[i] <= allowed_bytes())
			shared = map_memfd(fd, sizes_bytes[i]);
	if (!shared) {
		close(fd);
		return false;
	}
	fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK);  /* nobody can take the pages from under a reader */
	shared->magic = FL_WIRE_MAGIC;
	shared->version = FL_WIRE_VERSION;
	shared->host_pid = (uint32_t)getpid();
	shared->size_bytes = sizes_bytes[i - 1];
	fl_agent.shared = shared;
	fl_agent.shared_fd = fd;
	return fstat(fd, &identity) == 0;
}

/* A test may close what is not its own; the mapping stays, its descriptor may be another's by now. */
bool fl_shared_is_there(void)
{
	struct stat now;

	return fstat(fl_agent.shared_fd, &now) == 0 && now.st_ino == identity.st_ino &&
	       now.st_dev == identity.st_dev;
}

/* The template has a descriptor of it still, under the number that we had. */
bool fl_shared_restore(void)
{
	char path[64];
	int fd;

	if (!fl_agent.template_pid)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)fl_agent.template_pid, fl_agent.shared_fd);
	fd = fl_agent_lift(open(path, O_RDWR | O_CLOEXEC));
	if (fd < 0)
		return false;
	fl_agent.shared_fd = fd;
	if (fl_shared_is_there())
		return true;
	close(fd);
	fl_agent.shared_fd = -1;
	return false;
}

void fl_shared_append(enum fl_record_kind kind, const struct fl_piece *pieces, size_t count)
{
	struct fl_shared *shared = fl_agent.shared;
	struct fl_record head = { .kind = kind, .size = sizeof(head) };
	uint64_t used = shared->journal_used;
	uint64_t room = shared->size_bytes - sizeof(*shared) - used;
	char *to = shared->journal + used;
	size_t i;

	for (i = 0; i < count; i++)
		head.size += (uint32_t)pieces[i].size;
	if (((uint64_t)head.size + 7) / 8 * 8 > room) {
		shared->journal_lost++;
		return;
	}
	memcpy(to, &head, sizeof(head));
	to += sizeof(head);
	for (i = 0; i < count; i++) {
		memcpy(to, pieces[i].bytes, pieces[i].size);
		to += pieces[i].size;
	}
	__atomic_store_n(&shared->journal_used, used + (head.size + UINT64_C(7)) / 8 * 8, __ATOMIC_RELEASE);
}

/* Where there is no journal yet, or never will be, there is nobody to tell. */
void fl_shared_warn(const char *text)
{
	struct fl_piece pieces[] = {
		{ "", sizeof(struct fl_record_empty) }, { text, strlen(text) + 1 },
	};

	if (fl_agent.shared && !fl_agent.is_ordered)
		fl_shared_append(FL_RECORD_WARNING, pieces, FL_PIECES(pieces));
}

void fl_shared_append_group(enum fl_record_kind kind, uint32_t group, uint32_t tests,
			    const char *text)
{
	struct fl_record_group body = { .group = group, .tests = tests };
	struct fl_piece pieces[] = { { &body, sizeof(body) }, { text, strlen(text) + 1 } };

	fl_shared_append(kind, pieces, 2);
}
