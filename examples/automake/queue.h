/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_H
#define QUEUE_H

/* The place in a queue of `length` where a guest with this number is sent. */
unsigned queue_place(unsigned number, unsigned length);

#endif
