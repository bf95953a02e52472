/* SPDX-License-Identifier: MIT */
/*
 * next.h - the real functions behind the interposers of built-in adapters; whose code it is.
 *
 * Our interposers stand in every process that we are loaded into, also where the framework
 * is not, or another adapter is at work.  The names are not always the framework's alone: they
 * may be functions of any type, of a library that comes and goes.  So while an adapter is not
 * attached none of its C code runs: what is exported is a stub, which leaves all arguments as
 * they are and jumps to what the caller would have called without us.
 */
#ifndef FL_ADAPTERS_NEXT_H
#define FL_ADAPTERS_NEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The definition behind ours, in whatever library it is, also one that dlopen() brought; NULL: none. */
void *fl_adapter_next(const char *symbol);

/* What `caller` would have called without us; NULL: none.  Asked anew each time: it may have gone. */
void *fl_adapter_theirs(const char *symbol, const void *caller) __attribute__((visibility("hidden")));

/* Behind a prototype: the function of ours that stands in the place of `name`. */
#define FL_ADAPTER_OURS(name) \
	__asm__("fl_our_" #name) __attribute__((visibility("hidden"), used))

/* Exports `name`: ours where `attached`, a pointer of the adapter's, is not NULL. */
#if defined(__x86_64__)
#define FL_ADAPTER_INTERPOSE(name, attached) FL_ADAPTER_STUB(#name, \
	"	.byte 0xf3, 0x0f, 0x1e, 0xfa\n"         /* endbr64 */ \
	"	cmpq $0, " #attached "(%rip)\n" \
	"	jne fl_our_" #name "\n" \
	"	leaq fl_name_" #name "(%rip), %r11\n" \
	"	jmp fl_adapter_pass\n")
#elif defined(__aarch64__)
#define FL_ADAPTER_INTERPOSE(name, attached) FL_ADAPTER_STUB(#name, \
	"	hint 34\n"                              /* bti c */ \
	"	adrp x16, " #attached "\n" \
	"	ldr x16, [x16, :lo12:" #attached "]\n" \
	"	cbz x16, 1f\n" \
	"	b fl_our_" #name "\n" \
	"1:	adrp x16, fl_name_" #name "\n" \
	"	add x16, x16, :lo12:fl_name_" #name "\n" \
	"	b fl_adapter_pass\n")
#endif

#define FL_ADAPTER_STUB(name, code) __asm__( \
	"	.text\n" \
	"	.p2align 4\n" \
	"	.globl " name "\n" \
	"	.type " name ", %function\n" \
	name ":\n" \
	"	.cfi_startproc\n" \
	code \
	"	.cfi_endproc\n" \
	"	.size " name ", . - " name "\n" \
	"fl_name_" name ":\n" \
	"	.asciz \"" name "\"\n" \
	"	.p2align 4\n")

/* Is it in the program's own file, not in a library? */
bool fl_adapter_is_program(const void *address);

/* Do these bytes stand in what the program cannot write to?  A framework without its names. */
bool fl_adapter_program_holds(const void *word, size_t size);

#endif
