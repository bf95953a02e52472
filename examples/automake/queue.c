/* SPDX-License-Identifier: MIT */
/* queue.c - one guest in ten is sent behind the last place. */
#include "queue.h"

unsigned queue_place(unsigned number, unsigned length)
{
	return number % (length + 1);   /* number % length */
}
