/* SPDX-License-Identifier: MIT */
/*
 * real.c - GLib's own functions behind our interposers.  Some are of newer versions only.
 */
#include "glib.h"

struct fl_glib_real fl_glib_real;

void fl_glib_find_real(void)
{
/* NOLINTBEGIN(bugprone-macro-parentheses): a type */
#define FL_X(result, name, arguments) \
	fl_glib_real.name = (result (*) arguments)fl_adapter_next(#name);
/* NOLINTEND(bugprone-macro-parentheses) */
	FL_GLIB_TAKEN(FL_X) FL_GLIB_CALLED(FL_X)
#undef FL_X
}

#define FL_X(result, name, arguments) FL_ADAPTER_INTERPOSE(name, fl_glib_flicker);
FL_GLIB_TAKEN(FL_X)
