/* SPDX-License-Identifier: MIT */
/*
 * debugfile.h - the separate debug file of a stripped module.
 */
#ifndef FL_DEBUGFILE_H
#define FL_DEBUGFILE_H

#include <elfutils/libdwfl.h>

/*
 * The find_debuginfo callback of libdwfl: an open descriptor and its path, or -1.
 * Looks for the name in .gnu_debuglink beside the module and in .debug there, and
 * takes only the file that was made from the same build.  Never for system
 * libraries (130 ms for libc alone), never over the network.
 */
int fl_debugfile_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		      const char *file, const char *debuglink, GElf_Word crc, char **ret_path);

#endif
