/* SPDX-License-Identifier: MIT */
/*
 * token.h - one printable word from which one attempt is exactly repeated.
 *
 *     fl1,net.reconnects,0x1d2c3b4a59687786,17,random,fork+prefix,3c9f12ab4d5e,c79022
 *
 * Eight fields, separated by commas; no shell reads anything into any of them.
 *
 *     version        fl1
 *     test           its id; `#` is written %23, all else as in the id
 *     seed           of the attempt, 0x and lower-case hexadecimal digits
 *     attempt        its number, from 1
 *     perturbations  their names, joined by `+`, or none
 *     mode           fork or exec; then +prefix (the group's earlier tests ran before
 *                    it) and +unseeded (a generator that the program never seeds was
 *                    left alone), in this order
 *     binary         the first 12 digits of the program's build-id; of a program
 *                    without one: h and the first 12 digits of a hash over its file; or -
 *     checksum       6 hexadecimal digits: FNV-1a, 64 bits, over all before the last
 *                    comma, mixed (seed.h), its lowest 24 bits
 *
 * Nothing of it names a place: it holds in another checkout and on another machine.
 * Tokens stand in reports and mails for years, so a version is read for ever; a change
 * is a new version.  Pure; tests/unit/test_token.c holds vectors.
 */
#ifndef FL_TOKEN_H
#define FL_TOKEN_H

#include "../../../base/base.h"
#include "../../model.h"

struct fl_token {
	char *id;
	uint64_t seed;
	uint64_t attempt;
	uint32_t perturbations;         /* FL_PERTURB_BIT() each */
	enum fl_mode mode;              /* FORK or EXEC */
	bool has_prefix, leaves_unseeded;
	char *binary;                   /* as in fl_program.build_id, or the start of it; NULL: unknown */
};

/* The word, the caller's; of `binary` it takes what it needs. */
char *fl_token_format(const struct fl_token *token);

/*
 * Reads it back.  -EINVAL with a message that names the field that is wrong, or says
 * that it was cut off or mistyped; -ENOTSUP for a version not known here.
 */
int fl_token_parse(const char *text, struct fl_token *ret_token, struct fl_error *error);

/* Does it look like one, whole or not, rather than like the name of a file? */
bool fl_token_is_one(const char *text);

/* Is the program of this build_id (or NULL) the one that the token was made with?  False: that is not known. */
bool fl_token_fits(const struct fl_token *token, const char *build_id);

/* Frees what is inside and zeroes it. */
void fl_token_clear(struct fl_token *token);

#endif
