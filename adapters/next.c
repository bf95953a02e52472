/* SPDX-License-Identifier: MIT */
/*
 * next.c - the real functions behind the interposers of built-in adapters.
 */
#define _GNU_SOURCE
#include "next.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

/* The module of this number, as dl_iterate_phdr() counts them. */
struct choice {
	size_t number;
	char path[PATH_MAX];
};

static void *find_in(const char *module, const char *symbol)
{
	void *library = *module ? dlopen(module, RTLD_LAZY | RTLD_NOLOAD) : NULL;
	void *found = library ? dlsym(library, symbol) : NULL;

	if (library)
		dlclose(library);       /* it stays as long as it would without us */
	return found;
}

static int choose(struct dl_phdr_info *module, size_t size, void *context)
{
	struct choice *choice = context;

	(void)size;
	if (choice->number-- > 0)
		return 0;
	snprintf(choice->path, sizeof(choice->path), "%s", module->dlpi_name);
	return 1;
}

/*
 * What dlopen() brought is out of RTLD_NEXT's sight.  Nothing is opened in the callback: it holds
 * a lock that another thread's dlopen() takes behind the one that ours would want.
 */
void *fl_adapter_next(const char *symbol)
{
	void *found = dlsym(RTLD_NEXT, symbol);
	struct choice choice;
	Dl_info own;
	size_t i;

	if (found || !dladdr((const void *)choose, &own))
		return found;
	for (i = 0; !found; i++) {
		choice.number = i;
		if (!dl_iterate_phdr(choose, &choice))
			break;
		if (strcmp(choice.path, own.dli_fname) != 0)
			found = find_in(choice.path, symbol);
	}
	return found;
}

/* First what the whole process sees, behind us; then what only the caller's library does. */
void *fl_adapter_theirs(const char *symbol, const void *caller)
{
	int saved = errno;
	void *found = dlsym(RTLD_NEXT, symbol);
	Dl_info module;

	if (!found && dladdr(caller, &module) && module.dli_fname)
		found = find_in(module.dli_fname, symbol);
	if (!found)
		found = fl_adapter_next(symbol);
	errno = saved;
	return found;
}

/*
 * Where the stubs of next.h jump to, all registers and the stack as the caller left them, with
 * the name in %r11 or x16, which are a veneer's to change in any call.
 */
#if defined(__x86_64__)
__asm__(
"	.text\n"
"	.p2align 4\n"
"	.hidden fl_adapter_pass\n"
"	.globl fl_adapter_pass\n"
"	.type fl_adapter_pass, @function\n"
"fl_adapter_pass:\n"
"	.cfi_startproc\n"
"	pushq %rbp\n"
"	.cfi_def_cfa_offset 16\n"
"	.cfi_offset %rbp, -16\n"
"	movq %rsp, %rbp\n"
"	.cfi_def_cfa_register %rbp\n"
"	andq $-16, %rsp\n"
"	subq $192, %rsp\n"
"	movq %rdi, 0(%rsp)\n"
"	movq %rsi, 8(%rsp)\n"
"	movq %rdx, 16(%rsp)\n"
"	movq %rcx, 24(%rsp)\n"
"	movq %r8, 32(%rsp)\n"
"	movq %r9, 40(%rsp)\n"
"	movq %rax, 48(%rsp)\n"                  /* of a variadic call: vector registers in use */
"	movq %r10, 56(%rsp)\n"
"	movaps %xmm0, 64(%rsp)\n"
"	movaps %xmm1, 80(%rsp)\n"
"	movaps %xmm2, 96(%rsp)\n"
"	movaps %xmm3, 112(%rsp)\n"
"	movaps %xmm4, 128(%rsp)\n"
"	movaps %xmm5, 144(%rsp)\n"
"	movaps %xmm6, 160(%rsp)\n"
"	movaps %xmm7, 176(%rsp)\n"
"	movq %r11, %rdi\n"
"	movq 8(%rbp), %rsi\n"
"	call fl_adapter_theirs\n"
"	movq %rax, %r11\n"
"	movq 0(%rsp), %rdi\n"
"	movq 8(%rsp), %rsi\n"
"	movq 16(%rsp), %rdx\n"
"	movq 24(%rsp), %rcx\n"
"	movq 32(%rsp), %r8\n"
"	movq 40(%rsp), %r9\n"
"	movq 48(%rsp), %rax\n"
"	movq 56(%rsp), %r10\n"
"	movaps 64(%rsp), %xmm0\n"
"	movaps 80(%rsp), %xmm1\n"
"	movaps 96(%rsp), %xmm2\n"
"	movaps 112(%rsp), %xmm3\n"
"	movaps 128(%rsp), %xmm4\n"
"	movaps 144(%rsp), %xmm5\n"
"	movaps 160(%rsp), %xmm6\n"
"	movaps 176(%rsp), %xmm7\n"
"	leave\n"
"	.cfi_def_cfa %rsp, 8\n"
"	.cfi_restore %rbp\n"
"	testq %r11, %r11\n"
"	je 1f\n"
"	jmp *%r11\n"
"1:	xorl %eax, %eax\n"
"	ret\n"
"	.cfi_endproc\n"
"	.size fl_adapter_pass, . - fl_adapter_pass\n"
);
#elif defined(__aarch64__)
__asm__(
"	.text\n"
"	.p2align 4\n"
"	.hidden fl_adapter_pass\n"
"	.globl fl_adapter_pass\n"
"	.type fl_adapter_pass, %function\n"
"fl_adapter_pass:\n"
"	.cfi_startproc\n"
"	stp x29, x30, [sp, #-224]!\n"
"	.cfi_def_cfa_offset 224\n"
"	.cfi_offset x29, -224\n"
"	.cfi_offset x30, -216\n"
"	mov x29, sp\n"
"	stp x0, x1, [sp, #16]\n"
"	stp x2, x3, [sp, #32]\n"
"	stp x4, x5, [sp, #48]\n"
"	stp x6, x7, [sp, #64]\n"
"	str x8, [sp, #80]\n"
"	stp q0, q1, [sp, #96]\n"
"	stp q2, q3, [sp, #128]\n"
"	stp q4, q5, [sp, #160]\n"
"	stp q6, q7, [sp, #192]\n"
"	mov x0, x16\n"
"	mov x1, x30\n"
"	bl fl_adapter_theirs\n"
"	mov x16, x0\n"
"	ldp x0, x1, [sp, #16]\n"
"	ldp x2, x3, [sp, #32]\n"
"	ldp x4, x5, [sp, #48]\n"
"	ldp x6, x7, [sp, #64]\n"
"	ldr x8, [sp, #80]\n"
"	ldp q0, q1, [sp, #96]\n"
"	ldp q2, q3, [sp, #128]\n"
"	ldp q4, q5, [sp, #160]\n"
"	ldp q6, q7, [sp, #192]\n"
"	ldp x29, x30, [sp], #224\n"
"	.cfi_def_cfa_offset 0\n"
"	.cfi_restore x29\n"
"	.cfi_restore x30\n"
"	cbz x16, 1f\n"
"	br x16\n"
"1:	mov x0, #0\n"
"	ret\n"
"	.cfi_endproc\n"
"	.size fl_adapter_pass, . - fl_adapter_pass\n"
);
#endif

/* The program comes first, and stays. */
/* cppcheck-suppress constParameter; dl_iterate_phdr(3) wants it so */
static int keep_program(struct dl_phdr_info *module, size_t size, void *ret_program)
{
	(void)size;
	*(struct dl_phdr_info *)ret_program = *module;
	return 1;
}

bool fl_adapter_is_program(const void *address)
{
	static struct dl_phdr_info program;
	size_t i;

	if (!program.dlpi_phdr)
		dl_iterate_phdr(keep_program, &program);
	for (i = 0; i < program.dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &program.dlpi_phdr[i];
		uintptr_t low = program.dlpi_addr + segment->p_vaddr;

		if (segment->p_type == PT_LOAD && (uintptr_t)address >= low &&
		    (uintptr_t)address < low + segment->p_memsz)
			return true;
	}
	return false;
}

struct word {
	const void *bytes;
	size_t size;
};

static bool holds(const struct dl_phdr_info *program, const ElfW(Phdr) *segment, const struct word *word)
{
	return segment->p_type == PT_LOAD && (segment->p_flags & PF_R) && !(segment->p_flags & PF_W) &&
	       memmem((const char *)program->dlpi_addr + segment->p_vaddr, segment->p_filesz, word->bytes,
		      word->size);
}

static int look_into_program(struct dl_phdr_info *program, size_t size, void *word)
{
	size_t i;

	(void)size;
	for (i = 0; i < program->dlpi_phnum; i++)
		if (holds(program, &program->dlpi_phdr[i], word))
			return 1;
	return -1;
}

bool fl_adapter_program_holds(const void *word, size_t size)
{
	struct word wanted = { word, size };

	return dl_iterate_phdr(look_into_program, &wanted) == 1;
}
