/* SPDX-License-Identifier: MIT */
/*
 * recipe.h - what `flicker replay` is given: a token, a report or a capsule, and a program.
 *
 * All three lead to a token; the latter two know the program, its arguments and the
 * failure to look out for, too.  A program that is named goes before theirs.
 */
#ifndef FL_RECIPE_H
#define FL_RECIPE_H

#include "../engine/session/attempts/token.h"
#include "../report/capsule.h"

struct fl_recipe {
	struct fl_token token;
	char **argv;                    /* the program and its arguments, NULL-terminated */
	bool has_own_program;           /* it was named, not taken from the file */
	char *wrapper;                  /* the attempt was made under it, or NULL */
	char *adapters;                 /* a path each line, or NULL */
	struct fl_expectation expected;
	size_t others;                  /* further tests of a report that could be replayed */
	bool has_capsule;
	struct fl_capsule capsule;
};

/*
 * Reads `operands`: TOKEN|REPORT|CAPSULE [--] [program [argument ...]].  `test` chooses in
 * a report, or is NULL: the first failure of the first flaky or failing test.  Negative
 * errno with a message for the user.
 */
int fl_recipe_read(char *const *operands, const char *test, struct fl_recipe *ret_recipe,
		   struct fl_error *error);

void fl_recipe_clear(struct fl_recipe *recipe);

#endif
