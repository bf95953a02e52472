/* SPDX-License-Identifier: MIT */
/* token.c - C code that is tested from C++: one token in 16 is a digit too short. */
#include "token.h"

#include <stdio.h>
#include <stdlib.h>

void token_make(char text[9])
{
	unsigned high = (unsigned)rand() & 0xffff, low = (unsigned)rand() & 0xffff;

	snprintf(text, 9, "%x%04x", high, low);         /* %04x, twice */
}
