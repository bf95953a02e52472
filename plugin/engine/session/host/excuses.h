/* SPDX-License-Identifier: MIT */
/*
 * excuses.h - what the agent must know of entries in files: FLICKER_EXCUSES, see wire.h.  Pure.
 */
#ifndef FL_SESSION_EXCUSES_H
#define FL_SESSION_EXCUSES_H

#include "../session.h"

/* A variable of the environment has an end: 128 KiB with its name (execve(2)). */
enum { FL_EXCUSES_SIZE = 100 << 10 };

/*
 * Entries of quarantine files and, under policy quarantine, of the configuration file, in the
 * order in which they count; the caller's, NULL: none.  What does not fit is left out: such
 * tests are excused at the end, but show no skip.  `today`: YYYY-MM-DD.
 */
char *fl_excuses_format(const struct fl_session_settings *settings, const char *today);

#endif
