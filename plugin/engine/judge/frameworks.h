/* SPDX-License-Identifier: MIT */
/*
 * frameworks.h - whose function is it, where a framework is linked into the program.
 *
 * A shared framework is known by its module (lib<framework>*).  A static one stands among
 * the program's own functions: it is known by how its names begin.
 */
#ifndef FL_FRAMEWORKS_H
#define FL_FRAMEWORKS_H

#include <stdbool.h>

/* `function` as the symbol table or the debug information has it (C++: mangled or not); either may be NULL. */
bool fl_frameworks_owns(const char *framework, const char *function);

/* `file`, in which a function stands, with directories or without; either may be NULL. */
bool fl_frameworks_owns_source(const char *framework, const char *file);

/* Does it leave tests to other shards by itself, and says nothing of them?  NULL: not known. */
bool fl_frameworks_deals_shards(const char *framework);

/*
 * Is GoogleTest's command line (<flicker/face.h>) applied to programs of it?  GoogleTest has its
 * own, and a program without a framework has whatever it has.  NULL: not known, and so not.
 */
bool fl_frameworks_has_face(const char *framework);

#endif
