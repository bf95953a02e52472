/* SPDX-License-Identifier: MIT */
/*
 * watch.c - a look at what a function is called with, before it goes on as ever.
 *
 * The patch leads to a stub that keeps all registers a call may come with, has `look` called,
 * puts them back and jumps to the function's entry, which has its own bytes again by then.
 * The stack is as the caller made it, so the function may have any type, and may leave by a
 * jump.  (Parts of vector registers beyond 16 bytes are not kept.)
 *
 * Of two threads that call it at once the first one is looked at.  The other goes to the entry
 * all the same: it meets the patch once more, or a jump to itself, until the bytes are back.
 *
 * The stub has unwind information: from `look` the stack is seen through to the caller.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>

enum { STUBS = 64, STUB_BYTES = 16 };

/* One row for each stub.  On x86-64 a stub jumps by the first member: it knows place and size. */
struct watch {
	uintptr_t entry;
	struct fl_patch *patch;         /* NULL: free, as are those behind it */
	void (*look)(const struct fl_registers *registers);
	uintptr_t unused;
};

__attribute__((visibility("hidden"))) extern struct watch fl_watches[STUBS];
__attribute__((visibility("hidden"))) extern const char fl_watch_stubs[];
uintptr_t fl_watch_seen(const uintptr_t *general, uintptr_t stub, uintptr_t stack, uintptr_t caller)
	__attribute__((visibility("hidden")));

struct watch fl_watches[STUBS];

/* `general`: the registers of arguments in their order.  Returns where to go on. */
uintptr_t fl_watch_seen(const uintptr_t *general, uintptr_t stub, uintptr_t stack, uintptr_t caller)
{
	struct watch *watch = &fl_watches[stub];
	struct fl_registers registers = { .stack = stack, .caller = caller };
	int saved = errno;
	size_t i;

	for (i = 0; i < sizeof(registers.argument) / sizeof(registers.argument[0]); i++)
		registers.argument[i] = general[i];
	if (fl_patch_take_off(watch->patch))
		watch->look(&registers);
	errno = saved;
	return watch->entry;
}

int fl_patch_watch(struct fl_patch *patch, void (*look)(const struct fl_registers *registers))
{
	size_t i = 0;

	while (i < STUBS && fl_watches[i].patch && fl_watches[i].patch != patch)
		i++;
	if (i == STUBS)
		return -ENOSPC;
	fl_watches[i] = (struct watch){
		.entry = patch->symbol ? patch->symbol->address : 0, .patch = patch, .look = look,
	};
	patch->replacement = fl_watch_stubs + i * STUB_BYTES;
	return fl_patch_on(patch);
}

#if defined(__x86_64__)

/*
 * A stub keeps nothing on the stack but the return address of its own call, which is gone when it
 * jumps.  Not even %r11 may change: see -fipa-ra in patch.c.
 */
__asm__(
"	.text\n"
"	.p2align 4\n"
"	.hidden fl_watch_stubs\n"
"	.globl fl_watch_stubs\n"
"	.type fl_watch_stubs, @function\n"
"fl_watch_stubs:\n"
"	.cfi_startproc\n"
"	.set fl_row, 0\n"
"	.rept 64\n"
"	.byte 0xf3, 0x0f, 0x1e, 0xfa\n"         /* endbr64 */
"	call fl_watch_common\n"
"	jmp *fl_watches + fl_row(%rip)\n"
"	.p2align 4\n"
"	.set fl_row, fl_row + 32\n"
"	.endr\n"
"	.cfi_endproc\n"
"	.size fl_watch_stubs, . - fl_watch_stubs\n"
"	.type fl_watch_common, @function\n"
"fl_watch_common:\n"
"	.cfi_startproc\n"
"	pushq %rbp\n"
"	.cfi_def_cfa_offset 16\n"
"	.cfi_offset %rbp, -16\n"
"	movq %rsp, %rbp\n"
"	.cfi_def_cfa_register %rbp\n"
"	andq $-16, %rsp\n"
"	subq $336, %rsp\n"
"	movq %rdi, 0(%rsp)\n"
"	movq %rsi, 8(%rsp)\n"
"	movq %rdx, 16(%rsp)\n"
"	movq %rcx, 24(%rsp)\n"
"	movq %r8, 32(%rsp)\n"
"	movq %r9, 40(%rsp)\n"
"	movq %rax, 48(%rsp)\n"
"	movq %r10, 56(%rsp)\n"
"	movq %r11, 64(%rsp)\n"
"	movaps %xmm0, 80(%rsp)\n"
"	movaps %xmm1, 96(%rsp)\n"
"	movaps %xmm2, 112(%rsp)\n"
"	movaps %xmm3, 128(%rsp)\n"
"	movaps %xmm4, 144(%rsp)\n"
"	movaps %xmm5, 160(%rsp)\n"
"	movaps %xmm6, 176(%rsp)\n"
"	movaps %xmm7, 192(%rsp)\n"
"	movaps %xmm8, 208(%rsp)\n"
"	movaps %xmm9, 224(%rsp)\n"
"	movaps %xmm10, 240(%rsp)\n"
"	movaps %xmm11, 256(%rsp)\n"
"	movaps %xmm12, 272(%rsp)\n"
"	movaps %xmm13, 288(%rsp)\n"
"	movaps %xmm14, 304(%rsp)\n"
"	movaps %xmm15, 320(%rsp)\n"
"	movq %rsp, %rdi\n"
"	leaq fl_watch_stubs(%rip), %rax\n"
"	movq 8(%rbp), %rsi\n"                   /* in the stub that called */
"	subq %rax, %rsi\n"
"	shrq $4, %rsi\n"
"	leaq 16(%rbp), %rdx\n"
"	movq 16(%rbp), %rcx\n"
"	call fl_watch_seen\n"
"	movq 0(%rsp), %rdi\n"
"	movq 8(%rsp), %rsi\n"
"	movq 16(%rsp), %rdx\n"
"	movq 24(%rsp), %rcx\n"
"	movq 32(%rsp), %r8\n"
"	movq 40(%rsp), %r9\n"
"	movq 48(%rsp), %rax\n"
"	movq 56(%rsp), %r10\n"
"	movq 64(%rsp), %r11\n"
"	movaps 80(%rsp), %xmm0\n"
"	movaps 96(%rsp), %xmm1\n"
"	movaps 112(%rsp), %xmm2\n"
"	movaps 128(%rsp), %xmm3\n"
"	movaps 144(%rsp), %xmm4\n"
"	movaps 160(%rsp), %xmm5\n"
"	movaps 176(%rsp), %xmm6\n"
"	movaps 192(%rsp), %xmm7\n"
"	movaps 208(%rsp), %xmm8\n"
"	movaps 224(%rsp), %xmm9\n"
"	movaps 240(%rsp), %xmm10\n"
"	movaps 256(%rsp), %xmm11\n"
"	movaps 272(%rsp), %xmm12\n"
"	movaps 288(%rsp), %xmm13\n"
"	movaps 304(%rsp), %xmm14\n"
"	movaps 320(%rsp), %xmm15\n"
"	leave\n"
"	.cfi_def_cfa %rsp, 8\n"
"	.cfi_restore %rbp\n"
"	ret\n"
"	.cfi_endproc\n"
"	.size fl_watch_common, . - fl_watch_common\n"
);

_Static_assert(STUBS == 64 && STUB_BYTES == 16 && sizeof(struct watch) == 32, "the stubs say so");

#elif defined(__aarch64__)

/* x16 and x17 are a veneer's to change in any call. */
__asm__(
"	.text\n"
"	.p2align 4\n"
"	.hidden fl_watch_stubs\n"
"	.globl fl_watch_stubs\n"
"	.type fl_watch_stubs, %function\n"
"fl_watch_stubs:\n"
"	.cfi_startproc\n"
"	.set fl_row, 0\n"
"	.rept 64\n"
"	hint 34\n"                              /* bti c */
"	mov x17, #fl_row\n"
"	b fl_watch_common\n"
"	.p2align 4\n"
"	.set fl_row, fl_row + 1\n"
"	.endr\n"
"	.cfi_endproc\n"
"	.size fl_watch_stubs, . - fl_watch_stubs\n"
"	.type fl_watch_common, %function\n"
"fl_watch_common:\n"
"	.cfi_startproc\n"
"	stp x29, x30, [sp, #-304]!\n"
"	.cfi_def_cfa_offset 304\n"
"	.cfi_offset x29, -304\n"
"	.cfi_offset x30, -296\n"
"	mov x29, sp\n"
"	stp x0, x1, [sp, #16]\n"
"	stp x2, x3, [sp, #32]\n"
"	stp x4, x5, [sp, #48]\n"
"	stp x6, x7, [sp, #64]\n"
"	stp x8, x9, [sp, #80]\n"
"	stp x10, x11, [sp, #96]\n"
"	stp x12, x13, [sp, #112]\n"
"	stp x14, x15, [sp, #128]\n"
"	str x18, [sp, #144]\n"
"	stp q0, q1, [sp, #160]\n"
"	stp q2, q3, [sp, #192]\n"
"	stp q4, q5, [sp, #224]\n"
"	stp q6, q7, [sp, #256]\n"
"	add x0, sp, #16\n"
"	mov x1, x17\n"
"	add x2, sp, #304\n"
"	mov x3, x30\n"
"	bl fl_watch_seen\n"
"	mov x16, x0\n"
"	ldp x0, x1, [sp, #16]\n"
"	ldp x2, x3, [sp, #32]\n"
"	ldp x4, x5, [sp, #48]\n"
"	ldp x6, x7, [sp, #64]\n"
"	ldp x8, x9, [sp, #80]\n"
"	ldp x10, x11, [sp, #96]\n"
"	ldp x12, x13, [sp, #112]\n"
"	ldp x14, x15, [sp, #128]\n"
"	ldr x18, [sp, #144]\n"
"	ldp q0, q1, [sp, #160]\n"
"	ldp q2, q3, [sp, #192]\n"
"	ldp q4, q5, [sp, #224]\n"
"	ldp q6, q7, [sp, #256]\n"
"	ldp x29, x30, [sp], #304\n"
"	.cfi_def_cfa_offset 0\n"
"	.cfi_restore x29\n"
"	.cfi_restore x30\n"
"	br x16\n"
"	.cfi_endproc\n"
"	.size fl_watch_common, . - fl_watch_common\n"
);

_Static_assert(STUBS == 64 && STUB_BYTES == 16, "the stubs say so");

#endif
