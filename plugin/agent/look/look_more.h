/* SPDX-License-Identifier: MIT */
/*
 * look_more.h - the parts of a look: keep before the fixtures, compare after them.
 */
#ifndef FL_LOOK_MORE_H
#define FL_LOOK_MORE_H

#include "look.h"

void fl_look_keep_environment(void);
void fl_look_compare_environment(void);

void fl_look_keep_descriptors(void);            /* and the locks on their files */
void fl_look_compare_descriptors(void);

#endif
