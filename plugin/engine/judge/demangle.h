/* SPDX-License-Identifier: MIT */
/*
 * demangle.h - names of C++ functions as they are written.
 */
#ifndef FL_DEMANGLE_H
#define FL_DEMANGLE_H

/*
 * "net::Queue::pop" for "_ZN3net5Queue3popEi": with class and namespace, without parameters.
 * Any other name, and all of them where this machine has no C++ runtime, as it is.  NULL for
 * NULL; else the caller's.
 */
char *fl_demangle(const char *name);

#endif
