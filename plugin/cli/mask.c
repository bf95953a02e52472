/* SPDX-License-Identifier: MIT */
/*
 * mask.c - reads a set of named bits.
 */
#include "mask.h"

#include <errno.h>

static uint32_t mask_of_all(const struct fl_mask_words *words)
{
	return words->count >= 32 ? UINT32_MAX : (UINT32_C(1) << words->count) - 1;
}

static char *join(const struct fl_mask_words *words)
{
	char *text = fl_base_copy("");
	size_t i;

	for (i = 0; i < words->count; i++) {
		autofree char *before = text;

		text = fl_base_format("%s%s%s", before, i ? ", " : "", words->names[i]);
	}
	return text;
}

static int refuse(const struct fl_mask_words *words, const char *name, struct fl_error *error)
{
	const char *near = fl_nearest(name, words->names, words->count);
	autofree char *known = NULL;

	if (near)
		return fl_error_set(error, -EINVAL, "knows no %s '%s'; did you mean '%s'?",
				    words->noun, name, near);
	known = join(words);
	return fl_error_set(error, -EINVAL, "knows no %s '%s'; known: all, none, %s", words->noun,
			    name, known);
}

static int find_bit(const struct fl_mask_words *words, const char *name, uint32_t *ret_bit,
		    struct fl_error *error)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		if (strcmp(words->names[i], name) == 0) {
			*ret_bit = UINT32_C(1) << i;
			return 0;
		}
	return refuse(words, name, error);
}

static bool has_sign(const char *item)
{
	return *item == '+' || *item == '-';
}

/* One item of the list, changed in *mask. */
static int apply(const struct fl_mask_words *words, const char *item, uint32_t *mask,
		 struct fl_error *error)
{
	uint32_t bit = 0;
	int r = find_bit(words, item + has_sign(item), &bit, error);

	if (r < 0)
		return r;
	*mask = *item == '-' ? *mask & ~bit : *mask | bit;
	return 0;
}

static int read_list(const struct fl_mask_words *words, const char *text, uint32_t *ret_mask,
		     struct fl_error *error)
{
	uint32_t mask = has_sign(text) ? words->preset : 0;
	bool is_relative = has_sign(text);
	const char *at = text;
	int r = 0;

	for (;;) {
		autofree char *item = fl_base_copy_n(at, strcspn(at, ","));

		if (has_sign(item) != is_relative)
			return fl_error_set(error, -EINVAL,
					    "takes names that all have a sign or none has, not "
					    "'%s'", text);
		r = apply(words, item, &mask, error);
		at += strlen(item);
		if (r < 0 || !*at)
			break;
		at++;
	}
	if (r >= 0)
		*ret_mask = mask;
	return r;
}

int fl_mask_parse(const struct fl_mask_words *words, const char *text, uint32_t *ret_mask,
		  struct fl_error *error)
{
	if (strcmp(text, "all") == 0)
		*ret_mask = mask_of_all(words);
	else if (strcmp(text, "none") == 0)
		*ret_mask = 0;
	else
		return read_list(words, text, ret_mask, error);
	return 0;
}
