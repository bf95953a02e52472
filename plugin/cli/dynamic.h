/* SPDX-License-Identifier: MIT */
/*
 * dynamic.h - what the loader is told by an executable: itself, and the libraries it needs.
 */
#ifndef FL_DYNAMIC_H
#define FL_DYNAMIC_H

#include "../base/base.h"

/* A zeroed one is empty; fl_dynamic_clear() frees it. */
struct fl_dynamic {
	bool is_elf;
	bool has_loader;                /* names one: a program, not a library or a static executable */
	bool is_library;
	char **needed;                  /* DT_NEEDED, in order */
	size_t count;
};

/* Negative errno with a message where the file cannot be read; what is no ELF file is told by is_elf. */
int fl_dynamic_read(const char *path, struct fl_dynamic *ret_dynamic, struct fl_error *error);
void fl_dynamic_clear(struct fl_dynamic *dynamic);

/* The first needed one whose file name starts so, or NULL. */
const char *fl_dynamic_find(const struct fl_dynamic *dynamic, const char *start);

#endif
