/* SPDX-License-Identifier: MIT */
#ifndef TOKEN_H
#define TOKEN_H

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a token of eight hexadecimal digits, and its end. */
void token_make(char text[9]);

#ifdef __cplusplus
}
#endif
#endif
