/* SPDX-License-Identifier: MIT */
/*
 * patch.c - the entry of a function, overwritten with a jump to ours.
 */
#define _GNU_SOURCE
#include "../agent.h"

#include <errno.h>

int fl_patch_on(struct fl_patch *patch)
{
	(void)patch;
	return -ENOTSUP;
}

void fl_patch_off(struct fl_patch *patch)
{
	(void)patch;
}

int fl_patch_watch(struct fl_patch *patch, void (*look)(const struct fl_registers *registers))
{
	(void)patch, (void)look;
	return -ENOTSUP;
}
