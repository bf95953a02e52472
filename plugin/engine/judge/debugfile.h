/* SPDX-License-Identifier: MIT */
/*
 * debugfile.h - the separate debug file of a stripped module.
 */
#ifndef FL_DEBUGFILE_H
#define FL_DEBUGFILE_H

#include <elfutils/libdwfl.h>

#define FL_DEBUGFILE_DIRECTORIES "/usr/lib/debug"

/* Where to look, separated by colons; NULL: FL_DEBUGFILE_DIRECTORIES.  For the whole process. */
void fl_debugfile_directories(const char *list);

/*
 * The find_debuginfo callback of libdwfl: an open descriptor and its path, or -1.
 * Looks for the name in .gnu_debuglink beside the module and in .debug there, then in
 * the directories by build id and by path, then in what the client of debuginfod has
 * kept; and the same for .gnu_debugaltlink.  Takes only the file that was made from
 * the same build.  Never for the C library, never over the network.
 */
int fl_debugfile_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		      const char *file, const char *debuglink, GElf_Word crc, char **ret_path);

#endif
