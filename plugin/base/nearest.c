/* SPDX-License-Identifier: MIT */
/*
 * nearest.c - the name a user probably meant.
 *
 * Damerau-Levenshtein distance, restricted to neighbours (optimal string
 * alignment): a letter added, lost or changed, or two neighbours exchanged, counts
 * one.  Three rows of the table are enough.  Words longer than WORD_MAX have no
 * nearest name: nobody mistypes those.
 */
#include "base.h"

enum { WORD_MAX = 64 };

struct rows {
	size_t cells[3][WORD_MAX + 1];
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Fills row i (from 1) of the table for `a` against `b`; row i lives in cells[i % 3]. */
static void fill_row(struct rows *rows, size_t i, const char *a, const char *b)
{
	size_t *now = rows->cells[i % 3];
	const size_t *before = rows->cells[(i + 2) % 3], *older = rows->cells[(i + 1) % 3];
	size_t j;

	now[0] = i;
	for (j = 1; b[j - 1]; j++) {
		now[j] = least(before[j], now[j - 1]) + 1;
		now[j] = least(now[j], before[j - 1] + (a[i - 1] != b[j - 1]));
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			now[j] = least(now[j], older[j - 2] + 1);
	}
}

static size_t distance(const char *a, const char *b)
{
	struct rows rows = { 0 };
	size_t i, j;

	for (j = 0; j <= strlen(b); j++)
		rows.cells[0][j] = j;
	for (i = 1; a[i - 1]; i++)
		fill_row(&rows, i, a, b);
	return rows.cells[strlen(a) % 3][strlen(b)];
}

const char *fl_nearest(const char *word, const char *const *names, size_t count)
{
	size_t length = strlen(word), best = SIZE_MAX, i;
	const char *nearest = NULL;

	for (i = 0; i < count && length <= WORD_MAX; i++) {
		size_t letters = strlen(names[i]), d;

		if (letters > WORD_MAX)
			continue;
		d = distance(word, names[i]);
		if (d < best && d * 3 <= (letters > length ? letters : length)) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}
