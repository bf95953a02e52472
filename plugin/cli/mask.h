/* SPDX-License-Identifier: MIT */
/*
 * mask.h - a set of named bits as users write it: `all`, `none`, `a,b`, `+a,-b`.
 *
 * Signs go from the preset, names alone from nothing; the two do not mix, since a
 * reader could not tell which was meant.
 */
#ifndef FL_MASK_H
#define FL_MASK_H

#include "../base/base.h"

struct fl_mask_words {
	const char *noun;               /* what a bit is, for messages */
	const char *const *names;       /* bit 0 first; at most 32 */
	size_t count;
	uint32_t preset;
};

/* -EINVAL with a message that goes behind a name: "knows no perturbation 'clok'; …". */
int fl_mask_parse(const struct fl_mask_words *words, const char *text, uint32_t *ret_mask,
		  struct fl_error *error);

#endif
