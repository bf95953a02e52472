/* SPDX-License-Identifier: MIT */
/*
 * real.c - GLib's own functions behind our interposers.  Some are of newer versions only.
 */
#include "glib.h"

#include "../next.h"

struct fl_glib_real fl_glib_real;

void fl_glib_find_real(void)
{
#define FL_X(result, name, arguments) \
	fl_glib_real.name = (result (*) arguments)fl_adapter_next(#name);
	FL_GLIB_FUNCTIONS(FL_X)
#undef FL_X
}
