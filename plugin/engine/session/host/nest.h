/* SPDX-License-Identifier: MIT */
/*
 * nest.h - the private directory of a session, in which its socket has its name.
 *
 * Locked (flock) as long as the session lives.  One that nobody holds is what a killed
 * flicker left behind: the next one removes it.
 */
#ifndef FL_NEST_H
#define FL_NEST_H

#include "../../../base/base.h"

struct fl_nest {
	char path[64];                  /* "": none */
	int lock;                       /* -1: none */
};

/* Makes one, and removes what is left over of others of ours; negative errno with error. */
int fl_nest_open(struct fl_nest *nest, struct fl_error *error);

/* Removes it with the socket in it. */
void fl_nest_close(struct fl_nest *nest);

#endif
