/* SPDX-License-Identifier: MIT */
/*
 * unwind.c - raw program counters; names are found outside.
 *
 * libunwind comes by dlopen, RTLD_LOCAL: linked, its own backtrace() and
 * _Unwind_* would take the place of the program's.  Without it frame pointers
 * are followed, each read through the kernel, so that a broken chain ends the
 * walk and not the test.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define UNW(name) "_ULx86_64_" name
enum { UNW_REGISTER_IP = 16 };          /* libunwind-x86_64.h: UNW_X86_64_RIP */
#elif defined(__aarch64__)
#define UNW(name) "_ULaarch64_" name
enum { UNW_REGISTER_IP = 32 };          /* libunwind-aarch64.h: UNW_AARCH64_PC */
#else
#error "flicker knows x86-64 and aarch64"
#endif
enum { UNW_SIGNAL_FRAME = 1 };          /* UNW_INIT_SIGNAL_FRAME */

/* Larger than any unw_cursor_t (4096 words on aarch64 in 1.6); one attempt walks one stack. */
static uint64_t cursor[4096 + 64];

static int (*unw_backtrace)(void **, int);
static int (*unw_init)(void *, void *, int);
static int (*unw_step)(void *);
static int (*unw_get_register)(void *, int, uint64_t *);

static int is_valgrinds(struct dl_phdr_info *module, size_t size, void *context)
{
	(void)size, (void)context;
	return module->dlpi_name && strstr(module->dlpi_name, "/vgpreload_") != NULL;
}

/* At the first failure of the host, or in the template: a host without failures keeps its heap as it was. */
static void open_library(void)
{
	static bool has_tried;
	void *library;

	if (has_tried)
		return;
	has_tried = true;
	/* It probes memory by writing it to a pipe, which valgrind would lay at the test's door. */
	if (dl_iterate_phdr(is_valgrinds, NULL))
		return;
	library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return;
	*(void **)&unw_backtrace = dlsym(library, "unw_backtrace");
	*(void **)&unw_init = dlsym(library, UNW("init_local2"));
	*(void **)&unw_step = dlsym(library, UNW("step"));
	*(void **)&unw_get_register = dlsym(library, UNW("get_reg"));
}

/* Ascending numbers, most of them in a row: a call for each row. */
static void give_back(const int *taken, int count)
{
	int first = 0, i;

	for (i = 1; i <= count; i++) {
		if (i < count && taken[i] == taken[i - 1] + 1)
			continue;
		if (syscall(SYS_close_range, (unsigned)taken[first], (unsigned)taken[i - 1], 0u) < 0)
			for (; first < i; first++)
				close(taken[first]);
		first = i;
	}
}

/* The library's own descriptors, and what they were: a test may close them and open others. */
enum { OWN = 4 };
static struct { int fd; dev_t device; ino_t inode; } own[OWN];
static int own_count;

bool fl_unwind_is_ours(int fd)
{
	struct stat st;
	int i;

	for (i = 0; i < own_count; i++)
		if (own[i].fd == fd)
			return fstat(fd, &st) == 0 && st.st_dev == own[i].device &&
			       st.st_ino == own[i].inode;
	return false;
}

/* The numbers that will be given out next. */
static int look_ahead(int *free_ones)
{
	int count = 0, i;

	while (count < OWN && (free_ones[count] = dup(fl_agent.shared_fd)) >= 0)
		count++;
	for (i = 0; i < count; i++)
		close(free_ones[i]);
	return count;
}

/* Which of those that were free are open now? */
static void note_own(const int *were_free, int count)
{
	struct stat st;
	int i;

	for (i = 0; i < count; i++) {
		if (fstat(were_free[i], &st) < 0)
			continue;
		own[own_count].fd = were_free[i];
		own[own_count].device = st.st_dev;
		own[own_count++].inode = st.st_ino;
	}
}

/*
 * The library keeps a pipe for probing memory, opened at its first walk: let it have
 * numbers that no test will miss.  The free ones below 500 are taken for that moment.
 */
static int first_walk(void **pcs)
{
	enum { LOW = 500 };
	int taken[LOW], were_free[OWN], count = 0, fd, n, ahead;

	while (count < LOW && (fd = dup(fl_agent.shared_fd)) >= 0) {
		taken[count++] = fd;
		if (fd >= LOW)
			break;
	}
	/* Near the limit there must be room for it to work at all. */
	for (n = 0; n < 4 && count && taken[count - 1] < LOW; n++)
		close(taken[--count]);
	ahead = look_ahead(were_free);
	n = unw_backtrace(pcs, FL_WIRE_PCS);
	note_own(were_free, ahead);
	give_back(taken, count);
	return n;
}

static bool has_walked;

static int walk(void **pcs)
{
	if (has_walked)
		return unw_backtrace(pcs, FL_WIRE_PCS);
	has_walked = true;
	return first_walk(pcs);
}

/*
 * The first walk in a process fills caches that every attempt then inherits.  A process
 * that is one attempt walks once, if at all, and when that comes its test is over.
 */
void fl_unwind_warm(void)
{
	static struct fl_facts scratch;

	if (!fl_agent.is_ordered) {
		fl_unwind_here(&scratch);
		return;
	}
	open_library();
	has_walked = true;
}

/* ---- frame pointers ---- */

struct frame {
	uint64_t next, return_address;
};

static bool read_frame(uint64_t address, struct frame *ret_frame)
{
	struct iovec to = { ret_frame, sizeof(*ret_frame) };
	struct iovec from = { (void *)(uintptr_t)address, sizeof(*ret_frame) };

	return address && address % sizeof(void *) == 0 &&
	       process_vm_readv(getpid(), &to, 1, &from, 1, 0) == (ssize_t)sizeof(*ret_frame);
}

static void follow_frames(struct fl_facts *facts, uint64_t frame_pointer)
{
	struct frame frame;

	facts->flags |= FL_FACT_UNSTACKED;
	while (facts->pcs < FL_WIRE_PCS && read_frame(frame_pointer, &frame) && frame.return_address) {
		facts->pc[facts->pcs++] = frame.return_address;
		if (frame.next <= frame_pointer)        /* stacks grow down: callers lie above */
			return;
		frame_pointer = frame.next;
	}
}

/* ---- from a call, from a signal ---- */

void fl_unwind_here(struct fl_facts *facts)
{
	int saved = errno, n = 0;

	facts->pcs = 0;
	if (!facts->signal)             /* else on a heap that may be broken: dlopen() allocates */
		open_library();
	if (unw_backtrace)
		n = walk((void **)facts->pc);
	if (n > 0)
		facts->pcs = (uint32_t)n;
	else
		follow_frames(facts, (uint64_t)(uintptr_t)__builtin_frame_address(0));
	if (fl_agent.is_ordered && facts == fl_agent.facts)
		fl_ordered_keep_maps();
	fl_worker_translate(facts);
	errno = saved;
}

static void registers_of(const ucontext_t *context, uint64_t *ret_pc, uint64_t *ret_frame)
{
#if defined(__x86_64__)
	*ret_pc = (uint64_t)context->uc_mcontext.gregs[REG_RIP];
	*ret_frame = (uint64_t)context->uc_mcontext.gregs[REG_RBP];
#else
	*ret_pc = context->uc_mcontext.pc;
	*ret_frame = context->uc_mcontext.regs[29];
#endif
}

/* Appends what libunwind finds from these registers on. */
static void step_through(struct fl_facts *facts, ucontext_t *context)
{
	uint64_t at;

	if (!unw_init || !unw_step || !unw_get_register ||
	    unw_init(cursor, context, UNW_SIGNAL_FRAME) != 0)
		return;
	do {
		if (unw_get_register(cursor, UNW_REGISTER_IP, &at) < 0 || !at)
			break;
		facts->pc[facts->pcs++] = at;
	} while (facts->pcs < FL_WIRE_PCS && unw_step(cursor) > 0);
}

static bool is_code(uint64_t pc)
{
	char byte;
	struct iovec to = { &byte, 1 }, from = { (void *)(uintptr_t)pc, 1 };

	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1;
}

/* As the registers were before a call that led nowhere. */
static bool undo_call(ucontext_t *context)
{
#if defined(__x86_64__)
	uint64_t *stack_pointer = (uint64_t *)&context->uc_mcontext.gregs[REG_RSP];
	uint64_t *pc = (uint64_t *)&context->uc_mcontext.gregs[REG_RIP];
	struct iovec to = { pc, sizeof(*pc) }, from = { (void *)*stack_pointer, sizeof(*pc) };

	if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)sizeof(*pc))
		return false;
	*stack_pointer += sizeof(*pc);
#else
	context->uc_mcontext.pc = context->uc_mcontext.regs[30];
#endif
	return true;
}

/* A jump to where there is no code: its target, then from the caller on. */
static void unwind_bad_call(struct fl_facts *facts, const ucontext_t *context, uint64_t pc)
{
	static ucontext_t caller;

	caller = *context;
	facts->pc[0] = pc;
	facts->pcs = 1;
	if (undo_call(&caller))
		step_through(facts, &caller);
}

static void unwind_context(struct fl_facts *facts, void *ucontext)
{
	uint64_t pc, frame_pointer;

	registers_of(ucontext, &pc, &frame_pointer);
	if (fl_agent.is_ordered)
		fl_ordered_keep_maps();
	facts->flags |= FL_FACT_EXACT_PC;
	facts->pcs = 0;
	if (is_code(pc))
		step_through(facts, ucontext);
	else
		unwind_bad_call(facts, ucontext, pc);
	if (facts->pcs > 1)
		return;
	facts->pc[0] = pc;
	facts->pcs = 1;
	follow_frames(facts, frame_pointer);
}

void fl_unwind_context(struct fl_facts *facts, void *ucontext)
{
	unwind_context(facts, ucontext);
	fl_worker_translate(facts);
}
