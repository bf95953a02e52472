/* SPDX-License-Identifier: MIT */
/*
 * signature.h - the key under which the same failure is found again.
 *
 * Two attempts that fail in the same way have the same signature, on this run, the
 * next and another machine.  Reports and histories keep it, so a change of the
 * rules here makes every failure look new: tests/unit/test_signature.c holds vectors.
 */
#ifndef FL_SIGNATURE_H
#define FL_SIGNATURE_H

#include "../model.h"

enum { FL_SIGNATURE_SIZE = 17 };        /* 16 hexadecimal digits and the end */

/*
 * `message` (any bytes; NULL counts as "") without what differs from attempt to
 * attempt; the caller's.  Never longer than the message.
 *  - a number, with its sign, fraction and exponent, becomes #: 12, -0.5, 1e-07, 127.0.0.1
 *  - so do 0x and hexadecimal digits, and a word of four and more letters and digits
 *    that are all hexadecimal and not all letters: 0x7ffe12, e29b, 9f86d081
 *  - so do the digits within another word: worker12 is worker#
 *  - /tmp/x/y.txt is /tmp/# (/var/tmp and /dev/shm alike)
 *  - a line equal to the one before is left out: dumps of memory have any number
 */
char *fl_signature_normalise(const char *message);

/*
 * FNV-1a, 64 bits, over outcome, signal, normalised message and the three innermost
 * frames (function, or module and offset); without any frame over file and line.
 */
void fl_signature_make(const struct fl_observation *observation,
		       char ret_signature[FL_SIGNATURE_SIZE]);

#endif
