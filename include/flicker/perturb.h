/* SPDX-License-Identifier: MIT */
/*
 * perturb.h - the perturbations: one controlled source of chance a row.
 *
 * X(ENUM, "name", CLASS, "what it does").  CONFORMING ones only do what the
 * standards allow a conforming system to do; STRESS ones can break correct code.
 * The position is the bit in a perturbation mask: rows are only ever appended.
 */
#ifndef FLICKER_PERTURB_H
#define FLICKER_PERTURB_H

#include <stdint.h>

#define FL_PERTURBATIONS(X) \
	X(RANDOM, "random", CONFORMING, "reseed every generator of the C library")

enum fl_perturbation {
#define FL_X(id, name, class, text) FL_PERTURB_##id,
	FL_PERTURBATIONS(FL_X)
#undef FL_X
	FL_PERTURB_COUNT
};

#define FL_PERTURB_BIT(id) (UINT32_C(1) << FL_PERTURB_##id)

#endif
