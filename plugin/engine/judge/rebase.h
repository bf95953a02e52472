/* SPDX-License-Identifier: MIT */
/*
 * rebase.h - addresses of one process, said in terms of another that runs the same files.
 *
 * Attempts in processes of their own have their own layout; names are looked up once, in
 * the host's.  Pure: two texts as /proc/PID/maps gives them, addresses in, addresses out.
 */
#ifndef FL_REBASE_H
#define FL_REBASE_H

#include <stddef.h>
#include <stdint.h>

/* Rewrites the pcs; one that lies in no file that both have mapped stays as it is. */
void fl_rebase(const char *from_maps, const char *to_maps, uint64_t *pcs, size_t count);

#endif
