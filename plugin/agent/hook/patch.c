/* SPDX-License-Identifier: MIT */
/*
 * patch.c - the entry of a function, overwritten with a jump to ours.
 *
 * No instruction is moved elsewhere: to call the original its bytes are put back.  So a patch
 * must not go on while the function is on the stack, unless it never comes back to its
 * first 20 bytes, nor while another thread may be in them.  Off is safe at any time: who comes
 * along meanwhile waits at a jump to itself.
 *
 * A page is made writable without ceasing to be executable: where that is refused, so would
 * be the way back.  Then the kernel writes for us (/proc/self/mem).  It ceases to be writable,
 * until a patch is made that was there before: a runner's is switched around each test, and
 * to give the page back costs ten times what is written to it.  That it is still writable is
 * not believed: programs patch themselves, too.  Text is mapped privately:
 * a child's patches are its own.
 *
 * A replacement may use any register that a call may.  Callers in the same file of the source
 * may have been compiled to know better (gcc -fipa-ra) of functions that call nothing unknown;
 * those that run, print or fail do.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)

/* endbr64: where an indirect jump may land */
static const unsigned char landing[] = { 0xf3, 0x0f, 0x1e, 0xfa };
/* jmp *0(%rip), and behind it where to */
static const unsigned char jump[] = { 0xff, 0x25, 0, 0, 0, 0 };
/* jmp . */
static const unsigned char wait_here[] = { 0xeb, 0xfe };

#elif defined(__aarch64__)

/* bti c */
static const unsigned char landing[] = { 0x5f, 0x24, 0x03, 0xd5 };
/* ldr x16, .+8; br x16, and behind them where to */
static const unsigned char jump[] = { 0x50, 0, 0, 0x58, 0x00, 0x02, 0x1f, 0xd6 };
/* b . */
static const unsigned char wait_here[] = { 0, 0, 0, 0x14 };

#else
#error "how does a function jump on this machine?"
#endif

enum { JUMP = sizeof(jump) + sizeof(uintptr_t) };

/* ---- where it is ---- */

struct place {
	uintptr_t low, high;
	bool is_code;
};

static int look_into(struct dl_phdr_info *module, size_t size, void *context)
{
	struct place *place = context;
	size_t i;

	(void)size;
	for (i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
		uintptr_t low = module->dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && place->low >= low &&
		    place->high <= low + segment->p_filesz)
			place->is_code = segment->p_flags == (PF_R | PF_X);
	}
	return place->is_code;
}

/* Can this be read, run, and has it never been writable? */
static bool is_code(uintptr_t address, size_t size)
{
	struct place place = { .low = address, .high = address + size };

	if (place.high < place.low)
		return false;
	dl_iterate_phdr(look_into, &place);
	return place.is_code;
}

/* What is overwritten: behind the landing, which stays. */
static unsigned char *entry_of(const struct fl_symbol *symbol)
{
	unsigned char *at = (unsigned char *)symbol->address;

	return memcmp(at, landing, sizeof(landing)) == 0 ? at + sizeof(landing) : at;
}

/* ---- writing ---- */

struct write {
	unsigned char *at;
	uintptr_t pages;
	size_t pages_size;
	int memory;                     /* /proc/self/mem; -1: the pages are writable */
	bool keeps;                     /* they stay so */
};

extern char __libc_single_threaded __attribute__((weak));       /* glibc 2.32 */

static bool is_single_threaded(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
}

/* One at a time: the end of one takes the page from the other.  A fork may have left it taken. */
FL_HOT static pid_t writer;

static void take_turn(void)
{
	pid_t own, before = 0;

	if (is_single_threaded())
		return;
	own = getpid();
	while (!__atomic_compare_exchange_n(&writer, &before, own, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED))
		if (before == own)
			before = 0;     /* another thread's */
}

static int begin(struct write *write, unsigned char *at, size_t size)
{
	uintptr_t page = getauxval(AT_PAGESZ), high = (uintptr_t)at + size;

	write->at = at;
	write->pages = (uintptr_t)at & ~(page - 1);
	write->pages_size = ((high + page - 1) & ~(page - 1)) - write->pages;
	write->memory = -1;
	take_turn();
	if (mprotect((void *)write->pages, write->pages_size, PROT_EXEC | PROT_READ | PROT_WRITE) == 0)
		return 0;
	write->memory = open("/proc/self/mem", O_WRONLY | O_CLOEXEC);
	if (write->memory >= 0)
		return 0;
	__atomic_store_n(&writer, 0, __ATOMIC_RELEASE);
	return -EACCES;
}

static void end(const struct write *write)
{
	if (write->memory >= 0)
		close(write->memory);
	else if (!write->keeps)
		mprotect((void *)write->pages, write->pages_size, PROT_READ | PROT_EXEC);
	__atomic_store_n(&writer, 0, __ATOMIC_RELEASE);
}

static int put(const struct write *write, size_t from, const unsigned char *bytes, size_t size)
{
	unsigned char *at = write->at + from;

	if (write->memory < 0)
		memcpy(at, bytes, size);
	else if (pwrite(write->memory, bytes, size, (off_t)(uintptr_t)at) != (ssize_t)size)
		return -EACCES;
	__builtin___clear_cache((char *)at, (char *)at + size);
	return 0;
}

/* No other thread is between two halves of what has just been overwritten. */
static void settle_threads(void)
{
	if (is_single_threaded())
		return;
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0)
		return;
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}

static int put_all(const struct write *write, const unsigned char *bytes)
{
	enum { FIRST = sizeof(wait_here) };
	int r = put(write, 0, wait_here, FIRST);

	if (r < 0)
		return r;
	settle_threads();
	put(write, FIRST, bytes + FIRST, JUMP - FIRST);
	settle_threads();
	return put(write, 0, bytes, FIRST);
}

/* A signal's handler may call the function: not while it is half written. */
static int write_code(const struct fl_patch *patch, const unsigned char *bytes)
{
	struct write write = { .keeps = patch->is_often };
	int saved = errno, r;
	sigset_t all, mask;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &mask);
	r = begin(&write, entry_of(patch->symbol), JUMP);
	if (r == 0) {
		r = put_all(&write, bytes);
		end(&write);
	}
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	errno = saved;
	return r;
}

/* ---- the patch ---- */

static int check(const struct fl_symbol *symbol)
{
	if (!symbol || !symbol->address)
		return -ENOENT;
	if (symbol->size_bytes && symbol->size_bytes < JUMP)
		return -ENOSPC;
	if (!is_code(symbol->address, sizeof(landing) + JUMP))
		return -EACCES;
	if (symbol->size_bytes &&
	    symbol->size_bytes < (uintptr_t)entry_of(symbol) - symbol->address + JUMP)
		return -ENOSPC;
	return 0;
}

int fl_patch_on(struct fl_patch *patch)
{
	uintptr_t to = (uintptr_t)patch->replacement;
	unsigned char bytes[JUMP], *at;
	int r;

	if (patch->is_on)
		return 0;
	r = patch->saved_bytes ? 0 : check(patch->symbol);
	if (r < 0)
		return r;
	if (to == patch->symbol->address)
		return -EINVAL;
	at = entry_of(patch->symbol);
	patch->is_often = patch->saved_bytes;
	memcpy(patch->saved, at, JUMP);
	patch->saved_bytes = JUMP;
	memcpy(bytes, jump, sizeof(jump));
	memcpy(bytes + sizeof(jump), &to, sizeof(to));
	r = write_code(patch, bytes);
	patch->is_on = r == 0;
	return r;
}

bool fl_patch_take_off(struct fl_patch *patch)
{
	if (!__atomic_exchange_n(&patch->is_on, false, __ATOMIC_ACQ_REL))
		return false;
	if (write_code(patch, patch->saved) < 0)
		__builtin_trap();       /* a sandbox of the test's: the function can only call itself */
	return true;
}

void fl_patch_off(struct fl_patch *patch)
{
	fl_patch_take_off(patch);
}
