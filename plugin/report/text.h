/* SPDX-License-Identifier: MIT */
/*
 * text.h - text from tests, made harmless.
 *
 * What a test writes is untrusted bytes.  Every report and the summary show it
 * through here, so that every report parses and no terminal is harmed:
 *     \xNN     a byte that is not part of valid UTF-8; a C0 control other than
 *              newline and tab; DEL
 *     \u{N}    a C1 control, a line or paragraph separator, a bidirectional
 *              mark, embedding, override or isolate, U+FFFE, U+FFFF
 * A backslash itself stays as it is, so escaping twice changes nothing.
 */
#ifndef FL_TEXT_H
#define FL_TEXT_H

#include <stdio.h>

/* The text made harmless; newlines and tabs are kept.  The caller's.  NULL stays NULL. */
char *fl_text_escape(const char *bytes);

/* The same in one line: newlines and tabs become spaces. */
char *fl_text_line(const char *bytes);

/* The text made harmless, to `out`: `newline` for each newline, none for those at the very end. */
void fl_text_print(FILE *out, const char *bytes, const char *newline);

/* The start of the last `lines` lines of `bytes`; newlines at the very end do not count. */
const char *fl_text_last_lines(const char *bytes, size_t lines);

#endif
