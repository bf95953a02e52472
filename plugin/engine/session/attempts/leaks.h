/* SPDX-License-Identifier: MIT */
/*
 * leaks.h - keeps what attempts left behind and what they use outside of the process.
 */
#ifndef FL_LEAKS_H
#define FL_LEAKS_H

#include "../cases/cases.h"

#include <flicker/wire.h>

/* An attempt was made: of one that passed, what it left; of one looked at, its traces. */
void fl_leaks_absorb(struct fl_case *item, const struct fl_facts *facts, enum fl_outcome outcome);

#endif
